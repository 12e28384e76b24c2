import assert from "node:assert/strict";
import { test } from "node:test";

import { writeCsv } from "../../../static/js/ui/csv.js";

test("a table is written so that a spreadsheet reads it", () => {
  const text = writeCsv([
    ["x1", 'a "b"', " kind"],
    [1, -2.5, "red, dark"],
    [0, NaN, null],
  ]);
  assert.equal(text, 'x1,"a ""b"""," kind"\r\n1,-2.5,"red, dark"\r\n0,,\r\n');
});

test("a name is text, whatever a spreadsheet would make of it", () => {
  const names = ["=1+1", "+A1", "-A1", "@sum(A1)", "\t=1", "-\n1", "−A1", "a=1", "'=1"];
  const numbers = ["-1", "+.5", "-2e-3", "-", "+", "="]; // classes may be called so
  const [first, second] = writeCsv([names, numbers]).split("\r\n");
  assert.equal(first, `'=1+1,'+A1,'-A1,'@sum(A1),'\t=1,"'-\n1",−A1,a=1,'=1`);
  assert.equal(second, "-1,+.5,-2e-3,-,+,=");
});
