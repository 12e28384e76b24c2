/** What was found in a table: its first rows, its problems, and what would come of it. */

import { el, fillSelect } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { mostVarying } from "./table-picks.js";
import { columnName } from "./table-question.js";

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {import("../../types.js").FoundColumn} FoundColumn
 * @typedef {(more: import("./table-picks.js").Picks) => void} Pick
 */

const SHOWN = 8;
/** With more columns than this, ticking each is a chore. */
const FEW = 6;
/** From fewer training rows than this, what is learned says little about other rows. */
const FEW_ROWS = 10;

/**
 * The first rows under their columns. A box above each column says whether it is an input.
 * @param {FoundTable} found
 * @param {Pick} pick
 */
export function preview(found, pick) {
  const { columns, preview: rows, preview_lines: lines, preview_values: values } = found;
  const { preview_dates: dates } = found;
  const heads = columns.map((column, i) => columnHead(found, column, i, pick));
  const body = rows.map((row, i) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "muted", text: format.count(lines[i]) }),
      ...row.map((cell, place) =>
        el(
          "td",
          { class: columns[place]?.use ?? false, text: cell },
          ...readAs(cell, values[i][place], dates[i][place]),
        ),
      ),
    ),
  );
  return el(
    "div",
    {
      class: "preview",
      tabindex: 0,
      role: "group",
      "aria-label": t("table.preview"),
      "data-own": "/inputs",
    },
    el(
      "table",
      {},
      el("caption", { class: "sr", text: t("table.preview") }),
      el(
        "thead",
        {},
        el("tr", {}, el("th", { scope: "col", class: "muted", text: t("table.line") }), ...heads),
      ),
      el("tbody", {}, ...body),
    ),
  );
}

/**
 * The date that a cell is read as, or the number where its digits do not say it.
 * @param {string} cell @param {number|null|undefined} value @param {string|null|undefined} date
 */
function readAs(cell, value, date) {
  if (date) return [el("span", { class: "muted", text: ` = ${format.date(date)}` })];
  if (value === null || value === undefined || Number(cell.replace(",", ".")) === value) return [];
  return [el("span", { class: "muted", text: ` = ${value}` })];
}

/**
 * A column's name and what it holds; for all but the target, whether and how it is an input.
 * @param {FoundTable} found @param {FoundColumn} column @param {number} place @param {Pick} pick
 */
function columnHead({ columns }, { name, kind, use, reason, encodings, ...column }, place, pick) {
  const head = el("th", { scope: "col", class: use });
  const note = el("span", { class: "muted" });
  if (use === "target") {
    note.textContent = t("table.isTarget");
    head.append(el("span", { text: columnName(name) }), note);
    return head;
  }
  const inputs = columns.filter((one) => one.use === "input");
  const chosen = Object.fromEntries(
    inputs.flatMap((one) => (one.encoding ? [[one.name, one.encoding]] : [])),
  );
  /** @param {string|null} encoding */
  const become = (encoding) => {
    const wanted = columns.filter((one) =>
      one.name === name ? encoding !== null : one.use === "input",
    );
    const next = encoding ? { ...chosen, [name]: encoding } : chosen;
    pick({ inputs: wanted.map((one) => one.name), encodings: next });
  };
  const box = el("input", { type: "checkbox", "data-focus": `table/column/${place}` });
  box.checked = use === "input";
  box.addEventListener("change", () => become(box.checked ? (encodings[0] ?? "number") : null));
  head.append(
    el(
      "label",
      { class: "check", hint: t("table.column.hint") },
      box,
      el("span", { text: columnName(name) }),
    ),
    note,
  );
  note.textContent = noteOf({ kind, use, reason, encodings, ...column });
  if (use === "input" && encodings.length > 1) {
    const select = el("select", {
      "aria-label": t("table.as", { name: columnName(name) }),
      hint: t("table.as.hint"),
      "data-focus": `table/as/${place}`,
    });
    const options = encodings.map((value) => ({ value, text: t(`table.way.${value}`) }));
    fillSelect(select, options, column.encoding ?? "number");
    select.addEventListener("change", () => become(select.value));
    head.append(select);
  }
  return head;
}

/** What a column holds, or becomes. @param {Omit<FoundColumn, "name">} column */
function noteOf({ kind, use, reason, encodings, encoding, makes, unit, unread }) {
  const way = use === "input" ? encoding : kind === "text" ? encodings[0] : null;
  if (way && way !== "number")
    return t(`table.${use === "input" ? "as" : "may"}.${way}`, { count: format.count(makes) });
  if (!reason || reason === "not_chosen")
    return [t(`table.kind.${kind}`), unit].filter(Boolean).join(", ");
  return t(`table.unused.${reason}`, { line: unread?.line ?? "", text: unread?.text ?? "" });
}

/**
 * All columns at once, where there are many: all that can be used, none, those that vary most, or their principal components.
 * @param {FoundTable} found @param {Pick} pick
 */
