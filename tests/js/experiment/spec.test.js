import assert from "node:assert/strict";
import { test } from "node:test";

import * as spec from "../../../static/js/experiment/spec.js";

const range = (name, value) => ({ name, default: value, minimum: 0, maximum: 10 });
const catalog = {
  losses: [
    { name: "mse", outputs: null, parameters: [] },
    { name: "cross_entropy", outputs: ["sigmoid"], parameters: [] },
    { name: "softmax_cross_entropy", outputs: ["softmax"], parameters: [] },
  ],
  data: [
    { name: "circle", inputs: 2, task: "classification", parameters: [range("samples", 500)] },
    { name: "line", inputs: 1, task: "regression", parameters: [range("samples", 500)] },
  ],
  weight_rules: [
    { name: "zeros", parameters: [] },
    { name: "normal", parameters: [range("std", 0.1)] },
  ],
  bias_rules: [{ name: "zeros", parameters: [] }],
  recipes: [
    { name: "all_zeros", recipe: { weights: { name: "zeros" }, biases: { name: "zeros" } } },
    { name: "article", recipe: { weights: { name: "normal" }, biases: { name: "zeros" } } },
  ],
};
const opening = {
  data: { name: "circle", samples: 200 },
  layers: [
    { units: 4, activation: "tanh" },
    { units: 1, activation: "sigmoid" },
  ],
  loss: "cross_entropy",
  runs: [{}],
  batch_size: null,
  seed: 7,
};

test("the shapes of W and b are neurons × inputs, and neurons × 1", () => {
  const all = spec.shapes(opening, 2);
  assert.deepEqual(all, [
    { layer: 1, W: [4, 2], b: [4, 1] },
    { layer: 2, W: [1, 4], b: [1, 1] },
  ]);
  assert.equal(spec.parameterCount(all), 17);
});

test("parameters are named with numpy's indices, a layer's weights before its biases", () => {
  const names = spec.parameterNames(spec.shapes({ layers: [{ units: 2 }] }, 2));
  assert.deepEqual(names, ["W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]", "b1[0]", "b1[1]"]);
});

test("axes that are gone fall back to the first weight and the first bias", () => {
  const names = ["W1[0,0]", "W1[0,1]", "b1[0]"];
  assert.deepEqual(spec.fittingAxes(names, { x: "W3[9,9]", y: "b9[9]" }), {
    x: "W1[0,0]",
    y: "b1[0]",
  });
  assert.deepEqual(spec.fittingAxes(names, { x: "b1[0]", y: "b1[0]" }), {
    x: "b1[0]",
    y: "W1[0,0]",
  });
});

test("a loss that no longer fits the output is replaced, one that fits is kept", () => {
  const linear = { ...opening, layers: [{ units: 1, activation: "linear" }] };
  assert.equal(spec.withFittingLoss(linear, catalog).loss, "mse");
  assert.equal(spec.withFittingLoss(opening, catalog), opening);
});

test("a run's own loss that no longer fits is dropped", () => {
  const layers = [{ units: 1, activation: "tanh" }];
  const changed = { ...opening, layers, loss: "mse", runs: [{ loss: "cross_entropy" }] };
  assert.equal(spec.withFittingLoss(changed, catalog).runs[0].loss, null);
});

test("the output and the loss follow what is to be learned", () => {
  const numbers = { task: "regression", classes: 0 };
  const line = spec.withData(opening, { name: "line" }, numbers, catalog);
  assert.deepEqual([line.layers.at(-1).activation, line.loss], ["linear", "mse"]);
  const three = { task: "classification", classes: 3 };
  const rings = spec.withData(line, { name: "rings" }, three, catalog);
  assert.equal(rings.layers.at(-1).units, 3);
  assert.deepEqual(
    [rings.layers.at(-1).activation, rings.loss],
    ["softmax", "softmax_cross_entropy"],
  );
  const two = { task: "classification", classes: 2 };
  const back = spec.withData(rings, { name: "circle" }, two, catalog);
  assert.equal(back.layers.at(-1).units, 1);
  assert.deepEqual([back.layers.at(-1).activation, back.loss], ["sigmoid", "cross_entropy"]);
});

