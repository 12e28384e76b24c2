import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest } from "../../../../static/js/panels/landscape/hover.js";
import { placeOfHover } from "../../../../static/js/panels/landscape/shared-traces.js";
import { lately } from "../../../../static/js/panels/landscape/slice.js";

const paths = {
  axes: "W1[0,0]|b1[0]",
  steps: [0, 5, 10],
  x: [
    [0, 1, 2],
    [0, 0, null],
  ],
  y: [
    [0, 0, 0],
    [3, 4, null],
  ],
  z: [
    [1, 0.5, 0.2],
    [1, 0.9, null],
  ],
  began: [0, 0],
};
/** @param {number} x @param {number} y @returns {[number, number]} */
const toPixels = (x, y) => [100 * x, 100 * y];

test("the moment nearest to the pointer is found, and none where no path is near", () => {
  assert.deepEqual(nearest(paths, toPixels, [103, 4]), { run: 0, step: 5 });
  assert.deepEqual(nearest(paths, toPixels, [2, 398]), { run: 1, step: 5 });
  assert.equal(nearest(paths, toPixels, [150, 150]), null);
  const moved = { ...paths, began: [10, 0] };
  assert.equal(nearest(moved, toPixels, [103, 4]), null); // before it was set by hand
});

test("a moment has a place where its path reaches it, at the step told last before it", () => {
  const at = (hover) => placeOfHover({ hover, paths });
  assert.deepEqual(at({ run: 0, step: 7 }), { x: 1, y: 0, z: 0.5 });
  assert.deepEqual(at({ run: 0, step: 99 }), { x: 2, y: 0, z: 0.2 });
  assert.equal(at({ run: 1, step: 10 }), null); // diverged by then
  assert.equal(at({ run: 0, step: null }), null);
  assert.equal(at({ run: 4, step: 0 }), null);
  assert.equal(at(null), null);
});

test("the last steps lie on the curve of the slice, along either axis of the plane", () => {
  const axes = { x: "W1[0,0]", y: "b1[0]" };
  const slice = { run: 0, step: 5, parameter: "W1[0,0]", x: [0, 1, 2], z: [4, 3, 2] };
  assert.deepEqual(lately({ axes, paths }, slice), { x: [0, 1], y: [4, 3] });
  assert.deepEqual(lately({ axes, paths }, { ...slice, parameter: "W2[0,0]" }).x, []);
  assert.deepEqual(lately({ axes: { ...axes, x: "W9" }, paths }, slice).x, []);
});
