/** What is asked for when an experiment is repeated, and how it travels in a link. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cellOf,
  createStudy,
  isOfStudy,
  planInLink,
  requestOf,
  same,
  targetOf,
  usualPlan,
} from "../../../static/js/experiment/study.js";
import { bySeed, medianOf } from "../../../static/js/panels/seeds/by-seed.js";
import { planFromLink } from "../../../static/js/share/offered-study.js";
import { presentValue, rangeOf, usualValues } from "../../../static/js/experiment/study-axes.js";

const NORMAL = {
  name: "normal",
  parameters: [{ name: "std", minimum: 0, maximum: 10, default: 0.1 }],
};
const CATALOG = {
  fields: {
    study_seeds: { name: "count", default: 100, minimum: 1, maximum: 10_000 },
    study_steps: { name: "steps", default: 600, minimum: 1, maximum: 50_000 },
    seed: { name: "seed", default: 7, minimum: 0, maximum: 2 ** 32 - 1 },
    learning_rate: { name: "learning_rate", minimum: 1e-5, maximum: 10 },
    units: { name: "units", minimum: 1, maximum: 64, integer: true },
    hidden_layers: { name: "hidden_layers", minimum: 0, maximum: 10, integer: true },
    samples: { name: "samples", minimum: 2, maximum: 10_000, integer: true },
  },
  weight_rules: [NORMAL, { name: "zeros", parameters: [] }],
  bias_rules: [NORMAL, { name: "zeros", parameters: [] }],
  data: [{ name: "circle", parameters: [{ name: "noise", minimum: 0, maximum: 0.5 }] }],
};
const SPEC = {
  data: { name: "circle", samples: 500, noise: 0, seed: 1 },
  layers: [{ units: 4 }, { units: 1 }],
  seed: 7,
  optimizer: { name: "gradient_descent", learning_rate: 1 },
  runs: [
    { recipe: { weights: { name: "zeros" }, biases: { name: "normal", std: 0.2 } }, seed: null },
  ],
};
const USUAL = usualPlan(SPEC, CATALOG);

test("a hundred seeds from the experiment's own on, and never past the last seed there is", () => {
  assert.deepEqual(USUAL, { count: 100, first: 7, vary: "init", steps: 600, grid: {} });
  const last = usualPlan({ ...SPEC, seed: 2 ** 32 - 1 }, CATALOG);
  assert.equal(last.first + last.count - 1, 2 ** 32 - 1);
});

test("a request has a grid only where there is one", () => {
  assert.deepEqual(requestOf(SPEC, USUAL), {
    spec: SPEC,
    seeds: { first: 7, count: 100 },
    vary: "init",
    steps: 600,
  });
  assert.deepEqual(requestOf(SPEC, { ...USUAL, grid: { units: [2] } }).grid, { units: [2] });
});

test("a plan travels in a link by what is not usual", () => {
  assert.deepEqual(planInLink(USUAL, USUAL, null), {});
  const plan = { ...USUAL, count: 20, vary: "all", grid: { learning_rate: [0.1, 1] } };
  const said = planInLink(plan, USUAL, 0.3);
  assert.deepEqual(said, {
    count: 20,
    vary: "all",
    grid: { learning_rate: [0.1, 1] },
    target: 0.3,
  });
  assert.deepEqual(planFromLink(said, USUAL), { plan, target: 0.3 });
});

for (const said of [
  null,
  5,
  [1],
  { count: "many" },
  { vary: "some" },
  { seeds: { count: 5 } },
  { target: -1 },
  { grid: [] },
  { grid: { colour: [1] } },
  { grid: { units: 3 } },
  { grid: { units: ["a"] } },
  { grid: { units: [1], depth: [1], noise: [0] } },
])
  test(`${JSON.stringify(said)} is no plan`, () => assert.equal(planFromLink(said, USUAL), null));

test("what says the same is the same, in whatever order", () => {
  assert.ok(same({ a: 1, b: [{ c: 2, d: undefined }] }, { b: [{ c: 2 }], a: 1 }));
  assert.ok(!same({ a: [1, 2] }, { a: [2, 1] }));
});

test("an experiment is that of a study with whatever seed, and with whatever data if they vary", () => {
  const entry = { spec: SPEC, plan: USUAL };
  const seeded = { ...SPEC, seed: 9, runs: SPEC.runs.map((run) => ({ ...run, seed: 41 })) };
  assert.ok(isOfStudy(seeded, entry));
  assert.ok(!isOfStudy({ ...SPEC, layers: [{ units: 1 }] }, entry));
  const other = { ...SPEC, data: { ...SPEC.data, seed: 5 } };
  assert.ok(!isOfStudy(other, entry));
  assert.ok(isOfStudy(other, { ...entry, plan: { ...USUAL, vary: "all" } }));
});

test("axes have the experiment's own value, or none", () => {
  assert.equal(presentValue("learning_rate", SPEC, CATALOG), 1);
  assert.equal(presentValue("units", SPEC, CATALOG), 4);
  assert.equal(presentValue("depth", SPEC, CATALOG), 1);
  assert.equal(presentValue("std", SPEC, CATALOG), 0.2);
  assert.equal(presentValue("samples", SPEC, CATALOG), 500);
  const neuron = { ...SPEC, data: { name: "custom" }, layers: [{ units: 1 }], runs: [{}] };
  for (const name of ["units", "depth", "std", "noise", "samples"])
    assert.equal(presentValue(name, neuron, CATALOG), null, name);
});

test("the values to begin with lie within the range, around the present one", () => {
  for (const name of ["learning_rate", "units", "depth", "std", "noise", "samples"]) {
    const range = rangeOf(name, SPEC, CATALOG);
    const present = presentValue(name, SPEC, CATALOG);
    const values = usualValues(name, present, range);
    assert.ok(values.includes(present), name);
    assert.deepEqual(
      values,
      [...new Set(values)].sort((a, b) => a - b),
      name,
    );
    assert.ok(
      values.every((value) => value >= range.minimum && value <= range.maximum),
      name,
    );
  }
});

test("numbers by seed are read from lists and from typed arrays", () => {
  assert.deepEqual(bySeed([1, null]), [1, NaN]);
  const bytes = new Uint8Array(new Float64Array([0.1, NaN]).buffer);
  const bdata = btoa(String.fromCharCode(...bytes));
  assert.deepEqual(bySeed({ dtype: "f8", bdata, shape: "2" }), [0.1, NaN]);
});

test("the cell that is looked at has its curves, from wherever they came", () => {
  const bare = { grid: { units: 2 }, recipes: [{ loss: null }] };
  const full = { grid: { units: 2 }, recipes: [{ loss: {} }] };
  const study = { ...createStudy(), result: { target: 0.5, cells: [bare] } };
  assert.equal(cellOf(study), bare);
  assert.equal(cellOf({ ...study, detail: full }), full);
  assert.equal(cellOf({ ...study, detail: { ...full, grid: { units: 3 } } }), bare);
  assert.equal(cellOf({ ...study, detail: bare, result: { cells: [full] } }), full);
  assert.equal(cellOf(createStudy()), null);
  assert.equal(targetOf(study), 0.5);
  assert.equal(targetOf({ ...study, target: 0.1 }), 0.1);
});

test("a median counts what diverged as infinite", () => {
  assert.equal(medianOf([0.3, NaN, 0.1]), 0.3);
  assert.equal(medianOf([NaN, NaN, 0.1]), Infinity);
  assert.ok(Number.isNaN(medianOf([])));
});
