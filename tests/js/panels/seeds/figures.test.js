/** The figures of a study: bands, dots, grids, and the picture to take away. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { use } from "../../../../static/js/ui/i18n.js";
import { lossBands, outline } from "../../../../static/js/panels/loss/bands.js";
import { parseValues } from "../../../../static/js/panels/seeds/form.js";
import { goodness, gridInWords, measured } from "../../../../static/js/panels/seeds/grid.js";
import { notesOf } from "../../../../static/js/panels/seeds/notes.js";
import {
  figureOf,
  nameInLines,
  titleOf,
  wrapped,
} from "../../../../static/js/panels/seeds/picture.js";
import {
  captionOf,
  curveTraces,
  layout,
  lossRange,
} from "../../../../static/js/panels/seeds/plot.js";
import {
  axisTicks,
  dotAt,
  dotsOf,
  frameOf,
  isWide,
  placeOf,
} from "../../../../static/js/panels/seeds/strip.js";
import { rowsOf } from "../../../../static/js/panels/seeds/dots.js";
import { reasonInWords, targetRange } from "../../../../static/js/panels/seeds/target.js";
import { createStudy } from "../../../../static/js/experiment/study.js";
import { byRank, medianOf } from "../../../../static/js/panels/seeds/by-seed.js";
import { catalogue } from "../../catalogues.js";
import { cell, recipe, result } from "./fixtures.js";

beforeEach(() => use("en", catalogue("en")));

const LOOK = {
  cell: cell(),
  steps: [0, 1, 2],
  names: ["Glorot", "W < 0"],
  slots: [0, 1],
  target: 0.2,
  theme: "light",
  log: false,
  test: false,
  revision: "",
};

test("a band goes along its lower edge and back along the upper one", () => {
  const { x, y } = outline([0, 1, 2], [1, 2, 3], [4, 5, 6], 9);
  assert.deepEqual(x, [0, 1, 2, 2, 1, 0]);
  assert.deepEqual(y, [1, 2, 3, 6, 5, 4]);
});

test("an infinite quantile leaves the picture at its top, and an infinite band ends", () => {
  const { x, y } = outline([0, 1, 2], [1, 2, null], [4, null, null], 9);
  assert.deepEqual(x, [0, 1, 1, 0]);
  assert.deepEqual(y, [1, 2, 9, 4]);
});

test("every recipe has two bands and a median, and lines lie over bands", () => {
  const range = lossRange(LOOK);
  const traces = curveTraces(LOOK, range);
  const kinds = traces.map(({ fill }) => (fill ? "band" : "line"));
  assert.equal(kinds.indexOf("line"), kinds.lastIndexOf("band") + 1);
  assert.equal(lossBands(LOOK.cell, { ...LOOK, top: 9 }).length, 4);
  assert.ok(range[0] === 0 && range[1] > 1.1);
  for (const { y } of traces)
    assert.ok(y.every((value) => value === null || value <= range[1] * 2));
});

test("a logarithmic axis begins above 0 and holds the target", () => {
  const [low, high] = lossRange({ ...LOOK, log: true, target: 0.01 });
  assert.ok(low > 0 && low < 0.01 && high > low);
  assert.equal(layout({ ...LOOK, log: true }, [low, high]).yaxis.type, "log");
});

test("recipes that diverge on all seeds leave an empty picture, not a broken one", () => {
  const lost = { q05: [null], q25: [null], median: [null], q75: [null], q95: [null] };
  const it = cell();
  for (const one of it.recipes) one.loss = lost;
  const range = lossRange({ ...LOOK, cell: it });
  assert.ok(range.every(Number.isFinite) && range[1] > range[0]);
});

test("the dots of a row never cover each other while there is room, and stay in it", () => {
  const rows = rowsOf(cell(), ["a", "b"], [0, 1]);
  const frame = frameOf(rows, { width: 600, log: false });
  const dots = dotsOf(rows, frame);
  assert.equal(dots.length, 40);
  for (const dot of dots) {
    assert.ok(dot.x >= frame.left - 0.01 && dot.x <= frame.right + 0.01);
    const middle = (dot.run + 0.5) * frame.row;
    assert.ok(Math.abs(dot.y - middle) < frame.row / 2);
  }
  const second = dots.filter(({ run }) => run === 1);
  const apart = second.flatMap((a, i) =>
    second.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)),
  );
  assert.ok(Math.min(...apart) > 3);
  // Two humps: no dot between the solved and the stuck seeds.
  const middle = (placeOf(frame, 0.05) + placeOf(frame, 0.69)) / 2;
  assert.ok(second.every(({ x }) => Math.abs(x - middle) > 50));
});

test("diverged runs stand apart at the end", () => {
  const rows = [{ run: 0, name: "a", slot: 0, losses: [0.1, NaN, 0.2] }];
  const frame = frameOf(rows, { width: 400, log: true });
  const dots = dotsOf(rows, frame);
  assert.ok(dots[1].x > frame.right && dots[1].x === frame.lost);
  assert.deepEqual(byRank(rows[0].losses), [0, 2, 1]);
  const all = frameOf([{ ...rows[0], losses: [NaN, NaN] }], { width: 400, log: false });
  assert.ok(Number.isFinite(all.low) && Number.isFinite(all.high));
  const none = frameOf([{ ...rows[0], losses: [0, 0] }], { width: 400, log: true });
  assert.ok(none.low > 0);
});

test("ten thousand equal losses are spread over their row", () => {
  const rows = [{ run: 0, name: "a", slot: 0, losses: Array(10_000).fill(0.5) }];
  const frame = frameOf(rows, { width: 400, log: true });
  const ys = dotsOf(rows, frame).map(({ y }) => y);
  assert.ok(Math.max(...ys) < frame.row && Math.min(...ys) > 0);
});

test("the nearest dot within reach is the one that is pointed at", () => {
  const dots = [
    { run: 0, seed: 0, loss: 1, x: 10, y: 10 },
    { run: 0, seed: 1, loss: 1, x: 15, y: 10 },
  ];
  assert.equal(dotAt(dots, 14, 10)?.seed, 1);
  assert.equal(dotAt(dots, 40, 10), null);
});

test("losses far apart have a logarithmic axis with ticks within it", () => {
  const rows = (...losses) => [{ run: 0, name: "", slot: 0, losses }];
  assert.ok(isWide(rows(0.01, 1)));
  assert.ok(!isWide(rows(0.5, 1)) && !isWide(rows(0, 1)) && !isWide(rows(NaN)));
  for (const [low, high] of [
    [0.01, 1],
    [1e-12, 1e3],
    [0.5, 0.7],
  ]) {
    const frame = frameOf(rows(low, high), { width: 500, log: true });
    const found = axisTicks(frame);
    assert.ok(found.length >= 2 && found.length < 20, String(found));
    assert.ok(found.every((value) => value >= frame.low && value <= frame.high));
  }
});

test("a cell is measured by its median steps, its share, or its final loss", () => {
  const one = recipe(0, [1, 2, null], [0.1, null, 0.3]);
  assert.equal(measured(one, "share"), 2 / 3);
  assert.equal(measured(one, "steps"), 2);
  assert.equal(measured(one, "final"), 0.3);
  assert.equal(measured(recipe(0, [null, null], [0.1, 0.2]), "steps"), Infinity);
  assert.equal(measured(recipe(0, [], []), "share"), null);
});

test("the median of an even number of losses lies between the middle two", () => {
  assert.equal(medianOf([4, 1, 2, 9]), 3);
  assert.equal(medianOf([4, 1, 9]), 4);
  assert.equal(medianOf([1, NaN, 2, NaN]), Infinity);
  assert.equal(medianOf([1, NaN, 2, 3]), 2.5);
  assert.ok(Number.isNaN(medianOf([])));
  assert.equal(measured(recipe(0, [1, 2], [0.1, 0.3]), "final"), 0.2);
  assert.equal(measured(recipe(0, [1, null], [0.1, null]), "final"), Infinity);
});

test("fewer steps are better, never is worst, and one value alone is good", () => {
  const shades = goodness([10, 100, Infinity, null], "steps");
  assert.ok(shades[0] > shades[1] && shades[1] > 0);
  assert.deepEqual(shades.slice(2), [0, null]);
  assert.deepEqual(goodness([5], "final"), [1]);
  assert.deepEqual(goodness([0, 0.5], "share"), [0, 0.5]);
  assert.equal(gridInWords({ learning_rate: 0.1, units: 4 }), "α = 0.1, neurons = 4");
});

test("lists of numbers are read as they are written", () => {
  const range = { name: "x", minimum: 0, maximum: 10 };
  assert.deepEqual(parseValues("0.1, 0.3, 1", range), { values: [0.1, 0.3, 1] });
  assert.deepEqual(parseValues("0,1; 0,3；1", range), { values: [0.1, 0.3, 1] });
  assert.deepEqual(parseValues(" 1 2、2，3 ", range), { values: [1, 2, 3] });
  assert.equal(parseValues("", range).code, "wrong_type");
  assert.equal(parseValues("1, x", range).code, "wrong_type");
  assert.equal(parseValues("1, 11", range).code, "out_of_range");
});

test("the slider reaches from below the lowest loss to above the highest start", () => {
  const { minimum, maximum } = targetRange(cell(), 0.2);
  assert.ok(minimum <= 0.2 && maximum >= 0.7);
  assert.ok(targetRange(cell(), 1e-3).minimum <= 1e-3);
  const it = cell();
  for (const one of it.recipes) one.loss = null;
  assert.deepEqual(Object.keys(targetRange(it, 0.2)), ["minimum", "maximum"]);
});

test("why a target was chosen names one seed without a number, and a grid as a whole", () => {
  /** @param {number} seeds @param {number} cells */
  const why = (seeds, cells) =>
    reasonInWords({
      ...result(),
      target_choice: { reason: "separates", seeds, score: 1 },
      cells: Array(cells).fill(cell()),
    });
  assert.equal(why(10, 1), "chosen because it separates the recipes best on the first 10 seeds");
  assert.match(why(10, 6), /on the first 10 seeds, over all cells of the grid$/);
  assert.match(why(1, 1), /on the first seed$/);
});

