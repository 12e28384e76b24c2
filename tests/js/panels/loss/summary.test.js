import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { use } from "../../../../static/js/ui/i18n.js";
import { goalOf, readRace, readRun, targetOf } from "../../../../static/js/panels/loss/summary.js";
import { catalogue } from "../../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

const steps = (n) => Array.from({ length: n + 1 }, (_, i) => i);
const training = { status: "training", diverged_at: null };
const falling = (n) => steps(n).map((i) => 0.7 * Math.exp(-i / 30));
const still = (n) => steps(n).map(() => Math.LN2);

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