test("what data ask for is read off the catalogue, the table or the formula", () => {
  const aim = (data) => spec.aimOf(data, catalog);
  assert.deepEqual(aim({ name: "circle" }), { task: "classification", classes: 2 });
  assert.deepEqual(aim({ name: "line" }), { task: "regression", classes: 0 });
  assert.equal(aim({ name: "formula", formula: "x1 < x2" }).classes, 2);
  for (const formula of [
    "x1 ≥ 0",
    "x1 == 1",
    "not x1 > 0",
    "x1 != x2",
    "x1 AND x2",
    "x1||x2",
    "x1 && x2",
    "!(x1)",
  ])
    assert.equal(aim({ name: "formula", formula }).task, "classification", formula);
  for (const formula of ["x1*x2", "floor(x1)", "y = x1^2", "|x||y|", "||x|-1|", "f(x1, x2) = x1"])
    assert.equal(aim({ name: "formula", formula }).task, "regression", formula);
  assert.equal(aim({ name: "custom", targets: [0, 2], classes: ["a", "b", "c"] }).classes, 3);
  assert.equal(aim({ name: "custom", targets: [0, 0.5] }).task, "regression");
});

test("other data keeps the parameters that both have, but not the noise", () => {
  const present = { name: "circle", samples: 80, noise: 0.3, inputs: [[1]] };
  assert.deepEqual(spec.dataOf(present, catalog.data[1]), { name: "line", samples: 80 });
});

test("targets of 0 and 1, or −1 and 1, are classes; others are numbers", () => {
  assert.equal(spec.taskOf([0, 1, 1]), "classification");
  assert.equal(spec.taskOf([-1, 1]), "classification");
  assert.equal(spec.taskOf([0, 0.5]), "regression");
  assert.equal(spec.taskOf([-1, 0, 1]), "regression");
});

test("a recipe is known by what it does, defaults filled in", () => {
  const written = { weights: { name: "normal", std: 0.1 }, biases: { name: "zeros" } };
  assert.equal(spec.nameOfRecipe(written, catalog), "article");
  const wider = { weights: { name: "normal", std: 0.2 }, biases: { name: "zeros" } };
  assert.equal(spec.nameOfRecipe(wider, catalog), undefined);
});

test("a recipe with a rule of its own for one layer is none of the known ones", () => {
  const recipe = { weights: { name: "normal", std: 0.1 }, biases: { name: "zeros" } };
  const own = { ...recipe, layers: [null, { weights: { name: "zeros" } }] };
  assert.equal(spec.nameOfRecipe(own, catalog), undefined);
  assert.ok(!spec.sameRecipe(recipe, own));
  assert.ok(spec.sameRecipe(recipe, { ...recipe, layers: [null, null] }));
});

test("a rule is completed by its defaults, and what it does not know is dropped", () => {
  assert.deepEqual(spec.complete({ name: "normal", gain: 3 }, catalog.weight_rules), {
    name: "normal",
    std: 0.1,
  });
});

test("the word for a new start names what changed", () => {
  const changes = {
    data: { data: { name: "line" } },
    network: { layers: [] },
    runs: { runs: [{}, {}] },
    loss: { loss: "mse" },
    batch: { batch_size: 10 },
    seed: { seed: 8 },
  };
  for (const [word, change] of Object.entries(changes))
    assert.equal(spec.whatChanged(opening, { ...opening, ...change }), word);
});

test("a new seed of all runs is one, whichever of them had a seed of their own", () => {
  const [both, one, none] = [
    [24, 24],
    [24, null],
    [null, null],
  ].map((seeds) => ({
    ...opening,
    seed: 7,
    runs: seeds.map((seed) => ({ label: "a", seed })),
  }));
  assert.equal(spec.whatChanged(both, { ...none, seed: 8 }), "seed");
  assert.equal(spec.whatChanged(both, none), "seed", "back to the seed of the experiment");
  assert.equal(spec.whatChanged(one, { ...none, seed: 24 }), "seed");
  assert.equal(spec.whatChanged(none, one), "runs", "one of them alone");
  assert.equal(spec.whatChanged(one, { ...one, seed: 8, runs: [one.runs[0]] }), "runs");
});
