import assert from "node:assert/strict";
import { test } from "node:test";

import { dataCsv, tableOf } from "../../../static/js/setup/data-table.js";

test("data are taken out as they were brought, or as they were made", () => {
  const data = {
    inputs: ["x1"],
    target: "y",
    classes: ["no", "yes"],
    train: { x: [[1]], y: [1] },
    test: { x: [[2]], y: [0] },
  };
  const made = tableOf({ name: "circle" }, data);
  assert.deepEqual(made.inputs, [[1], [2]]);
  assert.deepEqual(made.targets, ["yes", "no"]);
  const brought = { name: "custom", inputs: [[9]], targets: [1], classes: ["no", "yes"] };
  assert.deepEqual(tableOf(brought, data).targets, ["yes"]);
});

test("a target of several numbers has a column for each", () => {
  const data = { inputs: ["x1"], target: "y", train: { x: [[1]], y: [[0, 2]] } };
  assert.equal(dataCsv({ name: "circle" }, data), "x1,y1,y2\r\n1,0,2\r\n");
});
