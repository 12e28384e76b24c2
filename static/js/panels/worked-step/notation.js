/**
 * Formulas in the notation of the server's worked examples, `W ← W − α·G / (√s + ε)`, as MathML.
 * The server defines the notation beside its lines, in app/nn/worked_line.py; no formula is known here.
 */

import { added, brackets, fn, frac, number, op, root, row, sub, subsup, sup } from "./mathml.js";

/**
 * @typedef {import("./mathml.js").Formula} Formula
 * @typedef {import("./mathml.js").Piece} Piece
 * @typedef {{formula: string, numbers: string, values: Record<string, number|null>}} Line
 * @typedef {{piece: Piece, bare: Piece}} Operand   `bare` is without the brackets around all of it
 * @typedef {{values: Record<string, number|null>, parameter: Piece, names?: Record<string, Piece>}} Filling
 *   `names`: what stands for a letter
 */

const TOKENS =
  /\{\+?\w+(?::\d)?\}|\d+(?:\.\d+)?|\p{Script=Latin}+\u0302?|\p{Script=Greek}\u0302?|\S/gu;
const PLACEHOLDER = /^\{(\+?)(\w+)(?::(\d))?\}$/;
const HAT = "\u0302";
const INDICES = "₀₁₂₃₄₅₆₇₈₉";
const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵗ";
const PLAIN = "0123456789t";
const CLOSING = /** @type {Record<string, string>} */ ({ "(": ")", "[": "]", "‖": "‖", "|": "|" });
/** Before and behind a function whose argument has no brackets: y ln ŷ. @type {Formula} */
const SPACE = { tag: "mspace", attributes: { width: "0.17em" } };
/** The signs after which a negative number stands in brackets. */
const OPERATORS = "+−·";
/** The signs after which a minus is that of a negative term, as it is where nothing stands before it. */
const STARTS = "=←";

/**
 * A formula as MathML. A formula without placeholders needs no filling.
 * @param {string} text
 * @param {Filling} [filling] the numbers of its placeholders, and the name of the parameter
 * @returns {Formula}
 */
export function parsed(text, filling = { values: {}, parameter: "W" }) {
  return new Parser(text, filling).row("");
}

/** The one read position in a formula's tokens, from which operands are taken. */
class Parser {
  /** @param {string} text @param {Filling} filling */
  constructor(text, filling) {
    this.tokens = text.match(TOKENS) ?? [];
    this.at = 0;
    this.filling = filling;
  }

  /** Everything up to a closing sign, which is taken too. @param {string} closing */
  row(closing) {
    /** @type {Piece[]} */
    const pieces = [];
    let before = "";
    while (this.at < this.tokens.length && this.tokens[this.at] !== closing) {
      const token = this.tokens[this.at];
      if (token === "−" && STARTS.includes(before)) pieces.push(this.sign());
      else pieces.push(this.fraction(before !== "" && OPERATORS.includes(before)));
      before = token;
    }
    this.at += 1;
    return row(...pieces);
  }

  /** The minus of a negative term, close to it: between two pieces, MathML takes it for a subtraction. */
  sign() {
    return { ...op(this.tokens[this.at++]), attributes: { form: "prefix" } };
  }

  /**
   * An operand, or a fraction of two. A negative number alone stands in brackets behind an operator.
   * @param {boolean} follows whether an operator stands before it
   */
  fraction(follows) {
    const start = this.at;
    const above = this.operand();
    if (this.tokens[this.at] === "/") {
      this.at += 1;
      return frac(above.bare, this.operand().bare);
    }
    const alone = this.at === start + 1;
    return follows && alone && this.negative(this.tokens[start])
      ? brackets(above.piece)
      : above.piece;
  }

  /** @returns {Operand} */
  operand() {
    const token = this.tokens[this.at++] ?? "";
    if (token === "√") return same(root(this.operand().bare));
    if (token === "∂") return same(row(token, this.operand().piece));
    return this.indexed(this.atom(token));
  }

  /** A name, a number, a sign, or a group in brackets. @param {string} token @returns {Operand} */
  atom(token) {
    const closing = CLOSING[token];
    if (closing) {
      const inner = this.row(closing);
      if (token === "(") return { piece: brackets(inner), bare: inner };
      return same(row(token, inner, closing));
    }
    if (PLACEHOLDER.test(token)) return same(this.placeholder(token));
    if (token.endsWith(HAT))
      return same({ tag: "mover", children: [{ tag: "mi", text: token.slice(0, -1) }, op("^")] });
    const { names = {} } = this.filling;
    if (token in names) return same(names[token]);
    if (token === "Σ") return same(op("∑"));
    if (!/^\p{Script=Latin}{2,}$/u.test(token)) return same(token);
    return same(this.tokens[this.at] === "(" ? fn(token) : row(SPACE, fn(token), SPACE));
  }

  /** An operand with the index and the power behind it. @param {Operand} operand @returns {Operand} */
  indexed(operand) {
    const index = this.raised(INDICES);
    const power = this.tokens[this.at] === "^" ? this.power() : this.raised(POWERS);
    const { piece } = operand;
    if (index && power) return same(subsup(piece, index, power));
    if (index) return same(sub(piece, index));
    return power ? same(sup(piece, power)) : operand;
  }

  /** The operand behind a `^`. */
  power() {
    this.at += 1;
    return this.operand().bare;
  }

  /** An index or a power that is one small letter. @param {string} letters @returns {string|null} */
  raised(letters) {
    const found = letters.indexOf(this.tokens[this.at] ?? " ");
    if (found < 0) return null;
    this.at += 1;
    return PLAIN[found];
  }

  /** @param {string} token @returns {Piece} */
  placeholder(token) {
    const [, sign, name, digits] = /** @type {string[]} */ (PLACEHOLDER.exec(token));
    if (name === "parameter") return this.filling.parameter;
    return (sign ? added : number)(this.filling.values[name], Number(digits ?? 4));
  }

  /** Whether a token is the placeholder of a negative number. @param {string} token */
  negative(token) {
    const [, sign, name] = PLACEHOLDER.exec(token) ?? [];
    return name !== undefined && !sign && (this.filling.values[name] ?? 0) < 0;
  }
}

/** An operand without brackets to leave out. @param {Piece} piece @returns {Operand} */
const same = (piece) => ({ piece, bare: piece });
