/** The pure parts of lessons: texts, judgements, orders, the ground under one's feet, what is remembered. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { openGrids } from "../../../../static/js/page/lessons/arrangement.js";
import { takeAxes } from "../../../../static/js/page/lessons/arrival.js";
import { comparesRecipes, shadeOf } from "../../../../static/js/page/lessons/first-weights.js";
import { speedFor, tellersOf } from "../../../../static/js/page/lessons/lesson.js";
import {
  along,
  distanceOfSketch,
  judge,
  pairsInOrder,
  placeOf,
  valueAt,
} from "../../../../static/js/page/lessons/judge.js";
import { inWords, partsOf, plainly } from "../../../../static/js/page/lessons/markup.js";
import { moved } from "../../../../static/js/page/lessons/order.js";
import { packLesson, splitCard, unpackLesson } from "../../../../static/js/page/lessons/pack.js";
import {
  keepProgress,
  keptOwn,
  keyOf,
  progressOf,
} from "../../../../static/js/page/lessons/record.js";
import { sightOf, takeBack } from "../../../../static/js/page/lessons/sight.js";
import { createTerrain } from "../../../../static/js/page/lessons/terrain.js";
import { use } from "../../../../static/js/ui/i18n.js";
import { createFakePage } from "../../fake-page.js";

/** A page's storage, or one that refuses. @param {boolean} [refuses] */
function storage(refuses = false) {
  const kept = new Map();
  const check = () => assert.ok(!refuses);
  globalThis.localStorage = /** @type {Storage} */ (
    /** @type {unknown} */ ({
      getItem: (key) => (check(), kept.get(key) ?? null),
      setItem: (key, text) => (check(), kept.set(key, text)),
    })
  );
  return kept;
}

test("a text is plain but for emphasis and formulas", () => {
  assert.deepEqual(partsOf("a *b c* `W = 0`."), [
    { kind: "plain", text: "a " },
    { kind: "strong", text: "b c" },
    { kind: "plain", text: " " },
    { kind: "formula", text: "W = 0" },
    { kind: "plain", text: "." },
  ]);
});

test("whatever is no mark of a text stays as it is", () => {
  for (const text of ["<b>x</b>", "2 * 3 * 4", "a*b", "`open", "**", "<img onerror=x>", "a\n*b"])
    assert.deepEqual(partsOf(text), [{ kind: "plain", text }]);
  assert.deepEqual(partsOf(""), []);
});

test("a text is in the language in use, or in the one there is", () => {
  use("zh-CN", {});
  assert.equal(inWords({ en: "one", "zh-CN": "一" }), "一");
  assert.equal(inWords({ en: "one", "zh-CN": null }), "one");
  use("en", {});
  assert.equal(inWords({ "zh-CN": "一" }), "一");
  assert.equal(plainly("*a* `b`"), "a b");
});

test("a number has its place on an axis, and a place its number", () => {
  const straight = /** @type {const} */ ({ kind: "number", low: -5, high: 5, answer: 0 });
  const log = /** @type {const} */ ({ ...straight, low: 0.01, high: 100, scale: "log" });
  assert.equal(placeOf(straight, 0), 0.5);
  assert.ok(Math.abs(placeOf(log, 1) - 0.5) < 1e-12);
  for (const axis of [straight, log])
    for (const place of [0, 0.25, 0.5, 1])
      assert.ok(Math.abs(placeOf(axis, valueAt(axis, place)) - place) < 0.01);
});

/** A card with a prediction. @param {object} predict */
const card = (predict) =>
  /** @type {import("../../../../static/js/page/lessons/lesson.js").Card} */ (
    /** @type {unknown} */ ({ predict })
  );
const measured = (answer, values = []) => ({ answer, values, steps: null });

test("a prediction is right, close or wrong by what is measured", () => {
  const number = card({ kind: "number", low: 0, high: 100, near: 0.1, answer: 50 });
  assert.deepEqual(
    [50, 59, 69, 90].map((guess) => judge(number, guess, measured(50, [50]))),
    ["right", "right", "close", "wrong"],
  );
  assert.equal(judge(number, 50, measured(null, [null])), "wrong");
  const shape = card({ kind: "shape", answer: [3, 2] });
  assert.equal(judge(shape, [3, 2], measured([3, 2])), "right");
  assert.equal(judge(shape, [2, 3], measured([3, 2])), "wrong");
  const choice = card({ kind: "choice", options: [], answer: 1 });
  assert.equal(judge(choice, 1, measured(1)), "right");
  assert.equal(judge(choice, 0, measured(null)), "wrong");
  const order = card({ kind: "order", items: [], answer: [] });
  assert.equal(judge(order, [0, 1, 2, 3], measured([0, 1, 2, 3])), "right");
  assert.equal(judge(order, [0, 1, 3, 2], measured([0, 1, 2, 3])), "close");
  assert.equal(judge(order, [3, 2, 1, 0], measured([0, 1, 2, 3])), "wrong");
  const sketch = card({ kind: "sketch", high: 1, near: 0.1 });
  assert.equal(judge(sketch, [1, 0.5, 0], measured(null, [1, 0.75, 0.5, 0.25, 0])), "right");
  assert.equal(judge(sketch, [0, 0.5, 1], measured(null, [1, 0.75, 0.5, 0.25, 0])), "wrong");
  const descend = card({ kind: "descend" });
  assert.equal(judge(descend, [[0, 0, 9], [1, 1, 2]], measured(null, [3])), "right"); // prettier-ignore
  assert.equal(judge(descend, [[0, 0, 9], [1, 1, 5]], measured(null, [3])), "close"); // prettier-ignore
  assert.equal(judge(descend, [[0, 0, 9]], measured(null, [3])), "wrong");
});

