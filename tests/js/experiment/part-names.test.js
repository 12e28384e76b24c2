/** Weights and neurons in words: one way of counting. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { partInWords } from "../../../static/js/experiment/part-names.js";
import { use } from "../../../static/js/ui/i18n.js";

const words = new URL("../../../static/i18n/en.json", import.meta.url);
use("en", JSON.parse(readFileSync(words, "utf8")));

const catalog = {
  data: [],
  feature_kinds: [{ name: "raw", pattern: "x{i}", formula: "x{i}", inputs: 1 }],
};
/** @param {number} outputs */
const known = (outputs) => ({
  catalog,
  setup: {
    spec: {
      data: { name: "custom", inputs: [[1, 2]], input_names: ["width", "x2"] },
      layers: [{ units: 3 }, { units: outputs }],
    },
  },
});
/** @param {number} layer @param {number} row @param {number} column */
const weight = (layer, row, column) => ({ kind: "weight", layer, row, column });

test("a weight leads from where to where, counted from 1", () => {
  assert.equal(partInWords(known(1), weight(1, 0, 0)), "width → neuron 1 of layer 1");
  assert.equal(partInWords(known(1), weight(1, 2, 1)), "x₂ → neuron 3 of layer 1");
  assert.equal(partInWords(known(1), weight(2, 0, 2)), "neuron 3 of layer 1 → output");
  assert.equal(partInWords(known(3), weight(2, 1, 0)), "neuron 1 of layer 1 → output 2");
});

test("a bias is its neuron's, an input has its number", () => {
  const neuron = (layer, row) => ({ kind: "neuron", layer, row });
  assert.equal(partInWords(known(1), neuron(1, 1)), "bias of neuron 2 of layer 1");
  assert.equal(partInWords(known(1), neuron(2, 0)), "bias of output");
  assert.equal(partInWords(known(1), neuron(0, 1)), "input 2");
});
