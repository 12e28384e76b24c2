import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/server/api.js";
import { assertTrue, createFakePage, settle } from "../fake-page.js";
import { busy, lost } from "../fake-server.js";

/** A page that has been trained by clicks. */
async function trained(steps = 0) {
  const page = await createFakePage();
  for (let i = 0; i < steps; i++) await page.conductor.step();
  await settle();
  page.server.calls.length = 0;
  return page;
}

test("playing shows frames at the chosen speed, and pausing takes the server back to what is shown", async () => {
  const page = await trained();
  page.conductor.play();
  await page.play(40);
  assert.ok(page.state.playing);
  const { step } = page.state;
  assert.ok(step > 5 && step < 40, `${step} steps in 0.64 s at 30 a second`);
  assert.ok(page.state.serverStep > step, "one block is in hand");
  await page.conductor.pause();
  await settle();
  assert.equal(page.state.step, step);
  assert.equal(page.truth().step, step);
  assert.equal(page.state.curves.steps.at(-1), step);
  assertTrue(assert, page);
});

for (const going of ["play", "step"])
  test(`${going} right after a pause goes on from the step that was shown`, async () => {
    const page = await trained();
    page.conductor.play();
    await page.play(40);
    const { step } = page.state;
    assert.ok(page.state.serverStep > step, "one block is in hand");
    page.server.hold("rewind");
    page.conductor.pause();
    await settle();
    if (going === "play") page.conductor.play();
    else page.conductor.step();
    await settle();
    page.server.release("rewind");
    await settle();
    assert.equal(page.state.notice, null, "nothing is said of a past");
    assert.ok(!page.state.past);
    if (going === "play") {
      await page.play(10);
      await page.conductor.pause();
      await settle();
      assert.ok(page.state.step > step);
    } else assert.equal(page.state.step, step + 1);
    assert.equal(page.truth().step, page.state.step);
    assertTrue(assert, page);
  });

test("never more than one training request is under way", async () => {
  const page = await trained();
  page.server.hold("steps");
  page.conductor.play();
  await page.play(20);
  assert.equal(page.server.count("steps"), 1);
  page.server.release("steps");
  await page.play(5);
  await page.conductor.pause();
});

test("clicks on Step that come while one is done are done together", async () => {
  const page = await trained();
  page.server.hold("steps");
  page.conductor.step();
  await settle();
  for (let i = 0; i < 5; i++) page.conductor.step();
  page.server.release("steps");
  await settle();
  assert.equal(page.state.step, 6);
  assert.equal(page.server.count("steps"), 2);
  assertTrue(assert, page);
});

const RATE = (/** @type {number} */ learning_rate) => ({
  optimizer: { name: "gradient_descent", learning_rate },
});

test("Step back looks at the step before, wherever it is clicked, and takes nothing away", async () => {
  const page = await trained(4);
  await page.conductor.back();
  await settle(200);
  assert.equal(page.state.step, 3);
  assert.equal(page.truth().step, 4);
  assert.ok(page.state.past);
  page.conductor.back();
  page.conductor.back();
  await settle(200);
  assert.equal(page.state.step, 1, "clicks that come fast all count");
  await page.conductor.back();
  await page.conductor.back();
  assert.equal(page.state.step, 0);
  assert.equal(page.truth().step, 4);
  assert.deepEqual(page.state.curves.steps, [0, 1, 2, 3, 4]);
});

test("Step back while training pauses, and looks at the step before", async () => {
  const page = await trained(2);
  page.conductor.play();
  await page.play(20);
  await page.conductor.back();
  await settle(200);
  assert.equal(page.state.playing, false);
  assert.equal(page.state.step, page.truth().step - 1);
  assertTrue(assert, page);
});

test("a Step that is clicked while a step back is on its way goes forth in the past", async () => {
  const page = await trained(4);
  page.conductor.back();
  page.conductor.back();
  await page.conductor.step();
  await settle(200);
  assert.equal(page.state.step, 3);
  assert.equal(page.truth().step, 4);
});

test("Reset goes to the beginning and keeps how the runs learn", async () => {
  const page = await trained(4);
  await page.conductor.setTraining(RATE(2));
  await page.conductor.reset();
  await settle();
  assert.equal(page.state.step, 0);
  assert.deepEqual(page.state.curves.steps, [0]);
  assert.equal(page.truth().step, 0);
  assert.equal(page.truth().runs[0].optimizer.learning_rate, 2);
  assert.equal(page.state.training.optimizer.learning_rate, 2);
  assert.equal(page.state.notice.key, "notice.reset");
  await page.conductor.step();
  assertTrue(assert, page);
});

