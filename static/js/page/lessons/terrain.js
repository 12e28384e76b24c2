/** A loss surface on a grid, read between its points: the height and the slope under one's feet, and a way down. */

/**
 * @typedef {{x: number[], y: number[], z: (number|null)[][]}} Grid   rows of z follow y
 */

/** Cubic through four heights at −1, 0, 1, 2 (Catmull–Rom): exact for parabolas. @param {number[]} p @param {number} t */
const cubic = ([a, b, c, d], t) =>
  b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

/** The same, its derivative. @param {number[]} p @param {number} t */
const slopeOfCubic = ([a, b, c, d], t) =>
  0.5 * (c - a + t * (2 * (2 * a - 5 * b + 4 * c - d) + t * 3 * (3 * (b - c) + d - a)));

/** @param {Grid} grid */
export function createTerrain({ x, y, z }) {
  const step = {
    x: (x[x.length - 1] - x[0]) / (x.length - 1),
    y: (y[y.length - 1] - y[0]) / (y.length - 1),
  };

  /** Beyond its edge a row goes on as the parabola of its last three points. @param {(i: number) => number} at @param {number} i @param {number} count */
  function beyond(at, i, count) {
    if (i < 0) return 3 * at(0) - 3 * at(1) + at(2);
    if (i >= count) return 3 * at(count - 1) - 3 * at(count - 2) + at(count - 3);
    return at(i);
  }

  /** The four points round a place of an axis, and how far it is between the middle two. @param {number} place @param {number} count */
  function around(place, count) {
    const first = Math.max(0, Math.min(count - 2, Math.floor(place)));
    return { first, t: place - first };
  }

  /** @param {number} px @param {number} py @returns {{height: number, slope: [number, number]}} */
  function at(px, py) {
    const across = around((px - x[0]) / step.x, x.length);
    const up = around((py - y[0]) / step.y, y.length);
    /** @param {number} row */
    const fourOf = (row) =>
      [-1, 0, 1, 2].map((k) => beyond((i) => z[row][i] ?? NaN, across.first + k, x.length));
    /** @param {(four: number[]) => number} read */
    const column = (read) =>
      [-1, 0, 1, 2].map((k) => beyond((row) => read(fourOf(row)), up.first + k, y.length));
    const heights = column((four) => cubic(four, across.t));
    const slopes = column((four) => slopeOfCubic(four, across.t));
    return {
      height: cubic(heights, up.t),
      slope: [cubic(slopes, up.t) / step.x, slopeOfCubic(heights, up.t) / step.y],
    };
  }

  return { at, low: [x[0], y[0]], high: [x[x.length - 1], y[y.length - 1]] };
}
