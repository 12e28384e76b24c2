/**
 * A link made to measure: what it shows, locks and hides, in which language, with which sentence, and whether answers are
 * told. In a link: `class=(hide:!(data,settings),lock:!(runs),note:'Who falls first?',answers:!f,lang:en,embed:!t)`.
 */

import { read, write } from "./notation.js";

/**
 * @typedef {import("../types.js").Part} Part
 * @typedef {object} Made
 * @property {Part[]} hide
 * @property {Part[]} lock
 * @property {string} note      a sentence, as plain text
 * @property {boolean} answers  whether verdicts and statuses are told
 * @property {string} lang      "" leaves it to whoever opens the link
 * @property {boolean} embed    whether it stands in another page, without what that does not need
 */

/** Parts that can be hidden. @type {Part[]} */
export const PARTS = [
  "network",
  "learned",
  "loss",
  "surface",
  "signals",
  "explain",
  "seeds",
  "data",
  "runs",
  "settings",
  "train",
  "timeline",
  "presets",
  "lessons",
  "tools",
  "language",
];
/** Those that can be seen and yet not be used. @type {Part[]} */
export const LOCKABLE = ["network", "data", "runs", "settings", "train", "timeline"];

/** The tabs beside the loss, which go with its panel. @type {Part[]} */
export const TABS = ["signals", "explain", "seeds"];

/** A sentence has at most so many characters. */
export const LONGEST_NOTE = 300;
const LANGUAGES = ["en", "zh-CN"];
/** What a page inside another one does without. @type {Part[]} */
const CHROME = ["presets", "lessons", "tools", "language"];

/** @type {Made} */
export const USUAL = { hide: [], lock: [], note: "", answers: true, lang: "", embed: false };

/**
 * How each switch is read: what it says, or null where it is none.
 * @type {{[K in keyof Made]: (value: unknown) => Made[K]|null}}
 */
const READ = {
  hide: (value) => listOf(value, PARTS),
  lock: (value) => listOf(value, LOCKABLE),
  note: (value) => (typeof value === "string" ? [...value].slice(0, LONGEST_NOTE).join("") : null),
  answers: (value) => (typeof value === "boolean" ? value : null),
  lang: (value) => LANGUAGES.find((language) => language === value) ?? null,
  embed: (value) => (typeof value === "boolean" ? value : null),
};

/** @param {unknown} value @param {Part[]} known @returns {Part[]|null} */
const listOf = (value, known) =>
  Array.isArray(value) ? known.filter((part) => value.includes(part)) : null;

/**
 * What the words of a link say, and which of them mean nothing here.
 * @param {object} words
 * @returns {{made: Made, unknown: string[]}}
 */
export function readMade(words) {
  const made = { ...USUAL };
  /** @type {string[]} */
  const unknown = [];
  for (const [name, value] of Object.entries(words)) {
    const found = Object.hasOwn(READ, name) ? READ[/** @type {keyof Made} */ (name)](value) : null;
    if (found === null) unknown.push(name);
    else Object.assign(made, { [name]: found });
    if (Array.isArray(found) && Array.isArray(value)) {
      const parts = /** @type {unknown[]} */ (found);
      unknown.push(...value.filter((part) => !parts.includes(part)).map(String));
    }
  }
  return { made, unknown: unknown.map((name) => name.slice(0, 40)).slice(0, 8) };
}

/** The words of a link; only what differs from a page as it is. @param {Made} made @returns {Record<string, unknown>|null} */
export function wordsOfMade(made) {
  const said = Object.entries(made).filter(
    ([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(USUAL[/** @type {keyof Made} */ (name)]),
  );
  return said.length ? Object.fromEntries(said) : null;
}

/** What is closed by it. @param {Made} made @returns {import("../types.js").Closed} */
export function layerOf({ hide, lock, answers, lang, embed }) {
  /** @type {Part[]} */
  const fixed = lang ? ["language"] : [];
  const tabs = hide.includes("loss") ? TABS : [];
  const hidden = [...new Set([...hide, ...tabs, ...fixed, ...(embed ? CHROME : [])])];
  return { hidden, locked: lock, answers };
}

/**
 * A fragment that names a lesson or an experiment to look at, with the words of a class behind it.
 * @param {string} fragment @param {object|null} words
 */
export const withClass = (fragment, words) =>
  words ? `${fragment}&class=${write(words)}` : fragment;

/**
 * Both of them again: `#lesson=xor&class=(answers:!f)`.
 * @param {string} fragment
 * @returns {{named: string, words: object|null}} `words` null: none, or none that can be read
 */
export function splitClass(fragment) {
  const [named, ...said] = fragment.split("&class=");
  if (!said.length) return { named, words: null };
  try {
    const words = read(decodeURIComponent(said.join("&class=")));
    return { named, words: words && typeof words === "object" ? words : null };
  } catch {
    return { named, words: { [said[0].slice(0, 40)]: true } };
  }
}
