/** The figure of the output: the ends of its colours are those of the page, and its legend says what there is. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { outputFigure } from "../../../../static/js/page/take-home/output-figure.js";
import { use } from "../../../../static/js/ui/i18n.js";
import { groupColor } from "../../../../static/js/ui/theme.js";
import { catalogue } from "../../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

/** @param {number[]} values */
const typed = (values) => ({
  dtype: "f8",
  bdata: Buffer.from(new Float64Array(values).buffer).toString("base64"),
});

/** @param {number[]} output @param {object} data @param {boolean} [flat] whether there is one input */
function drawn(output, data, flat = false) {
  const found = /** @type {any} */ ({
    x: [0, 1],
    y: flat ? null : [0, 1],
    output: typed(output),
    inputs: flat ? ["x1"] : ["x1", "x2"],
    axes: flat ? [0] : [0, 1],
    held: [],
  });
  const set = {
    inputs: found.inputs,
    target: "y",
    target_scale: null,
    classes: null,
    extent: [
      [0, 1],
      [0, 1],
    ],
    ...data,
  };
  const how = { data: /** @type {any} */ (set), theme: /** @type {const} */ ("light"), test: true };
  const { data: traces, layout } = outputFigure(found, how);
  const all = /** @type {any[]} */ (traces);
  const told = all.flatMap(({ name }) => (name === undefined ? [] : [name]));
  return { all, layout: /** @type {any} */ (layout), told };
}

const PLACES = [
  [0, 0],
  [1, 1],
];

test("map and samples of a regression have one range: that of the targets", () => {
  const train = { x: PLACES, y: [-2, 2] };
  const { all, told } = drawn([-50, 0, 1, 90], {
    task: "regression",
    train,
    test: { x: [[0, 1]], y: [0] },
  });
  const [map, open, full] = all;
  assert.deepEqual([map.zmin, map.zmax], [-2, 2]);
  assert.deepEqual(map.colorbar.ticktext, ["−2", "0", "2"]);
  assert.deepEqual([open.marker.symbol, full.marker.symbol], ["circle-open", "circle"]);
  assert.equal(full.marker.color.length, 2);
  assert.notEqual(full.marker.color[0], full.marker.color[1]);
  assert.deepEqual(told, ["training samples", "test samples"]);
});

test("of three classes the map shows the likeliest, in its own colour, and the legend names all", () => {
  const output = [0.8, 0.1, 0.2, 0.3, 0.1, 0.8, 0.1, 0.3, 0.1, 0.1, 0.7, 0.4];
  const train = {
    x: PLACES,
    y: [
      [1, 0, 0],
      [0, 0, 1],
    ],
  };
  const { all, told } = drawn(output, { task: "classes", classes: ["a", "b", "c"], train });
  const maps = all.filter(({ type }) => type === "heatmap");
  assert.deepEqual(
    maps.map(({ z }) => z.flat().map((/** @type {number|null} */ one) => one !== null)),
    [
      [true, false, false, false],
      [false, true, false, false],
      [false, false, true, true],
    ],
  );
  assert.ok(maps.every(({ showscale }) => showscale === false));
  assert.deepEqual(told, ["class a", "class b", "class c", "training samples"]);
  const points = all.find(({ marker }) => Array.isArray(marker?.color));
  assert.deepEqual(points.marker.color, [groupColor(0, "light"), groupColor(2, "light")]);
});

test("a run of one input that blew up leaves the axis to the targets", () => {
  const train = { x: [[0], [1]], y: [-1, 1] };
  const { layout, told } = drawn([-1e9, 1e9], { task: "regression", train, test: null }, true);
  assert.deepEqual(layout.yaxis.range, [-1.24, 1.24]);
  assert.deepEqual(told, ["network output", "training samples"]);
});
