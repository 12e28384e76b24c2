import assert from "node:assert/strict";
import { test } from "node:test";
import { createPace } from "../../static/js/pace.js";
import { createPlayer, framesOf, plan } from "../../static/js/player.js";
import { createUndo } from "../../static/js/undo.js";

/** A server that trains at once, and counts how often it is asked. @param {number} [rate] */
function fixture(rate = 60) {
  let at = 0;
  /** @type {any} */
  const seen = { asked: 0, open: 0, most: 0, failed: null, broken: false };
  const player = createPlayer({
    rate: () => rate,
    most: () => 1000,
    fail: (error) => (seen.failed = error),
    async ask({ count, every }) {
      seen.asked += 1;
      seen.most = Math.max(seen.most, ++seen.open);
      await Promise.resolve();
      seen.open -= 1;
      if (seen.broken) throw new Error("gone");
      /** @type {any[]} */
      const frames = [];
      for (let step = at + every; step <= at + count; step += every)
        frames.push({ step, end: null });
      at += count;
      frames[frames.length - 1].end = {};
      return frames;
    },
  });
  return { player, seen };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("a block holds a third of a second, frames no denser than the display", () => {
  assert.deepEqual(plan(60, 1000), { count: 18, every: 1 });
  assert.deepEqual(plan(2, 1000), { count: 1, every: 1 });
  assert.deepEqual(plan(600, 1000), { count: 180, every: 10 });
  assert.ok(plan(4000, 100).count <= 100);
});

test("no more than two blocks are fetched ahead, one at a time", async () => {
  const { player, seen } = fixture();
  player.start(0);
  for (let i = 0; i < 5; i++) await settle();
  assert.equal(seen.asked, 2);
  assert.equal(seen.most, 1);
});

test("frames come at the rate of the clock, in order", async () => {
  const { player } = fixture(60);
  player.start(0);
  await settle();
  player.tick(0);
  const shown = [];
  for (let now = 50; now <= 250; now += 50)
    shown.push(...player.tick(now).map((frame) => frame.step));
  assert.deepEqual(shown, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});

test("a slow screen drops time instead of catching up", async () => {
  const { player } = fixture(60);
  player.start(0);
  await settle();
  player.tick(0);
  assert.ok(player.tick(60_000).length <= 6);
});

test("a played block makes room for the next", async () => {
  const { player, seen } = fixture(60);
  player.start(0);
  for (let now = 0; now < 1000; now += 50) {
    player.tick(now);
    await settle();
  }
  assert.ok(seen.asked >= 4);
  assert.equal(seen.most, 1);
});

test("stopping waits for what is under way and says what was shown", async () => {
  const { player } = fixture(60);
  player.start(10);
  assert.equal(await player.stop(), 10);
  assert.deepEqual(player.tick(100), []);
});

test("a failed block stops the playing and is told", async () => {
  const { player, seen } = fixture();
  seen.broken = true;
  player.start(0);
  await settle();
  assert.equal(player.running, false);
  assert.equal(seen.failed.message, "gone");
});

test("a block's frames carry every run, and the last one its end", () => {
  /** @type {any} */
  const block = {
    steps: [5, 10],
    train: [
      [1, 2],
      [3, null],
    ],
    test: [
      [1, 1],
      [1, 1],
    ],
    path: {
      x: [
        [0, 1],
        [2, 3],
      ],
      y: [
        [4, 5],
        [6, 7],
      ],
    },
  };
  const [first, last] = framesOf(block, "a|b");
  assert.deepEqual(first.train, [1, 3]);
  assert.deepEqual(
    [last.x, last.y, last.train],
    [
      [1, 3],
      [5, 7],
      [2, null],
    ],
  );
  assert.equal(first.end, null);
  assert.equal(last.end, block);
});

test("what is costly comes rarely, but comes", () => {
  const pace = createPace({ every: 100, share: 0.1, longest: 1000 });
  assert.ok(pace.due(0));
  pace.done(0, 50);
  assert.ok(!pace.due(400) && pace.due(500));
  pace.done(500, 9000);
  assert.ok(!pace.due(1400) && pace.due(1500));
});

test("undo walks back and forth, and a new change forgets the way forth", () => {
  /** @type {ReturnType<typeof createUndo<string>>} */
  const memory = createUndo({ limit: 2 });
  for (const before of ["a", "b", "c"]) memory.push(before);
  assert.equal(memory.undo("d"), "c");
  assert.equal(memory.redo("c"), "d");
  memory.undo("d");
  memory.push("x");
  assert.equal(memory.canRedo, false);
  assert.equal(memory.undo("y"), "x");
  assert.equal(memory.undo("x"), "b");
  assert.equal(memory.undo("b"), null);
});
