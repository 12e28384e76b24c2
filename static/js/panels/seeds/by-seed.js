/** What every seed of a study came to, as numbers in a row, and in their order. */

import { decode } from "../../server/typed-array.js";

/**
 * A cell without what is concluded of it: no verdict, no recipe beside another, no count of those that diverged.
 * @param {import("../../types.js").StudyCell} cell
 */
export const withoutVerdict = (cell) =>
  /** @type {import("../../types.js").StudyCell} */ (
    /** @type {object} */ ({
      ...cell,
      verdict: null,
      pairs: [],
      recipes: cell.recipes.map(({ diverged: _, ...numbers }) => numbers),
    })
  );

/**
 * Numbers by seed, from a list or a typed array; NaN where there is none.
 * @param {import("../../types.js").SeedNumbers} numbers
 * @returns {number[]}
 */
export function bySeed(numbers) {
  if (Array.isArray(numbers)) return numbers.map((value) => value ?? NaN);
  return Array.from(decode(numbers));
}

/** The places of losses from the lowest to the highest; what is NaN has diverged and comes last. @param {number[]} losses */
export function byRank(losses) {
  /** @param {number} seed */
  const height = (seed) => (Number.isFinite(losses[seed]) ? losses[seed] : Infinity);
  return losses
    .map((_, seed) => seed)
    .sort((a, b) => (height(a) === height(b) ? a - b : height(a) < height(b) ? -1 : 1));
}

/**
 * The median of losses, of an even number the mean of the middle two, as the server has it for the curves; infinite
 * where one of those runs has diverged, NaN of none.
 * @param {number[]} losses
 */
export function medianOf(losses) {
  if (!losses.length) return NaN;
  const order = byRank(losses);
  const middle = (losses[order[(losses.length - 1) >> 1]] + losses[order[losses.length >> 1]]) / 2;
  return Number.isFinite(middle) ? middle : Infinity;
}
