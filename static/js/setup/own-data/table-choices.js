/** What was found in a table, each finding open to correction: encoding, delimiter, marks of numbers, header, target, task. */

import { choice, field, seedRow, sliderField } from "../../ui/controls.js";
import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { ENCODINGS } from "./encoding.js";
import { DELIMITERS, columnName, delimiterName } from "./table-question.js";

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {import("../../types.js").Catalog} Catalog
 * @typedef {import("./table-picks.js").Picks} Picks
 * @typedef {(more: Picks) => void} Pick
 * @typedef {{standardize: boolean, share: number}} Settings
 */

/**
 * The pickers that are always there.
 * @param {Catalog} catalog
 * @param {FoundTable} table
 * @param {Settings} settings  written to at once
 * @param {Pick} pick  told what the learner says instead
 */
export function pickers(catalog, table, settings, pick) {
  const { delimiter, header, columns, target, task } = table;
  const range = catalog.data[0].parameters.find(({ name }) => name === "train_fraction");
  const found = delimiter in DELIMITERS ? [] : [delimiter];
  const delimiters = [...Object.keys(DELIMITERS), ...found];
  return [
    pickField("delimiter", delimiter, named(delimiters, delimiterName), (value) =>
      pick({ delimiter: value }),
    ),
    ...marks(table, pick),
    pickField(
      "target",
      target,
      named(
        columns.map(({ name }) => name),
        columnName,
      ),
      (value) => pick({ target: value }),
    ),
    pickField("task", task, worded("task", ["classification", "regression"]), (value) =>
      pick({ task: value }),
    ),
    // What is filled in, and principal components, come from the rows that are trained on.
    ...(range
      ? [shareField(range, settings, () => (table.filled > 0 || table.explained) && pick({}))]
      : []),
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

/**
 * The pickers of what is not in order: gaps, and more rows than can be taken.
 * @param {FoundTable} table @param {Picks} picks @param {Catalog} catalog @param {Pick} pick
 */
export function repairs(table, picks, catalog, pick) {
  const { limits, missing_rows: gaps, total_rows: rows } = table;
  const found = [];
  if (gaps || picks.missing)
    found.push(
      pickField(
        "missing",
        picks.missing ?? "",
        worded("missing", ["", "mean", "median", "omit"]),
        (value) => pick({ missing: value || undefined }),
      ),
    );
  if (picks.totals !== undefined)
    found.push(
      check({
        checked: picks.totals,
        text: t("table.totals"),
        hint: t("table.totals.hint"),
        attributes: { "data-own": "/totals" },
        change: (totals) => pick({ totals }),
      }),
    );
  if (rows <= limits.rows) return found;
  const most = format.count(limits.rows);
  const options = ["", "first", "random"].map((value) => ({
    value,
    text: t(`table.take.${value || "all"}`, { most, rows: format.count(rows) }),
  }));
  found.push(
    pickField("take", picks.take ?? "", options, (value) => pick({ take: value || undefined })),
  );
  const range = catalog.fields.seed;
  if (picks.take === "random" && range)
    found.push(
      field(t("table.seed"), [
        seedRow({
          range,
          value: picks.seed ?? 1,
          label: t("table.seed"),
          hint: t("table.seed.hint"),
          pointer: "/table/seed",
          change: (seed) => pick({ seed }),
        }),
      ]),
    );
  return found;
}

/**
 * The encoding of a file, with a piece of its text by which one sees whether it is right.
 * @param {import("./encoding.js").Decoded|undefined} decoded @param {(encoding: string) => void} change
 */
export function encodingField(decoded, change) {
  if (!decoded) return [];
  const { encoding, sample, lost } = decoded;
  const select = pickField(
    "encoding",
    encoding,
    named(ENCODINGS, (name) => t(`table.encoding.${name}`)),
    change,
  );
  const note = lost
    ? t("table.encoding.lost", { count: format.count(lost) })
    : sample && t("table.encoding.sample", { sample });
  if (note) select.append(el("span", { class: "muted", text: note }));
  return [select];
}

/** The decimal mark, and what stands between groups of digits. @param {FoundTable} table @param {Pick} pick */
function marks({ decimal, grouping }, pick) {
  const group = ["", ",", ".", "'", " "].filter((mark) => mark !== decimal || mark === grouping);
  return [
    pickField(
      "decimal",
      decimal,
      [".", ","].map((mark) => ({ value: mark, text: `3${mark}14` })),
      (value) => pick({ decimal: value, grouping: undefined }),
    ),
    pickField(
      "grouping",
      grouping,
      group.map((mark) => ({ value: mark, text: `1${mark}234${mark}567` })),
      (value) => pick({ grouping: value }),
    ),
  ];
}

/** @param {string[]} values @param {(value: string) => string} text */
const named = (values, text) => values.map((value) => ({ value, text: text(value) }));

/** @param {string} name @param {string[]} values */
const worded = (name, values) => named(values, (value) => t(`table.${name}.${value || "ask"}`));

/**
 * @param {"delimiter"|"decimal"|"grouping"|"target"|"task"|"missing"|"take"|"encoding"} name
 * @param {string} value
 * @param {{value: string, text: string}[]} options
 * @param {(value: string) => void} change
 */
function pickField(name, value, options, change) {
  const select = choice({
    options,
    value,
    label: t(`table.${name}`),
    hint: t(`table.${name}.hint`),
    pointer: "",
    change,
  });
  select.dataset.own = `/${name}`;
  select.dataset.focus = `table/${name}`;
  select.id = `table-${name}`;
  delete select.dataset.pointer;
  return field(t(`table.${name}`), [select]);
}

/** @param {import("../../types.js").Range} range @param {Settings} settings @param {() => void} then */
function shareField(range, settings, then) {
  return sliderField({
    range,
    value: settings.share,
    label: t("table.share"),
    hint: t("table.share.hint"),
    pointer: "/table/share",
    step: 0.05,
    read: format.percent,
    change: (value) => {
      settings.share = value;
      then();
    },
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
