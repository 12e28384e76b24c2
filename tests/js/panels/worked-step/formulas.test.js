/** One step as formulas: the right terms in the right order, with the numbers put in. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { formulasOf, phasesOf } from "../../../../static/js/panels/worked-step/formulas.js";
import { number, plain } from "../../../../static/js/panels/worked-step/mathml.js";
import { updateLines } from "../../../../static/js/panels/worked-step/update-formulas.js";

test("a step is forward, loss, backward, the chain rule and the update", () => {
  assert.deepEqual(
    phasesOf(2).map(({ kind, layer }) => `${kind} ${layer}`),
    ["forward 1", "forward 2", "loss 2", "backward 2", "backward 1", "chain 0", "update 0"],
  );
});

for (const [value, text] of /** @type {[number|null, string][]} */ ([
  [0, "0"],
  [-0.25, "−0.25"],
  [1234.56, "1235"],
  [-0.000123456, "−1.235×10^−4"],
  [2.5e300, "2.500×10^300"],
  [null, "–"],
]))
  test(`${value} is written ${text}`, () => assert.equal(plain(number(value)), text));

// One input, one sigmoid neuron, half squared error, worked by hand: w = 0.5, b = 0, x = 2, y = 1.
const s = 1 / (1 + Math.exp(-1));
const slope = s * (1 - s);
const dZ = (s - 1) * slope;
const values = {
  X: [[2]],
  Z: [[1]],
  A: [[s]],
  slope: [[slope]],
  dA: [[s - 1]],
  dZ: [[dZ]],
  dW: [[2 * dZ]],
  db: [dZ],
};
const shapes = { W: [1, 1], b: [1, 1], X: [1, 1], Z: [1, 1], A: [1, 1], dW: [1, 1], db: [1, 1] };
const TRACE = {
  run: 0,
  step: 0,
  parameter: { name: "W1[0,0]", kind: "weight", layer: 1, row: 0, column: 0, value: 0.5 },
  sample: { index: 0, y: [1], x: [2] },
  batch: { size: 1, samples: [0] },
  loss: {
    name: "half_mse",
    formula: "",
    on_logits: false,
    sample: (1 - s) ** 2 / 2,
    batch: (1 - s) ** 2 / 2,
  },
  layers: [
    { layer: 1, activation: "sigmoid", shapes, W: [[0.5]], b: [0], sample: values, batch: values },
  ],
  chain: {
    factors: [
      { kind: "loss", layer: 1, shape: [1], values: [s - 1] },
      { kind: "slope", layer: 1, shape: [1], values: [slope] },
      { kind: "input", layer: 1, shape: [], values: 2 },
    ],
    paths: [{ units: [], factors: [dZ], product: dZ }],
    product: 2 * dZ,
    numeric: { value: 2 * dZ, h: 1e-6, above: 0.0361, below: 0.0362 },
    batch: {
      gradient: 2 * dZ,
      of_samples: [2 * dZ],
      numeric: { value: 2 * dZ, h: 1e-6, above: 0, below: 0 },
    },
  },
};

/** @param {any} trace @param {string} kind @param {string} label */
function lines(trace, kind, label) {
  const phase = phasesOf(trace.layers.length).find((one) => one.kind === kind);
  const parts = formulasOf(trace, /** @type {any} */ (phase), "sample");
  return parts.find((part) => part.label === label)?.lines.map(plain) ?? [];
}

test("forward: formula, shapes and numbers", () => {
  assert.deepEqual(lines(TRACE, "forward", "formula"), ["Z_1=W_1X+b_1", "A_1=σ(Z_1)"]);
  assert.deepEqual(lines(TRACE, "forward", "shapes"), ["(1, 1)=(1, 1)(1, 1)+(1, 1)"]);
  assert.deepEqual(lines(TRACE, "forward", "numbers"), ["[0.5][2]+[0]=[1]", "σ([1])=[0.731]"]);
});

test("the loss has its numbers put in", () => {
  assert.deepEqual(lines(TRACE, "loss", "formula"), ["J=(1)/(2n)∑(y−ŷ)^2"]);
  assert.equal(lines(TRACE, "loss", "numbers")[0], "J_0=(1)/(2)(1−0.7311)^2=0.0361647");
});

test("the chain rule is its local derivatives, and the difference stands beside it", () => {
  assert.match(lines(TRACE, "chain", "formula")[0], /W_1\[0,0\]\)=.*z_0\^\(1\)\)·x_1$/);
  const [product, difference] = lines(TRACE, "chain", "numbers");
  assert.equal(product, "(−0.05288)·2=−0.105754");
  assert.match(difference, /=−0\.105754$/);
});

/** @param {object} more */
const update = (more) => ({
  optimizer: { name: "gradient_descent", learning_rate: 0.1 },
  gradient: 2,
  penalty: 0,
  total: 2,
  clip: 1,
  clipped: 2,
  rate: 0.1,
  factor: 1,
  learning_rate: 0.1,
  state: [],
  terms: [],
  dying: null,
  before: 1,
  after: 0.8,
  change: -0.2,
  ...more,
});
/** @param {object} more */
const told = (more) => updateLines(update(more), "w").map(({ numbers }) => plain(numbers));

test("gradient descent takes α times the gradient away", () => {
  assert.deepEqual(told({}), ["G=2", "w←1−0.1·2=0.8"]);
});

test("the penalty, clipping and the schedule come before the step", () => {
  const more = {
    penalty: 0.5,
    total: 2.5,
    clip: 0.4,
    clipped: 1,
    rate: 0.2,
    factor: 0.5,
    after: 0.9,
  };
  assert.deepEqual(told(more), ["G=2+0.5=2.5", "G←0.4·2.5=1", "α=0.2·0.5=0.1", "w←1−0.1·1=0.9"]);
});

test("momentum and Adam show their memory", () => {
  const momentum = { name: "momentum", momentum: 0.9, dampening: 0 };
  const velocity = [{ name: "velocity", before: 1, after: 2.9 }];
  assert.deepEqual(told({ optimizer: momentum, state: velocity, after: 0.71 }).slice(1), [
    "v←0.9·1+2=2.9",
    "w←1−0.1·2.9=0.71",
  ]);
  const adam = { name: "adam", beta1: 0.9, beta2: 0.999, eps: 1e-8 };
  const state = [
    { name: "mean", before: 0, after: 0.2 },
    { name: "squares", before: 0, after: 0.004 },
    { name: "steps", before: 0, after: 1 },
  ];
  const terms = [
    { name: "mean_hat", value: 2 },
    { name: "squares_hat", value: 4 },
  ];
  const lines = told({ optimizer: adam, state, terms, after: 0.9 });
  assert.equal(lines.at(-1), "w←1−0.1·(2)/(√(4)+1.0×10^−8)=0.9");
  assert.equal(lines.length, 6);
});
