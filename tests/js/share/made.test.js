/** A link made to measure: what goes in comes out, and what means nothing is named. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  LONGEST_NOTE,
  USUAL,
  layerOf,
  readMade,
  splitClass,
  withClass,
  wordsOfMade,
} from "../../../static/js/share/made.js";
import { read, write } from "../../../static/js/share/notation.js";

/** @type {import("../../../static/js/share/made.js").Made} */
const MADE = {
  hide: ["data", "settings"],
  lock: ["runs"],
  note: "Who falls first? <b>谁先下降？</b>",
  answers: false,
  lang: "zh-CN",
  embed: true,
};

test("what is chosen comes back from the link", () => {
  const words = read(decodeURIComponent(write(wordsOfMade(MADE))));
  assert.deepEqual(readMade(words), { made: { ...MADE, hide: ["data", "settings"] }, unknown: [] });
});

test("a page as it is has no words", () => {
  assert.equal(wordsOfMade(USUAL), null);
  assert.deepEqual(readMade({}), { made: USUAL, unknown: [] });
});

test("switches that mean nothing are named, and the others hold", () => {
  const { made, unknown } = readMade({
    hide: ["data", "moon"],
    lock: ["loss"],
    blink: true,
    answers: "no",
    lang: "xx",
    toString: 1,
    embed: true,
  });
  assert.deepEqual(made, { ...USUAL, hide: ["data"], embed: true });
  assert.deepEqual(unknown, ["moon", "loss", "blink", "answers", "lang", "toString"]);
});

test("a long sentence is cut, and many or long unknown words are", () => {
  assert.equal(readMade({ note: "长".repeat(999) }).made.note.length, LONGEST_NOTE);
  const many = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`w${i}`, 1]));
  assert.equal(readMade({ ["x".repeat(999)]: 1, ...many }).unknown.length, 8);
  assert.ok(readMade({ ["x".repeat(999)]: 1 }).unknown[0].length <= 40);
});

test("without the panel of the loss its tabs are hidden, too", () => {
  const { hidden } = layerOf({ ...USUAL, hide: ["loss", "signals"] });
  assert.deepEqual(hidden, ["loss", "signals", "explain", "seeds"]);
  assert.deepEqual(layerOf({ ...USUAL, hide: ["signals"] }).hidden, ["signals"]);
});

test("a fixed language cannot be changed, and a frame is without tools", () => {
  assert.deepEqual(layerOf({ ...USUAL, lang: "en" }).hidden, ["language"]);
  assert.ok(layerOf({ ...USUAL, embed: true }).hidden?.includes("tools"));
  assert.deepEqual(layerOf(MADE).locked, ["runs"]);
});

test("a lesson may have words behind it", () => {
  assert.deepEqual(splitClass("#lesson=xor&class=(answers:!f)"), {
    named: "#lesson=xor",
    words: { answers: false },
  });
  assert.deepEqual(splitClass("#lesson=xor"), { named: "#lesson=xor", words: null });
  const watch = "#watch=a-b";
  assert.deepEqual(splitClass(withClass(watch, { answers: false })), {
    named: watch,
    words: { answers: false },
  });
  assert.equal(withClass(watch, null), watch);
  const { made, unknown } = readMade(splitClass("#lesson=xor&class=(((").words ?? {});
  assert.deepEqual(made, USUAL);
  assert.deepEqual(unknown, ["((("]);
});
