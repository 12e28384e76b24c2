import assert from "node:assert/strict";
import { test } from "node:test";

import {
  drawn,
  extendPaths,
  pathsOf,
  tamed,
  truncatePaths,
} from "../../../static/js/experiment/trajectories.js";

const words = { plane: "parameters", run: 0, x: "W1[0,0]", y: "b1[0]" };
const principal = { plane: "pca", run: 0 };
const surface = (steps) => ({
  step: steps.at(-1),
  path: [{ run: 0, steps, x: steps.slice(), y: steps.slice(), z: steps.map((s) => 1 / (s + 1)) }],
});
const frame = (step, key = pathsOf(surface([0]), null, words).at) => ({
  step,
  x: [step],
  y: [step],
  train: [1 / (step + 1)],
  axes: key,
});

test("a path goes on where the surface's ends", () => {
  const paths = pathsOf(surface([0, 1, 2]), null, words);
  extendPaths(paths, frame(3));
  extendPaths(paths, frame(3));
  assert.deepEqual(paths.steps, [0, 1, 2, 3]);
  assert.deepEqual(paths.z[0], [1, 1 / 2, 1 / 3, 1 / 4]);
});

test("moments told for other axes are left out", () => {
  const paths = pathsOf(surface([0]), null, words);
  extendPaths(paths, frame(1, "other|axes"));
  assert.deepEqual(paths.steps, [0]);
});

test("a surface that comes late does not lose what was shown since", () => {
  const known = pathsOf(surface([0, 1]), null, words);
  for (const step of [2, 3, 4]) extendPaths(known, frame(step));
  assert.deepEqual(pathsOf(surface([0, 1, 2]), known, words).steps, [0, 1, 2, 3, 4]);
});

test("going back cuts the path", () => {
  const paths = pathsOf(surface([0, 1, 2, 3]), null, words);
  truncatePaths(paths, 1);
  assert.deepEqual(paths.x[0], [0, 1]);
});

test("a very long path is thinned and keeps its start and its end", () => {
  const paths = pathsOf(surface([0]), null, words);
  for (let step = 1; step <= 5000; step++) extendPaths(paths, frame(step));
  assert.ok(paths.steps.length <= 1201);
  assert.equal(paths.steps[0], 0);
  assert.equal(paths.steps.at(-1), 5000);
  assert.equal(paths.x[0].length, paths.steps.length);
});

test("the surface reaches round the runs that have not left for far away", () => {
  const paths = {
    axes: "",
    steps: [0, 1],
    x: [[0, 1], [0, 1e9]],
    y: [[0, 0], [0, 0]],
    z: [[1, 0.5], [1, 1e12]],
  }; // prettier-ignore
  const [low, high] = tamed(paths, "x", 4);
  assert.ok(low <= 0);
  assert.ok(high >= 1);
  assert.ok(high < 10);
});

test("while no run has left, the server chooses how far the surface reaches", () => {
  assert.equal(tamed(pathsOf(surface([0, 1]), null, words), "x", 4), null);
});

test("on a plane that moves, what was told for the picture before is moved to the new one", () => {
  const known = pathsOf(surface([0, 1]), null, principal);
  for (const step of [2, 3]) extendPaths(known, frame(step, known.at));
  const next = surface([0, 1, 2]);
  next.path[0].x = [10, 11, 12]; // the new picture counts from elsewhere
  const paths = pathsOf(next, known, principal);
  assert.deepEqual(paths.x[0], [10, 11, 12, 13]);
  extendPaths(paths, frame(4, known.at)); // still in hand, told for the old picture
  extendPaths(paths, frame(5, "pca|0||||@1000"));
  assert.deepEqual(paths.x[0], [10, 11, 12, 13, 14]);
});

test("of a path only what can be seen is drawn, with its ends and its gaps", () => {
  const n = 5000;
  const x = Array.from({ length: n }, (_, i) => i / n);
  const z = x.map((value, i) => (i === 2500 ? null : 1 + 0.01 * value));
  const seen = drawn({ x, y: x, z }, { x: 1, y: 1 });
  assert.ok(seen.x.length < 260);
  assert.equal(seen.x.at(-1), x.at(-1));
  assert.equal(seen.z.filter((value) => value === null).length, 1);
});

test("nothing is drawn above the ceiling", () => {
  const seen = drawn({ x: [0, 1, 2], y: [0, 0, 0], z: [1, 9, 1] }, { x: 1, y: 1 }, { ceiling: 4 });
  assert.deepEqual(seen.z, [1, null, 1]);
});
