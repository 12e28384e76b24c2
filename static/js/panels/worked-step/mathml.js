/**
 * Formulas as MathML, built from small pieces: `frac(v("∂J"), v("∂W"))`. A formula is plain data until it
 * is drawn, so that it can be made and tested without a page.
 */

import { toDigits } from "../../ui/round.js";

/**
 * @typedef {{tag: string, text?: string, attributes?: Record<string, string>, children?: Formula[]}} Formula
 * @typedef {Formula|string|number} Piece   a string is a name or a sign, a number is written as one
 */

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";
const SIGN = /^[-−+=·×∘⋅(),[\]←→≈<>≤≥∑Σ∂|/√⊤;:…⋮]$/u;

/** @param {Piece} piece @returns {Formula} */
function part(piece) {
  if (typeof piece === "object") return piece;
  if (typeof piece === "number") return number(piece);
  if (/^[−-]?[\d.]/.test(piece)) return { tag: "mn", text: piece };
  return SIGN.test(piece) ? { tag: "mo", text: piece } : { tag: "mi", text: piece };
}

/** @param {string} tag @param {Piece[]} children @returns {Formula} */
const node = (tag, children) => ({ tag, children: children.map(part) });

/** One after the other. @param {Piece[]} pieces */
export const row = (...pieces) => node("mrow", pieces);
/** @param {Piece} above @param {Piece} below */
export const frac = (above, below) => node("mfrac", [above, below]);
/** @param {Piece} base @param {Piece} index */
export const sub = (base, index) => node("msub", [base, index]);
/** @param {Piece} base @param {Piece} power */
export const sup = (base, power) => node("msup", [base, power]);
/** @param {Piece} base @param {Piece} index @param {Piece} power */
export const subsup = (base, index, power) => node("msubsup", [base, index, power]);
/** @param {Piece} inside */
export const root = (inside) => node("msqrt", [inside]);
/** In brackets that grow. @param {Piece[]} pieces */
export const brackets = (...pieces) => row("(", row(...pieces), ")");
/** Words within a formula. @param {string} text @returns {Formula} */
export const words = (text) => ({ tag: "mtext", text });
/** An operator by its sign. @param {string} text @returns {Formula} */
export const op = (text) => ({ tag: "mo", text });
/** A function's name. @param {string} name @returns {Formula} */
export const fn = (name) => ({ tag: "mi", text: name, attributes: { mathvariant: "normal" } });
/** A matrix or a column by name; upright names are how the field writes code. @param {string} name @returns {Formula} */
export const name = (name) => ({ tag: "mi", text: name });

/** A name with its layer, like W₂. @param {string} letter @param {number|string} layer */
export const of = (letter, layer) => sub(letter, part(String(layer)));

/**
 * A number, negative ones with a true minus sign; what is tiny or huge as a power of ten.
 * @param {number|null|undefined} value
 * @param {number} [digits] significant ones
 * @returns {Formula}
 */
export function number(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value))
    return { tag: "mtext", text: "–" };
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
    const power = exponent.replace("+", "").replace("-", "−");
    return row({ tag: "mn", text: sign + mantissa }, "×", sup("10", { tag: "mn", text: power }));
  }
  return { tag: "mn", text: sign + toDigits(size, digits) };
}

/** A number that follows a sign: negative ones stand in brackets. @param {number|null|undefined} value @param {number} [digits] */
export function factor(value, digits = 4) {
  const written = number(value, digits);
  return value !== null && value !== undefined && value < 0 ? brackets(written) : written;
}

/** A number added: "+ 3" or "− 3". @param {number|null} value @param {number} [digits] */
export function added(value, digits = 4) {
  return value !== null && value < 0
    ? row("−", number(-value, digits))
    : row("+", number(value, digits));
}

/** A matrix of pieces. @param {Piece[][]} rows @returns {Formula} */
export function matrix(rows) {
  const table = node(
    "mtable",
    rows.map((cells) =>
      node(
        "mtr",
        cells.map((cell) => node("mtd", [cell])),
      ),
    ),
  );
  return row("[", table, "]");
}

/** A formula as a line of text, for tests and for what cannot show MathML. @param {Piece} piece @returns {string} */
export function plain(piece) {
  const { tag, text, children = [] } = part(piece);
  if (text !== undefined) return text;
  const inner = children.map(plain);
  if (tag === "mfrac") return `(${inner[0]})/(${inner[1]})`;
  if (tag === "msub") return `${inner[0]}_${inner[1]}`;
  if (tag === "msup") return `${inner[0]}^${inner[1]}`;
  if (tag === "msubsup") return `${inner[0]}_${inner[1]}^${inner[2]}`;
  if (tag === "msqrt") return `√(${inner[0]})`;
  return inner.join(tag === "mtr" ? "," : tag === "mtable" ? ";" : "");
}

/**
 * The formula as an element of the page.
 * @param {Piece} piece
 * @param {boolean} [block] on a line of its own
 */
export function draw(piece, block = true) {
  const math = document.createElementNS(NAMESPACE, "math");
  if (block) math.setAttribute("display", "block");
  math.append(element(part(piece)));
  return math;
}

/** @param {Formula} formula */
function element({ tag, text, attributes = {}, children = [] }) {
  const made = document.createElementNS(NAMESPACE, tag);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.map(element));
  return made;
}
