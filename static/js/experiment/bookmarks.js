/** Steps worth coming back to. They belong to their experiment: a link, a reload and an undo bring them along. */

/** How many one experiment can have. */
const MOST = 100;

/**
 * The bookmarks with a step more, or without it where it is among them; in order.
 * @param {number[]} steps
 * @param {number} step
 * @returns {number[]}
 */
export function toggled(steps, step) {
  if (steps.includes(step)) return steps.filter((other) => other !== step);
  return [...steps, step].sort((a, b) => a - b).slice(0, MOST);
}

/**
 * What a link says of bookmarks; what cannot be one is left out.
 * @param {unknown} words
 * @returns {number[]}
 */
export function bookmarksOf(words) {
  if (!Array.isArray(words)) return [];
  const steps = words.filter((step) => Number.isSafeInteger(step) && step >= 0);
  return [...new Set(steps)].sort((a, b) => a - b).slice(0, MOST);
}
