/** What was found in a table: its first rows, its problems, and what would come of it. */

import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/** @typedef {import("../../types.js").FoundTable} FoundTable */

const SHOWN = 8;

/**
 * The first rows under their columns. A box above each column says whether it is an input.
 * @param {FoundTable} found
 * @param {(inputs: string[]) => void} choose
 */
export function preview({ columns, preview: rows, preview_lines: lines }, choose) {
  const inputs = columns.filter(({ use }) => use === "input").map(({ name }) => name);
  const heads = columns.map(({ name, kind, use, reason }, i) => {
    const head = el("th", { scope: "col", class: use });
    const about =
      reason && reason !== "not_chosen" ? `table.unused.${reason}` : `table.kind.${kind}`;
    const note = el("span", {
      class: "muted",
      text: t(use === "target" ? "table.isTarget" : about),
    });
    if (use === "target") {
      head.append(el("span", { text: name }), note);
      return head;
    }
    const box = el("input", { type: "checkbox", "data-focus": `table/column/${i}` });
    box.checked = use === "input";
    box.addEventListener("change", () => {
      const wanted = columns.filter((column) =>
        column.name === name ? box.checked : inputs.includes(column.name),
      );
      choose(wanted.map((column) => column.name));
    });
    head.append(
      el(
        "label",
        { class: "check", hint: t("table.column.hint") },
        box,
        el("span", { text: name }),
      ),
      note,
    );
    return head;
  });
  const body = rows.map((row, i) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "muted", text: format.count(lines[i]) }),
      ...row.map((cell, place) => el("td", { class: columns[place]?.use ?? false, text: cell })),
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
 * The problems line by line, and one click to leave those lines out.
 * @param {FoundTable} found
 * @param {(lines: number[]) => void} omit
 */
export function problemList({ problems, problem_count: count, problem_lines: lines }, omit) {
  if (!count) return [];
  const hidden = count - Math.min(SHOWN, problems.length);
  return [
    el(
      "div",
      { class: "problems", role: "alert" },
      el(
        "ul",
        {},
        ...problems.slice(0, SHOWN).map((problem) => el("li", { text: inWords(problem) })),
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
              text: t("table.omit", { count: format.count(lines.length) }),
              hint: t("table.omit.hint"),
              on: { click: () => omit(lines) },
            }),
          ]
        : []),
    ),
  ];
}

/** @param {FoundTable["problems"][number]} problem */
function inWords({ line, column, code, text }) {
  const key = `table.problem.${code}`;
  const words = t(key, { text: text || " " });
  const what = words === key ? `${code} ${text}` : words;
  if (line === null) return column === null ? what : t("table.inColumn", { column, what });
  if (column === null) return t("table.atLine", { line, what });
  return t("table.atCell", { line, column, what });
}

/** What would be learned. @param {FoundTable} found */
export function outcome({ rows, data, task, classes }) {
  if (!data) return t("table.notYet");
  const values = {
    rows: format.count(rows),
    inputs: format.count(/** @type {number[][]} */ (data.inputs)[0]?.length ?? 0),
    target: data.target_name ?? "y",
  };
  if (task === "regression") return t("table.outcome.numbers", values);
  return t("table.outcome.classes", { ...values, classes: (classes ?? []).length });
}
