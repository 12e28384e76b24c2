/** What a closed part does is not done, whichever way it is asked for. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { OPEN } from "../../../static/js/experiment/access.js";
import { gridOf, withLayer } from "../../../static/js/page/arrangement.js";
import { guarded } from "../../../static/js/playback/guard.js";

const SPEC = { data: 1, layers: 1, runs: [{}], loss: 1, batch_size: 1, seed: 1 };
const ACTS = [
  ...["play", "step", "reset", "back", "branch", "setTraining", "setParameters", "startAt"],
  ...["open", "toggle", "change", "pause"],
];

/** @param {import("../../../static/js/types.js").Closed} layer */
function closed(layer) {
  /** @type {string[]} */
  const done = [];
  /** @type {string[]} */
  const said = [];
  const conductor = Object.fromEntries(ACTS.map((name) => [name, async () => done.push(name)]));
  const state = {
    access: withLayer(OPEN, "link", layer),
    playing: false,
    live: { spec: SPEC },
    training: {},
    patch() {},
  };
  const guard = guarded(
    /** @type {never} */ (conductor),
    /** @type {never} */ (/** @type {unknown} */ (state)),
    (key) => said.push(key),
  );
  /** @type {Record<string, (...args: unknown[]) => Promise<unknown>>} */
  const acts = /** @type {never} */ (guard);
  return { acts, done, said, state };
}

test("a page that is open does all", async () => {
  const { acts, done, said } = closed({});
  for (const name of ACTS) await acts[name]({ spec: SPEC, setup: { spec: SPEC } });
  assert.deepEqual(done, ACTS);
  assert.deepEqual(said, []);
});

test("what is locked or hidden does nothing, and says so", async () => {
  for (const way of ["locked", "hidden"]) {
    const { acts, done, said } = closed({ [way]: ["train", "timeline", "settings", "network"] });
    for (const name of ACTS.slice(0, 8)) await acts[name]({});
    await acts.toggle();
    assert.deepEqual(done, []);
    assert.equal(said.length, 9);
  }
});

test("what plays can be stopped", async () => {
  const { acts, done, state } = closed({ locked: ["train"] });
  state.playing = true;
  await acts.toggle();
  assert.deepEqual(done, ["toggle"]);
});

test("an edit is refused by the part that it belongs to", async () => {
  for (const [part, change] of /** @type {const} */ ([
    ["data", { data: 2 }],
    ["network", { layers: 2 }],
    ["runs", { runs: [] }],
    ["runs", { seed: 2 }],
    ["settings", { loss: 2 }],
    ["settings", { batch_size: 2 }],
  ])) {
    const { acts, done } = closed({ locked: [part] });
    await acts.change({ spec: { ...SPEC, ...change } });
    assert.deepEqual(done, [], part);
    await acts.change({ spec: { ...SPEC, ...change } }, { preset: "deep" });
    assert.deepEqual(done, ["change"]);
  }
});

test("what takes the place of an experiment leaves what is locked as it is", async () => {
  for (const [part, change] of /** @type {const} */ ([
    ["data", { data: 2 }],
    ["network", { features: 2 }],
    ["runs", { runs: [{}, {}] }],
    ["runs", { seed: 2, loss: 2 }],
    ["settings", { layers: 2, optimizer: 2 }],
  ])) {
    const { acts, done, said } = closed({ locked: [part], hidden: ["tools"] });
    const setup = { spec: { ...SPEC, ...change } };
    await acts.open({ setup, part: "seeds" });
    await acts.change(setup, { training: null });
    await acts.change(setup, { training: null, preset: "deep" });
    assert.deepEqual([done, said.length], [[], 3], part);
    await acts.open({ setup: { spec: SPEC }, part: "seeds" });
    assert.deepEqual(done, ["open"]);
    await acts.open({ setup: { spec: SPEC } });
    assert.equal(said.length, 4); // tools are hidden
  }
  for (const [part, event] of /** @type {const} */ ([
    ["network", { parameters: {} }],
    ["settings", { optimizer: {} }],
  ])) {
    const { acts, done } = closed({ locked: [part] });
    await acts.open({ setup: { spec: SPEC }, events: [event] });
    assert.deepEqual(done, []);
  }
});

test("a branch is refused as a whole for what is locked or hidden of it", async () => {
  for (const way of ["locked", "hidden"]) {
    const settings = closed({ [way]: ["settings"] });
    await settings.acts.branch({ optimizer: {} });
    await settings.acts.branch({ run: 0, recipe: {} }, [{ optimizer: {} }]);
    assert.deepEqual([settings.done, settings.said.length], [[], 2]);
    await settings.acts.branch({ run: 0, recipe: {} });
    assert.deepEqual(settings.done, ["branch"]);
    const runs = closed({ [way]: ["runs"] });
    await runs.acts.branch({ run: 0, recipe: {} });
    assert.deepEqual([runs.done, runs.said.length], [[], 1]);
    await runs.acts.branch({ optimizer: {} });
    assert.deepEqual(runs.done, ["branch"]);
  }
  const { acts, done, state } = closed({});
  state.access = withLayer(OPEN, "lesson", { hidden: ["settings", "runs"] });
  await acts.branch({ run: 0, recipe: {} }, [{ optimizer: {} }]);
  assert.deepEqual(done, ["branch"]); // a lesson makes room
});

test("layers close together, and each opens what only it had closed", () => {
  const one = withLayer(OPEN, "link", { hidden: ["data"], answers: false });
  const two = withLayer(one, "lesson", { hidden: ["data", "surface"], locked: ["train"] });
  assert.deepEqual([...two.hidden], ["data", "surface"]);
  const back = withLayer(two, "lesson", null);
  assert.deepEqual([[...back.hidden], back.locked.size, back.answers], [["data"], 0, false]);
});

test("whoever stands alone in a column fills it", () => {
  assert.equal(gridOf(new Set()), null);
  assert.deepEqual(gridOf(new Set(["data"])), {
    areas: '"runs network learned" "runs loss surface"',
    columns: "var(--setup) minmax(0, 1fr) minmax(0, 1fr)",
  });
  assert.equal(gridOf(new Set(["data", "runs"]))?.columns, "minmax(0, 1fr) minmax(0, 1fr)");
});
