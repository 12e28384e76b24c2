import assert from "node:assert/strict";
import { test } from "node:test";

import * as edits from "../../../static/js/experiment/edits.js";

const catalog = {
  losses: [
    { name: "mse", outputs: null },
    { name: "cross_entropy", outputs: ["sigmoid"] },
  ],
  data: [
    { name: "circle", inputs: 2, task: "classification", parameters: [] },
    { name: "line", inputs: 1, task: "regression", parameters: [] },
  ],
  weight_rules: [{ name: "normal", parameters: [{ name: "std", default: 0.1 }] }],
  bias_rules: [{ name: "zeros", parameters: [] }],
};
const setup = () =>
  edits.setupOf({
    data: { name: "circle" },
    layers: [
      { units: 4, activation: "relu" },
      { units: 1, activation: "sigmoid" },
    ],
    loss: "cross_entropy",
    runs: [{ label: "a" }, { label: "b", parameters: { W: [], b: [] } }, { label: "c" }],
    seed: 7,
  });

test("a removed run's colour is the next one's, the others keep theirs", () => {
  const without = edits.removeRun(setup(), 1);
  assert.deepEqual(without.slots, [0, 2]);
  assert.deepEqual(edits.addRun(without, {}).slots, [0, 2, 1]);
});

test("an edit leaves the set-up before it as it was", () => {
  const before = setup();
  const copy = structuredClone(before);
  edits.addRun(before, {});
  edits.removeRun(before, 0);
  edits.addLayer(before);
  edits.editLayer(before, 0, { units: 9 }, catalog);
  edits.setRule(before, 0, "weights", { name: "normal" }, catalog);
  assert.deepEqual(before, copy);
});

const seeded = (...seeds) => {
  const before = setup();
  return edits.withSpec(before, { runs: seeds.map((seed) => ({ label: "a", seed })) });
};
const seedsOf = ({ spec }) => spec.runs.map((run) => run.seed ?? spec.seed);

test("the seed of all runs is told, also where each has it as its own; no seed is, where they differ", () => {
  assert.equal(edits.sharedSeed(seeded(null, undefined).spec), 7);
  assert.equal(edits.sharedSeed(seeded(24, 24).spec), 24);
  assert.equal(edits.sharedSeed(seeded(24, null).spec), null);
});

test("a seed for all runs is that of the runs with a seed of their own, too", () => {
  assert.deepEqual(seedsOf(edits.setSeed(seeded(24, null, 25), 8)), [8, 8, 8]);
});

test("other draws are other seeds for all runs, the same for those that had the same", () => {
  for (let i = 0; i < 50; i++) {
    const [own, other] = seedsOf(edits.setSeed(seeded(24, 24)));
    assert.equal(own, other);
    const [first, twin, third, far] = seedsOf(edits.setSeed(seeded(null, 8, null, 4e9)));
    assert.equal(first, third);
    assert.notEqual(first, twin);
    for (const seed of [first, twin, far]) assert.ok(seed >= 0 && seed < 10_000, `${seed}`);
  }
});

test("an added run has the seed of the others", () => {
  const { runs } = edits.addRun(seeded(24, 24), {}).spec;
  assert.equal(runs[2].seed, 24);
});

test("another rule completes itself and drops the label of the old recipe", () => {
  const run = edits.setRule(setup(), 0, "weights", { name: "normal" }, catalog).spec.runs[0];
  assert.deepEqual(run.recipe.weights, { name: "normal", std: 0.1 });
  assert.equal(run.label, null);
});

test("a new layer stands before the output and is like the last hidden one", () => {
  const { layers } = edits.addLayer(setup()).spec;
  assert.deepEqual(layers[1], { units: 4, activation: "relu" });
  assert.equal(layers.length, 3);
});

test("given parameters go when the network no longer has their shapes", () => {
  const { runs } = edits.addLayer(setup()).spec;
  assert.equal(runs[1].parameters, undefined);
  const activation = edits.editLayer(setup(), 0, { activation: "tanh" }, catalog);
  assert.notEqual(activation.spec.runs[1].parameters, undefined);
});

test("another output takes a loss that fits along", () => {
  assert.equal(edits.editLayer(setup(), 1, { activation: "tanh" }, catalog).spec.loss, "mse");
});

test("a table with classes −1 and 1 gets a tanh output and a full batch", () => {
  const data = { name: "custom", inputs: [[0], [1]], targets: [-1, 1], standardize: true };
  const { spec } = edits.setData(setup(), data, catalog);
  assert.equal(spec.layers.at(-1).activation, "tanh");
  assert.equal(spec.batch_size, null);
  assert.deepEqual(spec.data, data);
});

test("a softmax output has a unit for every class, another has one for two", () => {
  const softmax = edits.editLayer(setup(), 1, { activation: "softmax" }, catalog);
  assert.equal(softmax.spec.layers[1].units, 2);
  const back = edits.editLayer(softmax, 1, { activation: "sigmoid" }, catalog);
  assert.equal(back.spec.layers[1].units, 1);
});

test("other features take given parameters away, and other data take features away", () => {
  const squares = edits.setFeatures(setup(), ["x1^2", "x2^2"]);
  assert.equal(squares.spec.runs[1].parameters, undefined);
  assert.equal(edits.chooseData(squares, "circle", catalog).spec.features, undefined);
});

test("the rules of a recipe's layers go with their layers", () => {
  const recipe = { weights: { name: "normal" }, biases: { name: "zeros" } };
  const own = { weights: { name: "zeros" }, biases: null };
  const first = edits.setLayerRule(edits.editRun(setup(), 0, { recipe }), 0, 0, own);
  assert.deepEqual(first.spec.runs[0].recipe.layers, [own, null]);
  const more = edits.addLayer(first);
  assert.deepEqual(more.spec.runs[0].recipe.layers, [own, null, null]);
  assert.deepEqual(edits.removeLayer(more, 0).spec.runs[0].recipe.layers, [null, null]);
  assert.equal(edits.setLayerRule(first, 0, 0, null).spec.runs[0].recipe.layers, undefined);
});

test("numbers to predict get a linear output", () => {
  const { spec } = edits.chooseData(setup(), "line", catalog);
  assert.equal(spec.layers.at(-1).activation, "linear");
  assert.equal(spec.loss, "mse");
});

test("a recipe that is there already is added with another seed", () => {
  const recipe = { weights: { name: "normal", std: 0.1 }, biases: { name: "zeros" } };
  const once = edits.addRun(setup(), recipe);
  const twice = edits.addRun(edits.addRun(once, recipe), recipe);
  assert.deepEqual(
    twice.spec.runs.slice(3).map((run) => run.seed),
    [undefined, 8, 9],
  );
});
