import assert from "node:assert/strict";
import { test } from "node:test";
import * as edits from "../../static/js/edits.js";
import * as rates from "../../static/js/rates.js";
import * as specs from "../../static/js/spec.js";
import { catalog, recipe, spec } from "./support.js";

const opening = () => edits.setupOf(spec());

test("shapes follow units, layers counted from one", () => {
  assert.deepEqual(specs.shapes(spec(), 2), [
    { layer: 1, W: [4, 2], b: [4, 1] },
    { layer: 2, W: [1, 4], b: [1, 1] },
  ]);
});

test("parameter names run through W row by row, then b, layer by layer", () => {
  const names = specs.parameterNames(specs.shapes(spec(), 2));
  assert.deepEqual(names.slice(0, 3), ["W1[0,0]", "W1[0,1]", "W1[1,0]"]);
  assert.equal(names[8], "b1[0]");
  assert.equal(names.at(-1), "b2[0]");
  assert.equal(names.length, specs.parameterCount(specs.shapes(spec(), 2)));
});

test("axes that exist stay, others fall back to a weight and a bias", () => {
  const names = specs.parameterNames(specs.shapes(spec(), 2));
  const kept = { x: "W2[0,3]", y: "b2[0]" };
  assert.deepEqual(specs.fittingAxes(names, kept), kept);
  const gone = specs.fittingAxes(names, { x: "W9[0,0]", y: "b9[0]" });
  assert.deepEqual(gone, { x: "W1[0,0]", y: "b1[0]" });
  assert.notEqual(specs.fittingAxes(names, { x: "b1[0]", y: "b1[0]" }).y, "b1[0]");
});

test("an output that the loss does not go with takes a loss that does", () => {
  const setup = edits.editLayer(opening(), 1, { activation: "tanh" }, catalog);
  assert.equal(setup.spec.loss, "mse");
  assert.equal(specs.withFittingLoss(spec(), catalog).loss, "cross_entropy");
});

test("data of another task bring their output, their loss and their width", () => {
  const { spec: line } = edits.chooseData(opening(), "line", catalog);
  assert.equal(specs.outputActivation(line), "linear");
  assert.equal(line.loss, "mse");
  assert.equal(specs.inputCount(line, catalog), 1);
  const back = edits.chooseData({ spec: line, slots: [0, 1] }, "circle", catalog).spec;
  assert.equal(specs.outputActivation(back), "sigmoid");
});

test("a learner's classes −1 and 1 ask for a tanh output", () => {
  const table = { inputs: [[0], [1]], targets: [-1, 1] };
  const { spec: own } = edits.setTable(opening(), table, false, catalog);
  assert.equal(specs.outputActivation(own), "tanh");
  assert.equal(own.loss, "mse");
  assert.equal(specs.inputCount(own, catalog), 1);
});

test("a recipe that is there already is added with another seed", () => {
  const once = edits.addRun(opening(), recipe("normal"));
  const twice = edits.addRun(once, recipe("normal"));
  assert.deepEqual(
    twice.spec.runs.map((run) => run.seed),
    [undefined, undefined, 8, 9],
  );
});

test("a run keeps its colour when another is removed, and the free one is used again", () => {
  const fewer = edits.removeRun(edits.addRun(opening(), recipe("zeros")), 1);
  assert.deepEqual(fewer.slots, [0, 2]);
  assert.deepEqual(edits.addRun(fewer, recipe("zeros")).slots, [0, 2, 1]);
});

test("another rule takes its defaults and gives up the old label", () => {
  const setup = edits.setRule(opening(), 1, "weights", { name: "normal" }, catalog);
  assert.deepEqual(setup.spec.runs[1].recipe?.weights, { name: "normal", std: 0.1 });
  assert.equal(setup.spec.runs[1].label, null);
});

test("given numbers do not outlive their architecture", () => {
  const given = edits.editRun(opening(), 0, { recipe: null, parameters: { W: [], b: [] } });
  assert.equal(edits.addLayer(given).spec.runs[0].parameters, undefined);
});

test("a hidden layer is added like the last one, before the output", () => {
  const { layers } = edits.addLayer(opening()).spec;
  assert.deepEqual(
    layers.map((layer) => layer.units),
    [4, 4, 1],
  );
  assert.deepEqual(
    edits.removeLayer({ spec: { ...spec(), layers }, slots: [] }, 1).spec.layers,
    spec().layers,
  );
});

test("what changed first is named", () => {
  const before = spec();
  assert.equal(specs.whatChanged(before, { ...before, batch_size: 10 }), "batch");
  assert.equal(specs.whatChanged(before, { ...before, seed: 8, loss: "mse" }), "loss");
  assert.equal(specs.whatChanged(before, edits.addLayer(opening()).spec), "network");
});

test("the shared rate is that of a run without its own", () => {
  const own = { name: "gradient_descent", learning_rate: 9 };
  /** @type {any} */
  const summary = {
    spec: { runs: [{ optimizer: own }, {}] },
    runs: [{ optimizer: own }, { optimizer: { ...own, learning_rate: 0.5 } }],
  };
  assert.equal(rates.sharedRate(summary), 0.5);
  assert.deepEqual(rates.followers(summary), [1]);
  assert.equal(rates.specWithRate(opening(), 0.5).optimizer.learning_rate, 0.5);
});
