/** What was found in a table, each finding open to correction: delimiter, header, target, task. */

import { choice, field, sliderField } from "../../ui/controls.js";
import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {import("./table.js").Picks} Picks
 */

const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank" };

/**
 * @param {import("../../types.js").Catalog} catalog
 * @param {FoundTable} table
 * @param {{standardize: boolean, share: number}} settings  written to at once; they do not change what is found
 * @param {(more: Picks) => void} pick  told what the learner says instead
 */
export function pickers(catalog, { delimiter, header, columns, target, task }, settings, pick) {
  const range = catalog.data[0].parameters.find(({ name }) => name === "train_fraction");
  return [
    pickField("delimiter", t("table.delimiter.hint"), delimiter, delimiters(delimiter), (value) =>
      pick({ delimiter: value }),
    ),
    pickField(
      "target",
      t("table.target.hint"),
      target,
      columns.map(({ name }) => ({ value: name, text: name })),
      (value) => pick({ target: value, task: undefined, inputs: undefined, omit: undefined }),
    ),
    pickField(
      "task",
      t("table.task.hint"),
      task,
      ["classification", "regression"].map((value) => ({ value, text: t(`table.task.${value}`) })),
      (value) => pick({ task: value }),
    ),
    ...(range ? [shareField(range, settings)] : []),
    check({
      checked: header,
      text: t("table.header"),
      hint: t("table.header.hint"),
      attributes: { "data-own": "/header" },
      change: (checked) => pick({ header: checked }),
    }),
    check({
      checked: settings.standardize,
      text: t("data.standardize"),
      hint: t("data.standardize.hint"),
      attributes: { id: "standardize" },
      change: (checked) => (settings.standardize = checked),
    }),
  ];
}

/** The usual delimiters, and the one that was found if it is another. @param {string} found */
function delimiters(found) {
  const usual = Object.entries(DELIMITERS).map(([value, name]) => ({
    value,
    text: t(`table.delimiter.${name}`),
  }));
  return found in DELIMITERS ? usual : [...usual, { value: found, text: found }];
}

/**
 * @param {"delimiter"|"target"|"task"} name
 * @param {string} hint
 * @param {string} value
 * @param {{value: string, text: string}[]} options
 * @param {(value: string) => void} change
 */
function pickField(name, hint, value, options, change) {
  const select = choice({
    options,
    value,
    label: t(`table.${name}`),
    hint,
    pointer: "",
    change,
  });
  select.dataset.own = `/${name}`;
  select.dataset.focus = `table/${name}`;
  select.id = `table-${name}`;
  delete select.dataset.pointer;
  return field(t(`table.${name}`), [select]);
}

/** @param {import("../../types.js").Range} range @param {{share: number}} settings */
function shareField(range, settings) {
  return sliderField({
    range,
    value: settings.share,
    label: t("table.share"),
    hint: t("table.share.hint"),
    pointer: "/table/share",
    step: 0.05,
    read: format.percent,
    change: (value) => (settings.share = value),
  });
}

/**
 * @param {{checked: boolean, text: string, hint: string, attributes: Record<string, string>,
 *   change: (checked: boolean) => void}} options
 */
function check({ checked, text, hint, attributes, change }) {
  const box = el("input", { type: "checkbox", ...attributes });
  box.checked = checked;
  box.addEventListener("change", () => change(box.checked));
  return el("label", { class: "check", hint }, box, text);
}
