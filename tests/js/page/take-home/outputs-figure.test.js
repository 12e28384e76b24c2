/** The figure of the outputs shows what the map on the page shows: its range, its classes, its colours. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { outputsFigure } from "../../../../static/js/page/take-home/outputs-figure.js";
import { use } from "../../../../static/js/ui/i18n.js";
import { classColor, groupColor } from "../../../../static/js/ui/theme.js";
import { catalogue } from "../../catalogues.js";

use("en", catalogue("en"));

/** @param {number[]} values */
const packed = (values) => ({
  dtype: "f4",
  bdata: Buffer.from(new Float32Array(values).buffer).toString("base64"),
  shape: `${values.length}`,
});

const PLANE = { axes: [0, 1], inputs: ["x1", "x2"], held: [], x: [0, 1], y: [0, 1] };
const DATA = {
  task: "classification",
  inputs: ["x1", "x2"],
  classes: ["0", "1"],
  extent: [
    [-1, 2],
    [-3, 4],
  ],
  train: {
    x: [
      [0, 0],
      [1, 1],
    ],
    y: [0, 1],
  },
  test: { x: [[1, 0]], y: [1] },
};

/** @param {object} found @param {object} data */
const figure = (found, data) =>
  /** @type {any} */ (
    outputsFigure(/** @type {any} */ ({ found, data, theme: "light", title: "a < b" }))
  );

test("of two classes the colours end where the targets do, whatever the network puts out", () => {
  const { data, layout } = figure({ ...PLANE, output: packed([-6, 0.5, 1, 3]) }, DATA);
  const [map] = data;
  assert.deepEqual([map.zmin, map.zmax], [0, 1]);
  assert.deepEqual(map.z, [
    [-6, 0.5],
    [1, 3],
  ]);
  assert.deepEqual(
    [layout.xaxis.range, layout.yaxis.range],
    [
      [-1, 2],
      [-3, 4],
    ],
  );
  const points = data.filter(({ showlegend }) => showlegend === false);
  assert.deepEqual(
    points.map(({ x, marker }) => [x.length, marker.symbol, marker.color]),
    [
      [1, "circle", classColor(0, "light")],
      [1, "circle", classColor(1, "light")],
      [0, "circle-open", classColor(0, "light")],
      [1, "circle-open", classColor(1, "light")],
    ],
  );
  const named = data.filter(({ name, showlegend }) => name && showlegend !== false);
  assert.deepEqual(
    named.map(({ name }) => name),
    ["class 0", "class 1", "training samples", "test samples"],
  );
});

test("of three classes the map has the region of each", () => {
  const three = {
    ...DATA,
    classes: ["a", "b", "c<"],
    train: {
      x: [
        [0, 0],
        [1, 1],
      ],
      y: [
        [1, 0, 0],
        [0, 0, 1],
      ],
    },
    test: null,
  };
  const output = packed([0.6, 0.2, 0.1, 0.1, 0.3, 0.7, 0.2, 0.1, 0.1, 0.1, 0.7, 0.8]);
  const { data } = figure({ ...PLANE, output }, three);
  assert.deepEqual(data[0].z, [
    [0, 1],
    [2, 2],
  ]);
  assert.deepEqual([data[0].zmin, data[0].zmax], [-0.5, 2.5]);
  assert.equal(data[0].colorscale[2][1], groupColor(1, "light"));
  const names = data.map(({ name }) => name).filter(Boolean);
  assert.deepEqual(names, ["class a", "class b", "class c&lt;", "training samples"]);
});

test("numbers have one range, map and samples alike", () => {
  const numbers = {
    ...DATA,
    task: "regression",
    classes: null,
    train: { ...DATA.train, y: [-2, 3] },
  };
  const { data } = figure({ ...PLANE, output: packed([0, 0, 0, 9]) }, { ...numbers, test: null });
  const [map, samples] = data;
  assert.deepEqual([map.zmin, map.zmax, samples.marker.cmin, samples.marker.cmax], [-2, 3, -2, 3]);
  assert.deepEqual(samples.marker.color, [-2, 3]);
});

test("of one input the axis keeps to the samples where a run has diverged", () => {
  const line = {
    ...DATA,
    task: "regression",
    classes: null,
    inputs: ["x"],
    target: "y",
    extent: [[-1, 2]],
    target_scale: { center: [10], scale: [2] },
    train: { x: [[0], [1]], y: [-1, 1] },
    test: null,
  };
  const found = { axes: [0], inputs: ["x"], held: [], x: [0, 1], output: packed([1e6, -1e6]) };
  const { data, layout } = figure(found, line);
  assert.deepEqual(layout.yaxis.range, [8 - 0.48, 12 + 0.48]);
  assert.equal(layout.yaxis.title.text, "y");
  assert.deepEqual(data[1].y, [8, 12]);
});
