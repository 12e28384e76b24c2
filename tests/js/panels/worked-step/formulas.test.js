/** One step as formulas: the right terms in the right order, with the numbers put in. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { formulasOf, phasesOf } from "../../../../static/js/panels/worked-step/formulas.js";
import { number, plain } from "../../../../static/js/panels/worked-step/mathml.js";

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
    lines: [
      {
        name: "loss",
        formula: "J = 1/(2n) Σ (y − ŷ)²",
        numbers: "1/2 ({y} − {output})²",
        values: { y: 1, output: s },
      },
    ],
    on_logits: false,
    sample: (1 - s) ** 2 / 2,
    batch: (1 - s) ** 2 / 2,
  },
  layers: [
    {
      layer: 1,
      activation: "sigmoid",
      function: "σ",
      shapes,
      W: [[0.5]],
      b: [0],
      sample: values,
      batch: values,
    },
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

test("a loss without lines is shown in the catalogue's words", () => {
  const trace = { ...TRACE, loss: { ...TRACE.loss, formula: "J = h(e) if e", lines: [] } };
  assert.deepEqual(lines(trace, "loss", "formula"), ["J = h(e) if e"]);
  assert.equal(lines(trace, "loss", "numbers")[0], "J_0=0.0361647");
});

test("the update is the lines that are sent", () => {
  const step = {
    name: "step",
    formula: "W ← W − α·G",
    numbers: "{parameter} ← {before:6} − {learning_rate}·{gradient} = {after:6}",
    values: { before: 1, learning_rate: 0.1, gradient: -2, after: 1.2 },
  };
  const trace = { ...TRACE, update: { lines: [step] } };
  assert.deepEqual(lines(trace, "update", "formula"), ["W←W−α·G"]);
  assert.deepEqual(lines(trace, "update", "numbers"), ["W_1[0,0]←1−0.1·(−2)=1.2"]);
  assert.deepEqual(lines(trace, "update", "shapes"), ["(1, 1)←(1, 1)−α·(1, 1)"]);
});