export function bulkRow(found, pick) {
  const { columns, limits, data, inputs } = found;
  if (columns.length <= FEW) return [];
  const most = limits.inputs;
  const used = data ? data.input_names?.length : inputs.length;
  /** @param {string} name @param {() => void} click */
  const button = (name, click) =>
    el("button", {
      type: "button",
      class: "link",
      text: t(`table.inputs.${name}`, { most: format.count(most) }),
      hint: t(`table.inputs.${name}.hint`),
      "data-focus": `table/inputs/${name}`,
      id: `table-inputs-${name}`,
      on: { click },
    });
  return [
    el(
      "p",
      { class: "row bulk" },
      el("span", {
        class: "muted",
        text: t("table.inputs", {
          count: format.count(used ?? 0),
          most: format.count(most),
        }),
      }),
      button("all", () => pick({ inputs: undefined, encodings: undefined, reduce: undefined })),
      button("none", () => pick({ inputs: [], reduce: undefined })),
      ...(columns.length > most + 1
        ? [
            button("most", () => pick({ inputs: mostVarying(found, most), reduce: undefined })),
            button("components", () => pick({ inputs: undefined, reduce: "components" })),
          ]
        : []),
    ),
    ...explainedNote(found),
  ];
}

/** How much of the columns their principal components hold. @param {FoundTable} found */
function explainedNote({ explained, columns }) {
  if (!explained?.length) return [];
  const values = {
    count: format.count(explained.length),
    columns: format.count(columns.filter(({ encoding }) => encoding === "number").length),
    share: format.percent(explained.reduce((sum, share) => sum + share, 0)),
    shares: explained
      .slice(0, 3)
      .map((share, i) => `PC${i + 1} ${format.percent(share)}`)
      .join(", "),
  };
  return [
    el("p", {
      class: "muted",
      id: "table-explained",
      role: "status",
      text: t("table.explained", values),
    }),
  ];
}

/**
 * The problems line by line, and one click to leave those lines out. What is asked about is said with its question.
 * @param {FoundTable} found
 * @param {(lines: number[]) => void} omit
 */
export function problemList(found, omit) {
  const { problems, problem_count: all, problem_lines: lines, questions, limits } = found;
  const asked = new Set(questions.map(({ code }) => /** @type {string} */ (code)));
  const said = problems.filter(({ code }) => !asked.has(code));
  const count = all - (problems.length - said.length);
  if (count <= 0) return [];
  const hidden = count - Math.min(SHOWN, said.length);
  return [
    el(
      "div",
      { class: "problems", role: "alert" },
      el(
        "ul",
        {},
        ...said.slice(0, SHOWN).map((problem) => el("li", { text: inWords(problem, limits) })),
        ...(hidden > 0
          ? [el("li", { text: t("table.problems.more", { count: format.count(hidden) }) })]
          : []),
      ),
      ...(lines.length
        ? [
            el("button", {
              type: "button",
              id: "table-omit",
              class: "chip",
              text: t(lines.length === 1 ? "table.omit.one" : "table.omit", {
                count: format.count(lines.length),
              }),
              hint: t("table.omit.hint"),
              on: { click: () => omit(lines) },
            }),
          ]
        : []),
    ),
  ];
}

/** The limit that a problem is about. @type {Record<string, keyof FoundTable["limits"]>} */
const LIMIT = {
  too_many_rows: "rows",
  too_many_columns: "columns",
  too_many_inputs: "inputs",
  too_many_classes: "classes",
  too_many_categories: "categories",
};

/** @param {FoundTable["problems"][number]} problem @param {FoundTable["limits"]} limits */
function inWords({ line, column: name, code, text }, limits) {
  const column = name === null ? null : columnName(name);
  const key = `table.problem.${code}`;
  const most = code in LIMIT ? format.count(limits[LIMIT[code]]) : "";
  const words = t(key, { text: text || " ", most });
  const what = words === key ? `${code} ${text}` : words;
  if (line === null) return column === null ? what : t("table.inColumn", { column, what });
  if (column === null) return t("table.atLine", { line, what });
  return t("table.atCell", { line, column, what });
}

/** What would be learned. @param {FoundTable} found */
export function outcome({ rows, data, task, classes, filled }) {
  if (!data) return t("table.notYet");
  const values = {
    rows: format.count(rows),
    inputs: format.count(/** @type {number[][]} */ (data.inputs)[0]?.length ?? 0),
    target: columnName(data.target_name ?? "y"),
  };
  const words =
    task === "regression"
      ? t("table.outcome.numbers", values)
      : t("table.outcome.classes", { ...values, classes: (classes ?? []).length });
  const training = Math.round(rows * (data.train_fraction ?? 0.5));
  return [
    words,
    ...(filled ? [t("table.filled", { count: format.count(filled) })] : []),
    ...(training < FEW_ROWS ? [t("table.fewRows", { count: format.count(training) })] : []),
  ].join(" · ");
}
