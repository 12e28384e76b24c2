import assert from "node:assert/strict";
import { test } from "node:test";

import {
  append,
  KEPT,
  ceilingOf,
  endAt,
  heights,
  roundUp,
  startCurves,
  thin,
  truncate,
} from "../../../static/js/experiment/loss-history.js";

const twoRuns = () => startCurves(0, { train: [0.9, 0.7], test: [0.8, null] });

test("a moment is added at the end, once", () => {
  const curves = twoRuns();
  append(curves, { step: 5, train: [0.5, 0.6], test: [0.4, null] });
  append(curves, { step: 5, train: [9, 9], test: [9, 9] });
  append(curves, { step: 3, train: [9, 9], test: [9, 9] });
  assert.deepEqual(curves.steps, [0, 5]);
  assert.deepEqual(curves.train, [
    [0.9, 0.5],
    [0.7, 0.6],
  ]);
});

test("going back forgets what came after", () => {
  const curves = twoRuns();
  for (const step of [1, 2, 3]) append(curves, { step, train: [step, step], test: [step, null] });
  truncate(curves, 1);
  assert.deepEqual(curves.steps, [0, 1]);
  assert.deepEqual(curves.test, [
    [0.8, 1],
    [null, null],
  ]);
});

test("the last moment is what it is now, also where it comes again", () => {
  const curves = twoRuns();
  for (const step of [1, 2]) append(curves, { step, train: [step, step], test: [step, null] });
  const now = { train: [7, 8], test: [9, null], penalty: [0.5, 0] };
  assert.equal(endAt(curves, 2, now), curves);
  assert.deepEqual(curves.steps, [0, 1, 2]);
  assert.deepEqual(curves.penalty, [
    [0, 0, 0.5],
    [0, 0, 0],
  ]);
  assert.deepEqual(endAt(curves, 1, now).train, [
    [0.9, 7],
    [0.7, 8],
  ]);
  assert.deepEqual(endAt(curves, 0, now), startCurves(0, now));
});

test("a short curve is drawn as it is", () => {
  const drawn = thin([0, 1, 2], [3, 2, 1], 10);
  assert.deepEqual(drawn, { x: [0, 1, 2], y: [3, 2, 1] });
});

test("a long curve is thinned without losing a spike, its start or its end", () => {
  const steps = Array.from({ length: 50000 }, (_, i) => i);
  const values = steps.map((i) => (i === 31234 ? 7 : i === 2222 ? -7 : Math.sin(i / 900)));
  const { x, y } = thin(steps, values, 500);
  assert.ok(x.length <= 500);
  assert.equal(y[x.indexOf(31234)], 7);
  assert.equal(y[x.indexOf(2222)], -7);
  assert.equal(x[0], 0);
  assert.equal(x.at(-1), 49999);
  assert.ok(x.every((step, i) => i === 0 || step > x[i - 1]));
  assert.ok(x.every((step, i) => y[i] === values[step]));
});

test("thinning keeps the gap that a diverged run leaves", () => {
  const steps = Array.from({ length: 4000 }, (_, i) => i);
  const values = steps.map((i) => (i < 1000 ? 1 : null));
  const { x, y } = thin(steps, values, 100);
  assert.ok(x.every((step, i) => (y[i] === null) === step >= 1000));
});

test("a run that blows up does not flatten the others", () => {
  const series = [
    [1, 0.5, 0.25],
    [2, 1e6, null],
  ];
  assert.equal(ceilingOf(series), 8);
  assert.deepEqual(heights(series), { low: 0.25, high: 8 });
});

test("a run that has blown up from a start far above the others does not flatten them", () => {
  const high = [4000, 1e9, null];
  assert.deepEqual(heights([[0.9, 0.7, 0.5], high]), { low: 0.5, high: 7.2 });
  assert.deepEqual(
    heights([
      [0.9, 0.7, 0.5],
      [4000, 1e9, 2e9],
    ]).high,
    16_000,
  ); // it may come down yet
  assert.deepEqual(heights([high]).high, 16_000); // alone it is what there is
});

test("heights follow the curves while none blows up", () => {
  assert.deepEqual(heights([[0.9, 0.1]]), { low: 0.1, high: 0.9 });
  assert.deepEqual(heights([[null]]), { low: 1, high: 1 });
});

for (const value of [0.0123, 0.9, 1, 7, 10, 64, 950]) {
  test(`an axis ends on a round number above ${value}`, () => {
    const rounded = roundUp(value);
    assert.ok(rounded >= value);
    assert.ok(rounded <= 1.5 * value + 1e-12);
  });
}

test("a history of 100,000 steps is remembered without losing a spike, its start or its end", () => {
  const curves = startCurves(0, { train: [1, 2], test: [1, null] });
  for (let step = 1; step <= 100_000; step++) {
    const spike = step === 31_234 ? 50 : step === 77_777 ? -50 : Math.sin(step / 900);
    append(curves, { step, train: [spike, -spike / 2], test: [0, null] });
  }
  assert.ok(curves.steps.length <= KEPT);
  assert.deepEqual([curves.steps[0], curves.steps.at(-1)], [0, 100_000]);
  assert.equal(curves.train[0][curves.steps.indexOf(31_234)], 50);
  assert.equal(curves.train[1][curves.steps.indexOf(77_777)], 25);
  for (const values of [...curves.train, ...curves.test])
    assert.equal(values.length, curves.steps.length);
});
