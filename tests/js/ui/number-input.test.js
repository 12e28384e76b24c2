import assert from "node:assert/strict";
import { test } from "node:test";

import { parseNumber } from "../../../static/js/ui/number-input.js";

const learningRate = { minimum: 1e-5, maximum: 10, integer: false };
const units = { minimum: 1, maximum: 64, integer: true };

test("a number is read with a comma or a true minus, too", () => {
  assert.deepEqual(parseNumber(" 0,5 ", learningRate), { value: 0.5 });
  assert.deepEqual(parseNumber("−1", { minimum: -2, maximum: 2 }), { value: -1 });
});

test("digits and signs of full width are read as plain ones", () => {
  assert.deepEqual(parseNumber("１２", units), { value: 12 });
  assert.deepEqual(parseNumber("０．５", learningRate), { value: 0.5 });
  assert.deepEqual(parseNumber("　０，５", learningRate), { value: 0.5 });
  assert.deepEqual(parseNumber("－１", { minimum: -2, maximum: 2 }), { value: -1 });
  assert.equal(parseNumber("５²", units).code, "wrong_type");
});

for (const [text, range, code] of [
  ["", units, "wrong_type"],
  ["many", units, "wrong_type"],
  ["2.5", units, "wrong_type"],
  ["NaN", units, "wrong_type"],
  ["1e999", units, "wrong_type"],
  ["65", units, "out_of_range"],
  ["0", units, "out_of_range"],
  ["0", { minimum: 0, maximum: 1, exclusive_minimum: true }, "out_of_range"],
]) {
  test(`${JSON.stringify(text)} is refused: ${code}`, () => {
    assert.equal(parseNumber(text, range).code, code);
  });
}

test("a refusal says what would have been right", () => {
  assert.deepEqual(parseNumber("100", learningRate).allowed, {
    minimum: 1e-5,
    maximum: 10,
    exclusive_minimum: undefined,
  });
});
