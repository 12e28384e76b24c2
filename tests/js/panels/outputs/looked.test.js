/** What the large map shows while something is pointed at. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createLooked } from "../../../../static/js/panels/outputs/looked.js";
import {
  answerInWords,
  pointAt,
  targetInWords,
} from "../../../../static/js/panels/outputs/point-card.js";
import { use } from "../../../../static/js/ui/i18n.js";

const words = new URL("../../../../static/i18n/en.json", import.meta.url);
use("en", JSON.parse(readFileSync(words, "utf8")));

/** @param {number[]} values */
const typed = (values) => ({
  dtype: "f4",
  bdata: Buffer.from(new Float32Array(values).buffer).toString("base64"),
});

const data = {
  inputs: ["x1", "x2"],
  extent: [
    [-1, 1],
    [-1, 1],
  ],
  classes: ["no", "yes"],
  train: { x: [[0, 0.5]], y: [1] },
  test: { x: [[0.5, -0.5]], y: [0] },
};
const spec = {
  data: { name: "circle" },
  layers: [{ units: 2 }, { units: 1 }],
  runs: [{ label: "one" }, { label: "two" }],
};
const catalog = {
  data: [{ name: "circle", inputs: 2 }],
  feature_kinds: [{ name: "raw", pattern: "x{i}", formula: "x{i}", inputs: 1 }],
  recipes: [],
};

function page() {
  const state = {
    catalog,
    setup: { spec },
    live: { spec },
    summary: { id: "a", version: 1 },
    data,
    chosen: 0,
    runs: [{}, {}],
    step: 7,
    serverStep: 9,
    hurried: false,
    hover: null,
    outputs: { step: 7 },
    network: { plane: null, looked: null },
    inside: new Map([[0, { step: 7, outputs: { neurons: [[typed([0.1, 0.2, 0.3, 0.4])]] } }]]),
  };
  /** @type {{query: object, answer: (found: object) => void}[]} */
  const asked = [];
  let drawn = 0;
  const outputs = (_id, query) => new Promise((resolve) => asked.push({ query, answer: resolve }));
  return {
    state,
    asked,
    looked: createLooked(state, { outputs }, () => (drawn += 1)),
    drawn: () => drawn,
  };
}

test("a neuron is shown coarsely at once and finely when the server has answered", async () => {
  const { state, asked, looked, drawn } = page();
  assert.equal(looked.now().title, "");
  assert.equal(looked.now().outputs, state.outputs);
  state.network.looked = { run: 0, part: { kind: "neuron", layer: 1, row: 0 } };
  const first = looked.now();
  assert.equal(first.title, "neuron 1 of layer 1");
  assert.equal(first.neuron.values.length, 4);
  assert.deepEqual(asked[0].query.neuron, "b1[0]");
  asked[0].answer({ neuron: typed([0.5, -0.9, 0, 0.1, 0, 0, 0, 0, 0]) });
  await new Promise(setImmediate);
  assert.equal(drawn(), 1);
  const { neuron } = looked.now();
  assert.equal(neuron.values.length, 9);
  assert.deepEqual(
    neuron.range.map((end) => Math.round(100 * end)),
    [-90, 90],
  );
  assert.equal(asked.length, 1);
});

test("an input is shown as it is, without asking", () => {
  const { state, asked, looked } = page();
  state.network.looked = { run: 0, part: { kind: "neuron", layer: 0, row: 1 } };
  const { title, neuron } = looked.now();
  assert.equal(title, "x₂");
  assert.equal(neuron.values[0], -1);
  assert.equal(neuron.values.at(-1), 1);
  assert.equal(asked.length, 0);
});

test("of the moments that are pointed at the last one is asked for", async () => {
  const { state, asked, looked } = page();
  state.hover = { run: 0, step: 7 };
  assert.equal(looked.now().title, "", "it is shown already");
  for (const step of [1, 2, 3]) {
    state.hover = { run: 1, step };
    assert.equal(looked.now().title, "", "what is known stays");
  }
  asked[0].answer({ step: 1 });
  await new Promise(setImmediate);
  assert.deepEqual(
    asked.map(({ query }) => query.step),
    [1, 3],
  );
  asked[1].answer({ step: 3 });
  await new Promise(setImmediate);
  assert.equal(looked.now().title, "two, step 3");
  assert.equal(looked.now().outputs.step, 3);
  state.hover = { run: 1, step: 99 };
  assert.equal(looked.now().title, "", "a step that there is not yet");
});

test("a point is found where it is drawn, a test point only where it is", () => {
  const box = { left: 10, top: 0, width: 100, height: 100 };
  const frame = { box, x: [-1, 1], y: [-1, 1], axes: /** @type {[number, number]} */ ([0, 1]) };
  const near = pointAt(data, frame, true, 62, 24);
  assert.deepEqual([near?.part, near?.row, near?.x, near?.y], ["train", 0, 60, 25]);
  assert.equal(pointAt(data, frame, true, 85, 75)?.part, "test");
  assert.equal(pointAt(data, frame, false, 85, 75), null);
});

test("a target is told by its class or in its own units, and so is the answer", () => {
  assert.equal(targetInWords(data, 1), "yes");
  assert.equal(answerInWords(data, [0.25]), "0.25");
  const priced = { ...data, classes: null, target_scale: { center: [10], scale: [2] } };
  assert.equal(targetInWords(priced, -1), "8");
  assert.equal(answerInWords(priced, [0.5]), "11");
  const three = { ...data, classes: ["a", "b", "c"] };
  assert.equal(targetInWords(three, [0, 0, 1]), "c");
  assert.equal(answerInWords(three, [0.2, 0.7, 0.1]), "b: 0.7");
});
