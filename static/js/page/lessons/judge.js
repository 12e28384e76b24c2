/** Whether a prediction came true, by what was measured. */

/**
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {import("./lesson.js").Measured} Measured
 * @typedef {import("./lesson.js").NumberAxis} NumberAxis
 * @typedef {number|number[]|number[][]} Guess
 *   number and choice: a number; order and shape: a list; sketch: heights at even distances; descend: the points
 * @typedef {{number: number, choice: number, order: number[], shape: number[], sketch: number[],
 *   descend: number[][]}} Guesses   by the kind of the prediction
 * @typedef {"right"|"close"|"wrong"} Verdict
 */

/** How many heights a sketch has. */
export const HANDLES = 7;

/** Where a number stands on an axis, 0 … 1. @param {NumberAxis} axis @param {number} value */
export function placeOf({ low, high, scale }, value) {
  if (scale !== "log") return (value - low) / (high - low);
  return Math.log(Math.max(value, 1e-300) / low) / Math.log(high / low);
}

/** The number at a place of an axis, as round as can be told apart there. @param {NumberAxis} axis @param {number} place */
export function valueAt({ low, high, scale }, place) {
  if (scale === "log") return Number((low * (high / low) ** place).toPrecision(2));
  const value = low + place * (high - low);
  const unit = 10 ** Math.floor(Math.log10((high - low) / 100));
  return Number((Math.round(value / unit) * unit).toPrecision(8));
}

/** A curve at a share of its length, between its points. @param {(number|null)[]} values @param {number} share */
export function along(values, share) {
  const at = share * (values.length - 1);
  const before = Math.min(Math.floor(at), values.length - 2);
  const [a, b] = [values[before] ?? NaN, values[before + 1] ?? NaN];
  return a + (b - a) * (at - before);
}

/** How far a sketch is from the curve on average, as a share of the axis. @param {number[]} guess @param {(number|null)[]} values @param {number} high */
export function distanceOfSketch(guess, values, high) {
  const apart = guess.map((height, i) => {
    const curve = Math.min(high, along(values, i / (guess.length - 1)));
    return Math.abs(height - (Number.isFinite(curve) ? curve : high)) / high;
  });
  return apart.reduce((sum, each) => sum + each, 0) / apart.length;
}

/** @param {Guess} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** How many of all pairs stand in the right order, as a share. @param {number[]} guess @param {number[]} answer */
export function pairsInOrder(guess, answer) {
  let right = 0;
  let pairs = 0;
  for (let i = 0; i < guess.length; i++)
    for (let k = i + 1; k < guess.length; k++) {
      pairs += 1;
      if (answer.indexOf(guess[i]) < answer.indexOf(guess[k])) right += 1;
    }
  return pairs ? right / pairs : 1;
}

/** By how near a share is. @param {number} distance @param {number} near @returns {Verdict} */
const byDistance = (distance, near) =>
  distance <= near ? "right" : distance <= 2 * near ? "close" : "wrong";

/**
 * How a prediction of each kind is judged.
 * @type {{[K in keyof Guesses]: (predict: Extract<Card["predict"], {kind: K}>, guess: Guesses[K], measured: Measured) => Verdict}}
 */
const JUDGES = {
  number(axis, guess, { answer }) {
    if (typeof answer !== "number") return "wrong";
    return byDistance(Math.abs(placeOf(axis, guess) - placeOf(axis, answer)), axis.near ?? 0.1);
  },
  sketch: ({ high, near = 0.15 }, guess, { values }) =>
    byDistance(distanceOfSketch(guess, values, high), near),
  order(_order, guess, { answer }) {
    if (same(guess, answer)) return "right";
    return Array.isArray(answer) && pairsInOrder(guess, answer) >= 0.8 ? "close" : "wrong";
  },
  descend(_map, guess, { values: [theirs] }) {
    const own = guess[guess.length - 1]?.[2] ?? Infinity;
    const low = theirs ?? Infinity;
    return own <= low ? "right" : own <= 2 * low ? "close" : "wrong";
  },
  shape: (_shape, guess, { answer }) => (same(guess, answer) ? "right" : "wrong"),
  choice: (_choice, guess, { answer }) => (same(guess, answer) ? "right" : "wrong"),
};

/**
 * @param {Card} card
 * @param {Guess} guess
 * @param {Measured} measured
 * @returns {Verdict}
 */
export const judge = ({ predict }, guess, measured) =>
  JUDGES[predict.kind](/** @type {never} */ (predict), /** @type {never} */ (guess), measured);
