import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/server/api.js";
import { settled } from "../../../static/js/page/settled.js";
import { createViewLoader } from "../../../static/js/page/view-loader.js";
import { createFakePage, settle } from "../fake-page.js";
import { busy } from "../fake-server.js";

/**
 * A loader of two views whose answers the test gives; some are wanted early, and some at first.
 * @param {string[]} early @param {string[]} first
 */
async function fake(early = [], first = []) {
  const { state } = await createFakePage();
  /** @type {{name: string, answer: (error?: unknown) => void}[]} */
  const asked = [];
  const shown = [];
  const failed = [];
  const load = (name) => async () => {
    await new Promise((done, refuse) =>
      asked.push({ name, answer: (error) => (error ? refuse(error) : done(null)) }),
    );
    return () => shown.push(name);
  };
  const loader = createViewLoader({
    state,
    api: /** @type {any} */ ({}),
    fail: async (error) => void failed.push(error),
    later: /** @type {any} */ ((run) => setImmediate(run)),
  });
  loader.want(...early);
  loader.serve({ loads: { a: load("a"), b: load("b") }, needs: () => ["a", "b"] }, first);
  return { state, loader, asked, shown, failed };
}

test("one request at a time, and each view once however often it is wanted", async () => {
  const { loader, asked, shown } = await fake();
  loader.want("a", "b", "a");
  loader.want("b");
  assert.deepEqual(
    asked.map(({ name }) => name),
    ["a"],
  );
  asked[0].answer();
  await settle();
  assert.deepEqual(
    asked.map(({ name }) => name),
    ["a", "b"],
  );
  asked[1].answer();
  await settle();
  assert.deepEqual(shown, ["a", "b"]);
});

test("what is wanted before there are panels and what they need at first is asked for once", async () => {
  const { loader, asked } = await fake(["b"], ["a", "b"]);
  for (let i = 0; i < 3; i++) {
    asked[i]?.answer();
    await settle();
  }
  assert.deepEqual(
    asked.map(({ name }) => name),
    ["b", "a"],
  );
  assert.ok(!loader.busy);
});

test("an answer about another step is not shown, and asked for again", async () => {
  const { state, loader, asked, shown } = await fake();
  loader.want("a");
  state.step = 5;
  asked[0].answer();
  await settle();
  assert.deepEqual(shown, []);
  asked[1].answer();
  await settle();
  assert.deepEqual(shown, ["a"]);
});

test("pausing waits for the request under way, and holds the others until every pause is over", async () => {
  const { loader, asked } = await fake();
  loader.want("a", "b");
  let quiet = false;
  loader.pauseLoading().then(() => (quiet = true));
  await settle();
  assert.equal(quiet, false);
  asked[0].answer();
  await settle();
  assert.ok(quiet);
  await loader.pauseLoading();
  loader.resumeLoading();
  await settle();
  assert.equal(asked.length, 1);
  loader.resumeLoading();
  await settle();
  assert.equal(asked.length, 2);
});

test("a busy server is asked again later; a refusal is handed on, unless it is about another step", async () => {
  const { state, loader, asked, failed } = await fake();
  loader.want("a");
  asked[0].answer(busy());
  assert.ok(loader.busy);
  await settle();
  assert.equal(asked.length, 2);
  asked[1].answer(new ApiError(422, "no"));
  await settle();
  assert.equal(failed.length, 1);
  state.step = 4;
  loader.want("a");
  state.step = 1;
  asked[2].answer(new ApiError(422, "no such step any more"));
  await settle();
  assert.equal(failed.length, 1);
  assert.equal(asked.length, 4);
});

test("what a moment needs is loaded when it stands still, not while it is played", async () => {
  const { state, asked } = await fake();
  state.patchNow({ playing: true });
  state.patchNow({ step: 3 });
  assert.equal(asked.length, 0);
  state.patchNow({ playing: false });
  assert.equal(asked.length, 1);
});

const announced = () => new Promise((next) => setTimeout(next, 20));

test("what is made from a view waits until it is of this moment, and is told what it was refused with", async () => {
  const { state, loader, asked } = await fake();
  const told = [];
  const ask = () =>
    settled(loader, ["a"]).then(
      () => told.push("here"),
      ({ code }) => told.push(code),
    );
  await ask();
  assert.deepEqual(told, ["here"], "nothing was on its way");
  state.patch({ step: 1 }); // announced in a moment
  const waiting = ask();
  await announced();
  assert.equal(asked.length, 1);
  assert.deepEqual(told, ["here"]);
  asked[0].answer();
  await settle();
  assert.deepEqual(told, ["here"], "the other view is on its way");
  asked[1].answer();
  await waiting;
  assert.deepEqual(told, ["here", "here"]);

  loader.want("a");
  const refused = ask();
  await announced();
  asked[2].answer(busy());
  await refused;
  assert.deepEqual(told, ["here", "here", "busy"]);
  const again = ask(); // and the server is asked once more
  await announced();
  asked[3].answer();
  await again;
  assert.deepEqual(told, ["here", "here", "busy", "here"]);
});

test("what is made from a view waits while the experiment is changed", async () => {
  const { loader } = await fake();
  await loader.pauseLoading();
  let here = false;
  const waiting = settled(loader, ["a"]).then(() => (here = true));
  await settle();
  assert.equal(here, false);
  loader.resumeLoading();
  await waiting;
});

test("a view that takes long is left for a change, and asked for again after it", async () => {
  const { state } = await createFakePage();
  /** @type {AbortSignal[]} */
  const signals = [];
  const shown = [];
  const failed = [];
  /** @type {(() => void)[]} */
  const later = [];
  const loader = createViewLoader({
    state,
    api: /** @type {any} */ ({}),
    fail: async (error) => void failed.push(error),
    until: (signal) => /** @type {any} */ (signals.push(signal)),
    later: /** @type {any} */ ((run) => later.push(run)),
  });
  const a = () =>
    new Promise((done, refuse) => {
      const signal = signals[signals.length - 1];
      signal.onabort = () => refuse(new ApiError(0, "left"));
      if (signals.length > 1) done(() => shown.push("a"));
    });
  loader.serve({ loads: { a }, needs: () => [] });
  loader.want("a");
  let paused = false;
  const pausing = loader.pauseLoading().then(() => (paused = true));
  await settle();
  assert.deepEqual([paused, signals[0].aborted], [false, false]); // for a moment it is waited for
  later[0]();
  await pausing;
  assert.deepEqual([signals.length, shown, failed, loader.refusals.size], [1, [], [], 0]);
  loader.resumeLoading();
  await settle();
  assert.deepEqual([signals.length, signals[1].aborted, shown], [2, false, ["a"]]);
});

test("a busy server rests between views of what is playing, but not before a click", async () => {
  const { state } = await createFakePage();
  /** @type {number[]} */
  const rests = [];
  const asked = [];
  const loader = createViewLoader({
    state,
    api: /** @type {any} */ ({ pace: () => 3 }),
    fail: async () => {},
    later: /** @type {any} */ ((run, ms) => rests.push(ms)),
  });
  const load = (name) => async () => {
    asked.push(name);
    return () => {};
  };
  state.playing = true;
  loader.serve({ loads: { a: load("a"), b: load("b") }, needs: () => [] });
  loader.want("a", "b");
  await settle();
  assert.deepEqual([asked, rests], [["a"], [1000]]);
  await loader.pauseLoading();
  state.playing = false;
  loader.resumeLoading();
  await settle();
  assert.deepEqual(asked, ["a", "b"]);
});
