/** A table that can be read in two ways: both readings of its first rows, and a click for the one that is meant. */

import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {FoundTable["questions"][number]} Question
 * @typedef {Question["readings"][number]} Reading
 */

/**
 * @param {FoundTable} found
 * @param {(pick: import("./table-picks.js").Picks) => void} answer
 */
export function questionList({ questions, problems }, answer) {
  return questions.map((question, i) => {
    const columns = question.columns.slice(0, 4).join(", ");
    const text = problems.find(({ code }) => code === question.code)?.text ?? "";
    return el(
      "div",
      { class: "question", role: "group", "aria-label": t("table.question") },
      el("p", { text: t(`table.question.${question.code}`, { columns, text }), role: "alert" }),
      el(
        "div",
        { class: "readings" },
        ...question.readings.map((reading, place) =>
          readingCard(question, reading, `table/question/${i}/${place}`, answer),
        ),
      ),
    );
  });
}

/**
 * @param {Question} question @param {Reading} reading @param {string} focus
 * @param {(pick: import("./table-picks.js").Picks) => void} answer
 */
function readingCard({ code }, { pick, names, lines, rows }, focus, answer) {
  const head = [t("table.line"), ...names].map((text) => el("th", { scope: "col", text }));
  const body = rows.map((row, i) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "muted", text: format.count(lines[i]) }),
      ...row.map((text) => el("td", { text })),
    ),
  );
  const label = inWords(code, pick);
  return el(
    "div",
    { class: "reading" },
    el(
      "table",
      {},
      el("caption", { text: label }),
      el("thead", {}, el("tr", {}, ...head)),
      el("tbody", {}, ...body),
    ),
    el("button", {
      type: "button",
      class: "chip",
      text: t("table.question.pick"),
      "aria-label": `${t("table.question.pick")}: ${label}`,
      hint: t("table.question.hint"),
      "data-focus": focus,
      on: { click: () => answer(pick) },
    }),
  );
}

/** What a reading takes the text for. @param {string} code @param {Reading["pick"]} pick */
function inWords(code, { delimiter, header, decimal, grouping, dates, totals, joined }) {
  if (code === "delimiter") return delimiterName(delimiter ?? "");
  if (code === "header") return t(header ? "table.reading.names" : "table.reading.data");
  if (code === "joined") return t(`table.reading.${joined?.length ? "joined" : "rowNames"}`);
  if (code === "totals") return t(totals ? "table.reading.noTotals" : "table.reading.data");
  if (code === "dates") return t(`table.reading.${dates}`);
  const mark = grouping ?? "";
  if (decimal) return t(`table.reading.${decimal === "." ? "point" : "comma"}`);
  return t(mark ? "table.reading.groups" : "table.reading.fraction");
}

/** @type {Record<string, string>} */
export const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank" };

/** @param {string} delimiter */
export function delimiterName(delimiter) {
  return delimiter in DELIMITERS ? t(`table.delimiter.${DELIMITERS[delimiter]}`) : delimiter;
}
