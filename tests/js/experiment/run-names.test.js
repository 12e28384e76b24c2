import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { use } from "../../../static/js/ui/i18n.js";
import {
  namesOf,
  recipeInWords,
  runName,
  startOf,
} from "../../../static/js/experiment/run-names.js";
import { catalogue } from "../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

test("a recipe is said in symbols", () => {
  const catalog = {
    weight_rules: [{ name: "normal", parameters: [{ name: "std", default: 0.1 }] }],
    bias_rules: [{ name: "zeros", parameters: [] }],
    recipes: [],
  };
  const recipe = { weights: { name: "normal" }, biases: { name: "zeros" } };
  assert.equal(recipeInWords({ recipe }, catalog), "W ~ N(0, 0.1²), b = 0");
  assert.equal(runName({ recipe, label: "mine" }, catalog), "mine");
});

test("a run's numbers are said where there are two, and only mentioned where there are many", () => {
  const catalog = { recipes: [] };
  const one = { parameters: { W: [[[-3]]], b: [[2.5]] } };
  assert.match(recipeInWords(one, catalog), /−3.*2\.5/);
  const many = { parameters: { W: [[[1, 2]]], b: [[0]] } };
  assert.doesNotMatch(recipeInWords(many, catalog), /1/);
});

test("a run whose start was set by hand does not pass for its recipe", () => {
  const recipe = { weights: { name: "zeros" }, biases: { name: "zeros" } };
  const catalog = { weight_rules: [], bias_rules: [], recipes: [{ name: "all_zeros", recipe }] };
  const spec = { optimizer: { name: "gradient_descent" }, runs: [{ recipe }, { recipe }] };
  const event = { step: 0, run: 1, parameters: { W: [[[1]]], b: [[0]] } };
  const [first, second] = namesOf(spec, catalog, [event]);
  assert.match(second, /, start moved$/);
  assert.doesNotMatch(first, /moved/);
  assert.doesNotMatch(namesOf(spec, catalog, [{ ...event, step: 3 }])[1], /moved/);
  assert.doesNotMatch(recipeInWords({ recipe }, catalog, { moved: true }), /W =/);
});

test("a run that was begun anew by another recipe says by which, and since when", () => {
  const zeros = { weights: { name: "zeros" }, biases: { name: "zeros" } };
  const ones = { weights: { name: "constant", value: 1 }, biases: { name: "zeros" } };
  const catalog = {
    weight_rules: [{ name: "constant", parameters: [{ name: "value", default: 0 }] }],
    bias_rules: [],
    recipes: [{ name: "all_zeros", recipe: zeros }],
  };
  const run = { recipe: ones };
  const spec = { optimizer: { name: "gradient_descent" }, runs: [run, run] };
  const event = { step: 7, run: 1, recipe: zeros, parameters: { W: [[[0]]], b: [[0]] } };
  const [first, second] = namesOf(spec, catalog, [event]);
  assert.equal(second, `${first}, then all zeros`);
  assert.equal(recipeInWords(run, catalog, startOf([event], 1)), "from step 7 on: W = 0, b = 0");
  const begun = [{ ...event, step: 0 }];
  assert.equal(namesOf(spec, catalog, begun)[1], "all zeros");
  assert.equal(recipeInWords(run, catalog, startOf(begun, 1)), "W = 0, b = 0");
  assert.equal(recipeInWords(run, catalog, startOf(begun, 0)), "W = 1, b = 0");
});

test("a run with another optimizer than the others says so, and equal names are counted", () => {
  const catalog = { weight_rules: [], bias_rules: [], recipes: [] };
  const recipe = { weights: { name: "zeros" }, biases: { name: "zeros" } };
  const spec = {
    optimizer: { name: "gradient_descent" },
    runs: [
      { recipe, label: "mine" },
      { recipe, label: "mine" },
      { recipe, optimizer: { name: "adam", learning_rate: 0.1 } },
    ],
  };
  const [first, second, third] = namesOf(spec, catalog);
  assert.deepEqual([first, second], ["mine", "mine (2)"]);
  assert.match(third, / · adam$/i);
});
