import assert from "node:assert/strict";
import { test } from "node:test";

import {
  depthOf,
  hidden,
  seenAt,
} from "../../../../../static/js/panels/landscape/webgl/depth-buffer.js";

test("what lies behind the surface is hidden, what lies on it or before it is not", () => {
  // An eye in the origin looks along −z: x and y are divided by the distance.
  const matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0];
  const row = Array.from({ length: 21 }, (_, i) => -1 + i / 10);
  const wall = Float64Array.from(row.flatMap(() => row.map((x) => (x > 0.5 ? NaN : -2))));
  const depth = depthOf(matrix, wall, { x: row, y: row }, 0.5);
  /** @param {import("../../../../../static/js/panels/landscape/webgl/matrix.js").Point} point */
  const behind = (point) => hidden(depth, seenAt(matrix, point), 0.01);
  assert.deepEqual(seenAt(matrix, [0, 1, -2]), [0.5, 0.25, 0.5]);
  assert.equal(behind([0, 0, -3]), true);
  assert.equal(behind([0, 0, -2.01]), false);
  assert.equal(behind([0, 0, -1]), false);
  assert.equal(behind([0.6, 0, -3]), true);
  assert.equal(behind([0.9, 0, -3]), false); // past the end of the wall
  assert.equal(behind([9, 0, -3]), false); // outside the picture
});