test("the caption of the curves says of one seed no halves, and what is dotted where it is drawn", () => {
  assert.match(captionOf(LOOK), /half of the seeds/);
  const one = { ...LOOK.cell, recipes: [recipe(0, [2], [0.1])] };
  assert.match(captionOf({ ...LOOK, cell: one }), /^Loss J of one seed; /);
  const tests = { ...one, recipes: [{ ...one.recipes[0], test_loss: one.recipes[0].loss }] };
  assert.match(captionOf({ ...LOOK, cell: tests, test: true }), /; dotted: test loss$/);
  assert.doesNotMatch(captionOf({ ...LOOK, cell: tests }), /dotted/);
});

test("words are broken into lines, Chinese ones too", () => {
  assert.deepEqual(wrapped("one two three", 8), ["one two", "three"]);
  const lines = wrapped("在相同的种子上有九十六次更早达到目标", 10);
  assert.ok(lines.every((line) => line.length <= 5) && lines.length > 2);
});

test("names are broken into two lines, and longer ones lose their middle", () => {
  assert.equal(nameInLines("W = 0 with random b"), "W = 0 with random b");
  assert.equal(nameInLines("a < b"), "a &lt; b");
  assert.equal(nameInLines("small random weights, two of"), "small random<br>weights, two of");
  assert.equal(
    nameInLines("Glorot uniform weights with zero biases, seed 12"),
    "Glorot uniform weig…<br>ero biases, seed 12",
  );
  assert.equal(nameInLines("x".repeat(80)), `${"x".repeat(19)}…<br>${"x".repeat(19)}`);
  assert.equal(nameInLines("小".repeat(25)), `${"小".repeat(9)}…<br>${"小".repeat(9)}`);
});

