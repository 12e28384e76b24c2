/** What was said of how a table is to be read, for the next time that the same table comes: the same answer holds. */

import { remember, remembered } from "../../ui/storage.js";
import { kept } from "./table-picks.js";

/** @typedef {import("./table-picks.js").Picks} Picks */

const KEY = "basin.tables";
const MOST = 30;

/** How a text is read; what its columns are for is another matter. @type {(keyof Picks)[]} */
const OF_READING = [
  "delimiter",
  "header",
  "decimal",
  "grouping",
  "dates",
  "years",
  "codes",
  "below",
  "totals",
  "joined",
];

/** What was said of this very text, if anything was. @param {string} text @returns {Picks} */
export function recalled(text) {
  const mark = markOf(text);
  return all().find(([other]) => other === mark)?.[1] ?? {};
}

/** What picks say of how a text is read. @param {Picks} picks @returns {Picks} */
export function readingOf(picks) {
  const told = OF_READING.filter((name) => picks[name] !== undefined);
  return Object.fromEntries(told.map((name) => [name, picks[name]]));
}

/** The answers of before that still hold, after more was said of the same text. @param {Picks} answers @param {Picks} more @returns {Picks} */
export function stillOf(answers, more) {
  return Object.fromEntries(Object.entries(answers).filter(([name]) => !(name in more)));
}

/** What to pick so that these answers are asked for again. @param {Picks} answers @returns {Picks} */
export function withoutAnswers(answers) {
  return Object.fromEntries(Object.keys(answers).map((name) => [name, undefined]));
}

/** Keeps what is said of a text; of the texts said something of, the last ones. @param {string} text @param {Picks} picks */
export function memorize(text, picks) {
  const mark = markOf(text);
  const told = Object.entries(readingOf(picks));
  const others = all().filter(([other]) => other !== mark);
  /** @type {[string, Picks][]} */
  const next = told.length ? [...others, [mark, Object.fromEntries(told)]] : others;
  remember(KEY, JSON.stringify(next.slice(-MOST)));
}

/**
 * What is said of a text that is typed or pasted: what still holds of the one before, else what was said of it once.
 * @param {Picks} picks @param {string} before @param {string} after
 */
export function said(picks, before, after) {
  const still = kept(picks, before, after);
  return Object.keys(still).length ? still : recalled(after);
}

/** @returns {[string, Picks][]} */
function all() {
  try {
    /** @type {unknown} */
    const found = JSON.parse(remembered(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isEntry) : [];
  } catch {
    return [];
  }
}

/** A short text that another table hardly has: its length, and two FNV-1a sums. @param {string} text */
function markOf(text) {
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x1000193);
    b = Math.imul(b ^ (code + i), 0x1000193);
  }
  return [text.length, a >>> 0, b >>> 0].map((part) => part.toString(36)).join("-");
}

/** @param {unknown} entry @returns {entry is [string, Picks]} */
function isEntry(entry) {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string" && !!entry[1];
}
