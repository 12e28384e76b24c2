/** A table of the learner's: pasted, opened or dropped; what was found in it is shown before it is used. */

import { ApiError, api } from "../../server/api.js";
import { dataCsv } from "../data-table.js";
import { el, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { explain, t } from "../../ui/i18n.js";
import { rebuild } from "../../ui/controls.js";
import { mark, unmark } from "../../ui/field-errors.js";
import { pickers } from "./table-choices.js";
import { outcome, preview, problemList } from "./table-report.js";

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {{delimiter?: string, header?: boolean, target?: string, task?: string, inputs?: string[],
 *   omit?: number[]}} Picks
 */

/** What a text box still takes with ease; a longer file is kept beside it. */
const EASY = 200_000;
const PAUSE = 300;

/** @param {{state: import("../../experiment/state.js").State, use: (data: import("../../types.js").DataSpec) => void}} options */
export function createTable({ state, use }) {
  const most = () => state.catalog.limits.body_bytes;
  let text = "";
  let file = "";
  /** @type {Picks} */
  let picks = {};
  /** @type {FoundTable|null} */
  let found = null;
  /** What is not found in the table but chosen for its data. */
  const settings = { standardize: true, share: 0.8 };
  let asked = 0;
  let timer = 0;

  const element = el("section", { class: "own-table" });
  const box = el("textarea", { id: "table-text", spellcheck: "false", "data-own": "/text" });
  const opener = fileInput((chosen) => open(chosen));
  const source = el("div", { class: "row ends" });
  const holder = el("div", { class: "field" }, box);
  const result = el("div", { class: "found" });
  const status = el("p", { class: "muted", role: "status" });

  box.addEventListener("input", () => take(box.value, ""));
  acceptDrops(element, { file: open, text: (words) => take(words, "") });

  /** Says beside the text why it was not taken. @param {string} words */
  function refuse(words) {
    mark(file ? source : box, words);
    setText(status, "");
  }

  /** @param {File} chosen */
  async function open(chosen) {
    unmark(box);
    unmark(source);
    // Looked at before it is read: a file of 100 MB does not even get into the page.
    if (chosen.size > most()) {
      const sizes = { size: megabytes(chosen.size), most: megabytes(most()) };
      return refuse(t("table.tooLarge", sizes));
    }
    take(await chosen.text(), chosen.name);
  }

  /** @param {string} next @param {string} name of the file it comes from */
  function take(next, name) {
    text = next;
    file = name;
    picks = {};
    drawSource();
    clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  }

  async function ask() {
    const mine = ++asked;
    unmark(box);
    unmark(source);
    if (!text.trim()) {
      found = null;
      return drawFound();
    }
    setText(status, t("table.reading"));
    try {
      const answer = await api.table({ text, ...picks });
      if (mine !== asked) return;
      found = answer;
      drawFound();
    } catch (error) {
      if (mine !== asked) return;
      if (!(error instanceof ApiError)) throw error;
      // What was found before must not be used in its place.
      if (found) found = { ...found, data: null };
      drawFound();
      refuseAt(error);
    }
  }

  /** Says why a table was not taken: beside the choice concerned, else beside the text. @param {ApiError} error */
  function refuseAt({ errors: [first], code }) {
    const at = first && result.querySelector(`[data-own="${CSS.escape(first.pointer)}"]`);
    const words = first ? explain(first) : t(`errors.${code}`);
    setText(status, "");
    if (at instanceof HTMLElement) mark(at, words);
    else refuse(words);
  }

  /** @param {Picks} more */
  function pick(more) {
    picks = { ...picks, ...more };
    ask();
  }

  function drawSource() {
    const long = text.length > EASY;
    holder.hidden = long;
    if (!long && box.value !== text) box.value = text;
    const name = file || t("table.pasted");
    const size = t("table.lines", { name, count: format.count(text.split("\n").length) });
    source.replaceChildren(
      openButton(most(), () => opener.click()),
      el("span", { class: "muted", text: text && (file || long) ? size : t("table.drop") }),
      el("span", { class: "push" }),
      clearButton(!text, () => take("", "")),
    );
  }

  function drawFound() {
    setText(status, "");
    if (!found) return rebuild(result, []);
    rebuild(result, [
      el("div", { class: "picks" }, ...pickers(state.catalog, found, settings, pick)),
      preview(found, (inputs) => pick({ inputs })),
      ...problemList(found, (lines) => pick({ omit: [...(picks.omit ?? []), ...lines] })),
      useRow(found, (data) =>
        use({ ...data, standardize: settings.standardize, train_fraction: settings.share }),
      ),
    ]);
  }

  return {
    element,
    open,
    /** Data that came by a link or an undo, where nothing has been typed. @param {import("../../types.js").DataSpec} data */
    adopt(data) {
      if (text || data.name !== "custom" || !state.data) return;
      settings.standardize = data.standardize ?? false;
      settings.share = data.train_fraction ?? 1;
      take(dataCsv(data, state.data).replaceAll("\r\n", "\n"), "");
    },
    focus: () => (holder.hidden ? element.querySelector("button") : box)?.focus(),
    draw() {
      box.setAttribute("aria-label", t("table.label"));
      box.placeholder = t("table.placeholder");
      box.dataset.hint = t("table.hint");
      if (!holder.isConnected || holder.parentElement !== element)
        element.append(holder, source, opener, status, result);
      drawSource();
      drawFound();
    },
  };
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${format.plain(bytes / 1024 / 1024, 3)} MB`;
}

/** @param {number} most bytes @param {() => void} click */
function openButton(most, click) {
  return el("button", {
    type: "button",
    id: "table-open",
    text: t("table.open"),
    class: "chip",
    hint: t("table.open.hint", { most: megabytes(most) }),
    on: { click },
  });
}

/** @param {boolean} disabled @param {() => void} click */
function clearButton(disabled, click) {
  return el("button", {
    type: "button",
    class: "link",
    text: t("table.clear"),
    hint: t("table.clear.hint"),
    disabled,
    on: { click },
  });
}

/**
 * A file or a text that is dropped on an element.
 * @param {HTMLElement} element @param {{file: (file: File) => void, text: (text: string) => void}} take
 */
function acceptDrops(element, take) {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.dataset.over = "true";
  });
  for (const end of ["dragleave", "drop"])
    element.addEventListener(end, () => delete element.dataset.over);
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    const words = event.dataTransfer?.getData("text/plain");
    if (dropped) take.file(dropped);
    else if (words) take.text(words);
  });
}

/** The browser's own choice of a file. @param {(file: File) => void} open */
function fileInput(open) {
  const accept = ".csv,.tsv,.txt,text/csv,text/plain";
  const input = el("input", { type: "file", accept, hidden: true });
  input.addEventListener("change", () => {
    const chosen = input.files?.[0];
    input.value = "";
    if (chosen) open(chosen);
  });
  return input;
}

/** What the table makes, and the button that uses it. @param {FoundTable} found @param {(data: import("../../types.js").DataSpec) => void} use */
function useRow(found, use) {
  const { data } = found;
  return el(
    "div",
    { class: "row ends" },
    el("p", { class: "muted", text: outcome(found) }),
    el("button", {
      type: "button",
      id: "table-use",
      class: "primary",
      text: t("own.use"),
      hint: t("own.use.hint"),
      disabled: !data,
      on: { click: () => data && use(data) },
    }),
  );
}
