/** Bookmarks: added, removed, kept for each set-up. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createBookmarks, keyOf } from "../../../static/js/playback/bookmarks.js";

/** A memory like the browser's. @param {string|null} [text] */
function memory(text = null) {
  return {
    text,
    read() {
      return this.text;
    },
    /** @param {string} written */
    write(written) {
      this.text = written;
    },
  };
}

test("bookmarks are kept in order, for each set-up, over visits", () => {
  const kept = memory();
  const first = createBookmarks(kept);
  first.of("a");
  for (const step of [40, 7, 120]) first.toggle(step);
  first.of("b");
  assert.deepEqual(first.steps, []);
  const second = createBookmarks(kept);
  second.of("a");
  assert.deepEqual(second.steps, [7, 40, 120]);
  second.toggle(40);
  assert.deepEqual(second.steps, [7, 120]);
});

for (const text of ["", "not json", "{}", '[["a", ["b"]]]', "null", "[[1, [2]]]"])
  test(`a memory of ${text || "nothing"} is no bookmarks`, () => {
    const bookmarks = createBookmarks(memory(text));
    bookmarks.of("a");
    assert.deepEqual(bookmarks.steps, []);
  });

test("set-ups are told apart, and known again", () => {
  const spec = /** @type {any} */ ({ seed: 7, loss: "mse" });
  assert.equal(keyOf(spec), keyOf({ ...spec }));
  assert.notEqual(keyOf(spec), keyOf({ ...spec, seed: 8 }));
});
