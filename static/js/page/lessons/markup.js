/**
 * The text of a lesson: plain, with `*emphasis*` and `` `formula` ``. Whatever else stands in it is text, whatever it
 * looks like; nothing of a lesson is ever HTML.
 */

import { el } from "../../ui/dom.js";
import { language } from "../../ui/i18n.js";

/**
 * @typedef {string|{en?: string|null, "zh-CN"?: string|null}} Text   one for all languages, or one for each
 * @typedef {{kind: "plain"|"strong"|"formula", text: string}} Part
 */

/** The words of a text in the language in use, or in the one that it has. @param {Text|null|undefined} text */
export function inWords(text) {
  if (!text) return "";
  if (typeof text === "string") return visible(text);
  return visible(text[language() === "zh-CN" ? "zh-CN" : "en"] ?? text.en ?? text["zh-CN"] ?? "");
}

/** A text without signs that are not seen and yet turn round, or spoil, what stands beside them. @param {string} text */
const visible = (text) => text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, unseen);

/** Lines and tabs stay. @param {string} sign */
const unseen = (sign) => ("\n\t".includes(sign) ? sign : "");

/**
 * A text as its parts. A mark that is not closed is a sign like any other.
 * @param {string} text
 * @returns {Part[]}
 */
export function partsOf(text) {
  /** @type {Part[]} */
  const parts = [];
  let done = 0;
  for (const found of text.matchAll(/`([^`\n]+)`|\*([^*\s](?:[^*\n]*[^*\s])?)\*/g)) {
    if (found.index > done) parts.push({ kind: "plain", text: text.slice(done, found.index) });
    const [whole, formula, strong] = found;
    parts.push(
      formula === undefined ? { kind: "strong", text: strong } : { kind: "formula", text: formula },
    );
    done = found.index + whole.length;
  }
  if (done < text.length) parts.push({ kind: "plain", text: text.slice(done) });
  return parts;
}

/** A text as what goes into an element. @param {Text|null|undefined} text @returns {(Node|string)[]} */
export function rich(text) {
  return partsOf(inWords(text)).map(({ kind, text: words }) => {
    if (kind === "plain") return words;
    if (kind === "strong") return el("strong", { text: words });
    return el("span", { class: "expression", text: words });
  });
}

/** The same without marks, where there is no room for anything but text. @param {Text|null|undefined} text */
export const plainly = (text) =>
  partsOf(inWords(text))
    .map(({ text: words }) => words)
    .join("");
