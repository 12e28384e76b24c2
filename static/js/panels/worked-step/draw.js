/**
 * Equations as elements. Each factor is a column: its name, its shape, its numbers; the columns stand side by
 * side and go on in the next line where the panel ends, so that nothing is ever cut.
 */

import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { brackets, draw as math, fn, matrix, number, op } from "./mathml.js";

/**
 * @typedef {import("./formulas.js").Block} Block
 * @typedef {import("./formulas.js").Item} Item
 * @typedef {import("./formulas.js").Lines} Lines
 * @typedef {import("./terms.js").Term} Term
 * @typedef {import("./mathml.js").Formula} Formula
 * @typedef {import("./mathml.js").Piece} Piece
 */

/** How many rows and columns of a matrix are written; dots stand for the rest. */
const WRITTEN = 5;
/** The signs before which a line may end, and in how many brackets. @type {Record<string, number>} */
const BREAKS = { "=": 0, "←": 0, "−": 0, "+": 1 };
const BRACKETS = /^[()[\]]$/;
const NO_LARGER = { stretchy: "false" };
const OPERATORS = "+·";
const CLOSING = ");";
const SMALLEST = 0.6;
/** The gaps between the parts of a factor do not become smaller. */
const SLACK = 0.97;

/** @param {Block[]} blocks @returns {HTMLElement} */
export function drawBlocks(blocks) {
  return el("div", { class: "equations" }, ...blocks.flatMap(drawBlock));
}

/** @param {Block} block @returns {HTMLElement[]} */
function drawBlock(block) {
  const caption = block.caption ? [el("p", { class: "note caption", text: t(block.caption) })] : [];
  return [...caption, ...("items" in block ? [drawItems(block.items)] : drawLines(block))];
}

/** @param {Item[]} items */
function drawItems(items) {
  const terms = items.filter((item) => typeof item !== "string");
  const kind = terms.some(({ rule }) => rule !== undefined)
    ? " derivatives"
    : terms.some(({ symbol }) => JSON.stringify(symbol).includes("mfrac"))
      ? " fractions"
      : "";
  return el("div", { class: `equation${kind}` }, ...groups(items));
}

/** A factor with the signs before it, which stay together where a line ends. @param {Item[]} items */
function groups(items) {
  /** @type {HTMLElement[]} */
  const found = [];
  /** @type {HTMLElement[]} */
  let signs = [];
  let before = "=";
  for (const item of items) {
    if (typeof item === "string") {
      before = item;
      signs.push(drawSign(item));
      if (!CLOSING.includes(item)) continue;
      found[found.length - 1].append(...signs);
      signs = [];
      continue;
    }
    found.push(
      el("div", { class: "factor" }, ...signs, drawTerm(item, OPERATORS.includes(before))),
    );
    signs = [];
  }
  found[found.length - 1].append(...signs);
  return found;
}

/** @param {string} text */
function drawSign(text) {
  const sign = /^\p{L}/u.test(text) ? fn(text) : op(text);
  return el("div", { class: "sign" }, math(sign), el("span"), math(sign));
}

/** @param {Term} term @param {boolean} follows whether an operator stands before it: then a negative number has brackets */
function drawTerm(term, follows) {
  const { symbol, rule, shape, mark, value, written } = term;
  const negative = follows && typeof value === "number" && value < 0 && written === undefined;
  return el(
    "div",
    { class: mark ? `term ${mark}` : "term" },
    math(symbol),
    rule === undefined
      ? el("span", { class: "shape", text: shaped(shape) })
      : el("span", { class: "rule" }, math(rule)),
    math(negative ? brackets(valueOf(term)) : valueOf(term)),
  );
}

/** A shape as it is said: (4, 2). @param {number[]} shape */
const shaped = (shape) => `(${shape.join(", ")})`;

/** The numbers of a factor. @param {Term} term @returns {Piece} */
export function valueOf({ value, written, shape }) {
  if (written !== undefined) return written;
  return Array.isArray(value) ? numbers(value, shape) : number(value);
}

/**
 * Numbers as a matrix, with dots for what is left out.
 * @param {(number|null)[][]} values
 * @param {number[]} shape how many there are in truth
 */
function numbers(values, shape) {
  const [rows, columns] = shape;
  const cells = values.map((row) =>
    shortened(
      row.map((cell) => /** @type {Piece} */ (number(cell, 3))),
      columns,
      op("…"),
    ),
  );
  const dots = Array.from({ length: cells[0]?.length ?? 0 }, () => op("⋮"));
  return matrix(shortened(cells, rows, dots));
}

/**
 * The first ones, dots, and the last one, if that is known.
 * @template T
 * @param {T[]} list @param {number} count @param {T} dots
 */
function shortened(list, count, dots) {
  if (list.length < count) return [...list.slice(0, WRITTEN - 2), dots];
  if (list.length <= WRITTEN) return list;
  return [...list.slice(0, WRITTEN - 2), dots, list[list.length - 1]];
}

/** @param {Lines} block */
function drawLines({ lines, words }) {
  return [
    ...lines.map(({ formula, numbers: told }) =>
      el(
        "div",
        { class: "lines" },
        ...[formula, told].map((line) => (line ? el("p", {}, ...parts(line)) : "")),
      ),
    ),
    ...(words ? [el("p", { class: "note", text: words })] : []),
  ];
}

/** A line in parts, between which it may be broken. @param {Formula} line */
function parts(line) {
  /** @type {Formula[][]} */
  const found = [[]];
  let depth = 0;
  for (const piece of flat(line)) {
    const last = found[found.length - 1];
    const sign = piece.attributes ? "" : (piece.text ?? "");
    if (/^[([]$/.test(piece.text ?? "")) depth += 1;
    if (/^[)\]]$/.test(piece.text ?? "")) depth -= 1;
    if (last.length && depth <= (BREAKS[sign] ?? -1))
      found.push([{ ...piece, attributes: { form: "infix" } }]);
    else last.push(piece);
  }
  return found.map((children) => math({ tag: "mrow", children }));
}

/** The pieces of a row, and of the rows in it. @param {Formula} piece @returns {Formula[]} */
function flat(piece) {
  if (piece.tag === "mrow" && !piece.attributes) return (piece.children ?? []).flatMap(flat);
  // A bracket and its partner may stand in different parts, and so do not grow with them.
  return [BRACKETS.test(piece.text ?? "") ? { ...piece, attributes: NO_LARGER } : piece];
}

/** Makes smaller what is wider than its place, which on a telephone a matrix may be. @param {HTMLElement} home */
export function fit(home) {
  const width = home.clientWidth;
  if (!width) return;
  for (const part of home.querySelectorAll(".factor, .lines math")) {
    if (!(part instanceof HTMLElement || part instanceof MathMLElement)) continue;
    part.style.fontSize = "";
    const own = part.getBoundingClientRect().width;
    if (own > width) part.style.fontSize = `${Math.max(SMALLEST, (SLACK * width) / own)}em`;
  }
}
