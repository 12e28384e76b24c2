/** One step as formulas: the right terms in the right order, with the numbers put in. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { valueOf } from "../../../../static/js/panels/worked-step/draw.js";
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
    formula: "J = 1/(2n) Σ (y − ŷ)²",
    lines: [
      {
        name: "loss",
        formula: "J = 1/(2n) Σ (y − ŷ)²",
        numbers: "1/(2·{n}) ({y} − {output})²",
        values: { n: 1, y: 1, output: s },
      },
    ],
    slope: {
      numerator: 1,
      error: "A − Y",
      sample: { n: 1, factor: 1, Y: [[1]], error: [[s - 1]] },
    },
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

/** What is written of a phase: names, shapes and numbers of every equation, or the lines of a formula. @param {any} trace @param {string} kind */
function told(trace, kind) {
  const phase = phasesOf(trace.layers.length).find((one) => one.kind === kind);
  return formulasOf(trace, /** @type {any} */ (phase), "sample").flatMap((block) => {
    if ("lines" in block)
      return block.lines.map(({ formula, numbers }) =>
        [formula, numbers].map((l) => l && plain(l)),
      );
    /** @param {(term: import("../../../../static/js/panels/worked-step/terms.js").Term) => string} of */
    const row = (of) =>
      block.items.map((one) => (typeof one === "string" ? one : of(one))).join("");
    return [
      [
        row(({ symbol }) => plain(symbol)),
        row(({ rule, shape }) => (rule ? plain(rule) : `(${shape.join(", ")})`)),
        row((term) => plain(valueOf(term))),
      ],
    ];
  });
}

test("forward: the same factors by name, by shape and by number", () => {
  assert.deepEqual(told(TRACE, "forward"), [
    ["Z_1=W_1X+b_1", "(1, 1)=(1, 1)(1, 1)+(1, 1)", "[1]=[0.5][2]+[0]"],
    ["A_1=σ(Z_1)", "(1, 1)=σ((1, 1))", "[0.731]=σ([1])"],
  ]);
});

test("the loss has its numbers put in, with n = 1 for one sample", () => {
  assert.deepEqual(told(TRACE, "loss"), [
    ["J=(1)/(2n)∑(y−ŷ)^2", "J=(1)/(2·1)(1−0.7311)^2=0.0361647"],
    ["Y;ŷ=A_1", "(1, 1);(1, 1)", "[1];[0.731]"],
  ]);
});

test("half squared error behind a sigmoid is the article's G, in its own order and shapes", () => {
  const [first, , , last] = told(TRACE, "backward");
  assert.deepEqual(first, [
    "dZ_1=(1)/(n)·(Y−S)·(−1)·S∘(1−S)",
    "(1, 1)=()·(1, 1)·()·(1, 1)∘(1, 1)",
    "[−0.0529]=(1)/(1)·[0.269]·(−1)·[0.731]∘[0.269]",
  ]);
  assert.equal(last[0], "G=X^⊤((1)/(n)·(Y−S)·(−1)·S∘(1−S))");
});

test("another loss is its error times the slope of the output", () => {
  const slope_ = {
    ...TRACE.loss.slope,
    numerator: 2,
    sample: { ...TRACE.loss.slope.sample, factor: 2 },
  };
  const trace = { ...TRACE, loss: { ...TRACE.loss, name: "mse", slope: slope_ } };
  const [first, second, third] = told(trace, "backward").map(([names]) => names);
  assert.deepEqual(
    [first, second, third],
    ["dA_1=(2)/(n)·(A_1−Y)", "dZ_1=dA_1∘σ^′(Z_1)", "dW_1=dZ_1X^⊤"],
  );
});

test("the chain rule is local derivatives, each with its rule, and the difference stands beside it", () => {
  const [product, difference] = told(TRACE, "chain");
  assert.deepEqual(product, [
    "(∂J)/(∂W_1[0,0])=(∂J)/(∂a_0^(1))·(∂a_0^(1))/(∂z_0^(1))·(∂z_0^(1))/(∂W_1[0,0])",
    "=(1)/(n)(a_0^(1)−y)·σ^′(z_0^(1))·x_1",
    "−0.105754=−0.2689·0.1966·2",
  ]);
  assert.match(difference[1] ?? "", /=−0\.105754$/);
});

test("the update is the lines that are sent", () => {
  const step = {
    name: "step",
    formula: "W ← W − α·G",
    numbers: "{parameter} ← {before:6} − {learning_rate}·{gradient} = {after:6}",
    values: { before: 1, learning_rate: 0.1, gradient: -2, after: 1.2 },
  };
  const trace = { ...TRACE, update: { lines: [step] } };
  assert.deepEqual(told(trace, "update"), [["W←W−α·G", "W_1[0,0]←1−0.1·(−2)=1.2"]]);
});

test("a matrix is shortened, and dots stand for the samples that are not sent", () => {
  const value = [1, 2].map((n) => Array.from({ length: 6 }, (_, i) => n * i));
  const written = (/** @type {number[]} */ shape) => plain(valueOf({ symbol: "X", shape, value }));
  assert.equal(written([2, 250]), "[0,1,2,…;0,2,4,…]");
  assert.equal(written([2, 6]), "[0,1,2,…,5;0,2,4,…,10]");
});
