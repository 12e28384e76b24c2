import assert from "node:assert/strict";
import { test } from "node:test";

import { createFrameScheduler } from "../../../static/js/page/frame-scheduler.js";

/** A scheduler whose clock and frames the test moves. */
function fake() {
  let now = 1000;
  /** @type {(() => void)[]} */
  let asked = [];
  const scheduler = createFrameScheduler({ clock: () => now, frame: (run) => asked.push(run) });
  return {
    scheduler,
    waiting: () => asked.length,
    spend: (ms) => (now += ms),
    frame(ms = 16) {
      now += ms;
      const due = asked;
      asked = [];
      for (const run of due) run();
    },
  };
}

test("nothing is asked of the display while nothing is due", () => {
  const clock = fake();
  clock.scheduler.add({ run() {} });
  assert.equal(clock.waiting(), 0);
});

test("however often a task is wanted, a frame does it once, and tasks run in their order", () => {
  const clock = fake();
  const done = [];
  const first = clock.scheduler.add({ run: () => void done.push("first") });
  const second = clock.scheduler.add({ run: () => void done.push("second") });
  second.want();
  first.want();
  first.want();
  assert.equal(clock.waiting(), 1);
  clock.frame();
  assert.deepEqual(done, ["first", "second"]);
  assert.equal(clock.waiting(), 0);
});

test("a costly task takes no more than its share, unless it is wanted at once", () => {
  const clock = fake();
  let runs = 0;
  const task = clock.scheduler.add({
    every: 0,
    share: 0.5,
    longest: 1000,
    run() {
      runs += 1;
      clock.spend(40);
    },
  });
  task.want();
  clock.frame();
  task.want();
  for (let i = 0; i < 2; i++) clock.frame();
  assert.equal(runs, 1, "40 ms of work may come every 80 ms");
  clock.frame(30);
  assert.equal(runs, 2);
  task.want(true);
  clock.frame();
  assert.equal(runs, 3);
});

test("what is not ready waits without a frame, until somebody wakes it", () => {
  const clock = fake();
  let seen = false;
  let runs = 0;
  const task = clock.scheduler.add({ ready: () => seen, run: () => void (runs += 1) });
  task.want();
  clock.frame();
  assert.equal(clock.waiting(), 0);
  seen = true;
  clock.scheduler.wake();
  clock.frame();
  assert.equal(runs, 1);
});

test("a task that takes long is not begun again before it is over, and then once", async () => {
  const clock = fake();
  let runs = 0;
  /** @type {(cost: number) => void} */
  let finish = () => {};
  const task = clock.scheduler.add({
    run() {
      runs += 1;
      return new Promise((done) => (finish = done));
    },
  });
  task.want();
  clock.frame();
  task.want();
  clock.frame();
  assert.equal(runs, 1);
  finish(0);
  await new Promise((next) => setImmediate(next));
  clock.frame();
  assert.equal(runs, 2);
});

test("a task that costs more than its run shows says so", () => {
  const clock = fake();
  let runs = 0;
  const task = clock.scheduler.add({
    every: 0,
    share: 0.1,
    longest: 5000,
    run: () => void (runs += 1),
  });
  task.want();
  clock.frame();
  task.cost(1016, 100);
  task.want();
  clock.frame(500);
  assert.equal(runs, 1);
  clock.frame(600);
  assert.equal(runs, 2);
});

test("what one task wants of another in a frame is done in that frame or the next", () => {
  const clock = fake();
  const done = [];
  const draw = { want: () => {} };
  const advance = clock.scheduler.add({
    run() {
      done.push("advance");
      draw.want();
    },
  });
  Object.assign(draw, clock.scheduler.add({ run: () => void done.push("draw") }));
  advance.want();
  clock.frame();
  assert.deepEqual(done, ["advance", "draw"]);
});
