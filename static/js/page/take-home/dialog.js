/** The dialog with all that can be taken home, and the way back in for what was. */

import { ApiError } from "../../server/api.js";
import { closeButton, closeByClickBeside } from "../../ui/dialog.js";
import { byId, el } from "../../ui/dom.js";
import { explain, t } from "../../ui/i18n.js";
import { loadStyle } from "../../ui/lazy-style.js";
import * as format from "../../ui/number-format.js";
import { wholeWords } from "../../ui/words.js";
import { setupOf } from "../../experiment/edits.js";
import { DocumentError, MOST_CHARACTERS, readDocument } from "./document.js";
import { SECTIONS } from "./ways.js";

/**
 * @typedef {object} Context
 * @property {import("../../experiment/state.js").State} state
 * @property {typeof import("../../server/api.js").api} api
 * @property {import("../../experiment/changes.js").Changes & {pause: () => unknown}} changes
 * @property {import("../../panels/panel.js").Context["settled"]} settled
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

/** Saves what is shown; an experiment that the server has forgotten is made again first. @param {Context} context @param {import("./ways.js").Way} way @returns {Promise<string[]>} what is to be said of it */
async function save(context, way) {
  await context.changes.pause(); // what is saved is what is shown
  try {
    return (await way.save(context)) ?? [];
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "unknown_experiment") throw error;
    await context.changes.recover(error);
    return (await way.save(context)) ?? [];
  }
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
          const more = await save(context, way);
          say([t("takeHome.in.saved", { name }), ...more]);
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
    await Promise.all([wholeWords(context.api), loadStyle("gallery")]);
  } catch {
    return context.changes.say("errors.offline");
  }
  if (dialog.open) return; // by another click meanwhile
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
  void context.changes.pause();
  dialog.showModal();
}

/** @param {() => void} click */
const stopButton = (click) =>
  el("button", {
    type: "button",
    class: "chip",
    id: "take-home-stop",
    text: t("takeHome.in.import.stop"),
    on: { click },
  });

/**
 * Opens the experiment of a file; one that cannot be used is explained, and the page stays as it was.
 * @param {HTMLElement} opener @param {Context} context @param {File} file
 */
export async function importFile(opener, context, file) {
  await openTakeHome(opener, context);
  if (!byId("take-home", HTMLDialogElement).open) return;
  if (file.size > MOST_CHARACTERS)
    return say(inWords(new DocumentError("takeHome.in.import.long")));
  let text;
  try {
    text = await file.text();
  } catch {
    return say([t("takeHome.in.import.unreadable")]);
  }
  await importText(opener, context, text);
}

/** The same of a text. @param {HTMLElement} opener @param {Context} context @param {string} text */
export async function importText(opener, context, text) {
  const { api, changes } = context;
  await openTakeHome(opener, context);
  const dialog = byId("take-home", HTMLDialogElement);
  if (!dialog.open) return;
  say([t("takeHome.in.working", { name: t("takeHome.in.import") })]);
  // What takes too long is stopped as the dialog is closed.
  const stop = new AbortController();
  dialog.addEventListener("close", () => stop.abort(), { once: true });
  /** @param {number} share */
  const progress = (share) => {
    if (stop.signal.aborted) return;
    say([t("notice.replaying", { share: format.percent(share) })]);
    said().append(stopButton(() => dialog.close()));
  };
  try {
    const { spec, events, step } = readDocument(text);
    // The server says whether all of it can be used, before anything of the page changes.
    const way = { ...spec, events };
    const made = await api.create(way);
    const notice = { key: "takeHome.in.import.done" };
    const what = {
      setup: setupOf(made.spec),
      events,
      step,
      how: { progress, signal: stop.signal },
    };
    const done = await changes.open(what, notice);
    if (done) dialog.close();
    else if (stop.signal.aborted) changes.say("takeHome.in.import.stopped");
    else say([t("takeHome.in.failed")]);
  } catch (error) {
    say(inWords(error));
  }
}
