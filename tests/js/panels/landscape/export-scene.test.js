import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arrowOf,
  farther,
  lifted,
  seenThrough,
} from "../../../../static/js/panels/landscape/export-scene.js";

const bytes = Buffer.from(new Float32Array([1, 1, 1, 1]).buffer).toString("base64");
const surface = {
  run: 0,
  step: 3,
  x: [0, 1],
  y: [0, 1],
  z: { dtype: "f4", bdata: bytes, shape: "2,2" },
  ahead: { x: [0.5, 0.51], y: [0.5, 0.5] },
};
const scene = {
  camera: { eye: { x: 0, y: 0, z: 2 } },
  xaxis: { range: [0, 1] },
  yaxis: { range: [0, 1] },
  zaxis: { range: [0, 2], type: "linear" },
  aspectratio: { x: 1, y: 1, z: 1 },
};
const below = { x: [0.25, null], y: [0.5, null], z: [0.5, null] };

test("a point under the surface comes before it, on the way to the eye", () => {
  const { x, y, z } = lifted(below, surface, scene, { most: 0.6, pieces: 1 });
  assert.ok(z[0] > 1, "it is above the surface");
  // In the scene the point is at (-0.25, 0, -0.25): what is left of the way to the eye is the same share on each axis.
  const share = 1 - (x[0] - 0.5) / -0.25;
  assert.ok(Math.abs((z[0] / 2 - 0.5 + 0.25) / 2.25 - share) < 1e-9);
  assert.equal(y[0], 0.5);
  assert.deepEqual([x[1], y[1], z[1]], [null, null, null]);
});

test("a point that is seen stays where it is", () => {
  const above = { x: [0.25], y: [0.5], z: [1.5] };
  assert.deepEqual(lifted(above, surface, scene, { most: 0.6, pieces: 1 }), above);
});

test("paths are drawn once more before the surface, and shadows not at all", () => {
  const line = { type: "scatter3d", mode: "lines", ...below };
  const traces = [
    { type: "surface", meta: {} },
    { ...line, meta: { run: 0 } },
    { ...line, meta: { run: 0, set: "shadow" } },
  ];
  const found = seenThrough(traces, surface, scene);
  assert.deepEqual(
    found.map(({ meta }) => meta.set),
    [undefined, undefined, "through"],
  );
  assert.ok(found[2].z[0] > 1 && found[2].opacity < 1);
});

test("a step too short to be seen is an arrow of many times its length, which is told", () => {
  const { points, longer } = arrowOf({ step: 3, hurried: false }, surface);
  assert.equal(longer, 10);
  assert.ok(points.x.some((x) => x !== null && Math.abs(x - 0.6) < 1e-9));
  assert.equal(arrowOf({ step: 4, hurried: false }, surface), null);
});

test("from farther away the direction is the same", () => {
  assert.deepEqual(farther({ eye: { x: 1, y: 2, z: 3 } }, 2).eye, { x: 2, y: 4, z: 6 });
});
