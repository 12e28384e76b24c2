/** What the page says: numbers, recipes, errors and the race, in both languages. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";

import * as format from "../../static/js/ui/number-format.js";
import { explain, list, t, use } from "../../static/js/ui/i18n.js";
import { goalOf, readRace, readRun, targetOf } from "../../static/js/panels/loss/summary.js";
import { namesOf, recipeInWords, runName } from "../../static/js/experiment/run-names.js";

const folder = new URL("../../static/i18n/", import.meta.url);
const catalogue = (language) =>
  JSON.parse(readFileSync(new URL(`${language}.json`, folder), "utf8"));

beforeEach(() => use("en", catalogue("en")));

const steps = (n) => Array.from({ length: n + 1 }, (_, i) => i);
const training = { status: "training", diverged_at: null };
const falling = (n) => steps(n).map((i) => 0.7 * Math.exp(-i / 30));
const still = (n) => steps(n).map(() => Math.LN2);

for (const [value, text] of [
  [0.16234, "0.1623"],
  [12.345, "12.35"],
  [123.45, "123.5"],
  [1e-7, "1.0e−7"],
  [3.2e8, "3.2e8"],
  [0, "0.0000"],
  [null, "–"],
  [Infinity, "–"],
]) {
  test(`a loss of ${value} is written ${text}`, () => assert.equal(format.loss(value), text));
}

test("placeholders are filled in, and an unknown key is seen", () => {
  use("en", { greeting: "{a} and {b}" });
  assert.equal(t("greeting", { a: 1 }), "1 and {b}");
  assert.equal(t("no.such.key"), "no.such.key");
});

test("lists are joined as the language does", () => {
  assert.equal(list(["a", "b", "c"]), "a, b, and c");
  use("zh-CN", catalogue("zh-CN"));
  assert.equal(list(["甲", "乙"]), "甲和乙");
});

test("a broken rule is explained with what would have been right", () => {
  const words = explain({ code: "out_of_range", allowed: { minimum: 1, maximum: 64 } });
  assert.match(words, /1/);
  assert.match(words, /64/);
  assert.doesNotMatch(words, /[{}]/);
});

test("a rule that the catalogue does not know is told in the server's words", () => {
  assert.equal(explain({ code: "brand_new", detail: "in English" }), "in English");
});

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

test("the goal is a round loss about half of where the runs began", () => {
  assert.equal(targetOf({ train: [[0.69], [0.9], [0.7]] }), 0.3);
  assert.equal(targetOf({ train: [[15.3]] }), 7);
});

test("runs that begin far apart, or under other losses, each have a goal of their own", () => {
  assert.equal(goalOf({ train: [[6], [0.3]] }).common, null);
  assert.equal(goalOf({ train: [[6], [0.3]] }).of(0), 0.6);
  assert.equal(goalOf({ train: [[0.7], [0.7]] }, false).common, null);
});

test("facts about a run are measured", () => {
  assert.deepEqual(readRun(steps(100), falling(100), 0.3, training), { kind: "below", step: 26 });
  assert.deepEqual(readRun(steps(100), still(100), 0.3, training), { kind: "still" });
  assert.deepEqual(readRun(steps(10), still(10), 0.3, training), { kind: "moving" });
  const gone = { status: "diverged", diverged_at: 4 };
  assert.deepEqual(readRun(steps(9), still(9), 0.3, gone), { kind: "diverged", step: 4 });
  const floor = steps(300).map((i) => 0.56 + 0.3 * Math.exp(-i / 10));
  assert.equal(readRun(steps(300), floor, 0.3, training).kind, "floor");
});

test("the race is told from the curves", () => {
  const curves = { steps: steps(100), train: [falling(100), still(100)], test: [[], []] };
  const words = readRace({ curves, names: ["Glorot", "all zeros"], runs: [training, training] });
  assert.match(words, /^Glorot .*0\.3.*26.*all zeros/);
});

test("the race is told in Chinese, too", () => {
  use("zh-CN", catalogue("zh-CN"));
  const curves = { steps: steps(100), train: [falling(100), still(100)], test: [[], []] };
  const words = readRace({ curves, names: ["Glorot", "全零"], runs: [training, training] });
  assert.match(words, /Glorot.*26.*全零/);
  assert.doesNotMatch(words, /[a-z]{3,}\.[a-z]/);
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