test("a sketch is compared along the whole curve, and a run that diverged is at the top", () => {
  assert.equal(along([0, 10], 0.25), 2.5);
  assert.equal(distanceOfSketch([1, 1], [2, null], 2), 0.5);
});

test("pairs tell how near an order is", () => {
  assert.equal(pairsInOrder([0, 1, 2], [0, 1, 2]), 1);
  assert.equal(pairsInOrder([2, 1, 0], [0, 1, 2]), 0);
});

test("a thing is moved within its list only", () => {
  assert.deepEqual(moved([0, 1, 2], 0, 2), [1, 2, 0]);
  assert.deepEqual(moved([0, 1, 2], 2, 0), [2, 0, 1]);
  const order = [0, 1];
  assert.equal(moved(order, 0, -1), order);
  assert.equal(moved(order, 1, 2), order);
});

test("the ground of a parabola is exact between its points, and beyond them", () => {
  const J = (x, y) => 2 * x * x + x * y + 3 * y * y - x + 4;
  const axis = [-2, -1, 0, 1, 2];
  const z = axis.map((y) => axis.map((x) => J(x, y)));
  const { at } = createTerrain({ x: axis, y: axis, z });
  for (const [x, y] of [
    [0, 0],
    [0.3, -1.7],
    [-1.9, 1.1],
    [2, 2],
    [2.5, -2.5],
  ]) {
    // prettier-ignore
    const { height, slope } = at(x, y);
    assert.ok(Math.abs(height - J(x, y)) < 1e-9, `${x} ${y}`);
    assert.ok(Math.abs(slope[0] - (4 * x + y - 1)) < 1e-9, `${x} ${y}`);
    assert.ok(Math.abs(slope[1] - (x + 6 * y)) < 1e-9, `${x} ${y}`);
  }
});

test("progress is remembered for each lesson, and spoilt storage is none", () => {
  const kept = storage();
  assert.deepEqual(progressOf("a"), { card: 0, done: {} });
  const done = { 0: { guess: 3, verdict: /** @type {const} */ ("right"), measured: measured(3) } };
  keepProgress("a", { card: 1, done });
  keepProgress("b", { card: 2, done: {} });
  assert.deepEqual(progressOf("a"), { card: 1, done });
  for (const spoilt of ["", "{", "[]", "null", '{"a": 7}', '{"a": {"card": "1"}}']) {
    kept.set("basin.lessons", spoilt);
    assert.deepEqual(progressOf("a"), { card: 0, done: {} });
    kept.set("basin.lessons.own", spoilt);
    assert.equal(keptOwn(), null);
  }
  storage(true);
  keepProgress("a", { card: 1, done });
  assert.deepEqual(progressOf("a"), { card: 0, done: {} });
});

test("a lesson without a name is known again by what it says", () => {
  assert.equal(keyOf({ title: "a" }), keyOf({ title: "a" }));
  assert.notEqual(keyOf({ title: "a" }), keyOf({ title: "b" }));
});

test("a lesson goes through a link, and a broken one is what it is", async () => {
  const text = '{"title": "梯度下降"}';
  assert.equal(await unpackLesson(await packLesson(text)), text);
  assert.equal(await unpackLesson("~nonsense"), "~nonsense");
});

test("a link names a lesson, and the card that it opens at", () => {
  assert.deepEqual(splitCard("xor"), { name: "xor", place: null });
  assert.deepEqual(splitCard("xor&card=2"), { name: "xor", place: 1 });
  assert.deepEqual(splitCard("~eJy_-4&card=10"), { name: "~eJy_-4", place: 9 });
  for (const broken of ["xor&card=0", "xor&card=", "xor&card=1e3", "xor&card=-1", "xor&step=2"])
    assert.deepEqual(splitCard(broken), { name: broken, place: null });
});

