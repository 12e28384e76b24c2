import assert from "node:assert/strict";
import { test } from "node:test";

import * as spec from "../../static/js/spec.js";

const range = (name, value) => ({ name, default: value, minimum: 0, maximum: 10 });
const catalog = {
  losses: [
    { name: "mse", outputs: null, parameters: [] },
    { name: "cross_entropy", outputs: ["sigmoid"], parameters: [] },
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

test("numbers to predict ask for a linear output, classes for a sigmoid", () => {
  const line = spec.withData(opening, { name: "line" }, "regression", catalog);
  assert.equal(line.layers.at(-1).activation, "linear");
  assert.equal(line.loss, "mse");
  const back = spec.withData(line, { name: "circle" }, "classification", catalog);
  assert.equal(back.layers.at(-1).activation, "sigmoid");
  assert.equal(back.loss, "cross_entropy");
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
