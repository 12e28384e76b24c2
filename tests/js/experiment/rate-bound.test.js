import assert from "node:assert/strict";
import { test } from "node:test";

import {
  curvatureOf,
  measured,
  rateOf,
  settingAtBound,
  standing,
} from "../../../static/js/experiment/rate-bound.js";

/** A page on which the curvature has just been measured. */
function page() {
  const none = { name: "none" };
  /** @param {string} name */
  const run = (name) => ({
    optimizer: { name, learning_rate: 0.5 },
    schedule: { name: "constant" },
    clipping: none,
    regularizer: none,
  });
  const state = {
    chosen: 0,
    summary: { id: "a", runs: [run("gradient_descent"), run("adam")] },
    landscape: { curvature: null },
  };
  const found = { run: 0, step: 3, bound: 2, learning_rate: 0.25, schedule_factor: 0.5 };
  state.landscape.curvature = measured(state, found);
  return state;
}

test("a measurement holds while the run learns as it did, at whatever rate", () => {
  const state = page();
  assert.equal(curvatureOf(state)?.bound, 2);
  state.summary.runs[0].optimizer = { name: "gradient_descent", learning_rate: 0.1 };
  assert.equal(curvatureOf(state)?.bound, 2);
  state.summary.runs[1].optimizer = { name: "adamw", learning_rate: 0.1 };
  assert.equal(curvatureOf(state)?.bound, 2);
});

for (const [what, change] of Object.entries({
  "another optimizer": (state) => (state.summary.runs[0].optimizer.name = "momentum"),
  "another option": (state) => (state.summary.runs[0].optimizer.momentum = 0.5),
  "another schedule": (state) => (state.summary.runs[0].schedule = { name: "cosine" }),
  "another clipping": (state) => (state.summary.runs[0].clipping = { name: "norm", max_norm: 1 }),
  "another penalty": (state) => (state.summary.runs[0].regularizer = { name: "l2", rate: 5 }),
  "another experiment": (state) => (state.summary.id = "b"),
  "another run": (state) => (state.chosen = 1),
}))
  test(`a measurement does not hold for ${what}`, () => {
    const state = page();
    change(state);
    assert.equal(curvatureOf(state), null);
  });

test("the rate is that of now, as the schedule made it at the measured step", () => {
  const state = page();
  assert.equal(rateOf(state, state.landscape.curvature), 0.25);
  state.summary.runs[0].optimizer.learning_rate = 2;
  assert.equal(rateOf(state, state.landscape.curvature), 1);
});

test("the mark is where the scheduled rate reaches the bound", () => {
  assert.equal(settingAtBound({ bound: 2, schedule_factor: 0.5 }), 4);
  assert.equal(settingAtBound({ bound: 2, schedule_factor: 0 }), null);
  assert.equal(settingAtBound({ bound: null, schedule_factor: 1 }), null);
});

test("a rate is below, at or above a bound", () => {
  assert.deepEqual(
    [0.1, 0.2, 0.3].map((rate) => standing(0.2, rate)),
    ["below", "at", "above"],
  );
});
