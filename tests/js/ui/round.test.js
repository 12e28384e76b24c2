import assert from "node:assert/strict";
import { test } from "node:test";

import { toDigits, toPlaces } from "../../../static/js/ui/round.js";

test("numbers are rounded to digits, or to places", () => {
  assert.equal(toDigits(0.0123456, 3), 0.0123);
  assert.equal(toDigits(123456, 2), 120000);
  assert.equal(toPlaces(-1.005001, 2), -1.01);
  assert.equal(toPlaces(0.1 + 0.2, 6), 0.3);
});
