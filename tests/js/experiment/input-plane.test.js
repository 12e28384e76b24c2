/** The two inputs that a map is drawn over. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { inputPlane, planeQuery, tellingPair } from "../../../static/js/experiment/input-plane.js";

/** Columns without a pattern between them. @param {number} salt */
const noise = (salt) =>
  Array.from({ length: 80 }, (_, i) => (43758.5453 * Math.sin(12.9898 * i + 78.233 * salt)) % 1);
const columns = [noise(1), noise(2), noise(3), noise(4)];
const x = columns[0].map((_, i) => columns.map((column) => column[i]));
const y = columns[1].map((value, i) => 1.5 * value - 2 * columns[3][i]);
const data = { inputs: ["a", "b", "c", "d"], classes: null, train: { x, y }, test: null };
const automatic = { data, network: { plane: null } };

test("of all pairs the one is shown that a target depends on", () => {
  assert.deepEqual(tellingPair(data), [1, 3]);
  assert.deepEqual(inputPlane(automatic), [1, 3]);
});

test("three classes are told apart by the inputs that tell them apart", () => {
  const kinds = x.map(([a, , c]) => (a > 0.3 ? 2 : c > 0 ? 1 : 0));
  const one = kinds.map((kind) => [0, 1, 2].map((other) => Number(other === kind)));
  for (const targets of [kinds, one])
    assert.deepEqual(tellingPair({ train: { x, y: targets }, classes: ["a", "b", "c"] }), [0, 2]);
});

test("columns that are constant or the same do no harm", () => {
  const rows = x.map(([a, b]) => [1, a, a, b]);
  assert.deepEqual(tellingPair({ train: { x: rows, y: x.map(([a, b]) => a + b) } }), [1, 3]);
  assert.deepEqual(tellingPair({ train: { x: rows, y: x.map(() => 4) } }), [0, 1]);
});

test("irises open on their petals", () => {
  /** Means of the three species, and the spread within one. */
  const means = [
    [5.0, 3.4, 1.5, 0.25],
    [5.9, 2.8, 4.3, 1.3],
    [6.6, 3.0, 5.5, 2.0],
  ];
  const spread = [0.5, 0.35, 0.4, 0.2];
  const kinds = columns[0].map((_, i) => i % 3);
  const irises = kinds.map((kind, i) =>
    means[kind].map((mean, k) => mean + 1.7 * spread[k] * columns[k][i]),
  );
  assert.deepEqual(
    tellingPair({ train: { x: irises, y: kinds }, classes: ["a", "b", "c"] }),
    [2, 3],
  );
});

test("what the learner chose is shown while there are such inputs", () => {
  const chosen = { data, network: { plane: [2, 0] } };
  assert.deepEqual(inputPlane(chosen), [2, 0]);
  assert.deepEqual(planeQuery(chosen), { across: 2, up: 0 });
  const two = { ...data, inputs: ["a", "b"] };
  assert.deepEqual(inputPlane({ ...chosen, data: two }), [0, 1]);
  assert.deepEqual(planeQuery({ ...chosen, data: two }), {});
});
