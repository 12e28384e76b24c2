import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { explain, list, pluralsOf, t, use } from "../../../static/js/ui/i18n.js";
import { catalogue } from "../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

test("placeholders are filled in, and an unknown key is seen", () => {
  use("en", { greeting: "{a} and {b}" });
  assert.equal(t("greeting", { a: 1 }), "1 and {b}");
  assert.equal(t("no.such.key"), "no.such.key");
});

test("lists are joined as the language does", () => {
  assert.equal(list(["a", "b", "c"]), "a, b, and c");
  use("zh-CN", catalogue("zh-CN"));
  assert.equal(list(["甲", "乙"]), "甲和乙");
});

test("a broken rule is explained with what would have been right", () => {
  const words = explain({ code: "out_of_range", allowed: { minimum: 1, maximum: 64 } });
  assert.match(words, /1/);
  assert.match(words, /64/);
  assert.doesNotMatch(words, /[{}]/);
});

test("a rule that the catalogue does not know is told in the server's words", () => {
  assert.equal(explain({ code: "brand_new", detail: "in English" }), "in English");
});

test("what can be written instead is named in the language's words", () => {
  const ambiguous = {
    code: "ambiguous",
    allowed: { column: 4, write: ["1/(2*…)", "1/2*…"] },
    received: "x",
  };
  assert.match(explain(ambiguous), /^Character 4: .*“x”.* Write “1\/\(2\*…\)” or “1\/2\*…”\.$/);
  use("zh-CN", catalogue("zh-CN"));
  assert.match(explain(ambiguous), /^第 4 个字符：.*请写“1\/\(2\*…\)”或“1\/2\*…”。$/);
});

test("a study that is too large is refused with its size and the limit", () => {
  const allowed = { minimum: 0, maximum: 1882, size: 1.06e13, limit: 2e12 };
  assert.match(explain({ code: "too_much_work", allowed }), /10\.6T.*2T.*1882 seeds/);
});

test("a table with too many values is refused with the most that are read", () => {
  const allowed = { maximum: 400_000, items: true };
  assert.match(explain({ code: "too_much_work", allowed }), /table.*at most 400,?000 are read/);
});

test("a number decides the form of the words that go with it, also as people write it", () => {
  use("en", { n: "{n|neuron|neurons}" });
  for (const [n, word] of [
    [1, "neuron"],
    ["1", "neuron"],
    [0, "neurons"],
    ["1,001", "neurons"],
    ["1.5", "neurons"],
  ])
    assert.equal(t("n", { n }), word);
});

test("every language orders its forms alike", () => {
  assert.deepEqual([1, 2].map(pluralsOf("en").of), [0, 1]);
  assert.deepEqual([1, 3, 5].map(pluralsOf("pl").of), [0, 1, 2]);
  assert.equal(pluralsOf("zh-CN").count, 1);
});

test("a Chinese name closes the space that a Latin one needs", () => {
  use("zh-CN", { at: "{name} 在第 {step} 步发散" });
  assert.equal(t("at", { name: "Glorot", step: 3 }), "Glorot 在第 3 步发散");
  assert.equal(t("at", { name: "全零", step: 3 }), "全零在第 3 步发散");
});
