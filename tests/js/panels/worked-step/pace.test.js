/** A step that is played waits as long as a phase takes to read, and ends with any input. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isPace, readingTime } from "../../../../static/js/panels/worked-step/pace.js";

test("a longer text stays longer, within bounds", () => {
  const words = "weights times inputs plus bias ".repeat(10);
  assert.ok(readingTime(words, "medium") > 8000);
  assert.equal(readingTime(words, "slow"), 2 * readingTime(words, "medium"));
  assert.equal(readingTime("", "fast"), 4000);
  assert.equal(readingTime("a".repeat(1e5), "slow"), 60000);
});

test("a Chinese character says more than a letter", () => {
  assert.ok(readingTime("权".repeat(100), "medium") > readingTime("w".repeat(100), "medium"));
});

test("what was remembered is only taken if it is a pace", () => {
  assert.ok(isPace("wait"));
  assert.ok(!isPace("2600"));
  assert.ok(!isPace(null));
});
