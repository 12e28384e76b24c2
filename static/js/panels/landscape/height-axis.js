/** How high a picture reaches: calm while training moves, and not flattened by a spike. */

/** What lies above this many times the highest path counts as a spike. */
const SPIKE = 1.6;

/**
 * The height above which the surface is cut off: some times the highest loss that a path has, where the surface is
 * higher than that at a few points only.
 * @param {ArrayLike<number>} heights of the grid
 * @param {number} highest of the paths
 */
export function ceilingFor(heights, highest) {
  const finite = Array.from(heights)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (!finite.length) return Infinity;
  const usual = finite[Math.floor(0.4 * (finite.length - 1))];
  const limit = Math.max(SPIKE * highest, usual);
  return finite[finite.length - 1] > 1.25 * limit ? limit : Infinity;
}

/** A loss this small a share of the highest is as good as zero, where the axis then begins and stays. */
const ZERO = 0.6;

/**
 * The ends of the height axis. Those of the picture before stay while what is shown fills them well.
 * @param {{low: number, high: number}} seen
 * @param {boolean} log
 * @param {[number, number]|null} before
 * @returns {[number, number]} in the units of the axis: for a logarithmic one, powers of ten
 */
export function heightAxis({ low, high }, log, before) {
  const [a, b] = log
    ? [Math.log10(Math.max(low, 1e-9)), Math.log10(Math.max(high, low, 1e-8))]
    : [low >= 0 && low < ZERO * high ? 0 : low, high];
  const span = b - a || Math.abs(b) || 1;
  if (before) {
    const width = before[1] - before[0];
    const inside = a >= before[0] - 1e-9 * width && b <= before[1] + 1e-9 * width;
    if (inside && span >= 0.6 * width) return before;
  }
  return [a - 0.05 * span, b + 0.08 * span];
}
