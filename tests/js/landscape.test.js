import assert from "node:assert/strict";
import { test } from "node:test";

import { depthOf, hidden, seenAt } from "../../static/js/panels/landscape/webgl/depth-buffer.js";
import { downhill, gridRows, heightAt } from "../../static/js/panels/landscape/grid.js";
import { ceilingFor, heightAxis } from "../../static/js/panels/landscape/shared-traces.js";
import { within } from "../../static/js/panels/landscape/webgl/overlay-painter.js";
import { multiplied } from "../../static/js/panels/landscape/webgl/matrix.js";
import { inverted, meets, sightLine } from "../../static/js/panels/landscape/webgl/pick.js";

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

test("a spike is cut off, a bowl is not", () => {
  const bowl = Array.from({ length: 100 }, (_, i) => i / 100);
  assert.equal(ceilingFor(bowl, 0.9), Infinity);
  assert.ok(ceilingFor([...bowl, 500], 0.9) < 2);
});

test("the height axis stays while what is shown fills it, and grows with it", () => {
  const first = heightAxis({ low: 0, high: 1 }, false, null);
  assert.deepEqual(heightAxis({ low: 0.1, high: 0.95 }, false, first), first);
  assert.deepEqual(heightAxis({ low: 0.4, high: 1 }, false, null), first);
  assert.ok(heightAxis({ low: 0, high: 2 }, false, first)[1] > 2);
  assert.ok(heightAxis({ low: 0, high: 0.2 }, false, first)[1] < 0.5);
  assert.ok(heightAxis({ low: 1e-4, high: 1 }, true, null)[0] < -4);
});

test("a matrix times its inverse is no change", () => {
  const matrix = [2, 0, 1, 0, 0, 3, 0, 1, 1, 0, 2, 0, 0, 1, 0, 1];
  const identity = multiplied(matrix, inverted(matrix));
  identity.forEach((value, i) => assert.ok(Math.abs(value - (i % 5 ? 0 : 1)) < 1e-12));
  assert.equal(inverted(new Array(16).fill(0)), null);
});

test("the sight line meets the surface where the pointer is", () => {
  const bowl = (x, y) => x * x + y * y;
  const box = [
    [-1, -1, -1],
    [1, 1, 2],
  ];
  const steep = [
    [0.3, -0.2, 3],
    [0.3, -0.2, -3],
  ];
  const [x, y] = meets(steep, bowl, box);
  assert.ok(Math.hypot(x - 0.3, y + 0.2) < 1e-9);
  const slanted = [
    [-3, 0, 1.5],
    [3, 0, -1.5],
  ];
  const [at] = meets(slanted, bowl, box);
  assert.ok(Math.abs(bowl(at, 0) - -0.5 * at) < 1e-9);
  assert.equal(meets([[-3, 5, 0], [3, 5, 0]], bowl, box), null); // prettier-ignore
});

test("the line through the middle of the picture goes straight ahead", () => {
  const flat = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  assert.deepEqual(sightLine(flat, 0.5, -0.5), [
    [0.5, -0.5, -1],
    [0.5, -0.5, 1],
  ]);
});

test("a line is cut where it leaves the box, and gone where it never enters it", () => {
  const box = [
    [0, 0, 0],
    [1, 1, 1],
  ];
  assert.deepEqual(within([-1, 0.5, 0.5], [1, 0.5, 0.5], box), [
    [0, 0.5, 0.5],
    [1, 0.5, 0.5],
  ]);
  const inside = [
    [0.1, 0.2, 0.3],
    [0.4, 0.5, 0.6],
  ];
  assert.deepEqual(within(...inside, box), inside);
  assert.equal(within([2, 0, 0], [2, 1, 1], box), null);
  assert.equal(within([-1, 0.5, 0.5], [0.5, 5, 0.5], box), null);
});

test("what lies behind the surface is hidden, what lies on it or before it is not", () => {
  // An eye in the origin looks along −z: x and y are divided by the distance.
  const matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0];
  const row = Array.from({ length: 21 }, (_, i) => -1 + i / 10);
  const wall = Float64Array.from(row.flatMap(() => row.map((x) => (x > 0.5 ? NaN : -2))));
  const depth = depthOf(matrix, wall, { x: row, y: row }, 0.5);
  /** @param {import("../../static/js/panels/landscape/webgl/matrix.js").Point} point */
  const behind = (point) => hidden(depth, seenAt(matrix, point), 0.01);
  assert.deepEqual(seenAt(matrix, [0, 1, -2]), [0.5, 0.25, 0.5]);
  assert.equal(behind([0, 0, -3]), true);
  assert.equal(behind([0, 0, -2.01]), false);
  assert.equal(behind([0, 0, -1]), false);
  assert.equal(behind([0.6, 0, -3]), true);
  assert.equal(behind([0.9, 0, -3]), false); // past the end of the wall
  assert.equal(behind([9, 0, -3]), false); // outside the picture
});
