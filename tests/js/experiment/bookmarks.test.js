/** Bookmarks: added, removed, read from a link. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bookmarksOf, toggled } from "../../../static/js/experiment/bookmarks.js";

test("bookmarks are kept in order, and a second time takes one away", () => {
  let steps = [];
  for (const step of [40, 7, 120]) steps = toggled(steps, step);
  assert.deepEqual(steps, [7, 40, 120]);
  assert.deepEqual(toggled(steps, 40), [7, 120]);
});

for (const [words, steps] of [
  [
    [40, 7, 7],
    [7, 40],
  ],
  [[-1, 1.5, "3", null, 4], [4]],
  ["4", []],
  [undefined, []],
])
  test(`a link's ${JSON.stringify(words)} is ${JSON.stringify(steps)}`, () => {
    assert.deepEqual(bookmarksOf(words), steps);
  });
