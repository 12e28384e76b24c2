/** A table that can be read in two ways: both readings of its first rows, and a click for the one that is meant. */

import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {FoundTable["questions"][number]} Question
 * @typedef {Question["readings"][number]} Reading
 * @typedef {import("./table-picks.js").Picks} Picks
 */

/**
 * @param {FoundTable} found
 * @param {(pick: import("./table-picks.js").Picks) => void} answer
 */
export function questionList({ questions, problems }, answer) {
  return questions.map((question, i) => {
    const columns = question.columns.slice(0, 4).map(columnName).join(", ");
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
  const head = [t("table.line"), ...names.map(columnName)].map((text) =>
    el("th", { scope: "col", text }),
  );
  const cell = code === "dates" || code === "years" ? format.date : String;
  const body = rows.map((row, i) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "muted", text: format.count(lines[i]) }),
      ...row.map((text) => el("td", { text: cell(text) })),
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

/**
 * The encodings in which the letters of a file stand as in words, each with its first lines, to pick from.
 * @param {import("./encoding.js").Decoded|undefined} decoded @param {(encoding: string) => void} answer
 */
export function encodingQuestion(decoded, answer) {
  if (!decoded?.readings.length) return [];
  const cards = decoded.readings.map(({ encoding, sample }) => {
    const label = t(`table.encoding.${encoding}`);
    const button = el("button", {
      type: "button",
      class: "chip",
      text: t("table.question.pick"),
      "aria-label": `${t("table.question.pick")}: ${label}`,
      hint: t("table.question.hint"),
      "data-focus": `table/encoding/${encoding}`,
      on: { click: () => answer(encoding) },
    });
    const lines = sample.split("\n").map((text) => el("div", { text }));
    return el("div", { class: "reading" }, el("p", { text: label }), ...lines, button);
  });
  return [
    el(
      "div",
      { class: "question", role: "group", "aria-label": t("table.question") },
      el("p", { text: t("table.question.encoding"), role: "alert" }),
      el("div", { class: "readings" }, ...cards),
    ),
  ];
}

/**
 * Says that a table is read as one was before, and how; one click asks anew.
 * @param {Picks} answers of before @param {() => void} anew
 */
export function rememberedNote(answers, anew) {
  const said = Object.keys(answers).filter((name) => name in CODES);
  if (!said.length) return [];
  const words = said.map((name) => {
    const reading = inWords(CODES[name], { ...answers, ...OTHERS[name] });
    return t(`table.answer.${CODES[name]}`, { reading });
  });
  return [
    el(
      "p",
      { class: "row", id: "table-remembered", role: "status" },
      el("span", { text: t("table.remembered", { answers: [...new Set(words)].join(", ") }) }),
      el("button", {
        type: "button",
        class: "chip",
        text: t("table.remembered.anew"),
        hint: t("table.remembered.anew.hint"),
        "data-focus": "table/remembered",
        on: { click: anew },
      }),
    ),
  ];
}

/** The question that each part of an answer is of. @type {Record<string, keyof typeof WORDS>} */
const CODES = {
  delimiter: "delimiter",
  header: "header",
  decimal: "thousands",
  grouping: "thousands",
  dates: "dates",
  years: "years",
  codes: "codes",
  below: "below",
  totals: "totals",
  joined: "joined",
};
/** What else an answer may hold, of which the same question would speak first. @type {Record<string, object>} */
const OTHERS = { grouping: { decimal: undefined } };

/** What a reading takes the text for. @param {keyof typeof WORDS} code @param {Picks} pick */
const inWords = (code, pick) => WORDS[code](pick);

const WORDS = {
  /** @param {Picks} pick */
  delimiter: ({ delimiter }) => delimiterName(delimiter ?? ""),
  /** @param {Picks} pick */
  header: ({ header }) => t(header ? "table.reading.names" : "table.reading.data"),
  /** @param {Picks} pick */
  totals: ({ totals }) => t(totals ? "table.reading.noTotals" : "table.reading.samples"),
  /** @param {Picks} pick */
  dates: ({ dates }) => t(`table.reading.${dates}`),
  /** @param {Picks} pick */
  codes: ({ codes }) => t(codes ? "table.reading.codes" : "table.reading.numbers"),
  /** @param {Picks} pick */
  below: ({ below }) => t(below ? "table.reading.below" : "table.reading.above"),
  /** @param {Picks} pick */
  years: ({ years }) =>
    t("table.reading.years", { first: String((years ?? 0) - 99), last: String(years) }),
  /** @param {Picks} pick */
  joined: ({ joined }) => t(joined?.length ? "table.reading.joined" : "table.reading.rowNames"),
  /** @param {Picks} pick */
  thousands: ({ decimal, grouping }) =>
    decimal
      ? t(decimal === "." ? "table.reading.point" : "table.reading.comma")
      : t(grouping ? "table.reading.groups" : "table.reading.fraction"),
};

/** @type {Record<string, string>} */
export const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank" };

/** @param {string} delimiter */
export function delimiterName(delimiter) {
  return delimiter in DELIMITERS ? t(`table.delimiter.${DELIMITERS[delimiter]}`) : delimiter;
}

/** The name of a column; one that has none in the table is named by its number. @param {string} name */
export function columnName(name) {
  const found = /^column (\d+)$/.exec(name);
  return found ? t("table.columnNumber", { number: found[1] }) : name;
}
