import assert from "node:assert/strict";
import { test } from "node:test";

import { downhill, gridRows, heightAt } from "../../../../static/js/panels/landscape/grid.js";

/** @param {(x: number, y: number) => number} J */
function gridOf(J, size = 11) {
  const row = Array.from({ length: size }, (_, i) => -1 + (2 * i) / (size - 1));
  return { x: row, y: row, z: Float64Array.from(row.flatMap((y) => row.map((x) => J(x, y)))) };
}

test("between its points a grid is as high as the plane through them", () => {
  const grid = gridOf((x, y) => 3 * x - 2 * y + 1);
  assert.ok(Math.abs(heightAt(grid, 0.234, -0.456) - (3 * 0.234 + 2 * 0.456 + 1)) < 1e-12);
  assert.equal(heightAt(grid, 1.01, 0), null);
  assert.equal(heightAt({ ...grid, z: grid.z.map(() => NaN) }, 0, 0), null);
});

test("arrows point down the slope, and none where it is flat", () => {
  const bowl = downhill(
    gridOf((x, y) => x * x + y * y, 41),
    { columns: 4, rows: 4 },
  );
  for (let i = 0; i < bowl.x.length; i += 7) {
    const [from, to] = [Math.hypot(bowl.x[i], bowl.y[i]), Math.hypot(bowl.x[i + 1], bowl.y[i + 1])];
    assert.ok(to < from);
  }
  assert.equal(
    downhill(
      gridOf(() => 1),
      { columns: 4, rows: 4 },
    ).x.length,
    0,
  );
});

test("a table has one row for each point", () => {
  const grid = { x: [0, 1], y: [2, 3], z: [4, 5, 6, 7] };
  assert.deepEqual(gridRows(grid), [
    [0, 2, 4],
    [1, 2, 5],
    [0, 3, 6],
    [1, 3, 7],
  ]);
});
