/** A mystery as it is made in the dialog: which runs it hides, what can be guessed, what the class sees. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { lessonFragment } from "../../../static/js/page/class/opens.js";
import { mysteryOf, namesSeen, usualPuzzle } from "../../../static/js/page/class/puzzle.js";
import { unpackLesson } from "../../../static/js/page/lessons/pack.js";
import { use } from "../../../static/js/ui/i18n.js";
import { catalogue } from "../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

const zeros = { name: "zeros" };
const GLOROT = { weights: { name: "glorot_normal" }, biases: zeros };
const ARTICLE = { weights: { name: "normal", std: 0.1 }, biases: zeros };
const catalog = /** @type {any} */ ({
  recipes: [
    { name: "glorot", recipe: GLOROT },
    { name: "article", recipe: ARTICLE },
  ],
  weight_rules: [],
  bias_rules: [],
  presets: [{ spec: { runs: [{ recipe: GLOROT }, { recipe: ARTICLE }] } }],
});
const spec = /** @type {any} */ ({
  optimizer: { name: "adam" },
  runs: [
    { recipe: GLOROT, label: null },
    { recipe: ARTICLE, label: "mine", seed: 3 },
    { recipe: null, parameters: { W: [[[1]]], b: [[2]] } },
  ],
});

test("every run that has a recipe is hidden at first", () => {
  assert.deepEqual([...usualPuzzle(spec).runs], [0, 1]);
});

test("the class sees no name of a hidden run, and those of the others", () => {
  const names = namesSeen(spec, new Set([1]), catalog);
  assert.deepEqual(names, [
    catalogue("en")["catalog.recipes.glorot"],
    "Mystery",
    "(W, b) = (1, 2)",
  ]);
});

test("what can be guessed is the server's choice until it is chosen, then with the runs' own", () => {
  const usual = { ...usualPuzzle(spec), runs: new Set([1]) };
  assert.deepEqual(mysteryOf(spec, usual, catalog), {
    spec,
    runs: [1],
    reveal: { when: "any_time" },
  });
  const chosen = mysteryOf(spec, { ...usual, options: new Set(["glorot"]) }, catalog);
  assert.deepEqual(chosen.options, [GLOROT, ARTICLE]);
  const known = mysteryOf(spec, { ...usual, options: new Set(["article"]) }, catalog);
  assert.deepEqual(known.options, [ARTICLE]);
});

test("a step or a word goes only with what it belongs to", () => {
  const puzzle = { ...usualPuzzle(spec), word: "pond", step: 7 };
  const told = (/** @type {any} */ when) => mysteryOf(spec, { ...puzzle, when }, catalog).reveal;
  assert.deepEqual(told("step"), { when: "step", step: 7 });
  assert.deepEqual(told("word"), { when: "word", word: "pond" });
});

test("a link opens the experiment, a lesson by its id, or one of one's own that it carries", async () => {
  assert.equal(await lessonFragment({}), null);
  assert.equal(await lessonFragment({ id: "xor" }), "lesson=xor");
  const lesson = /** @type {any} */ ({ title: "种子", cards: [{}] });
  const fragment = (await lessonFragment({ lesson })) ?? "";
  assert.match(fragment, /^lesson=~[\w-]+$/);
  assert.deepEqual(JSON.parse(await unpackLesson(fragment.slice("lesson=".length))), lesson);
});
