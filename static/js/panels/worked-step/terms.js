/** Factors of the equations of a step: an array with its shape, a number, and names that several phases use. */

import { fn, frac, number, of, row, sup } from "./mathml.js";
import { parsed } from "./notation.js";

/**
 * @typedef {import("../../types.js").Trace} Trace
 * @typedef {Trace["layers"][number]} Layer
 * @typedef {import("./mathml.js").Piece} Piece
 * @typedef {"sample"|"batch"} Which
 * @typedef {(number|null)[][]} Matrix
 *
 * @typedef {object} Term   one factor: its name, its shape, its numbers
 * @property {Piece} symbol
 * @property {number[]} shape    empty of a number; a matrix may hold fewer samples than its shape says
 * @property {number|null|Matrix} value
 * @property {Piece} [written]   how a number is written, where not as one
 * @property {Piece} [rule]      how a local derivative is calculated, which stands in place of its shape
 * @property {string} [mark]     which kind of factor it is, for the style sheet
 */

/** @param {Piece} symbol @param {number[]} shape @param {Matrix} value @returns {Term} */
export const array = (symbol, shape, value) => ({ symbol, shape, value });

/** How many samples the numbers are of. @param {Trace} trace @param {Which} which */
export const samplesOf = ({ batch }, which) => (which === "batch" ? batch.size : 1);

/** A number over the n of the mean: 2/n. @param {Trace} trace @param {Which} which @returns {Term} */
export function share({ loss: { slope } }, which) {
  const { n, factor } = slope[which];
  const sign = slope.numerator < 0 ? ["−"] : [];
  const above = number(Math.abs(slope.numerator));
  return {
    symbol: row(...sign, frac(above, "n")),
    shape: [],
    value: factor,
    written: row(...sign, frac(above, number(n))),
  };
}

/**
 * The error of the outputs in the loss's gradient, in the letters of outputs and targets: A₂ − Y.
 * @param {Trace} trace @param {Piece} A @param {Piece} Y
 */
export function errorName({ loss: { slope } }, A, Y) {
  const written = parsed(slope.error, { values: {}, parameter: "W", names: { A, Y } });
  return /^\w+\(/.test(slope.error) ? written : row("(", written, ")");
}

/** f′(Z₁). @param {Layer} layer @param {Piece} [Z] */
export const slopeName = ({ function: called, layer }, Z = of("Z", layer)) =>
  row(sup(fn(called), "′"), "(", Z, ")");

/** A parameter as it is named: W₁[0,1]. @param {{kind: string, layer: number, row: number, column: number|null}} parameter */
export function parameterName({ kind, layer, row: r, column: c }) {
  const index = c === null ? `[${r}]` : `[${r},${c}]`;
  return row(of(kind === "weight" ? "W" : "b", layer), { tag: "mtext", text: index });
}
