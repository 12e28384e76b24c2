import assert from "node:assert/strict";
import { test } from "node:test";

import { multiplied } from "../../../../../static/js/panels/landscape/webgl/matrix.js";
import {
  inverted,
  meets,
  sightLine,
} from "../../../../../static/js/panels/landscape/webgl/pick.js";

test("a matrix times its inverse is no change", () => {
  const matrix = [2, 0, 1, 0, 0, 3, 0, 1, 1, 0, 2, 0, 0, 1, 0, 1];
  const identity = multiplied(matrix, inverted(matrix));
  identity.forEach((value, i) => assert.ok(Math.abs(value - (i % 5 ? 0 : 1)) < 1e-12));
  assert.equal(inverted(new Array(16).fill(0)), null);
});

test("the line through the middle of the picture goes straight ahead", () => {
  const flat = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  assert.deepEqual(sightLine(flat, 0.5, -0.5), [
    [0.5, -0.5, -1],
    [0.5, -0.5, 1],
  ]);
});

test("the sight line meets the surface where the pointer is", () => {
  const bowl = (x, y) => x * x + y * y;
  const box = [
    [-1, -1, -1],
    [1, 1, 2],
  ];
  const steep = [
    [0.3, -0.2, 3],
    [0.3, -0.2, -3],
  ];
  const [x, y] = meets(steep, bowl, box);
  assert.ok(Math.hypot(x - 0.3, y + 0.2) < 1e-9);
  const slanted = [
    [-3, 0, 1.5],
    [3, 0, -1.5],
  ];
  const [at] = meets(slanted, bowl, box);
  assert.ok(Math.abs(bowl(at, 0) - -0.5 * at) < 1e-9);
  assert.equal(meets([[-3, 5, 0], [3, 5, 0]], bowl, box), null); // prettier-ignore
});
