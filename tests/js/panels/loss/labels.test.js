import assert from "node:assert/strict";
import { test } from "node:test";

import { short, spread } from "../../../../static/js/panels/loss/labels.js";
import { nearest, nearestRun } from "../../../../static/js/panels/loss/hover.js";

test("names keep their order and their distance, and stay near their curves", () => {
  for (const wanted of [[0.1, 0.1, 0.1], [0.9, 0.2, 0.21, 0.88], [1, 1], [0, 0], [0.5]]) {
    const found = spread(wanted, 0.1, 0, 1);
    const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
    order.slice(1).forEach((i, rank) => assert.ok(found[i] - found[order[rank]] >= 0.1 - 1e-12));
    for (const [i, at] of found.entries()) {
      assert.ok(at >= -1e-12 && at <= 1 + 1e-12);
      assert.ok(Math.abs(at - wanted[i]) <= 0.1 * wanted.length);
    }
  }
  assert.deepEqual(spread([0.2, 0.8], 0.1, 0, 1), [0.2, 0.8]);
});

test("the nearest curve is meant, and none that is far away", () => {
  const toPixels = (loss) => 100 - 100 * loss;
  assert.equal(nearestRun([0.5, 0.6, null], toPixels, 47), 0);
  assert.equal(nearestRun([0.5, 0.6, null], toPixels, 41), 1);
  assert.equal(nearestRun([0.9, null], toPixels, 80), -1);
});

test("of the steps that are drawn the nearest is pointed at", () => {
  const steps = [0, 5, 10];
  assert.deepEqual(
    [-1, 2, 3, 7.4, 9, 40].map((wanted) => steps[nearest(steps, wanted)]),
    [0, 0, 5, 5, 10, 10],
  );
});

test("a name is cut where it has no room, with a sign that it is", () => {
  const context = { measureText: (/** @type {string} */ text) => ({ width: 10 * text.length }) };
  globalThis.document = /** @type {any} */ ({
    createElement: () => ({ getContext: () => context }),
  });
  try {
    assert.equal(short("Glorot", 600), "Glorot");
    assert.equal(short("a name of more than twenty-two letters", 2000), "a name of more than t…");
    assert.equal(short("WWWWWWWWWWWWWWWWWWWWWW", 600), `${"W".repeat(18)}…`); // 4 blanks before it
    assert.equal(short("𝑊".repeat(30), 2000), `${"𝑊".repeat(21)}…`); // no half of a letter
  } finally {
    Reflect.deleteProperty(globalThis, "document");
  }
});
