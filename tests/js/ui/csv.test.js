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
