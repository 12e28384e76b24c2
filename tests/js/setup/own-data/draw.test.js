import assert from "node:assert/strict";
import { test } from "node:test";

import { createSketchpad, drawnData } from "../../../../static/js/setup/own-data/sketchpad.js";

test("a stroke is undone as a whole, and the eraser takes what is near", () => {
  const pad = createSketchpad();
  pad.begin();
  pad.add([0, 0], 0);
  pad.add([1, 1], 0);
  pad.begin();
  pad.erase([0.1, 0], 0.3);
  assert.deepEqual(pad.points, [{ x: 1, y: 1, kind: 0 }]);
  pad.undo();
  assert.equal(pad.points.length, 2);
  pad.undo();
  assert.equal(pad.points.length, 0);
});

test("drawn points are data once there are two classes; a class without points does not count", () => {
  const point = (kind) => ({ x: kind, y: 0, kind });
  assert.equal(drawnData([point(0), point(0)]), null);
  const data = drawnData([point(0), point(2)]);
  assert.deepEqual(
    [data.targets, data.classes],
    [
      [0, 1],
      ["1", "3"],
    ],
  );
});
