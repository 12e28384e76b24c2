import assert from "node:assert/strict";
import { test } from "node:test";

import {
  featureMap,
  featureNames,
  featuresOf,
  offered,
  rawInputs,
  rawNames,
  toggled,
} from "../../../static/js/experiment/features.js";

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

test("features carry the names of a table's columns", () => {
  const data = { name: "custom", inputs: [[1, 2]], input_names: ["petal_length", "x2"] };
  assert.deepEqual(rawNames({ data }, catalog), ["petal_length", "x₂"]);
  assert.deepEqual(featureNames({ data, features: ["x1", "x1^2", "x1*x2"] }, catalog), [
    "petal_length",
    "petal_length²",
    "petal_length x₂",
  ]);
  assert.deepEqual(featureNames({ data: { name: "circle" } }, catalog), ["x₁", "x₂"]);
});

test("a feature is drawn over its plane, row by row from below", () => {
  const over = { axes: [0, 1], held: [0, 0, 7], side: 3 };
  const ranges = [
    [-1, 1],
    [10, 30],
    [0, 9],
  ];
  /** @param {string} kind @param {number[]} inputs */
  const map = (kind, inputs) => [...featureMap({ kind, inputs }, { ...over, ranges })];
  assert.deepEqual(map("raw", [0]), [-1, 0, 1, -1, 0, 1, -1, 0, 1]);
  assert.deepEqual(map("raw", [1]), [10, 10, 10, 20, 20, 20, 30, 30, 30]);
  assert.deepEqual(map("square", [2]), Array(9).fill(49));
  assert.deepEqual(map("product", [0, 1]).slice(6), [-30, 0, 30]);
  assert.deepEqual(
    [...featureMap({ kind: "square", inputs: [0] }, { ...over, ranges: [[-1, 1]] })],
    [1, 0, 1],
  );
  assert.equal(featureMap({ kind: "unheard", inputs: [0] }, { ...over, ranges }), null);
});
