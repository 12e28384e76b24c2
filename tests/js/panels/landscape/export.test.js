import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { use } from "../../../../static/js/ui/i18n.js";
import { tableOf, titled } from "../../../../static/js/panels/landscape/export.js";
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

test("the table of the loss curves has a line for each step, and test losses where there are any", () => {
  assert.equal(lossTable(state), 'step,"mine, own","mine, own, test"\r\n0,1,2\r\n5,0.5,\r\n');
});
