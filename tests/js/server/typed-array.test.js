import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, extent } from "../../../static/js/server/typed-array.js";

test("a typed array is decoded to the very numbers", () => {
  const numbers = new Float32Array([0, -1.5, 3.25, NaN]);
  const bdata = Buffer.from(numbers.buffer).toString("base64");
  assert.deepEqual([...decode({ dtype: "f4", bdata, shape: "2,2" })], [0, -1.5, 3.25, NaN]);
});

test("an unknown kind of number is an error, not silence", () => {
  assert.throws(() => decode({ dtype: "c8", bdata: "", shape: "0" }), /c8/);
});

test("the extent passes over gaps", () => {
  assert.deepEqual(extent([null, 3, NaN, -2]), [-2, 3]);
  assert.equal(extent([null, NaN]), null);
});
