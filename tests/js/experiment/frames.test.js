import assert from "node:assert/strict";
import { test } from "node:test";

import { framesOf } from "../../../static/js/experiment/frames.js";

test("a block's frames say each run's losses at each step", () => {
  const block = {
    steps: [5, 10],
    train: [
      [1, 2],
      [3, 4],
    ],
    test: [
      [5, 6],
      [7, 8],
    ],
    path: { x: [[0.1, 0.2], [0.3, 0.4]], y: [[0, 0], [1, 1]] },
  }; // prettier-ignore
  const frames = framesOf(block, "a|b");
  assert.deepEqual(frames[1].train, [2, 4]);
  assert.deepEqual(frames[0].x, [0.1, 0.3]);
  assert.equal(frames[0].end, null);
  assert.equal(frames[1].end, block);
});
