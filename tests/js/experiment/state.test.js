import assert from "node:assert/strict";
import { test } from "node:test";

import { setupOf } from "../../../static/js/experiment/edits.js";
import { chooseRun, createState } from "../../../static/js/experiment/state.js";
import { settle } from "../fake-page.js";
import { CATALOG, SPEC, createFakeServer } from "../fake-server.js";

async function fresh() {
  const summary = await createFakeServer().api.create(SPEC);
  const state = createState(CATALOG, summary, setupOf(summary.spec), { logLoss: false });
  /** @type {string[]} */
  const heard = [];
  return { state, heard, hear: (name, fields) => state.on(fields, () => heard.push(name)) };
}
const later = () => new Promise((next) => setTimeout(next, 5));

test("a patch tells those who named one of its fields, once for several patches", async () => {
  const { state, heard, hear } = await fresh();
  hear("loss", ["step", "curves"]);
  hear("notice", ["notice"]);
  state.patch({ step: 3 });
  state.patch({ step: 4, curves: state.curves });
  assert.equal(state.step, 4);
  assert.deepEqual(heard, []);
  await later();
  assert.deepEqual(heard, ["loss"]);
});

test("a patch at once tells at once, in the order of subscription", async () => {
  const { state, heard, hear } = await fresh();
  hear("first", ["step"]);
  hear("second", ["step"]);
  state.patchNow({ step: 1 });
  assert.deepEqual(heard, ["first", "second"]);
});

test("a group of settings is patched one by one, and its fields can be named", async () => {
  const { state, heard, hear } = await fresh();
  hear("any", ["landscape"]);
  hear("view", ["landscape/view"]);
  hear("plane", ["landscape/plane"]);
  const { landscape } = state;
  state.patchNow({ landscape: { view: "contour" } });
  assert.equal(state.landscape, landscape);
  assert.equal(landscape.view, "contour");
  assert.deepEqual(heard, ["any", "view"]);
});

test("what was changed in place is announced by naming it", async () => {
  const { state, heard, hear } = await fresh();
  hear("inside", ["inside"]);
  state.inside.set(0, {});
  state.patchNow({ inside: state.inside });
  assert.deepEqual(heard, ["inside"]);
});

test("a listener that patches is heard in the next turn", async () => {
  const { state, heard, hear } = await fresh();
  hear("problems", ["problems"]);
  state.on(["step"], () => state.patch({ problems: [] }));
  state.patchNow({ step: 2 });
  assert.deepEqual(heard, []);
  await later();
  assert.deepEqual(heard, ["problems"]);
});

test("another run that is chosen has no outputs yet; one that is not there is not chosen", async () => {
  const { state } = await fresh();
  state.outputs = /** @type {any} */ ({});
  chooseRun(state, 1);
  assert.equal(state.chosen, 1);
  assert.equal(state.outputs, null);
  chooseRun(state, 9);
  assert.equal(state.chosen, 1);
  await settle();
});