test("a study is called by what it compares, with all its values", () => {
  const data = { name: "circle" };
  const layers = [{ units: 4 }, { units: 1 }];
  const spec = { data, layers, runs: [{}, {}], optimizer: { learning_rate: 1 } };
  const plan = { count: 20, steps: 100, vary: "init", grid: {} };
  const called = (/** @type {object} */ grid) => titleOf({ spec, plan: { ...plan, grid } });
  assert.equal(called({}), "circle: 20 seeds × 2 runs, 100 steps · α = 1 · layers 4, 1");
  assert.match(called({ learning_rate: [0.1, 3] }), /100 steps · layers 4, 1 · α: 0.1, 3$/);
  assert.match(called({ units: [2, 8] }), /100 steps · α = 1 · neurons: 2, 8$/);
  const own = (/** @type {number[]} */ ...rates) => ({
    ...spec,
    runs: rates.map((rate) => (rate ? { optimizer: { learning_rate: rate } } : {})),
  });
  assert.match(titleOf({ spec: own(0, 10), plan }), /100 steps · α: 1, 10 · layers 4, 1$/);
  assert.match(titleOf({ spec: own(0, 2, 3, 4), plan }), /· α: differs by run · layers 4, 1$/);
});

test("the picture has a legend, the words, and nothing that is read as markup", () => {
  const { figure, height } = figureOf({
    look: LOOK,
    rows: rowsOf(cell(), LOOK.names, [0, 1]),
    title: "a < b",
    place: "α = <1",
    told: true,
    words: ["It is <b>so</b>."],
  });
  assert.equal(figure.layout.showlegend, true);
  assert.equal(figure.layout.title.text, "a &lt; b<br><b>α = &lt;1</b>");
  assert.ok(!figure.layout.xaxis3.ticktext.includes("diverged"));
  assert.match(figure.layout.annotations[0].text, /&lt;b>so/);
  const legend = figure.data.filter(({ showlegend, name }) => name && showlegend !== false);
  assert.deepEqual(
    legend.map(({ name }) => name),
    ["Glorot", "W &lt; 0"],
  );
  const dots = figure.data.filter(({ mode }) => mode === "markers");
  assert.equal(dots.flatMap(({ x }) => x).length, 40);
  assert.ok(height > 560);
  assert.ok(!JSON.stringify(figure).includes("null,null"));
});

