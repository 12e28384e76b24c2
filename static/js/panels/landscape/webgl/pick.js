/** Where on the surface the pointer is: the sight line through it, followed until it meets the grid. */

import { homogeneous } from "./matrix.js";

/**
 * @typedef {import("./matrix.js").Matrix} Matrix
 * @typedef {import("./matrix.js").Point} Point
 */

/** By Gauss–Jordan elimination; null when there is none. @param {Matrix} matrix */
export function inverted(matrix) {
  const rows = [0, 1, 2, 3].map((row) => [
    ...[0, 1, 2, 3].map((column) => matrix[4 * column + row]),
    ...[0, 1, 2, 3].map((column) => (column === row ? 1 : 0)),
  ]);
  for (let pivot = 0; pivot < 4; pivot++) {
    let best = pivot;
    for (let row = pivot + 1; row < 4; row++)
      if (Math.abs(rows[row][pivot]) > Math.abs(rows[best][pivot])) best = row;
    [rows[pivot], rows[best]] = [rows[best], rows[pivot]];
    const by = rows[pivot][pivot];
    if (by === 0 || !Number.isFinite(by)) return null;
    rows[pivot] = rows[pivot].map((value) => value / by);
    for (let row = 0; row < 4; row++) {
      if (row === pivot) continue;
      const times = rows[row][pivot];
      rows[row] = rows[row].map((value, column) => value - times * rows[pivot][column]);
    }
  }
  return [0, 1, 2, 3].flatMap((column) => rows.map((row) => row[4 + column]));
}

/** @param {Matrix} m @param {Point} p @returns {Point} */
function applied(m, p) {
  const [x, y, z, w] = homogeneous(m, p);
  return [x / w, y / w, z / w];
}

/**
 * The ends of the sight line through a place of the picture, in the coordinates before `projected`.
 * @param {Matrix} projected from those coordinates to the picture's, which run from −1 to 1
 * @param {number} right −1 … 1
 * @param {number} up −1 … 1
 * @returns {[Point, Point]|null}
 */
export function sightLine(projected, right, up) {
  const back = inverted(projected);
  if (!back) return null;
  return [applied(back, [right, up, -1]), applied(back, [right, up, 1])];
}

const STEPS = 600;
const HALVINGS = 40;

/**
 * The first place where a line comes through the surface.
 * @param {[Point, Point]} line from the eye on
 * @param {(x: number, y: number) => number|null} heightAt null where there is no surface
 * @param {[Point, Point]} box the lowest and the highest corner of what is drawn
 * @returns {[number, number]|null}
 */
export function meets([from, to], heightAt, [low, high]) {
  const part = partWithin([from, to], [low, high]);
  if (!part) return null;
  const [enter, leave] = part;
  /** @param {number} share @returns {Point} */
  const at = (share) => /** @type {Point} */ (from.map((a, i) => a + share * (to[i] - a)));
  /** Above the surface or below it. @param {number} share */
  const side = (share) => {
    const [x, y, z] = at(share);
    const height = heightAt(x, y);
    return height === null ? null : z - height;
  };
  let before = side(enter);
  for (let step = 1; step <= STEPS; step++) {
    const share = enter + ((leave - enter) * step) / STEPS;
    const now = side(share);
    if (before !== null && now !== null && (before === 0 || before > 0 !== now > 0)) {
      const [x, y] = at(crossing(side, share - (leave - enter) / STEPS, share, before > 0));
      return [x, y];
    }
    before = now;
  }
  return null;
}

/**
 * The shares of a line between which it lies within a box, or null.
 * @param {[Point, Point]} line @param {[Point, Point]} box
 * @returns {[number, number]|null}
 */
function partWithin([from, to], [low, high]) {
  let [enter, leave] = [0, 1];
  for (let axis = 0; axis < 3; axis++) {
    const by = to[axis] - from[axis];
    if (by === 0) {
      if (from[axis] < low[axis] || from[axis] > high[axis]) return null;
      continue;
    }
    const ends = [(low[axis] - from[axis]) / by, (high[axis] - from[axis]) / by];
    enter = Math.max(enter, Math.min(...ends));
    leave = Math.min(leave, Math.max(...ends));
  }
  return enter > leave ? null : [enter, leave];
}

/**
 * Where a line crosses the surface, between two of its shares, by bisection.
 * @param {(share: number) => number|null} side @param {number} a @param {number} b @param {boolean} above at `a`
 */
function crossing(side, a, b, above) {
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (a + b) / 2;
    const there = side(middle);
    if (there === null || there > 0 !== above) b = middle;
    else a = middle;
  }
  return (a + b) / 2;
}
