/** A table of the learner's: pasted, opened or dropped; what was found in it is shown before it is used. */

import { ApiError, api } from "../../server/api.js";
import { dataCsv } from "../data-table.js";
import { el, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { explain, t } from "../../ui/i18n.js";
import { choice, field, rebuild, sliderField } from "../../ui/controls.js";
import { mark, unmark } from "../../ui/field-errors.js";
import { outcome, preview, problemList } from "./table-report.js";

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {{delimiter?: string, header?: boolean, target?: string, task?: string, inputs?: string[],
 *   omit?: number[]}} Picks
 */

/** What a text box still takes with ease; a longer file is kept beside it. */
const EASY = 200_000;
const PAUSE = 300;
const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank" };

/** @param {{state: import("../../experiment/state.js").State, use: (data: import("../../types.js").DataSpec) => void}} options */
export function createTable({ state, use }) {
  const most = () => state.catalog.limits.body_bytes;
  let text = "";
  let file = "";
  /** @type {Picks} */
  let picks = {};
  /** @type {FoundTable|null} */
  let found = null;
  let standardize = true;
  let share = 0.8;
  let asked = 0;
  let timer = 0;

  const element = el("section", { class: "own-table" });
  const box = el("textarea", { id: "table-text", spellcheck: "false", "data-own": "/text" });
  const opener = el("input", {
    type: "file",
    accept: ".csv,.tsv,.txt,text/csv,text/plain",
    hidden: true,
  });
  const source = el("div", { class: "row ends" });
  const holder = el("div", { class: "field" }, box);
  const result = el("div", { class: "found" });
  const status = el("p", { class: "muted", role: "status" });

  box.addEventListener("input", () => take(box.value, ""));
  opener.addEventListener("change", () => {
    const chosen = opener.files?.[0];
    opener.value = "";
    if (chosen) open(chosen);
  });
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
    if (dropped) open(dropped);
    else if (words) take(words, "");
  });

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
      const [first] = error.errors;
      const at = first && result.querySelector(`[data-own="${CSS.escape(first.pointer)}"]`);
      const words = first ? explain(first) : t(`errors.${error.code}`);
      setText(status, "");
      if (at instanceof HTMLElement) mark(at, words);
      else refuse(words);
    }
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
      el("button", {
        type: "button",
        id: "table-open",
        text: t("table.open"),
        class: "chip",
        hint: t("table.open.hint", { most: megabytes(most()) }),
        on: { click: () => opener.click() },
      }),
      el("span", { class: "muted", text: text && (file || long) ? size : t("table.drop") }),
      el("span", { class: "push" }),
      el("button", {
        type: "button",
        class: "link",
        text: t("table.clear"),
        hint: t("table.clear.hint"),
        disabled: !text,
        on: { click: () => take("", "") },
      }),
    );
  }

  function drawFound() {
    setText(status, "");
    if (!found) return rebuild(result, []);
    const data = found.data;
    rebuild(result, [
      el("div", { class: "picks" }, ...pickers(found)),
      preview(found, (inputs) => pick({ inputs })),
      ...problemList(found, (lines) => pick({ omit: [...(picks.omit ?? []), ...lines] })),
      el(
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
          on: { click: () => data && use({ ...data, standardize, train_fraction: share }) },
        }),
      ),
    ]);
  }

  /** What was found, each open to correction. @param {FoundTable} table */
  function pickers({ delimiter, header, columns, target, task }) {
    const names = Object.entries(DELIMITERS);
    const known = names.some(([sign]) => sign === delimiter)
      ? names
      : [...names, [delimiter, delimiter]];
    const heading = el("input", { type: "checkbox", "data-own": "/header" });
    heading.checked = header;
    heading.addEventListener("change", () => pick({ header: heading.checked }));
    const scale = el("input", { type: "checkbox", id: "standardize" });
    scale.checked = standardize;
    scale.addEventListener("change", () => (standardize = scale.checked));
    const range = state.catalog.data[0].parameters.find(({ name }) => name === "train_fraction");
    return [
      labelled(
        "delimiter",
        choice({
          options: known.map(([value, name]) => ({
            value,
            text: name === value ? value : t(`table.delimiter.${name}`),
          })),
          value: delimiter,
          label: t("table.delimiter"),
          hint: t("table.delimiter.hint"),
          pointer: "",
          change: (value) => pick({ delimiter: value }),
        }),
      ),
      labelled(
        "target",
        choice({
          options: columns.map(({ name }) => ({ value: name, text: name })),
          value: target,
          label: t("table.target"),
          hint: t("table.target.hint"),
          pointer: "",
          change: (value) =>
            pick({ target: value, task: undefined, inputs: undefined, omit: undefined }),
        }),
      ),
      labelled(
        "task",
        choice({
          options: ["classification", "regression"].map((value) => ({
            value,
            text: t(`table.task.${value}`),
          })),
          value: task,
          label: t("table.task"),
          hint: t("table.task.hint"),
          pointer: "",
          change: (value) => pick({ task: value }),
        }),
      ),
      ...(range
        ? [
            sliderField({
              range,
              value: share,
              label: t("table.share"),
              hint: t("table.share.hint"),
              pointer: "/table/share",
              step: 0.05,
              read: format.percent,
              change: (value) => (share = value),
            }),
          ]
        : []),
      el("label", { class: "check", hint: t("table.header.hint") }, heading, t("table.header")),
      el(
        "label",
        { class: "check", hint: t("data.standardize.hint") },
        scale,
        t("data.standardize"),
      ),
    ];
  }

  /** @param {string} name @param {HTMLSelectElement} select */
  function labelled(name, select) {
    select.dataset.own = `/${name}`;
    select.dataset.focus = `table/${name}`;
    select.id = `table-${name}`;
    delete select.dataset.pointer;
    return field(t(`table.${name}`), [select]);
  }

  return {
    element,
    open,
    /** Data that came by a link or an undo, where nothing has been typed. @param {import("../../types.js").DataSpec} data */
    adopt(data) {
      if (text || data.name !== "custom" || !state.data) return;
      standardize = data.standardize ?? false;
      share = data.train_fraction ?? 1;
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
