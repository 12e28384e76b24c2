import assert from "node:assert/strict";
import { test } from "node:test";

import {
  kept,
  mostVarying,
  ownPicks,
  withPicks,
  withoutInputs,
} from "../../../../static/js/setup/own-data/table-picks.js";

test("another delimiter or header forgets what was said of columns, and nothing else", () => {
  const said = { decimal: ",", target: "y", inputs: ["a"], omit: [3], encodings: { a: "one_hot" } };
  for (const more of [{ delimiter: ";" }, { header: false }]) {
    const next = withPicks(said, more);
    assert.equal(next.decimal, ",");
    for (const name of ["target", "inputs", "omit", "encodings"])
      assert.equal(next[name], undefined);
  }
  assert.deepEqual(withPicks(said, { grouping: "." }).inputs, ["a"]);
});

test("another target chooses inputs anew; a column taken out loses its encoding", () => {
  const said = { inputs: ["a", "b"], encodings: { a: "one_hot", b: "date" }, task: "regression" };
  const next = withPicks(said, { target: "a" });
  assert.equal(next.inputs, undefined);
  assert.equal(next.task, undefined);
  assert.deepEqual(withPicks(said, { inputs: ["b"] }).encodings, { b: "date" });
});

test("what was said is remembered while the text is edited under the same header", () => {
  const said = { grouping: ".", omit: [2] };
  assert.deepEqual(kept(said, "x;y\n1;2", "x;y\r\n1;3"), { grouping: ".", omit: undefined });
  assert.deepEqual(kept(said, "x;y\n1;2", "a;b\n1;3"), {});
  assert.deepEqual(kept(said, "", ""), {});
});

test("a table that the page wrote itself is not asked about", () => {
  assert.deepEqual(ownPicks({ name: "custom", inputs: [[1.234, 2]], targets: [5] }), {
    delimiter: ",",
    decimal: ".",
    grouping: "",
    header: true,
    target: 2,
    inputs: [0, 1],
    task: "regression",
  });
  const classes = { name: "custom", inputs: [[1]], targets: [0], classes: ["1", "2"] };
  assert.equal(ownPicks(classes).task, "classification");
});

const column = (name, variation, reason = null) => ({
  name,
  variation,
  reason,
  use: reason ? "unused" : "input",
  encoding: reason ? null : "number",
});

test("the columns that vary most, in the order of the table", () => {
  const columns = [
    column("id", 0.29, "row_numbers"),
    column("flat", 0, "constant"),
    column("a", 0.1),
    column("b", 0.4),
    column("text", null, "text"),
    column("c", 0.3),
    column("y", 0.5),
  ];
  assert.deepEqual(mostVarying({ columns, target: "y" }, 2), ["b", "c"]);
  assert.deepEqual(mostVarying({ columns, target: "y" }, 9), ["a", "b", "c"]);
});

test("without an input there is nothing to use, and that is said", () => {
  const found = { columns: [column("a", 0.1)], inputs: ["a"], data: {}, problems: [] };
  const bare = withoutInputs(found);
  assert.equal(bare.data, null);
  assert.deepEqual(
    bare.problems.map(({ code }) => code),
    ["no_inputs"],
  );
  assert.equal(bare.columns[0].use, "unused");
});
