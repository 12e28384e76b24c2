import assert from "node:assert/strict";
import { test } from "node:test";

import { GROUPS, groupOf, inSight, shelved } from "../../../static/js/setup/data-groups.js";

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

test("every data set has a shelf, a new one too, and the chosen one is in sight", () => {
  for (const entry of catalog.data) assert.ok(GROUPS.includes(groupOf(entry)), entry.name);
  assert.equal(shelved(catalog.data).length, catalog.data.length);
  assert.deepEqual(
    inSight(catalog.data, "gate-and", 2).map(({ name }) => name),
    ["circle", "gate-and"],
  );
  assert.equal(inSight(catalog.data, "custom", 2)[1].name, "line");
});
