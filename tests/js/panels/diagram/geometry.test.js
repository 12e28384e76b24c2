/** Where the drawn network's parts are, and what is at a point. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  MOST,
  arrange,
  hit,
  line,
  parameterOf,
  partOf,
  valueAt,
  walk,
} from "../../../../static/js/panels/diagram/geometry.js";

const SMALL = [2, 4, 1];
const WIDE = [2, 64, 64, 1];
const BAND = { top: 20, bottom: 180 };
/** @param {number[]} sizes */
const places = (sizes) =>
  arrange(
    sizes,
    sizes.map((_, i) => 60 + 150 * i),
    BAND,
  );

for (const sizes of [SMALL, WIDE, [1, 1], [20, 3, 3], Array(12).fill(8)])
  test(`every neuron of [${sizes}] has a place within the band, apart from the others`, () => {
    const { layers } = places(sizes);
    layers.forEach(({ places: spots, tile }, l) => {
      assert.equal(spots.length, sizes[l]);
      assert.equal(new Set(spots.map(({ x, y }) => `${x} ${y}`)).size, sizes[l]);
      for (const { y } of spots)
        assert.ok(y - tile / 2 >= BAND.top - 1 && y + tile / 2 <= BAND.bottom + 1, `${l}: ${y}`);
    });
  });

for (const [sizes, pitch] of /** @type {[number[], number][]} */ ([
  [[2, ...Array(6).fill(8), 1], 50],
  [[2, ...Array(10).fill(64), 1], 30],
  [[2, ...Array(10).fill(64), 1], 110],
]))
  test(`layers ${pitch} pixels apart leave room for the weights of [${sizes}]`, () => {
    const { layers, gaps } = arrange(
      sizes,
      sizes.map((_, i) => pitch * (i + 0.5)),
      BAND,
    );
    layers.forEach(({ left, right }, l) => {
      if (l === 0) return;
      assert.ok(left - layers[l - 1].right >= 0.5 * pitch, `before layer ${l}`);
      const { matrix } = gaps[l - 1];
      if (!matrix) return;
      assert.ok(
        matrix.x >= layers[l - 1].right && matrix.x + matrix.width <= left,
        `of layer ${l}`,
      );
      assert.ok(right <= pitch * sizes.length);
    });
  });

test("every neuron and every weight is found where it is drawn", () => {
  const drawn = places(SMALL);
  drawn.layers.forEach(({ places: spots }, layer) =>
    spots.forEach(({ x, y }, row) =>
      assert.deepEqual(hit(drawn, x, y), { kind: "neuron", layer, row }),
    ),
  );
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 2; column++) {
      const { x1, y1, x2, y2 } = line(drawn, 1, row, column);
      // Where lines lie close together: near the neuron that it leads to, a third from the other's.
      const found = hit(drawn, x1 + 0.85 * (x2 - x1), y1 + (y2 - y1) * 0.939);
      assert.equal(found?.kind === "weight" && found.row, row);
    }
  assert.equal(hit(drawn, 5, 5), null);
});

test("a layer wider than lines can show is a matrix of which every cell is found", () => {
  const { gaps } = places(WIDE);
  assert.deepEqual(
    gaps.map(({ matrix }) => matrix !== null),
    [true, true, true],
  );
  assert.ok(WIDE[1] > MOST);
  const drawn = places(WIDE);
  const { matrix } = drawn.gaps[1];
  if (!matrix) return assert.fail();
  for (const [row, column] of [
    [0, 0],
    [63, 63],
    [17, 5],
  ]) {
    const x = matrix.x + ((column + 0.5) / 64) * matrix.width;
    const y = matrix.y + ((row + 0.5) / 64) * matrix.height;
    assert.deepEqual(hit(drawn, x, y), { kind: "weight", layer: 2, row, column });
  }
});

for (const name of ["W1[0,1]", "b2[0]", "W10[63,7]"])
  test(`${name} is one part, and the part is ${name}`, () => {
    const part = partOf(name);
    assert.equal(part && parameterOf(part), name);
  });

test("an input has no parameter", () => {
  assert.equal(parameterOf({ kind: "neuron", layer: 0, row: 1 }), null);
  assert.equal(partOf("x1"), null);
});

test("the arrow keys reach every weight and bias, the output's too", () => {
  /** @type {import("../../../../static/js/panels/diagram/geometry.js").Part|null} */
  let part = walk(null, "ArrowDown", SMALL);
  const seen = new Set();
  for (let i = 0; i < 40 && part; i++) {
    seen.add(parameterOf(part));
    const next = walk(part, "ArrowDown", SMALL);
    part = JSON.stringify(next) === JSON.stringify(part) ? walk(part, "ArrowRight", SMALL) : next;
  }
  assert.equal(seen.size, 17);
  assert.ok(seen.has("b2[0]"));
});

test("a part's value is read from W and b", () => {
  const values = { W: [[[1, 2]], [[3]]], b: [[4], [5]] };
  const names = ["W1[0,1]", "b1[0]", "W2[0,0]", "b2[0]", "W3[0,0]"];
  const read = names.map((name) => valueAt(/** @type {any} */ (partOf(name)), values));
  assert.deepEqual(read, [2, 4, 3, 5, null]);
});