test("a Reset is undone to the last bit: steps, curves, bookmarks and learning rates; and redone", async () => {
  const page = await trained(3);
  await page.conductor.setTraining(RATE(2));
  for (let i = 0; i < 3; i++) await page.conductor.step();
  page.state.patch({ bookmarks: [2, 5] });
  const before = { ...page.truth(), train: page.state.train, curves: page.state.curves };
  await page.conductor.reset();
  await settle();
  assert.deepEqual(page.state.bookmarks, []);
  await page.conductor.step();
  await page.conductor.undo();
  await settle();
  assert.deepEqual(page.truth(), { ...page.truth(), id: before.id, version: before.version });
  assert.equal(page.state.step, 6);
  assert.deepEqual(page.state.train, before.train);
  assert.deepEqual(page.state.curves.steps, [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(page.state.bookmarks, [2, 5]);
  assertTrue(assert, page);
  await page.conductor.redo();
  await settle();
  assert.equal(page.state.step, 1, "as far as it was trained after the Reset");
  assert.deepEqual(page.state.bookmarks, []);
});

/** Three set-ups, of 5, 4 and 3 runs, trained by 1, 2 and 3 steps. */
async function thrice() {
  const page = await trained();
  const { conductor, state } = page;
  for (const steps of [1, 2, 3]) {
    const { spec, slots } = state.setup;
    const runs = spec.runs.slice(1);
    if (steps > 1)
      await conductor.change({ ...state.setup, spec: { ...spec, runs }, slots: slots.slice(1) });
    for (let i = 0; i < steps; i++) await conductor.step();
  }
  await settle();
  return page;
}

test("two Undos at once go back twice, and every state between is there again", async () => {
  const page = await thrice();
  const { conductor, state } = page;
  const seen = () => [state.summary.runs.length, state.step];
  const [most] = seen();
  await Promise.all([conductor.undo(), conductor.undo()]);
  await settle();
  assert.deepEqual(seen(), [most + 2, 1]);
  await conductor.redo();
  await settle();
  assert.deepEqual(seen(), [most + 1, 2]);
  await conductor.redo();
  await settle();
  assert.deepEqual(seen(), [most, 3]);
  await Promise.all([conductor.undo(), conductor.redo(), conductor.undo()]);
  await settle();
  assert.deepEqual(seen(), [most + 1, 2]);
  assertTrue(assert, page);
});

for (const going of ["play", "step"])
  test(`${going} while a change is under way goes on with what it leads to`, async () => {
    const page = await thrice();
    const { conductor, state } = page;
    page.server.hold("read");
    const undone = conductor.undo();
    await settle();
    if (going === "play") conductor.play();
    else conductor.step();
    await settle();
    page.server.release("read");
    await undone;
    await settle();
    if (going === "play") {
      await page.play(10);
      await conductor.pause();
      await settle();
      assert.ok(state.step > 2);
    } else assert.equal(state.step, 3);
    assert.equal(page.truth().step, state.step);
    assertTrue(assert, page);
  });

test("a Step that is clicked while a Reset is under way is one", async () => {
  const page = await trained(3);
  page.server.hold("branch");
  const reset = page.conductor.reset();
  await settle();
  page.conductor.step();
  await settle();
  page.server.release("branch");
  await reset;
  await settle();
  assert.equal(page.state.step, 1);
  await page.conductor.step();
  assert.equal(page.state.step, 2);
});

test("what is asked for after an Undo is done after it", async () => {
  const page = await thrice();
  const { conductor, state } = page;
  const [before, runs] = [state.setup.spec.seed, state.summary.runs.length];
  const withSeed = (/** @type {number} */ seed) =>
    conductor.change({ ...state.setup, spec: { ...state.setup.spec, seed } });
  page.server.hold("create");
  withSeed(1);
  await settle();
  const undone = conductor.undo();
  await settle();
  const last = withSeed(2);
  await settle();
  page.server.release("create");
  await Promise.all([undone, last]);
  await settle();
  assert.equal(state.live.spec.seed, 2);
  assert.equal(state.setup, state.live);
  assert.equal(state.pending, null);
  assert.equal(state.summary.runs.length, runs);
  await conductor.undo();
  await settle();
  assert.equal(state.live.spec.seed, before);
  assertTrue(assert, page);
});

test("a Step after an Undo is one of what the Undo leads to", async () => {
  const page = await thrice();
  const { conductor, state } = page;
  page.server.hold("steps");
  conductor.step();
  await settle();
  const undone = conductor.undo();
  const last = conductor.step();
  await settle();
  page.server.release("steps");
  await Promise.all([undone, last]);
  await settle();
  assert.equal(state.step, 2 + 1);
  assert.equal(page.truth().step, 2 + 1);
  await conductor.redo();
  await settle();
  assert.equal(state.step, 3 + 1);
  assertTrue(assert, page);
});

test("after a Step that nothing could recover, the next one is done", async () => {
  const page = await trained(1);
  page.server.fail("steps", new ApiError(404, "unknown_experiment"));
  page.server.fail("create", new ApiError(500, "internal"));
  await assert.rejects(page.conductor.step());
  await page.conductor.step();
  assert.equal(page.state.step, 2);
});

for (const at of ["create", "steps", "read"])
  test(`a way that is ended while it waits for ${at} changes nothing, and keeps nobody`, async () => {
    const page = await thrice();
    const { conductor, state } = page;
    const { id } = state.summary;
    const stop = new AbortController();
    page.server.hold(at);
    const what = { setup: state.setup, step: 5, how: { signal: stop.signal } };
    const done = conductor.open(what, { key: "notice.undo" });
    await settle();
    stop.abort();
    assert.equal(await done, false);
    assert.equal(state.summary.id, id);
    assert.deepEqual(state.history, { canUndo: true, canRedo: false });
    page.server.release(at);
    await settle();
    assert.equal(state.summary.id, id);
    await conductor.step();
    assert.equal(state.step, 4);
    assertTrue(assert, page);
  });

test("an Undo that cannot be done takes nothing from what can be undone", async () => {
  const page = await thrice();
  const { conductor, state } = page;
  page.server.fail("read", new ApiError(500, "internal"));
  await conductor.undo();
  await settle();
  assert.deepEqual(state.history, { canUndo: true, canRedo: false });
  assert.equal(state.step, 3);
  await conductor.undo();
  await settle();
  assert.equal(state.step, 2);
});

test("a Reset is undone even when the server has forgotten what was before", async () => {
  const page = await trained(3);
  await page.conductor.setTraining(RATE(2));
  await page.conductor.step();
  page.state.patch({ bookmarks: [2] });
  const { train } = page.state;
  const { id } = page.state.summary;
  await page.conductor.reset();
  page.server.forget(id);
  await page.conductor.undo();
  await settle();
  assert.equal(page.state.step, 4);
  assert.deepEqual(page.state.train, train);
  assert.deepEqual(page.state.bookmarks, [2]);
  assertTrue(assert, page);
});

test("a Reset where nothing was trained changes nothing, and there is nothing to undo", async () => {
  const page = await trained();
  const { id } = page.state.summary;
  await page.conductor.reset();
  assert.equal(page.state.summary.id, id);
  assert.deepEqual(page.state.history, { canUndo: false, canRedo: false });
});

test("a branch keeps the bookmarks of its past, and undo brings back all of them and the ghost", async () => {
  const page = await trained(6);
  page.state.patch({ bookmarks: [1, 5] });
  await page.conductor.seek.to(3);
  await settle(200);
  await page.conductor.branch(RATE(3));
  assert.deepEqual(page.state.bookmarks, [1]);
  const { ghost } = page.state;
  await page.conductor.step();
  await page.conductor.reset();
  assert.equal(page.state.ghost, null);
  await page.conductor.undo();
  assert.equal(page.state.ghost, ghost);
  await page.conductor.undo();
  await settle();
  assert.deepEqual(page.state.bookmarks, [1, 5]);
  assert.equal(page.state.step, 6);
});

test("bookmarks stay when the server forgets an experiment that is made again", async () => {
  const page = await trained(3);
  page.state.patch({ bookmarks: [1, 2] });
  page.server.forget(page.state.summary.id);
  await page.conductor.step();
  await settle(200);
  assert.deepEqual(page.state.bookmarks, [1, 2]);
});

test("no view is loaded while the experiment is changed, and it is loaded after", async () => {
  const page = await trained(5);
  page.server.hold("branch");
  const reset = page.conductor.reset();
  await settle();
  page.loader.wantAll();
  await settle();
  assert.equal(page.server.count("diagnostics"), 0);
  page.server.release("branch");
  await reset;
  await settle();
  assert.equal(page.server.calls.at(-1).name, "diagnostics");
  assert.equal(page.state.diagnostics.step, 0);
});

test("views are never asked of a step that has been taken back", async () => {
  const page = await trained(6);
  page.conductor.play();
  await page.play(30);
  await page.conductor.pause();
  page.loader.wantAll();
  await page.conductor.back();
  await page.conductor.reset();
  await new Promise((next) => setTimeout(next, 20)); // what is patched is announced soon
  await settle();
  assert.deepEqual(page.server.refusals, []);
  assert.equal(page.state.diagnostics.step, 0);
});

test("seeking shows an earlier step while the server stays, and the latest wish wins", async () => {
  const page = await trained(9);
  page.server.hold("frame");
  page.conductor.seek.to(2);
  await settle();
  page.conductor.seek.to(5);
  page.conductor.seek.to(7);
  page.server.release("frame");
  await settle(200);
  assert.equal(page.state.step, 7);
  assert.equal(page.server.count("frame"), 2);
  assert.equal(page.truth().step, 9);
  assert.ok(page.state.past && !page.state.seeking);
  assert.equal(page.state.diagnostics.step, 7, "what is costly follows when it rests");
  assert.deepEqual(page.state.train, page.server.lossAt(page.state.summary.id, 7));
  assert.equal(page.state.scores[0].train, 0.07);
});

test("while a thumb is on its way nothing costly is loaded, however often it moves", async () => {
  const page = await trained(9);
  page.server.hold("frame");
  page.conductor.seek.to(3);
  await settle();
  page.conductor.seek.to(4);
  await settle();
  assert.equal(page.server.count("diagnostics"), 0);
  page.server.release("frame");
  await settle(200);
  assert.equal(page.server.count("diagnostics"), 1);
});

test("Step and Back move through the past that is shown, and Train goes on from the present", async () => {
  const page = await trained(6);
  await page.conductor.seek.to(3);
  await settle(200);
  await page.conductor.step();
  assert.equal(page.state.step, 4);
  await page.conductor.back();
  assert.equal(page.state.step, 3);
  assert.equal(page.truth().step, 6);
  await page.conductor.play();
  assert.ok(page.state.playing);
  assert.equal(page.state.notice.key, "time.continued");
  await page.play(20);
  await page.conductor.pause();
  await settle();
  assert.ok(page.state.step > 6);
  assertTrue(assert, page);
});

test("seeking while training pauses it first", async () => {
  const page = await trained(5);
  page.conductor.play();
  await page.play(20);
  await page.conductor.seek.to(1);
  await settle(200);
  assert.equal(page.state.playing, false);
  assert.equal(page.state.step, 1);
  assert.equal(page.truth().step, page.state.serverStep);
});

test("the history plays backwards to its beginning and stops there", async () => {
  const page = await trained(4);
  page.conductor.seek.play(-1);
  await settle(400);
  assert.equal(page.state.step, 0);
  assert.equal(page.state.replaying, 0);
  assert.equal(page.truth().step, 4);
});

for (const direction of [-1, 1])
  test(`a change ends the playing of the history: ${direction < 0 ? "back" : "forth"}`, async () => {
    const page = await trained(40);
    await page.conductor.seek.to(20);
    await settle(200);
    page.conductor.seek.play(direction);
    await settle(20);
    const { step, past } = page.state;
    assert.ok(past && step !== 20, `it plays: at step ${step}`);
    await page.conductor.setTraining({ optimizer: { name: "gradient_descent", learning_rate: 7 } });
    await settle(400);
    assert.equal(page.state.replaying, 0);
    assert.ok(Math.abs(page.state.step - step) < 5, `at step ${page.state.step}, from ${step}`);
    assert.equal(page.truth().step, page.state.step, "the branch begins where the page shows it");
    assert.equal(page.state.ghost.step, page.state.step);
  });

test("a step that somebody else has taken away is found out, and the page follows", async () => {
  const page = await trained(6);
  page.server.move(page.state.summary.id, 2);
  await page.conductor.seek.to(5);
  await settle(200);
  assert.equal(page.state.step, 2);
  assert.equal(page.state.notice.key, "notice.conflict");
  assertTrue(assert, page);
});

test("a change by somebody else is taken over, and said", async () => {
  const page = await trained(3);
  page.server.move(page.state.summary.id, 8);
  await page.conductor.step();
  await settle();
  assert.equal(page.state.step, 8);
  assert.equal(page.state.notice.key, "notice.conflict");
  await page.conductor.step();
  assert.equal(page.truth().step, 9);
  assertTrue(assert, page);
});

test("a forgotten experiment is made again with its events, once, whoever asks first", async () => {
  const page = await trained(3);
  await page.conductor.setTraining({ optimizer: { name: "gradient_descent", learning_rate: 4 } });
  await page.conductor.step();
  await settle();
  const before = { id: page.state.summary.id, train: page.state.train };
  page.server.forget(before.id);
  page.server.calls.length = 0;
  page.loader.wantAll();
  const step = page.conductor.step();
  await step;
  await settle(200);
  assert.equal(page.server.count("create"), 1);
  assert.notEqual(page.state.summary.id, before.id);
  assert.equal(page.state.notice.key, "notice.rebuilt");
  assert.deepEqual(page.server.lossAt(page.state.summary.id, 4), before.train);
  assertTrue(assert, page);
  const asked = page.server.calls.filter(({ name }) => name === "diagnostics");
  assert.ok(asked.every(({ body: [, { step: at }] }) => at <= page.truth().step));
});

for (const after of [false, true])
  test(`an answer that is lost ${after ? "after" : "before"} the server acted leaves no step twice`, async () => {
    const page = await trained(3);
    page.server.fail("steps", lost(), { after });
    await page.conductor.step();
    await settle();
    assert.equal(page.state.step, 4);
    assert.equal(page.truth().step, 4);
    assert.equal(page.state.notice.key, "notice.back");
    assertTrue(assert, page);
  });

test("a busy server is asked again, and nothing is lost", async () => {
  const page = await trained(2);
  for (let i = 0; i < 3; i++) page.server.fail("steps", busy());
  page.server.fail("diagnostics", busy());
  await page.conductor.step();
  await settle(100);
  assert.equal(page.truth().step, 3);
  assert.equal(page.state.diagnostics.step, 3);
});

test("a set-up that the server refuses leaves the experiment as it was, and can be put back", async () => {
  const page = await trained(2);
  const { setup, conductor, state } = { ...page };
  await conductor.change({ ...page.state.setup, spec: { ...page.state.setup.spec, seed: 666 } });
  await settle();
  assert.equal(setup, undefined);
  assert.equal(state.problems[0].pointer, "/seed");
  assert.equal(state.notice.key, "notice.refused");
  assert.equal(state.live.spec.seed, 7);
  assert.equal(state.step, 2);
  state.notice.action.run();
  assert.equal(state.setup, state.live);
  assert.deepEqual(state.problems, []);
  await conductor.step();
  assertTrue(assert, page);
});

test("edits that come while one is made are folded into one, and one undo takes back each that was made", async () => {
  const page = await trained(2);
  const { state, conductor } = page;
  const withSeed = (seed) => ({ ...state.setup, spec: { ...state.setup.spec, seed } });
  page.server.hold("create");
  const first = conductor.change(withSeed(1));
  await settle();
  for (const seed of [2, 3, 4]) conductor.change(withSeed(seed));
  page.server.release("create");
  await first;
  await settle();
  assert.equal(state.live.spec.seed, 4);
  assert.equal(page.server.count("create"), 2);
  assert.equal(state.pending, null);
  await conductor.undo();
  await conductor.undo();
  assert.equal(state.live.spec.seed, 7);
  assert.equal(state.step, 2, "with the training that it had");
  assert.deepEqual(state.history, { canUndo: false, canRedo: true });
  await conductor.redo();
  assert.equal(state.live.spec.seed, 1);
});

test("a change of the set-up while training stops it", async () => {
  const page = await trained();
  page.conductor.play();
  await page.play(10);
  await page.conductor.change({ ...page.state.setup, spec: { ...page.state.setup.spec, seed: 9 } });
  assert.equal(page.state.playing, false);
  assert.equal(page.state.step, 0);
  assert.equal(page.state.live.spec.seed, 9);
});

test("another learning rate while training goes on without a stop, and undo brings back the one before", async () => {
  const page = await trained();
  page.conductor.play();
  await page.play(20);
  await page.conductor.setTraining({ optimizer: { name: "gradient_descent", learning_rate: 5 } });
  assert.ok(page.state.playing);
  await page.play(20);
  await page.conductor.undo();
  await settle();
  assert.equal(page.state.playing, false);
  assert.equal(page.truth().runs[0].optimizer.learning_rate, 1);
  assertTrue(assert, page);
});

test("changing how runs learn in the past begins a branch with a ghost of what was", async () => {
  const page = await trained(5);
  const { id } = page.state.summary;
  await page.conductor.seek.to(2);
  await settle(200);
  await page.conductor.setTraining({ optimizer: { name: "gradient_descent", learning_rate: 7 } });
  await settle();
  assert.notEqual(page.state.summary.id, id);
  assert.equal(page.state.step, 2);
  assert.deepEqual(page.state.ghost.steps, [2, 3, 4, 5]);
  await page.conductor.undo();
  await settle();
  assert.equal(page.state.summary.id, id);
  assert.equal(page.truth().step, 5);
  assertTrue(assert, page);
});

test("parameters set by hand are undone and redone where they were set", async () => {
  const page = await trained(3);
  assert.ok(await page.conductor.setParameters(0, { "b1[0]": 2 }));
  assert.equal(page.truth().events.length, 1);
  assertTrue(assert, page);
  await page.conductor.step();
  await page.conductor.undo();
  await settle();
  assert.equal(page.truth().step, 3);
  assert.deepEqual(page.truth().events.at(-1).parameters.W, [[[3]]]);
  assert.deepEqual(page.state.history, { canUndo: false, canRedo: true });
  await page.conductor.redo();
  assert.deepEqual(page.state.history, { canUndo: true, canRedo: false });
});

test("an undo skips what was set by hand at steps that somebody else has taken back", async () => {
  const page = await trained(1);
  await page.conductor.setTraining({ optimizer: { name: "gradient_descent", learning_rate: 2 } });
  await page.conductor.step();
  await page.conductor.setParameters(0, { "b1[0]": 2 });
  page.server.move(page.state.summary.id, 1); // by another tab
  await page.conductor.step(); // which finds it out
  await page.conductor.undo();
  await settle();
  assert.equal(page.truth().runs[0].optimizer.learning_rate, 1);
});

test("a start at a point of the plane is another experiment, and undo brings back the one before", async () => {
  const page = await trained(4);
  const { id } = page.state.summary;
  const begun = [];
  const how = { run: 1, point: { x: 1, y: 2 }, begun: (made) => begun.push(made) };
  assert.ok(await page.conductor.startAt(how));
  assert.deepEqual(begun, [page.state.summary.id]);
  assert.equal(page.state.step, 0);
  await page.conductor.undo();
  assert.equal(page.state.summary.id, id);
  assert.equal(page.state.step, 4);
});

test("an experiment is opened trained, and undo brings back the one before", async () => {
  const page = await trained(4);
  const { live, summary } = page.state;
  const setup = { spec: { ...live.spec, seed: 41 }, slots: [3, 4] };
  assert.ok(await page.conductor.open({ setup, step: 6 }, { key: "said" }));
  assert.equal(page.state.step, 6);
  assert.equal(page.truth().spec.seed, 41);
  assert.deepEqual(page.state.live.slots, [3, 4]);
  assert.deepEqual(page.state.notice, { key: "said" });
  await page.conductor.undo();
  assert.equal(page.state.summary.id, summary.id);
  assert.equal(page.state.step, 4);
});

test("training stops by itself when every run has diverged, and says so", async () => {
  const page = await trained();
  page.server.diverge(page.state.summary.id, 3);
  page.conductor.play();
  await page.play(30);
  await settle();
  assert.equal(page.state.playing, false);
  assert.equal(page.state.notice.key, "notice.allDiverged");
  assert.equal(page.truth().step, page.state.step);
});

test("an error that is none of the server's is not swallowed", async () => {
  const page = await trained();
  await assert.rejects(
    page.sync.attempt(async () => JSON.parse("{")),
    SyntaxError,
  );
});

test("a refusal that no control is there for is said in words", async () => {
  const page = await trained();
  page.server.fail("steps", new ApiError(413, "too large"));
  await page.conductor.step();
  await settle();
  assert.equal(page.state.notice.key, "errors.body_too_large");
});
