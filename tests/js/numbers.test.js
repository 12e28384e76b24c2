import assert from "node:assert/strict";
import { test } from "node:test";

import { parseNumber, parseTable, writeTable } from "../../static/js/numbers.js";

const learningRate = { minimum: 1e-5, maximum: 10, integer: false };
const units = { minimum: 1, maximum: 64, integer: true };

for (const text of ["1,2,0\n3,4,1", "1;2;0\r\n3;4;1", "1\t2\t0\n3\t4\t1\n", "1 2 0\n 3  4 1 "]) {
  test(`a table is read whatever separates its numbers: ${JSON.stringify(text)}`, () => {
    const { table } = parseTable(text);
    assert.deepEqual(table, { inputs: [[1, 2], [3, 4]], targets: [0, 1] }); // prettier-ignore
  });
}

test("a heading, comments and blank lines do not count", () => {
  const { table } = parseTable("x, y\n# two points\n\n1, 0\n2, 1\n");
  assert.deepEqual(table, { inputs: [[1], [2]], targets: [0, 1] });
});

for (const [text, problem] of Object.entries({
  "1,2\n3,four": { code: "not_a_number", line: 2, cell: "four" },
  "1,2\n3,": { code: "not_a_number", line: 2, cell: "" },
  "1,2\n1,2,3": { code: "uneven", line: 2, expected: 2, found: 3 },
  "1\n2": { code: "too_few_columns", line: 1 },
  "1,2": { code: "too_few_rows", line: 1 },
  "": { code: "too_few_rows", line: 1 },
  "x,y\nx,y\n1,2": { code: "not_a_number", line: 2, cell: "x" },
  "1,Infinity\n1,2": { code: "not_a_number", line: 1, cell: "Infinity" },
})) {
  test(`what is wrong with a table is named with its line: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseTable(text).problem, problem);
  });
}

test("a written table is read as it was", () => {
  const table = { inputs: [[-1.5, 2e-7]], targets: [0.25] };
  const text = `${writeTable(table)}\n${writeTable(table)}`;
  assert.deepEqual(parseTable(text).table.inputs, [table.inputs[0], table.inputs[0]]);
});

test("a number is read with a comma or a true minus, too", () => {
  assert.deepEqual(parseNumber(" 0,5 ", learningRate), { value: 0.5 });
  assert.deepEqual(parseNumber("−1", { minimum: -2, maximum: 2 }), { value: -1 });
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
