/** Where a plane is drawn on a canvas. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { likeSquare } from "../../../static/js/ui/canvas-axes.js";

test("a plane is about a square, however long or wide its room is", () => {
  for (const [width, height] of [
    [200, 600],
    [600, 200],
    [200, 215],
  ]) {
    const box = likeSquare({ left: 34, top: 8, width, height });
    const ratio = box.width / box.height;
    assert.ok(ratio < 1.2 && ratio > 1 / 1.2);
    assert.deepEqual([box.left, box.top], [34, 8]);
    assert.ok(box.width <= width && box.height <= height);
  }
  assert.deepEqual(likeSquare({ left: 0, top: 0, width: 200, height: 215 }).height, 215);
});
