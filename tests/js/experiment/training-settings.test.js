import assert from "node:assert/strict";
import { test } from "node:test";

import {
  differences,
  followers,
  ownSettings,
  sharedTraining,
  specWith,
  withUsualRate,
} from "../../../static/js/experiment/training-settings.js";

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

test("a run has of its own what its set-up says, or what was changed for it alone on the way", () => {
  const plain = { name: "gradient_descent", learning_rate: 1 };
  const adam = { name: "adam", learning_rate: 0.01 };
  const slower = { ...adam, learning_rate: 0.001 };
  const spec = { optimizer: plain, runs: [{}, { optimizer: adam }, {}] };
  const begun = { spec, runs: [{ optimizer: plain }, { optimizer: slower }, { optimizer: plain }] };
  assert.deepEqual(ownSettings(begun, 0), {});
  assert.deepEqual(ownSettings(begun, 1), { optimizer: slower }); // as it is now, not as it began
  const other = { ...plain, learning_rate: 5 };
  const changed = { spec, runs: [{ optimizer: plain }, { optimizer: adam }, { optimizer: other }] };
  assert.deepEqual(ownSettings(changed, 2), { optimizer: other });
});
