/** The dialog with all that can be taken home, and the way back in for what was. */

import { ApiError } from "../../server/api.js";
import { closeButton, closeByClickBeside } from "../../ui/dialog.js";
import { byId, el } from "../../ui/dom.js";
import { explain, t } from "../../ui/i18n.js";
import { wholeWords } from "../../ui/words.js";
import { setupOf } from "../../experiment/edits.js";
import { DocumentError, MOST_CHARACTERS, readDocument } from "./document.js";
import { SECTIONS } from "./ways.js";

/**
 * @typedef {object} Context
 * @property {import("../../experiment/state.js").State} state
 * @property {typeof import("../../server/api.js").api} api
 * @property {import("../../experiment/changes.js").Changes & {pause: () => unknown}} changes
 */

/** At most so many problems of a document are listed. */
const MOST_PROBLEMS = 6;

/** The line in which the dialog says how it goes. */
const said = () => byId("take-home-said");

/** @param {string[]} lines */
function say(lines) {
  said().replaceChildren(...lines.map((text) => el("p", { text })));
  said().scrollIntoView({ block: "nearest" });
}

/** What an error means, in words. @param {unknown} error @returns {string[]} */
export function inWords(error) {
  if (error instanceof DocumentError) return [t(error.key, error.values)];
  if (!(error instanceof ApiError)) return [t("takeHome.in.failed")];
  if (!error.errors.length) return [t(`errors.${error.code}`)];
  const shown = error.errors.slice(0, MOST_PROBLEMS);
  return shown.map((problem) =>
    problem.pointer
      ? t("takeHome.in.import.field", { field: problem.pointer, problem: explain(problem) })
      : explain(problem),
  );
}

/** @param {Context} context @param {import("./ways.js").Way} way */
function button(context, way) {
  const name = t(way.key);
  const act = el("button", {
    type: "button",
    class: "chip",
    id: `take-home-${way.id}`,
    text: name,
    hint: t(`${way.key}.hint`),
    on: {
      async click() {
        act.disabled = true;
        say([t("takeHome.in.working", { name })]);
        try {
          await way.save(context);
          say([t("takeHome.in.saved", { name })]);
        } catch (error) {
          say(inWords(error));
        } finally {
          act.disabled = false;
          act.focus({ preventScroll: true });
        }
      },
    },
  });
  return act;
}

/** The part that brings back what was taken. @param {HTMLElement} opener @param {Context} context */
function importPart(opener, context) {
  const file = el("input", {
    type: "file",
    id: "take-home-file",
    accept: ".json,application/json",
    on: {
      async change() {
        const chosen = file.files?.[0];
        if (chosen) await importFile(opener, context, chosen);
        file.value = "";
      },
    },
  });
  return el(
    "section",
    {},
    el("h3", { text: t("takeHome.in.import") }),
    el("p", { class: "aside", text: t("takeHome.in.import.how") }),
    el("label", { class: "field" }, el("span", { text: t("takeHome.in.import.file") }), file),
  );
}

/** @param {HTMLElement} opener @param {Context} context */
export async function openTakeHome(opener, context) {
  const dialog = byId("take-home", HTMLDialogElement);
  if (dialog.open) return;
  try {
    await wholeWords(context.api);
  } catch {
    return context.changes.say("errors.offline");
  }
  const close = closeButton(t("takeHome.in.close"), () => dialog.close());
  dialog.replaceChildren(
    el("header", {}, el("h2", { id: "take-home-title", text: t("takeHome.title") }), close),
    ...SECTIONS.map(({ key, ways }) =>
      el(
        "section",
        {},
        el("h3", { text: t(key) }),
        el("div", { class: "row" }, ...ways.map((way) => button(context, way))),
      ),
    ),
    importPart(opener, context),
    el("div", { id: "take-home-said", role: "status" }),
  );
  closeByClickBeside(dialog);
  dialog.onpaste = async (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text) return;
    event.preventDefault();
    await importText(opener, context, text);
  };
  dialog.addEventListener("close", () => opener.focus({ preventScroll: true }), { once: true });
  void context.changes.pause(); // what is saved is what is shown
  dialog.showModal();
}

/**
 * Opens the experiment of a file; one that cannot be used is explained, and the page stays as it was.
 * @param {HTMLElement} opener @param {Context} context @param {File} file
 */
export async function importFile(opener, context, file) {
  await openTakeHome(opener, context);
  if (!byId("take-home", HTMLDialogElement).open) return;
  if (file.size > MOST_CHARACTERS)
    return say(inWords(new DocumentError("takeHome.in.import.long")));
  await importText(opener, context, await file.text());
}

/** The same of a text. @param {HTMLElement} opener @param {Context} context @param {string} text */
export async function importText(opener, context, text) {
  const { api, changes } = context;
  await openTakeHome(opener, context);
  if (!byId("take-home", HTMLDialogElement).open) return;
  say([t("takeHome.in.working", { name: t("takeHome.in.import") })]);
  try {
    const { spec, events, step } = readDocument(text);
    // The server says whether all of it can be used, before anything of the page changes.
    const way = { ...spec, events };
    const made = await api.create(way);
    const notice = { key: "takeHome.in.import.done" };
    const done = await changes.open({ setup: setupOf(made.spec), events, step }, notice);
    if (!done) return say([t("takeHome.in.failed")]);
    byId("take-home", HTMLDialogElement).close();
  } catch (error) {
    say(inWords(error));
  }
}
