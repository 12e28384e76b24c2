import assert from "node:assert/strict";
import { test } from "node:test";

import { createUndo } from "../../../static/js/experiment/undo.js";

test("undo and redo walk the same way back and forth", () => {
  const undo = createUndo();
  undo.push("a");
  undo.push("b");
  assert.equal(undo.undo("c"), "b");
  assert.equal(undo.undo("b"), "a");
  assert.equal(undo.undo("a"), null);
  assert.equal(undo.redo("a"), "b");
  assert.equal(undo.redo("b"), "c");
  assert.equal(undo.canRedo, false);
});

test("a change after an undo forgets what was undone", () => {
  const undo = createUndo();
  undo.push("a");
  undo.undo("b");
  undo.push("a");
  assert.equal(undo.canRedo, false);
});

test("undo remembers no more than its limit", () => {
  const undo = createUndo({ limit: 2 });
  for (const state of ["a", "b", "c"]) undo.push(state);
  assert.equal(undo.undo("d"), "c");
  assert.equal(undo.undo("c"), "b");
  assert.equal(undo.undo("b"), null);
});

test("what is forgotten is neither undone nor made again", () => {
  const undo = createUndo();
  undo.push("a");
  undo.push("b");
  undo.drop("undo");
  assert.equal(undo.canRedo, false);
  assert.equal(undo.undo("c"), "a");
  undo.drop("redo");
  assert.equal(undo.canRedo, false);
});
