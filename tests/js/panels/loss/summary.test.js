import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { questionOf } from "../../../../static/js/page/headline.js";
import { use } from "../../../../static/js/ui/i18n.js";
import {
  arrival,
  differencesInWords,
  goalOf,
  readRace,
  readRun,
  targetOf,
} from "../../../../static/js/panels/loss/summary.js";
import { catalogue } from "../../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

const steps = (n) => Array.from({ length: n + 1 }, (_, i) => i);
const run = (status, diverged_at = null) => ({ status, diverged_at });
const falling = (n, tau = 30) => steps(n).map((i) => 0.7 * Math.exp(-i / tau));
const still = (n) => steps(n).map(() => Math.LN2);
const SPEC = {
  loss: "cross_entropy",
  optimizer: { name: "gradient_descent", learning_rate: 0.3 },
  schedule: { name: "constant" },
  clipping: { name: "none" },
  regularizer: { name: "none" },
};
const recipe = (weights) => ({ recipe: { weights: { name: weights } } });
const TWO = { ...SPEC, runs: [recipe("glorot_normal"), recipe("zeros")] };
const race = (train, states, spec = TWO, events = []) =>
  readRace({
    curves: { steps: steps(train[0].length - 1), train, test: [[], []] },
    names: ["Glorot", "all zeros"],
    runs: states,
    spec,
    events,
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

test("a run has arrived where it stays below the goal", () => {
  assert.equal(arrival(steps(4), [1, 0.2, 0.9, 0.2, 0.1], 0.3), 3);
  assert.equal(arrival(steps(4), [1, 0.2, 0.1, 0.2, 0.9], 0.3), undefined);
  assert.equal(arrival(steps(2), [0.2, null, 0.2], 0.3), 2);
  assert.equal(arrival([0, 5, 10], [1, 0.2, 0.1], 0.3), 5);
});

test("facts about a run are its arrival, or its status", () => {
  const training = run("training");
  assert.deepEqual(readRun(steps(100), falling(100), 0.3, training), { kind: "below", step: 26 });
  assert.deepEqual(readRun(steps(9), still(9), 0.3, training), {
    kind: "training",
    loss: Math.LN2,
  });
  assert.equal(readRun(steps(9), still(9), 0.3, run("stuck")).kind, "stuck");
  assert.deepEqual(readRun(steps(9), still(9), 0.3, run("diverged", 4)), {
    kind: "diverged",
    step: 4,
  });
  assert.equal(readRun(steps(100), falling(100), 0.3, run("oscillating")).kind, "oscillating");
});

test("the race is told from the curves and the statuses", () => {
  const words = race([falling(100), still(100)], [run("training"), run("plateau")]);
  assert.equal(words, "Glorot was first to reach J < 0.3 (step 26); all zeros is on a plateau.");
});

test("a run that swings is not the winner, however low it is now", () => {
  const words = race([falling(100), falling(100, 60)], [run("oscillating"), run("training")]);
  assert.equal(words, "All zeros was first to reach J < 0.3 (step 51); Glorot oscillates.");
});

test("nobody wins by less than the eye sees", () => {
  const words = race([falling(100), falling(100, 31)], [run("training"), run("training")]);
  assert.equal(words, "Steps to J < 0.3: Glorot (26) and all zeros (27).");
});

test("nobody wins among runs that were put at different places, or minimise other losses", () => {
  const put = (W) => ({ parameters: { W: [[[W]]], b: [[0]] } });
  const states = [run("training"), run("training")];
  const curves = [falling(100), falling(100, 60)];
  assert.match(race(curves, states, { ...SPEC, runs: [put(1), put(2)] }), /^Steps to J < 0\.3: /);
  assert.match(race(curves, states, { ...SPEC, runs: [put(1), put(1)] }), /^Glorot was first/);
  const losses = [{ loss: "mse" }, { loss: "cross_entropy" }];
  assert.match(
    race(curves, states, { ...SPEC, runs: losses }),
    /^Steps to 10% of the initial loss: /,
  );
});

test("nobody wins among runs one of which was put where it is by hand", () => {
  const states = [run("training"), run("training")];
  const curves = [falling(100), falling(100, 60)];
  const put = [{ step: 20, run: 1, parameters: {} }];
  assert.match(race(curves, states, TWO, put), /^Steps to J < 0\.3/);
  assert.match(race(curves, states, TWO, [{ step: 20, optimizer: {} }]), /^Glorot was first/);
});

test("every status has its words, for one run and for several", () => {
  for (const status of ["oscillating", "unstable", "growing", "plateau", "stuck"]) {
    for (const states of [
      [run("training"), run(status)],
      [run(status), run(status)],
    ]) {
      const words = race([still(9), still(9)], states);
      assert.doesNotMatch(words, /reading\./);
      assert.match(words, /all zeros/);
    }
  }
});

test("what is said before the first step is what the runs differ in", () => {
  assert.equal(
    race([[0.7], [0.7]], [run("not_begun"), run("not_begun")]),
    "Same network, same data, different initialisations. Press Train: whose loss falls first?",
  );
  const rate = (learning_rate) => ({ optimizer: { name: "gradient_descent", learning_rate } });
  assert.equal(differencesInWords({ ...SPEC, runs: [rate(0.1), rate(0.9)] }), "learning rates");
  const adam = { optimizer: { name: "adam", learning_rate: 0.3 } };
  assert.equal(differencesInWords({ ...SPEC, runs: [{}, adam] }), "optimizers");
  assert.equal(
    differencesInWords({ ...SPEC, runs: [{ loss: "mse" }, { loss: "mae", seed: 3 }] }),
    "initialisations and losses",
  );
  assert.equal(differencesInWords({ ...SPEC, runs: [{ label: "a" }, { label: "b" }] }), "");
});

test("the race is told in Chinese, too", () => {
  use("zh-CN", catalogue("zh-CN"));
  const words = race([falling(100), still(100)], [run("training"), run("stuck")]);
  assert.match(words, /Glorot.*26.*停滞/);
  assert.doesNotMatch(words, /[a-z]{3,}\.[a-z]/);
});

test("who has not reached what others have is named, too", () => {
  const words = race([falling(100), still(100)], [run("training"), run("training")]);
  assert.equal(
    words,
    "Glorot was first to reach J < 0.3 (step 26); all zeros has not reached it yet.",
  );
});

test("runs that all came to one loss are said to have, and others are not", () => {
  const both = [run("converged"), run("converged")];
  const ends = (low) => [falling(100), [...falling(90), ...Array(10).fill(low)]];
  assert.match(race(ends(falling(100)[100]), both), /^All 2 runs have come to the same J, 0\.02/);
  assert.doesNotMatch(race(ends(0.04), both), /same J/);
});

test("where the learning rates differ, it is said first which one was too large", () => {
  const rate = (learning_rate) => ({ optimizer: { name: "gradient_descent", learning_rate } });
  const spec = { ...SPEC, runs: [rate(0.1), rate(9)] };
  const words = race([falling(100), still(100)], [run("training"), run("diverged", 7)], spec);
  assert.match(words, /^All zeros diverged at step 7; Glorot/);
});

test("runs whose recipes are hidden are not said to be equal", () => {
  const masked = { ...SPEC, mystery: "abc", seed: 0, runs: [{ label: null }, { label: null }] };
  const curves = { steps: [0], train: [[0.7], [0.7]], test: [[], []] };
  const said = readRace({ curves, names: ["Mystery", "Mystery (2)"], runs: [], spec: masked });
  assert.equal(said, "2 hidden recipes. Press Train, compare the curves, and guess.");
  const asks = (/** @type {object[]} */ runs) =>
    questionOf({ preset: "", live: { spec: { ...masked, runs } } });
  assert.equal(asks(masked.runs), "Which recipe is which?");
  assert.equal(asks([{ label: null }]), "Which recipe is it?");
  assert.equal(asks([{ label: null }, ...TWO.runs]), "Which recipe is it?");
  assert.equal(
    questionOf({ preset: "", live: { spec: { ...masked, mystery: undefined } } }),
    "Do equal runs stay together?",
  );
});
