import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { use } from "../../../../static/js/ui/i18n.js";
import { tableOf, titled, turnable } from "../../../../static/js/panels/landscape/export.js";
import { tableOf as lossTable } from "../../../../static/js/panels/loss/export.js";
import { catalogue } from "../../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

const bytes = Buffer.from(new Float32Array([4, 5, 6, 7]).buffer).toString("base64");
const surface = {
  run: 0,
  step: 3,
  plane: "parameters",
  loss: "mse",
  axes: { x: "W1[0,0]", y: "b1[0]" },
  x: [0, 1],
  y: [2, 3],
  z: { dtype: "f4", bdata: bytes, shape: "2,2" },
  path: [{ run: 0, steps: [0, 3], x: [0.5, null], y: [2.5, 2.75], z: [5.5, 5] }],
};
const state = {
  surface,
  chosen: 0,
  landscape: { view: "surface", second: null, slice: null, other: null },
  catalog: { recipes: [] },
  live: { slots: [0], spec: { optimizer: { name: "adam" }, runs: [{ label: "mine, own" }] } },
  curves: { steps: [0, 5], train: [[1, 0.5]], test: [[2, null]] },
};

test("the table of a surface has its grid and, after it, the paths with their steps", () => {
  const lines = tableOf(state).trim().split("\r\n");
  assert.equal(lines[0], '"W1[0,0]",b1[0],J,set,run,step');
  assert.equal(lines[1], '0,2,4,surface,"mine, own",3');
  assert.equal(lines.length, 1 + 4 + 2);
  assert.equal(lines[5], '0.5,2.5,5.5,path,"mine, own",0');
  assert.equal(lines[6], ',2.75,5,path,"mine, own",3');
});

test("two losses stand beside each other on every line", () => {
  const second = { ...surface, loss: "cross_entropy" };
  const both = { ...state, landscape: { ...state.landscape, view: "losses", second } };
  const lines = tableOf(both).trim().split("\r\n");
  assert.match(lines[0], /J mse,J cross_entropy,set/);
  const columns = new Set(lines.map((line) => line.replace(/"[^"]*"/g, "").split(",").length));
  assert.equal(columns.size, 1);
});

test("a figure that is taken away names its runs once, and says what colour is what height", () => {
  const run = (scene) => ({
    type: "scatter3d",
    mode: "lines",
    meta: { run: 0, path: true },
    scene,
  });
  const data = [
    { type: "surface", meta: {} },
    run("scene"),
    run("scene2"),
    { type: "scatter3d", mode: "lines", meta: { run: 0, set: "shadow" } },
    { type: "scatter3d", mode: "markers", meta: { set: "present" } },
  ];
  const figure = titled({ data, layout: {} }, "J over W and b", "#fff");
  assert.deepEqual(
    figure.data.map(({ showlegend }) => showlegend),
    [false, true, false, false, false],
  );
  assert.equal(figure.layout.title.text, "J over W and b");
  assert.equal(titled({ data: data.slice(0, 2), layout: {} }, "", "").data[0].showscale, true);
});

/** @param {number} count @param {string} name */
const curves = (count, name) =>
  Array.from({ length: count }, (_, run) => ({
    type: "scatter",
    mode: "lines",
    name: `${name} ${run}`,
    meta: { run },
  }));

test("below a flat picture there is room for its axis, its words, and every row of its legend", () => {
  const few = titled({ data: curves(3, "a"), layout: {}, words: ["arrows"] }, "", "").layout;
  assert.ok(few.margin.b >= 50 + 22 + 22);
  assert.equal(few.legend.yref, "container");
  assert.equal(few.annotations[0].text, "arrows");
  assert.ok(few.annotations[0].yshift <= -50, "it is below the name of the axis");
  const many = titled({ data: curves(16, "a".repeat(60)), layout: {} }, "", "");
  assert.ok(many.layout.margin.b >= 50 + 4 * 22);
  assert.ok(many.layout.margin.b < 200, "most of the picture is left for J");
  assert.match(many.data[15].name, /^a+….* 15$/);
});

test("what is no run's is named too: the step, the last steps and the tangent", () => {
  const data = ["ahead", "before", "tangent", "landings"].map((set) => ({
    type: "scatter",
    mode: "lines",
    name: set,
    meta: { set },
  }));
  const listed = titled({ data, layout: {} }, "", "").data.map(({ showlegend }) => showlegend);
  assert.deepEqual(listed, [true, true, true, false]);
});

test("each of two scenes has its own colours below it, and powers of ten are told as what they are", () => {
  const data = ["scene", "scene2"].map((scene) => ({
    type: "surface",
    scene,
    meta: {},
    cmin: -2,
    cmax: 0,
  }));
  const [one, two] = titled({ data, layout: {}, log: true }, "", "").data;
  assert.ok(one.showscale && two.showscale);
  assert.deepEqual([one.colorbar.x, two.colorbar.x], [0.25, 0.75]);
  assert.equal(one.colorbar.ticktext[0], "0.01");
  assert.equal(one.colorbar.tickvals[0], -2);
});

test("a page that can be turned has nothing that is drawn for one place of the eye", () => {
  const through = { type: "scatter3d", meta: { set: "through" } };
  const { data } = turnable({ data: [{ type: "surface", meta: {} }, through], layout: {} });
  assert.equal(data.length, 1);
  assert.ok(data[0].opacity < 1);
});

test("the table of the loss curves has a line for each step, and test losses where there are any", () => {
  assert.equal(lossTable(state), 'step,"mine, own","mine, own, test"\r\n0,1,2\r\n5,0.5,\r\n');
});
