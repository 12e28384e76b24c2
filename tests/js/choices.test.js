/** What is chosen and brought: features, shelves of data, drawn points, tables taken out. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { dataCsv, tableOf } from "../../static/js/setup/data-table.js";
import { featuresOf, offered, rawInputs, toggled } from "../../static/js/experiment/features.js";
import { GROUPS, groupOf, inSight, shelved } from "../../static/js/setup/data-groups.js";
import { createSketchpad, drawnData } from "../../static/js/setup/own-data/draw.js";

const catalog = {
  data: [
    { name: "circle", inputs: 2, task: "classification" },
    { name: "line", inputs: 1, task: "regression" },
    { name: "reg-plane", inputs: 2, task: "regression" },
    { name: "gate-and", inputs: 2, task: "classification" },
    { name: "formula", inputs: null, task: null },
    { name: "custom", inputs: null, task: null },
    { name: "brand-new", inputs: 2, task: "classification" },
  ],
  feature_kinds: [
    { name: "raw", pattern: "x{i}", formula: "x{i}", inputs: 1 },
    { name: "square", pattern: "x{i}^2", formula: "x{i}²", inputs: 1 },
    { name: "product", pattern: "x{i}*x{j}", formula: "x{i} x{j}", inputs: 2 },
  ],
};

test("the inputs of the network are the raw ones unless others are chosen", () => {
  const spec = { data: { name: "line" } };
  assert.deepEqual(featuresOf(spec, catalog), ["x1"]);
  assert.deepEqual(featuresOf({ ...spec, features: ["x1^2"] }, catalog), ["x1^2"]);
  assert.equal(rawInputs({ data: { name: "custom", inputs: [[1, 2, 3]] } }, catalog), 3);
  assert.equal(rawInputs({ data: { name: "formula", inputs: 1 } }, catalog), 1);
});

test("every kind of feature is offered for every input, and for every pair", () => {
  const names = offered(catalog, 3).map(({ name }) => name);
  assert.deepEqual(names.slice(0, 4), ["x1", "x2", "x3", "x1^2"]);
  assert.deepEqual(names.slice(-3), ["x1*x2", "x1*x3", "x2*x3"]);
  assert.equal(offered(catalog, 12).at(11).formula, "x₁₂");
});

test("features keep their order, and the last one stays", () => {
  const all = offered(catalog, 2);
  assert.deepEqual(toggled(["x1^2"], "x1", all), ["x1", "x1^2"]);
  assert.deepEqual(toggled(["x1", "x2"], "x1", all), ["x2"]);
  assert.deepEqual(toggled(["x1"], "x1", all), ["x1"]);
});

test("every data set has a shelf, a new one too, and the chosen one is in sight", () => {
  for (const entry of catalog.data) assert.ok(GROUPS.includes(groupOf(entry)), entry.name);
  assert.equal(shelved(catalog.data).length, catalog.data.length);
  assert.deepEqual(
    inSight(catalog.data, "gate-and", 2).map(({ name }) => name),
    ["circle", "gate-and"],
  );
  assert.equal(inSight(catalog.data, "custom", 2)[1].name, "line");
});

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
