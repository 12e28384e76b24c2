import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import * as format from "../../../static/js/ui/number-format.js";
import { use } from "../../../static/js/ui/i18n.js";
import { catalogue } from "../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

for (const [value, text] of [
  [0.16234, "0.1623"],
  [12.345, "12.35"],
  [123.45, "123.5"],
  [1e-7, "1.0e−7"],
  [3.2e8, "3.2e8"],
  [0, "0.0000"],
  [null, "–"],
  [Infinity, "–"],
]) {
  test(`a loss of ${value} is written ${text}`, () => assert.equal(format.loss(value), text));
}

test("a date is written in words, and another text as it is", () => {
  assert.equal(format.date("2025-07-04"), "July 4, 2025");
  assert.match(format.date("2025-07-04T10:30"), /July 4, 2025.*10:30/);
  assert.equal(format.date("31.02.2025"), "31.02.2025");
});
