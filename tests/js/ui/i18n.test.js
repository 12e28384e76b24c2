import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { explain, list, t, use } from "../../../static/js/ui/i18n.js";
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
