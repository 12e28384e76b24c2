import assert from "node:assert/strict";
import { test } from "node:test";

import { within } from "../../../../../static/js/panels/landscape/webgl/overlay-painter.js";

test("a line is cut where it leaves the box, and gone where it never enters it", () => {
  const box = [
    [0, 0, 0],
    [1, 1, 1],
  ];
  assert.deepEqual(within([-1, 0.5, 0.5], [1, 0.5, 0.5], box), [
    [0, 0.5, 0.5],
    [1, 0.5, 0.5],
  ]);
  const inside = [
    [0.1, 0.2, 0.3],
    [0.4, 0.5, 0.6],
  ];
  assert.deepEqual(within(...inside, box), inside);
  assert.equal(within([2, 0, 0], [2, 1, 1], box), null);
  assert.equal(within([-1, 0.5, 0.5], [0.5, 5, 0.5], box), null);
});
