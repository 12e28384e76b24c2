import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import {
  memorize,
  readingOf,
  recalled,
  said,
  stillOf,
  withoutAnswers,
} from "../../../../static/js/setup/own-data/table-memory.js";

/** @type {Map<string, string>} */
const kept = new Map();
Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  value: {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => kept.set(key, text),
  },
});

beforeEach(() => kept.clear());

test("the same table is read the same way again, another one is not", () => {
  memorize("a;b\n1.000;2", { grouping: ".", totals: false, target: "b" });
  assert.deepEqual(recalled("a;b\n1.000;2"), { grouping: ".", totals: false });
  assert.deepEqual(recalled("a;b\n1.000;3"), {});
  assert.deepEqual(recalled("b;a\n1.000;2"), {});
});

test("what is said later holds, and what is unsaid is forgotten", () => {
  memorize("t", { dates: "dmy" });
  memorize("t", { dates: "mdy", grouping: undefined });
  assert.deepEqual(recalled("t"), { dates: "mdy" });
  memorize("t", {});
  assert.deepEqual(recalled("t"), {});
});

test("only the last tables are kept", () => {
  for (let i = 0; i < 40; i++) memorize(`table ${i}`, { header: true });
  assert.deepEqual(recalled("table 9"), {});
  assert.deepEqual(recalled("table 39"), { header: true });
});

test("what others have written there is no error", () => {
  for (const text of ["no JSON", "{}", "[1, null]", "null"]) {
    kept.set("basin.tables", text);
    assert.deepEqual(recalled("t"), {});
  }
});

test("answers that hold for another table are known, and can be taken back", () => {
  const picks = said({ grouping: ".", target: "y" }, "x;y\n1.234;5", "x;y\n9.871;1");
  const answers = readingOf(picks);
  assert.deepEqual(answers, { grouping: "." });
  assert.deepEqual(stillOf(answers, { target: "x" }), { grouping: "." });
  assert.deepEqual(stillOf(answers, withoutAnswers(answers)), {});
  assert.deepEqual({ ...picks, ...withoutAnswers(answers) }.grouping, undefined);
});
