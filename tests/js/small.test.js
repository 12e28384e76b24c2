/** The small pure modules: typed arrays, undo, colours, learning rates, pace. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { SLOTS, classTable, freeSlot, runColor, runDash } from "../../static/js/ui/theme.js";
import { createPace } from "../../static/js/ui/throttle.js";
import {
  differences,
  followers,
  sharedTraining,
  specWith,
  withUsualRate,
} from "../../static/js/experiment/training-settings.js";
import { decode, extent } from "../../static/js/server/typed-array.js";
import { createUndo } from "../../static/js/experiment/undo.js";

test("a typed array is decoded to the very numbers", () => {
  const numbers = new Float32Array([0, -1.5, 3.25, NaN]);
  const bdata = Buffer.from(numbers.buffer).toString("base64");
  assert.deepEqual([...decode({ dtype: "f4", bdata, shape: "2,2" })], [0, -1.5, 3.25, NaN]);
});

test("an unknown kind of number is an error, not silence", () => {
  assert.throws(() => decode({ dtype: "c8", bdata: "", shape: "0" }), /c8/);
});

test("the extent passes over gaps", () => {
  assert.deepEqual(extent([null, 3, NaN, -2]), [-2, 3]);
  assert.equal(extent([null, NaN]), null);
});

test("undo and redo walk the same way back and forth", () => {
  const undo = createUndo();
  undo.push("a");
  undo.push("b");
  assert.equal(undo.undo("c"), "b");
  assert.equal(undo.undo("b"), "a");
  assert.equal(undo.undo("a"), null);
  assert.equal(undo.redo("a"), "b");
  assert.equal(undo.redo("b"), "c");
  assert.equal(undo.canRedo, false);
});

test("a change after an undo forgets what was undone", () => {
  const undo = createUndo();
  undo.push("a");
  undo.undo("b");
  undo.push("a");
  assert.equal(undo.canRedo, false);
});

test("undo remembers no more than its limit", () => {
  const undo = createUndo({ limit: 2 });
  for (const state of ["a", "b", "c"]) undo.push(state);
  assert.equal(undo.undo("d"), "c");
  assert.equal(undo.undo("c"), "b");
  assert.equal(undo.undo("b"), null);
});

test("sixteen runs can be told apart by colour and dash", () => {
  for (const theme of ["light", "dark"]) {
    const looks = Array.from({ length: SLOTS }, (_, i) => runColor(i, theme) + runDash(i));
    assert.equal(new Set(looks).size, SLOTS);
  }
});

test("the lowest free colour is taken", () => {
  assert.equal(freeSlot([]), 0);
  assert.equal(freeSlot([0, 2]), 1);
});

test("the map's colours run from one class over the middle to the other", () => {
  for (const theme of ["light", "dark"]) {
    const table = classTable(theme);
    assert.equal(table.length, 256);
    assert.ok(table.every((pixel) => pixel >>> 24 === 255));
    assert.notEqual(table[0], table[255]);
    assert.ok(new Set(table).size > 100);
  }
});

const summary = (...optimizers) => ({
  spec: {
    regularizer: { name: "none" },
    runs: optimizers.map((own) => (own ? { optimizer: { learning_rate: own } } : {})),
  },
  runs: optimizers.map((own) => ({ optimizer: { learning_rate: own ?? 0.5 } })),
});

test("what the runs share is what those without one of their own have, part by part", () => {
  const shared = sharedTraining(summary(3, null));
  assert.equal(shared.optimizer.learning_rate, 0.5);
  assert.deepEqual(shared.regularizer, { name: "none" });
  assert.equal(sharedTraining(summary(3, 4)).optimizer, null);
});

test("another rate is told to everybody, or only to those that share it", () => {
  assert.deepEqual(followers(summary(null, null), "optimizer"), [null]);
  assert.deepEqual(followers(summary(3, null, null), "optimizer"), [1, 2]);
  assert.deepEqual(followers(summary(3, null), "schedule"), [null]);
});

test("a new experiment begins with what is in force, where something is", () => {
  const spec = { optimizer: { name: "gradient_descent", learning_rate: 1 } };
  const optimizer = { name: "adam", learning_rate: 0.2 };
  assert.deepEqual(specWith({ spec }, { optimizer, schedule: null }), { optimizer });
  assert.equal(specWith({ spec }, null), spec);
});

test("only the parts that differ are told", () => {
  const present = { optimizer: { name: "adam", beta1: 0.9 }, schedule: { name: "constant" } };
  const wanted = { optimizer: { beta1: 0.9, name: "adam" }, schedule: { name: "cosine" } };
  assert.deepEqual(differences(present, wanted), { schedule: { name: "cosine" } });
  assert.deepEqual(differences(present, null), {});
});

test("another task takes its usual rate along, unless the learner has chosen one", () => {
  const training = (rate, name = "gradient_descent") => ({
    optimizer: { name, learning_rate: rate },
  });
  const after = (of) => withUsualRate(of, "classification", "regression").optimizer.learning_rate;
  assert.equal(after(training(1)), 0.1);
  assert.equal(after(training(0.5)), 0.5);
  assert.equal(after(training(1, "adam")), 1);
});

test("what is costly is done rarely, but never forgotten", () => {
  const pace = createPace({ every: 100, share: 0.5 });
  assert.ok(pace.due(0));
  pace.done(0, 10);
  assert.ok(!pace.due(99));
  assert.ok(pace.due(100));
  pace.done(100, 10000);
  assert.ok(!pace.due(450));
  assert.ok(pace.due(500));
});
