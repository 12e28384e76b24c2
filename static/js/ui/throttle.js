/** How often something costly may be done: rarely enough that it takes only a share of the time. */

/**
 * @param {{every: number, share: number, longest?: number}} limits at least `every` milliseconds apart, at most
 *   `share` of all time, but never waiting longer than `longest`
 */
export function createThrottle({ every, share, longest = 4 * every }) {
  let last = -Infinity;
  let cost = 0;
  return {
    /** @param {number} now */
    due: (now) => now - last >= Math.min(longest, Math.max(every, cost / share)),
    /** It was done. @param {number} now when it began @param {number} took milliseconds */
    done(now, took) {
      last = now;
      cost = cost ? 0.6 * cost + 0.4 * took : took;
    },
  };
}
