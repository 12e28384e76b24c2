import assert from "node:assert/strict";
import { test } from "node:test";

import { SLOTS, classTable, freeSlot, runColor, runDash } from "../../../static/js/ui/theme.js";

test("sixteen runs can be told apart by colour and dash", () => {
  for (const theme of ["light", "dark"]) {
    const looks = Array.from({ length: SLOTS }, (_, i) => runColor(i, theme) + runDash(i));
    assert.equal(new Set(looks).size, SLOTS);
  }
});

test("the lowest free colour is taken", () => {
  assert.equal(freeSlot([]), 0);
  assert.equal(freeSlot([0, 2]), 1);
});

test("the map's colours run from one class over the middle to the other", () => {
  for (const theme of ["light", "dark"]) {
    const table = classTable(theme);
    assert.equal(table.length, 256);
    assert.ok(table.every((pixel) => pixel >>> 24 === 255));
    assert.notEqual(table[0], table[255]);
    assert.ok(new Set(table).size > 100);
  }
});
