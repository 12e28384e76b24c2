import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import {
  hasOneEdge,
  labels,
  sharpnessRange,
  sharpnessTraces,
} from "../../../../static/js/panels/loss/sharpness.js";
import { use } from "../../../../static/js/ui/i18n.js";
import { catalogue } from "../../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

const HOW = { names: ["Glorot", "Adam"], slots: [0, 1], theme: "light" };
const told = (edge) => ({
  steps: [0, 8],
  largest: [
    [1, 10],
    [2, null],
  ],
  edge,
  complete: true,
});

test("every run has a curve and an edge of its own", () => {
  const traces = sharpnessTraces(
    told([
      [40, 40],
      [20, 20],
    ]),
    HOW,
  );
  assert.deepEqual(
    traces.map(({ name }) => name),
    ["λ of Glorot", "λ of Adam", "edge of Glorot", "edge of Adam"],
  );
  assert.ok(traces.every(({ yaxis, x }) => yaxis === "y2" && x.length === 2));
});

test("one line says the edge that all runs share", () => {
  const traces = sharpnessTraces(
    told([
      [40, 20],
      [40, 20],
    ]),
    HOW,
  );
  assert.deepEqual(traces.map(({ name }) => name).slice(2), ["edge of all runs"]);
  assert.ok(
    hasOneEdge(
      told([
        [40, null],
        [40, null],
      ]),
    ),
  );
});

test("an optimizer without a bound has no edge", () => {
  const traces = sharpnessTraces(
    told([
      [40, 40],
      [null, null],
    ]),
    HOW,
  );
  assert.deepEqual(traces.map(({ name }) => name).slice(2), ["edge of Glorot"]);
  assert.equal(
    sharpnessTraces(
      told([
        [null, null],
        [null, null],
      ]),
      HOW,
    ).length,
    2,
  );
});

test("the axis is labelled with few numbers, however far it reaches", () => {
  assert.equal(labels([-0.7, 0.4]), "D2");
  assert.equal(labels([-1, 2]), 1);
  assert.equal(labels([-4, 4]), 2);
});

test("the axis reaches over all that is drawn", () => {
  const [low, high] = sharpnessRange(
    told([
      [40, 40],
      [0.1, null],
    ]),
  );
  assert.ok(Math.abs(low - -1.1) < 1e-12 && Math.abs(high - (Math.log10(40) + 0.1)) < 1e-12);
  assert.equal(sharpnessRange({ steps: [], largest: [[null]], edge: [[null]] }), null);
});
