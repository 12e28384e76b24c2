import assert from "node:assert/strict";
import { test } from "node:test";
import * as colors from "../../static/js/colors.js";
import { parseNumber, parseTable, writeTable } from "../../static/js/numbers.js";
import { decode, extent } from "../../static/js/typed.js";
import { range } from "./support.js";

/** @param {string} text @returns {any} */
const table = (text) => parseTable(text);

test("rows may be separated by commas, tabs, semicolons or blanks", () => {
  const text = "x1, x2, y\n# a remark\n1, 2, 0\n3\t4\t1\n\n5;6;0\n-7 8e-1 1\n";
  assert.deepEqual(table(text).table, {
    inputs: [[1, 2], [3, 4], [5, 6], [-7, 0.8]],
    targets: [0, 1, 0, 1],
  }); // prettier-ignore
});

test("a written table reads as itself", () => {
  const own = { inputs: [[0.5, -1], [2, 1e-3]], targets: [1, 0] }; // prettier-ignore
  assert.deepEqual(table(writeTable(own)).table, own);
});

for (const [name, text, problem] of [
  ["a word", "1,2\n3,x\n", { code: "not_a_number", line: 2, cell: "x" }],
  ["an empty cell", "1,,2\n", { code: "not_a_number", line: 1, cell: "" }],
  ["infinity", "1,2\n1,Infinity", { code: "not_a_number", line: 2, cell: "Infinity" }],
  ["a short row", "1,2,3\n\n4,5\n", { code: "uneven", line: 3, expected: 3, found: 2 }],
  ["a single column", "1\n2\n", { code: "too_few_columns", line: 1 }],
  ["a single row", "1,2\n", { code: "too_few_rows", line: 2 }],
  ["two headings", "a,b\nc,d\n1,2\n", { code: "not_a_number", line: 2, cell: "c" }],
]) {
  test(`${name} is refused with its line`, () => {
    assert.deepEqual(table(/** @type {string} */ (text)).problem, problem);
  });
}

test("numbers are held to their range", () => {
  const units = range("units", 1, 64, { integer: true });
  assert.deepEqual(parseNumber(" 12 ", units), { value: 12 });
  for (const text of ["", "abc", "1.5", "NaN"])
    assert.equal(codeOf(text, units), "wrong_type", text);
  for (const text of ["0", "1000000000"]) assert.equal(codeOf(text, units), "out_of_range", text);
  const share = range("share", 0, 1, { exclusive_minimum: true });
  assert.equal(codeOf("0", share), "out_of_range");
  assert.deepEqual(parseNumber("0,5", share), { value: 0.5 });
  assert.deepEqual(parseNumber("−3", range("value", -10, 10)), { value: -3 });
});

/** @param {string} text @param {any} within */
function codeOf(text, within) {
  const read = parseNumber(text, within);
  return "code" in read ? read.code : read;
}

test("typed arrays are the numbers they hold", () => {
  const bdata = Buffer.from(new Float32Array([1.5, -2, NaN]).buffer).toString("base64");
  const values = decode({ dtype: "f4", bdata, shape: "3" });
  assert.deepEqual([...Array.from(values)].slice(0, 2), [1.5, -2]);
  assert.deepEqual(extent(values), [-2, 1.5]);
  assert.equal(extent([null, NaN]), null);
  assert.throws(() => decode({ dtype: "c16", bdata }), /dtype/);
});

test("sixteen runs can be told apart by colour and dash", () => {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    const looks = Array.from(
      { length: 16 },
      (_, i) => colors.runColor(i, theme) + colors.runDash(i),
    );
    assert.equal(new Set(looks).size, 16);
  }
  assert.equal(colors.freeSlot([0, 1, 3]), 2);
});

test("class colours run from the low class over the middle to the high one", () => {
  const pixels = colors.classTable("light");
  assert.equal(pixels.length, 256);
  assert.ok([0, 127, 255].every((i) => pixels[i] >>> 24 === 255));
  assert.notEqual(pixels[0], pixels[255]);
});
