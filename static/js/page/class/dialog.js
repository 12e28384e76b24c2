/** The dialog for a class: a link made to measure, a mystery made of the experiment, and what is handed in. */

import { ApiError } from "../../server/api.js";
import { classApi } from "../../server/classes.js";
import { sharedOf } from "../../share/address.js";
import { base } from "../../share/copy.js";
import { toFragment } from "../../share/link.js";
import {
  LOCKABLE,
  LONGEST_NOTE,
  PARTS,
  TABS,
  USUAL,
  withClass,
  wordsOfMade,
} from "../../share/made.js";
import { addDialog, closeButton } from "../../ui/dialog.js";
import { el } from "../../ui/dom.js";
import { download } from "../../ui/download.js";
import { showProblems } from "../../ui/field-errors.js";
import { explain, t } from "../../ui/i18n.js";
import { loadStyle } from "../../ui/lazy-style.js";
import { codeOf, pngOf } from "./code.js";
import { handInPart } from "./hand-in.js";
import { lessonFragment, opensPart } from "./opens.js";
import { mysteryOf, puzzlePart, usualPuzzle } from "./puzzle.js";

/**
 * @typedef {import("../class.js").Parts} Parts
 * @typedef {import("../../types.js").Part} Part
 * @typedef {import("../../share/made.js").Made} Made
 * @typedef {import("./puzzle.js").Puzzle} Puzzle
 * @typedef {{made: Made, puzzle: Puzzle, opened: import("./opens.js").Opened, changed: () => void}} Desk
 */

/** An embedded page is so large unless its site says otherwise, in pixels. */
const FRAME = { width: 640, height: 800 };

/** @param {HTMLElement} opener @param {Parts} parts */
export function openClassDialog(opener, parts) {
  if (document.getElementById("class-dialog")) return;
  loadStyle("class");
  const dialog = addDialog(opener, {
    id: "class-dialog",
    class: "sheet class-dialog",
    "aria-labelledby": "class-title",
  });
  dialog.append(
    el(
      "header",
      {},
      el("h2", { id: "class-title", text: t("class.in.title") }),
      closeButton(t("class.in.close"), () => dialog.close()),
    ),
    ...linkPart(parts),
    handInPart(parts),
  );
  dialog.showModal();
}

const firstMarked = () =>
  /** @type {HTMLElement|null} */ (document.querySelector("#class-dialog [aria-invalid]"));

/** @param {Parts} parts */
function linkPart(parts) {
  const { state } = parts;
  const output = el("div", { class: "class-output", role: "status" });
  /** @type {Desk} */
  const desk = {
    made: { ...USUAL, hide: [], lock: [] },
    puzzle: usualPuzzle(state.summary.spec),
    opened: {},
    changed: () => output.replaceChildren(),
  };
  const make = el("button", {
    type: "button",
    id: "class-make",
    class: "primary",
    text: t("class.in.make"),
    on: {
      async click() {
        const { mystery, runs } = desk.puzzle;
        if (mystery && !runs.size && !isLesson(desk))
          return output.replaceChildren(
            el("p", { class: "problem", text: t("class.in.mystery.noRun") }),
          );
        make.disabled = true;
        try {
          const link = await linkOf(parts, desk);
          output.replaceChildren(...(await resultOf(link, desk.made)));
        } catch (error) {
          if (error instanceof ApiError) showProblems(error.errors);
          const marked = firstMarked();
          if (marked) return marked.focus();
          output.replaceChildren(el("p", { class: "problem", text: refusal(error) }));
        } finally {
          make.disabled = false;
        }
        output.scrollIntoView({ block: "nearest" });
      },
    },
  });
  const sealed = state.summary.mystery && !state.summary.mystery.revealed;
  const puzzle = sealed ? "" : puzzlePart(state, desk.puzzle, () => desk.changed());
  const opens = opensPart((opened) => {
    desk.opened = opened;
    if (puzzle) puzzle.hidden = isLesson(desk);
    desk.changed();
  });
  return [
    el("h3", { text: t("class.in.link") }),
    el("p", { class: "aside", text: t("class.in.link.how") }),
    opens,
    partsTable(desk),
    optionsOf(desk),
    puzzle,
    el("div", { class: "row" }, make),
    output,
  ];
}

/** Whether it opens a lesson, which has set-ups of its own. @param {Desk} desk */
const isLesson = ({ opened }) => Boolean(opened.id ?? opened.lesson);

/** What of the page is shown, locked or hidden. @param {Desk} desk */
function partsTable({ made, changed }) {
  /** @type {Map<Part, HTMLSelectElement>} */
  const selects = new Map();
  const said = el("p", { class: "aside", id: "class-tabs-gone", role: "status" });
  /** @param {Part} part */
  const choice = (part) => {
    const ways = ["shown", ...(LOCKABLE.includes(part) ? ["locked"] : []), "hidden"];
    const select = el(
      "select",
      {
        id: `class-part-${part}`,
        on: {
          change() {
            made.hide = made.hide.filter((one) => one !== part);
            made.lock = made.lock.filter((one) => one !== part);
            if (select.value === "hidden") made.hide.push(part);
            if (select.value === "locked") made.lock.push(part);
            followLoss();
            changed();
          },
        },
      },
      ...ways.map((way) => el("option", { value: way, text: t(`class.in.way.${way}`) })),
    );
    selects.set(part, select);
    return el(
      "label",
      { class: "field" },
      el("span", { text: t(`class.in.part.${part}`) }),
      select,
    );
  };
  /** The tabs are where the loss is: without it there are none, whatever was chosen for them. */
  function followLoss() {
    const gone = made.hide.includes("loss");
    for (const tab of TABS) {
      const select = /** @type {HTMLSelectElement} */ (selects.get(tab));
      select.disabled = gone;
      select.value = gone || made.hide.includes(tab) ? "hidden" : "shown";
    }
    said.textContent = gone ? t("class.in.part.loss.gone") : "";
  }
  const shown = PARTS.filter((part) => part !== "language");
  return el("div", { class: "class-parts" }, ...shown.map(choice), said);
}

