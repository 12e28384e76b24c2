/** Where answers are not told, nothing on the page says how a run fares; what is measured stays. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { OPEN } from "../../../static/js/experiment/access.js";
import { toldStatus } from "../../../static/js/experiment/run-names.js";
import { withoutVerdict } from "../../../static/js/panels/seeds/by-seed.js";
import { questionOf } from "../../../static/js/page/headline.js";
import { drawReading } from "../../../static/js/page/notice.js";
import { sliceWords } from "../../../static/js/panels/landscape/slice.js";
import { problemWords } from "../../../static/js/panels/landscape/problem.js";
import { notes } from "../../../static/js/panels/worked-step/notes.js";
import { use } from "../../../static/js/ui/i18n.js";
import { catalogue } from "../catalogues.js";
import { cell } from "../panels/seeds/fixtures.js";

const WORDS = catalogue("en");
const UNTOLD = { ...OPEN, answers: false };
const runs = [
  { status: "diverged", diverged_at: 3 },
  { status: "stuck", diverged_at: null },
];
const spec = { runs: [{ recipe: {} }, { recipe: {}, loss: "mse" }], optimizer: {} };

beforeEach(() => use("en", WORDS));

/** @param {object} more @returns {any} */
const page = (more) => ({ runs, live: { spec }, summary: { events: [] }, access: UNTOLD, ...more });

test("a status has no words", () => {
  assert.equal(toldStatus(page({}), 0), "");
  assert.equal(toldStatus(page({ access: OPEN }), 0), "diverged at 3");
});

test("the line of the race says what to do, then who tells what comes of it", () => {
  const element = /** @type {any} */ ({ title: "", textContent: "" });
  drawReading(element, page({ step: 0, preset: "too_large_a_step" }));
  assert.match(element.textContent, /^Same network, same data, different losses\./);
  drawReading(element, page({ step: 9, preset: "too_large_a_step" }));
  assert.equal(element.textContent, WORDS["reading.untold"]);
  assert.equal(element.title, "");
});

test("the question does not tell its answer", () => {
  const preset = "sigmoid_neuron";
  assert.equal(
    questionOf(page({ preset, access: OPEN })),
    WORDS[`catalog.presets.${preset}.question`],
  );
  assert.equal(questionOf(page({ preset })), WORDS["question.losses"]);
});

test("a picture or a step that there is not is not explained by the run", () => {
  const problem = /** @type {any} */ ({ code: "diverged", pointer: "/run" });
  assert.equal(problemWords(page({}), problem), WORDS["landscape.problem.untold"]);
  const trace = /** @type {any} */ ({ update: null });
  const phase = /** @type {any} */ ({ kind: "update", layer: 1 });
  assert.deepEqual(notes(trace, phase, "batch", false), [WORDS["explain.note.untold"]]);
});

test("a slice keeps its numbers, and not that it overshoots", () => {
  const slice = /** @type {any} */ ({
    parameter: "W1[0,0]",
    value: 1,
    slope: 2,
    height: 1,
    learning_rate: 0.5,
    plain: { x: 0, z: 0.5 },
    taken: null,
    swings: true,
  });
  const [told, untold] = [sliceWords(slice, true), sliceWords(slice, false)];
  assert.ok(told.startsWith(untold) && told.length > untold.length);
});

test("a study keeps its numbers, and no conclusion or comparison", () => {
  const whole = cell();
  const shown = withoutVerdict(whole);
  assert.equal(shown.verdict, null);
  assert.deepEqual(shown.pairs, []);
  shown.recipes.forEach((recipe, i) => {
    assert.ok(!("diverged" in recipe));
    assert.deepEqual({ ...recipe, diverged: whole.recipes[i].diverged }, whole.recipes[i]);
  });
});