test("after a lesson the page looks at the experiment as before", async () => {
  const { state } = await createFakePage();
  const view = { logLoss: false, testLoss: true, logSurface: false, showTest: true };
  const found = { key: "a", id: state.summary.id, x: "W1[0,0]", y: "W1[0,1]", reach: 2 };
  state.patch({ axes: { x: "W1[0,0]", y: "W1[0,1]" }, landscape: { found }, view, tab: "signals" });
  const before = JSON.parse(JSON.stringify(sightOf(state))); // as it is kept over a reload
  const { id } = state.summary;
  state.patch({
    axes: { x: "W1[1,1]", y: "b1[0]" },
    chosen: 1,
    summary: { ...state.summary, id: "made-again" },
    view: { logLoss: true, logSurface: true },
    network: { mode: "gradients" },
    landscape: { picked: { x: "W1[1,1]", y: "b1[0]" }, found: null, view: "slice", plane: "pca" },
    tab: "explain",
  });
  const tabs = { show: (/** @type {any} */ tab) => state.patch({ tab }) };
  takeBack(state, tabs, before, id);
  const expected = { ...before.landscape, found: { ...found, id: "made-again" } };
  assert.deepEqual(sightOf(state), { ...before, landscape: expected });
});

test("a card opens on two parameters that the experiment before it did not have", async () => {
  const { state } = await createFakePage();
  const named = { x: "W3[0,1]", y: "b3[0]" };
  takeAxes(state, /** @type {any} */ ({ look: named }));
  assert.deepEqual([state.axes, state.landscape.picked], [named, named]);
  takeAxes(state, /** @type {any} */ ({ look: { x: null, y: null } }));
  assert.deepEqual(state.axes, named);
});

test("a card is trained in a few seconds, however many its steps", () => {
  const speeds = [2, 6, 15, 30, 60, 150, 400, 1200, 4000];
  assert.deepEqual(
    [1, 12, 200, 600, 20_000, 1e6].map((steps) => speeds[speedFor(steps, speeds)]),
    [2, 6, 60, 150, 4000, 4000],
  );
});

test("first weights are pictured where a card compares recipes, and tell no shape that is asked for", () => {
  const recipe = (/** @type {string} */ name) => ({ recipe: { weights: { name } } });
  const card = (/** @type {any} */ runs, kind = "order") =>
    /** @type {any} */ ({ predict: { kind }, setup: { spec: { runs } } });
  assert.ok(comparesRecipes(card([recipe("zeros"), recipe("normal")])));
  assert.ok(!comparesRecipes(card([recipe("zeros"), recipe("normal")], "shape")));
  assert.ok(!comparesRecipes(card([recipe("zeros"), recipe("zeros")])));
  assert.ok(!comparesRecipes(card([recipe("zeros")])));
  assert.ok(!comparesRecipes(card([recipe("zeros"), { recipe: null, parameters: {} }])));
});

test("a weight of 0 has no colour, and the smallest of another some", () => {
  assert.equal(shadeOf(0, 2), 0);
  assert.equal(shadeOf(-2, 2), 1);
  assert.ok(shadeOf(1e-9, 2) >= 0.15);
  assert.equal(shadeOf(0, 0), 0);
});

test("what would tell the answer of a card is not seen while it is asked", () => {
  const told = (/** @type {string} */ quantity, steps = 0, step = null) =>
    tellersOf({ measure: { quantity, step }, steps });
  for (const quantity of ["loss", "gradient", "share", "steps_to", "anything"])
    for (const steps of [0, 1, 600]) assert.ok(told(quantity, steps).includes("seeds"));
  assert.ok(told("loss").includes("learned"));
  assert.ok(told("loss", 600, 0).includes("learned"));
  assert.ok(!told("loss", 600).includes("learned"));
  assert.ok(told("gradient").includes("explain"));
  assert.ok(told("layer_factor").includes("signals"));
  assert.ok(told("bound").includes("surface"));
  assert.ok(told("parameter", 1).includes("surface")); // the slice says where the step leads
  assert.ok(!told("parameter", 200).includes("surface"));
  assert.ok(told("shape", 5).includes("explain"));
});

test("signs that are not seen do not turn round what stands beside them", () => {
  assert.equal(inWords("a\u0000b\u202Ec\u2066d\u0007\ne\tf"), "abcd\ne\tf");
  assert.equal(plainly({ en: "*so*\u202E it is" }), "so it is");
});

test("with an open set-up nothing stands empty for a panel that is hidden", () => {
  const all = openGrids(new Set());
  assert.match(all.wide, /^"lesson data network learned" .* "lesson runs loss surface"/);
  assert.match(
    all.narrow,
    /"runs loss" .* "surface surface" .* "data network" .* "learned learned"/,
  );
  const few = openGrids(new Set(["network", "surface"]));
  assert.match(few.wide, /^"lesson data loss learned" .* "lesson runs loss learned"/);
  assert.match(few.narrow, /"runs loss" \S+ \S+ "data data" \S+ \S+ "learned learned"/);
  assert.doesNotMatch(few.wide + few.narrow, /var\(|undefined|network|surface/);
});