/** @param {string} id @param {string} key @param {boolean} checked @param {(on: boolean) => void} change */
function tick(id, key, checked, change) {
  const box = el("input", {
    type: "checkbox",
    id,
    checked,
    on: { change: () => change(box.checked) },
  });
  return el("label", { class: "check" }, box, ` ${t(key)}`);
}

/** Language, sentence, answers, frame. @param {Desk} desk */
function optionsOf({ made, changed }) {
  const language = el(
    "select",
    {
      id: "class-language",
      on: {
        change() {
          made.lang = language.value;
          changed();
        },
      },
    },
    el("option", { value: "", text: t("class.in.language.any") }),
    el("option", { value: "en", text: "English" }),
    el("option", { value: "zh-CN", text: "简体中文" }),
  );
  const note = el("textarea", {
    id: "class-note-text",
    rows: 2,
    maxlength: LONGEST_NOTE,
    on: {
      input() {
        made.note = note.value.trim();
        changed();
      },
    },
  });
  return el(
    "div",
    { class: "class-options" },
    el("label", { class: "field" }, el("span", { text: t("class.in.language") }), language),
    el("label", { class: "field wide" }, el("span", { text: t("class.in.note") }), note),
    tick("class-answers", "class.in.answers", true, (on) => {
      made.answers = on;
      changed();
    }),
    tick("class-embed", "class.in.embed", false, (on) => {
      made.embed = on;
      changed();
    }),
  );
}

/**
 * The link: of the experiment as it is shown, of a mystery that is made of it, or of a lesson.
 * @param {Parts} parts @param {Desk} desk
 */
async function linkOf({ state }, { made, puzzle, opened }) {
  const { catalog, summary } = state;
  const words = wordsOfMade(made);
  const url = base();
  if (made.lang) url.searchParams.set("lang", made.lang);
  const lesson = await lessonFragment(opened);
  if (lesson) {
    url.hash = withClass(lesson, words);
    return url.href;
  }
  const shared = { ...sharedOf(state), made: words, study: null };
  if (puzzle.mystery) {
    const { spec } = summary;
    const { id } = await classApi.seal(mysteryOf(spec, puzzle, catalog));
    // Its steps are the class's own.
    const own = { spec: { ...spec, mystery: id }, events: [], step: 0 };
    url.hash = await toFragment({ ...shared, ...own }, catalog.presets);
  } else {
    url.hash = await toFragment(shared, catalog.presets);
  }
  return url.href;
}

/** @param {unknown} error */
function refusal(error) {
  if (!(error instanceof ApiError)) throw error;
  const [problem] = error.errors;
  return problem ? explain(problem) : t(`errors.${error.code}`);
}

/** A frame for another page; its address is whole, since that page is elsewhere. @param {string} link */
export function frameOf(link) {
  const address = link.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${address}" width="${FRAME.width}" height="${FRAME.height}" title="Basin" loading="lazy" allow="clipboard-write; fullscreen"></iframe>`;
}

/** A text to be copied. @param {string} id @param {string} key @param {string} text */
function copied(id, key, text) {
  const area = el("textarea", { id, rows: 2, readonly: true, "aria-label": t(key) });
  area.value = text;
  const button = el("button", {
    type: "button",
    class: "chip",
    id: `${id}-copy`,
    text: t("class.in.copy"),
    "aria-label": `${t("class.in.copy")}: ${t(key)}`,
    on: {
      async click() {
        try {
          await navigator.clipboard.writeText(text);
          button.textContent = t("class.in.copied");
        } catch {
          area.select();
          button.textContent = t("class.in.copy.hand");
        }
      },
    },
  });
  return el("div", { class: "class-copy" }, el("span", { text: t(key) }), area, button);
}

/** Link, frame and code. @param {string} link @param {Made} made */
async function resultOf(link, made) {
  const parts = [
    copied("class-link", "class.in.link.result", link),
    copied("class-frame", "class.in.frame", frameOf(link)),
    ...(made.embed ? [] : [el("p", { class: "aside", text: t("class.in.frame.how") })]),
  ];
  try {
    return [...parts, await picture(link)];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const key = error.status === 422 ? "class.in.qr.long" : `errors.${error.code}`;
    return [...parts, el("p", { class: "aside", text: t(key) })];
  }
}

/** The code, and what saves it. @param {string} link */
async function picture(link) {
  const svg = await codeOf(link);
  const url = URL.createObjectURL(svg);
  /** @param {string} kind @param {() => Promise<Blob>|Blob} make */
  const save = (kind, make) =>
    el("button", {
      type: "button",
      class: "chip",
      id: `class-qr-${kind}`,
      text: t("class.in.qr.save", { kind: kind.toUpperCase() }),
      on: { click: async () => download(await make(), `basin-link.${kind}`) },
    });
  return el(
    "div",
    { class: "class-qr" },
    el("img", {
      src: url,
      alt: t("class.in.qr"),
      on: { load: () => setTimeout(() => URL.revokeObjectURL(url), 60_000) },
    }),
    el(
      "div",
      { class: "row" },
      save("svg", () => svg),
      save("png", () => pngOf(svg)),
    ),
  );
}