test("seeds that diverged stand in the picture at the right, and many names have room above", () => {
  const rows = rowsOf(cell(), LOOK.names, [0, 1]);
  rows[1] = { ...rows[1], losses: rows[1].losses.map((loss, i) => (i % 2 ? NaN : loss)) };
  const plain = { look: LOOK, rows, title: "a", place: "", words: [], told: true };
  /** @param {object} more */
  const drawn = (more) => figureOf({ ...plain, ...more });
  const { xaxis3 } = drawn({}).figure.layout;
  const lost = xaxis3.tickvals[xaxis3.ticktext.indexOf("diverged")];
  const at = xaxis3.type === "log" ? Math.log10(lost) : lost;
  assert.ok(xaxis3.range[0] < at && at < xaxis3.range[1]);
  const dots = drawn({}).figure.data.filter(({ mode }) => mode === "markers");
  assert.equal(dots.flatMap(({ x }) => x.filter((value) => value === lost)).length, 10);
  assert.ok(drawn({ told: false }).figure.layout.xaxis3.ticktext.includes("∞"));
  assert.equal(/log/.test(xaxis3.title.text), xaxis3.type === "log");
  const names = Array.from({ length: 16 }, (_, i) => `a name that goes on and on, number ${i}`);
  const room = drawn({ look: { ...LOOK, names } }).figure.layout.margin.t;
  assert.ok(room > drawn({}).figure.layout.margin.t + 80);
});

test("what has to be known beside the numbers is said, with what helps", () => {
  const entry = { id: "study" };
  const study = { ...createStudy(), entry, phase: "known", result: result() };
  assert.deepEqual(notesOf(createStudy(), { other: true, lived: true }), []);
  assert.deepEqual(notesOf(study, {}), []);
  const failures = [{ cell: 0, seeds: { first: 7, count: 3 }, reason: "its process died" }];
  /** @param {object} more @param {object} [of] */
  const acts = (more, of = {}) =>
    notesOf({ ...study, ...more, result: result(of) }, {}).map(({ act }) => act ?? null);
  assert.deepEqual(acts({ phase: "gone" }), ["again"]);
  assert.deepEqual(acts({ away: true }), ["retry"]);
  assert.deepEqual(acts({}, { problem: "nobody", status: "queued" }), [null]);
  assert.deepEqual(acts({}, { problem: "no room", status: "done" }), ["again"]);
  assert.deepEqual(acts({}, { status: "cancelled" }), ["again"]);
  assert.deepEqual(acts({}, { failures }), ["again"]);
  /** @param {object} of */
  const words = (of) => notesOf({ ...study, result: result(of) }, {})[0].text;
  const full = { problem: "no room", status: "done" };
  assert.match(words({ failures, done: 34 }), /^3 seeds could not .*its process died.*others are/);
  assert.match(words({ failures, done: 0, status: "failed" }), /^No seed could be .*process died/);
  assert.match(words({ status: "cancelled", done: 3 }), /^Cancelled after 3 of 40 runs; what has/);
  assert.match(words({ status: "cancelled", done: 0 }), /^Cancelled before the first run/);
  assert.match(words({ ...full, done: 3 }), /after 3 of 40 runs; what has been trained is shown/);
  assert.match(words({ ...full, done: 0 }), /before the first run was trained/);
  assert.deepEqual(acts({}, { target_seen: "recorded_steps" }), [null]);
  assert.deepEqual(notesOf(study, { other: true, lived: true })[0].act, "experiment");
  assert.match(notesOf(study, { lived: true })[0].text, /set by hand/);
});
