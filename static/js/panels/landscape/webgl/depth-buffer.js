/** What the surface hides: how near it is at every place of the picture, found once for each look at it. */

import { homogeneous } from "./matrix.js";

/**
 * @typedef {import("./matrix.js").Matrix} Matrix
 * @typedef {import("./matrix.js").Point} Point
 * @typedef {{near: Float32Array, columns: number, rows: number}} Depth
 *   1 / distance of what is nearest in each cell, row by row from the top; 0 where there is nothing
 */

/** Cells of the map to a picture's width. */
const COLUMNS = 240;

/**
 * Where the picture shows a place: from the left and from the top as shares of its size, and how near it is, which is
 * negative behind the eye.
 * @param {Matrix} matrix to the picture's coordinates, as WebGL has them
 * @param {Point} point
 * @returns {[number, number, number]}
 */
export function seenAt(matrix, point) {
  const [right, up, , away] = homogeneous(matrix, point);
  return [(1 + right / away) / 2, (1 - up / away) / 2, 1 / away];
}

/**
 * @param {Matrix} matrix
 * @param {ArrayLike<number>} heights rows of points; no triangle has a corner where there is no number
 * @param {{x: number[], y: number[]}} places of the points, along each row and of the rows
 * @param {number} ratio the picture's height to its width
 * @returns {Depth}
 */
export function depthOf(matrix, heights, { x, y }, ratio) {
  const rows = Math.max(1, Math.round(COLUMNS * ratio));
  const depth = { near: new Float32Array(COLUMNS * rows), columns: COLUMNS, rows };
  /** @type {[number, number, number][]} */
  const corners = [];
  for (let j = 0; j < y.length; j++) {
    for (let i = 0; i < x.length; i++) {
      const [left, top, near] = seenAt(matrix, [x[i], y[j], heights[j * x.length + i]]);
      corners.push([left * COLUMNS, top * rows, near]);
    }
  }
  for (let j = 0; j + 1 < y.length; j++) {
    for (let i = 0; i + 1 < x.length; i++) {
      const at = j * x.length + i;
      const [a, b, c, d] = [at, at + 1, at + x.length, at + x.length + 1].map((k) => corners[k]);
      cover(depth, a, b, c);
      cover(depth, b, c, d);
    }
  }
  return depth;
}

/**
 * One triangle; 1 / distance is linear in the picture.
 * @param {Depth} depth
 * @param {[number, number, number]} a
 * @param {[number, number, number]} b
 * @param {[number, number, number]} c
 */
function cover({ near, columns, rows }, a, b, c) {
  const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
  if (!area || !Number.isFinite(area)) return; // seen from its edge, or without a corner
  if (a[2] < 0 || b[2] < 0 || c[2] < 0) return;
  const left = Math.max(0, Math.floor(Math.min(a[0], b[0], c[0])));
  const right = Math.min(columns - 1, Math.floor(Math.max(a[0], b[0], c[0])));
  const top = Math.max(0, Math.floor(Math.min(a[1], b[1], c[1])));
  const bottom = Math.min(rows - 1, Math.floor(Math.max(a[1], b[1], c[1])));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [px, py] = [column + 0.5, row + 0.5];
      const u = ((px - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (py - a[1])) / area;
      const v = ((b[0] - a[0]) * (py - a[1]) - (px - a[0]) * (b[1] - a[1])) / area;
      if (u < 0 || v < 0 || u + v > 1) continue;
      const value = a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2]);
      const cell = row * columns + column;
      if (value > near[cell]) near[cell] = value;
    }
  }
}

/**
 * Whether the surface is between the eye and a place.
 * @param {Depth} depth
 * @param {[number, number, number]} seen as `seenAt` tells it
 * @param {number} skin how far behind the surface, as a share of its distance, a place may be and count as lying on it
 */
export function hidden({ near, columns, rows }, [left, top, nearness], skin) {
  const [column, row] = [Math.floor(left * columns), Math.floor(top * rows)];
  if (column < 0 || column >= columns || row < 0 || row >= rows) return false;
  return nearness < near[row * columns + column] * (1 - skin);
}
