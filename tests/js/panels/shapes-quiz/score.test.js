/** The best score of the quiz is kept, and nothing else that may lie in its place is taken for one. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { bestScore, keepScore } from "../../../../static/js/panels/shapes-quiz/score.js";

/** @type {Map<string, string>} */
const kept = new Map();
beforeEach(() => {
  kept.clear();
  Object.assign(globalThis, {
    localStorage: {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ text) => kept.set(key, text),
    },
  });
});

test("only a better score takes the place of the best", () => {
  assert.equal(bestScore(), null);
  for (const [right, count, best] of [
    [0, 8, [0, 8]],
    [6, 8, [6, 8]],
    [5, 8, [6, 8]],
    [9, 12, [9, 12]], // the same share of more questions
    [10, 12, [10, 12]],
  ]) {
    keepScore(/** @type {any} */ ({ right, count }));
    assert.deepEqual(Object.values(bestScore() ?? {}), best);
  }
});

test("what is no score is none", () => {
  for (const text of ["", "9", "9/8", "-1/8", "{}", "1/2/3"]) {
    kept.set("basin.shapes", text);
    assert.equal(bestScore(), null);
  }
});
