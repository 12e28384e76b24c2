import assert from "node:assert/strict";
import { test } from "node:test";
import * as curves from "../../static/js/curves.js";
import * as paths from "../../static/js/paths.js";

/** @param {number} step @param {(number|null)[]} train @returns {any} */
const frame = (step, train) => ({
  step,
  train,
  test: train.map(() => null),
  x: train,
  y: train,
  axes: "a|b",
});

test("frames extend the curves and old ones are ignored", () => {
  const found = curves.startCurves(0, { train: [1, 2], test: [null, null] });
  curves.append(found, frame(5, [0.5, 1]));
  curves.append(found, frame(5, [9, 9]));
  assert.deepEqual(found.steps, [0, 5]);
  assert.deepEqual(found.train, [
    [1, 0.5],
    [2, 1],
  ]);
});

test("a rewind forgets what came after", () => {
  const found = curves.startCurves(0, { train: [1], test: [1] });
  for (const step of [5, 10, 15]) curves.append(found, frame(step, [1 / step]));
  curves.truncate(found, 10);
  assert.deepEqual(found.steps, [0, 5, 10]);
  assert.equal(found.train[0].length, 3);
});

test("a thinned curve is short, ordered, and keeps both extremes and both ends", () => {
  const steps = Array.from({ length: 50_000 }, (_, i) => i);
  const values = steps.map((i) => Math.sin(i));
  values[31_415] = 99;
  values[27_182] = -99;
  const { x, y } = curves.thin(steps, values, 500);
  assert.ok(x.length <= 500);
  assert.ok(y.includes(99) && y.includes(-99));
  assert.deepEqual([x[0], x.at(-1)], [0, 49_999]);
  assert.ok(x.every((step, i) => i === 0 || step > x[i - 1]));
});

test("a curve that fits is drawn as it is", () => {
  assert.deepEqual(curves.thin([0, 1, 2], [3, null, 1]), { x: [0, 1, 2], y: [3, null, 1] });
});

test("a stretch without losses becomes one gap", () => {
  const steps = Array.from({ length: 100 }, (_, i) => i);
  const { y } = curves.thin(steps, [1, ...Array(99).fill(null)], 12);
  assert.ok(y.slice(1).every((value) => value === null));
});

test("a run that blows up does not set the height of the axis", () => {
  const { high } = curves.heights([
    [1, 0.5, 0.2],
    [1, 50, 1e9, null],
  ]);
  assert.equal(high, 4);
});

test("axes grow in round leaps", () => {
  assert.deepEqual([50, 51, 110, 999].map(curves.roundUp), [50, 60, 150, 1000]);
});

test("what was shown after the surface was asked for stays on its path", () => {
  /** @type {any} */
  const surface = {
    axes: { x: "a", y: "b" },
    path: [{ steps: [0, 4], x: [0, 4], y: [0, 4], z: [9, 8] }],
  };
  const first = paths.pathsOf(surface, null);
  for (const step of [5, 6]) paths.extendPaths(first, frame(step, [step]));
  const second = paths.pathsOf(surface, first);
  assert.deepEqual(second.steps, [0, 4, 5, 6]);
  assert.deepEqual(second.z[0], [9, 8, 5, 6]);
  paths.truncatePaths(second, 5);
  assert.deepEqual(second.x[0], [0, 4, 5]);
});

test("frames of other axes do not get onto a path", () => {
  /** @type {any} */
  const surface = { axes: { x: "a", y: "c" }, path: [{ steps: [0], x: [0], y: [0], z: [1] }] };
  const found = paths.pathsOf(surface, null);
  paths.extendPaths(found, frame(1, [1]));
  assert.deepEqual(found.steps, [0]);
});

test("a long path is halved and keeps its present end", () => {
  /** @type {any} */
  const surface = { axes: { x: "a", y: "b" }, path: [{ steps: [0], x: [0], y: [0], z: [1] }] };
  const found = paths.pathsOf(surface, null);
  for (let step = 1; step <= 5000; step++) paths.extendPaths(found, frame(step, [step]));
  assert.ok(found.steps.length <= 1200);
  assert.equal(found.x[0].at(-1), 5000);
  assert.equal(found.x[0].length, found.steps.length);
});

test("the surface stays with those that did not leave", () => {
  /** @type {any} */
  const all = {
    axes: "a|b",
    steps: [0, 1],
    x: [
      [0, 1],
      [0, 1e9],
    ],
    y: [
      [0, 0],
      [0, 0],
    ],
    z: [
      [1, 1],
      [1, 1e18],
    ],
  };
  const reach = paths.tamed(all, "x", 4);
  assert.ok(reach && reach[0] <= 0 && reach[1] >= 1 && reach[1] < 10);
  assert.equal(
    paths.tamed(
      {
        ...all,
        z: [
          [1, 1],
          [1, 2],
        ],
      },
      "x",
      4,
    ),
    null,
  );
});
