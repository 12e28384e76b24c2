import assert from "node:assert/strict";
import { test } from "node:test";

import { createPlayer, held, meeting, plan } from "../../../static/js/playback/player.js";

/** A server that counts: a block of `count` steps after the last, a frame every `every`. */
function counting(step = 0) {
  const asked = [];
  const ask = async ({ count, every }) => {
    asked.push(count);
    const frames = [];
    for (let i = every; i <= count; i += every)
      frames.push({ step: step + i, train: [1], test: [1], end: i + every > count ? {} : null });
    step += count;
    return frames;
  };
  return { ask, asked };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function playing(rate = 60) {
  const server = counting();
  const failures = [];
  const player = createPlayer({
    ask: server.ask,
    fail: (error) => failures.push(error),
    rate: () => rate,
    most: () => 1000,
  });
  return { player, failures, asked: server.asked };
}

test("slow speeds show every step, fast ones skip some", () => {
  assert.equal(plan(2, 1000).every, 1);
  assert.equal(plan(60, 1000).every, 1);
  assert.equal(plan(600, 1000).every, 10);
});

test("a block is a whole number of frames and never more than the server takes", () => {
  for (const rate of [1, 7, 60, 150, 400, 1200, 4000]) {
    const { count, every } = plan(rate, 1000);
    assert.equal(count % every, 0);
    assert.ok(count >= 1);
    assert.ok(count <= 1000);
  }
});

test("frames come at the clock's pace", async () => {
  const { player } = playing(60);
  player.start(0);
  await settle();
  player.tick(0);
  assert.equal(player.tick(50).at(-1).step, 3);
  assert.equal(player.tick(100).at(-1).step, 6);
});

test("one block is on the screen and one in the hand, never more", async () => {
  const { player, asked } = playing(60);
  player.start(0);
  for (let i = 0; i < 5; i++) await settle();
  assert.equal(asked.length, 2);
  player.tick(0);
  for (let now = 50; now <= 400; now += 50) player.tick(now);
  await settle();
  assert.equal(asked.length, 3);
});

test("a slow screen drops time instead of catching up", async () => {
  const { player } = playing(60);
  player.start(0);
  await settle();
  player.tick(0);
  const late = player.tick(5000);
  assert.ok(late.at(-1).step <= 6);
});

test("stopping says the step that is shown and forgets the rest", async () => {
  const { player } = playing(60);
  player.start(0);
  await settle();
  player.tick(0);
  player.tick(50);
  assert.equal(await player.stop(), 3);
  assert.deepEqual(player.tick(100), []);
  assert.equal(player.running, false);
});

test("a failure stops the playing and is told once", async () => {
  const failures = [];
  const player = createPlayer({
    ask: () => Promise.reject(new Error("gone")),
    fail: (error) => failures.push(error.message),
    rate: () => 60,
    most: () => 1000,
  });
  player.start(0);
  await settle();
  player.tick(0);
  await settle();
  assert.deepEqual(failures, ["gone"]);
  assert.equal(player.running, false);
});

test("a busy server is asked for longer blocks, but for the first one", async () => {
  assert.equal(plan(30, 1000, 4).count, 36);
  assert.equal(plan(30, 1000, 100).count, 180, "and never for more than six seconds");
  const { ask, asked } = counting();
  const player = createPlayer({
    ask,
    fail: () => {},
    rate: () => 30,
    most: () => 1000,
    pace: () => 4,
  });
  player.start(0);
  await settle();
  assert.deepEqual(asked, [9, 36]);
});

test("blocks end where others' blocks end, wherever they begin", async () => {
  const end = (step, count, chance = 0) =>
    step + meeting({ count, every: 1 }, step, 9, 1000, chance).count;
  assert.equal(end(0, 9), 9);
  assert.equal(end(18, 9, 0.999), 27, "a usual block from there on");
  assert.equal(end(3, 9), 9);
  assert.equal(end(3, 9, 0.7), 18, "at 4 of 12 by chance the one after");
  assert.equal(end(9, 2), 18, "but never where it begins");
  assert.equal(meeting({ count: 900, every: 1 }, 0, 1000, 1000, 0.999).count, 1000);
  assert.equal(meeting({ count: 900, every: 1 }, 5, 900, 900, 0.9).count, 895, "nor too many");
  let asked = 0;
  for (let i = 0; i < 1000; i++)
    asked += meeting({ count: 13, every: 1 }, 90, 9, 1000, i / 1000).count;
  assert.equal(Math.round(asked / 1000), 13, "as much as planned, all in all");

  const server = counting(4);
  const player = createPlayer({
    ask: server.ask,
    fail: () => {},
    rate: () => 30,
    most: () => 1000,
    random: () => 0,
  });
  player.start(4);
  await settle();
  assert.deepEqual(server.asked, [5, 9]);
});

test("a server that longer blocks do not help shows fewer steps a second", async () => {
  assert.equal(held(30, 10), 30);
  assert.equal(held(30, 20), 15);
  assert.equal(plan(held(30, 20), 1000, 20).count, 90, "half as often");
  const { ask } = counting();
  const options = { ask, fail: () => {}, rate: () => 30, most: () => 1000, pace: () => 20 };
  const player = createPlayer(options);
  player.start(0);
  await settle();
  player.tick(0);
  for (const now of [100, 200, 300]) player.tick(now);
  assert.equal(player.tick(400).at(-1).step, 6, "15 a second");
});

test("a busy server is asked at chance times, and always before nothing is left", async () => {
  const { ask, asked } = counting();
  let chance = 0.999;
  const options = { ask, fail: () => {}, rate: () => 30, most: () => 1000, pace: () => 4 };
  const player = createPlayer({ ...options, random: () => chance });
  player.start(0);
  await settle();
  let now = 0;
  /** @type {number[]} */
  const inHand = [];
  for (let before = asked.length; now < 6000; now += 100) {
    const shown = player.tick(now).at(-1)?.step ?? 0;
    if (asked.length > before) inHand.push(asked.slice(0, before).reduce((a, b) => a + b) - shown);
    before = asked.length;
    chance = asked.length < 4 ? 0.999 : 0;
    await settle();
  }
  assert.equal(asked[2], 36);
  assert.ok(Math.abs(inHand[0] - 18) < 4, `half of a block is left: ${inHand[0]}`);
  assert.ok(inHand[2] > 32, `nearly all of it: ${inHand[2]}`);
});
