import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as format from "../../static/js/format.js";
import { explain, list, t } from "../../static/js/i18n.js";
import { goalOf, readRace } from "../../static/js/reading.js";
import { apartInWords, recipeInWords, runName } from "../../static/js/recipe.js";
import { catalog, recipe, spec, speak } from "./support.js";

beforeEach(() => speak("en"));

/** @param {Record<string, (step: number) => number|null>} runs @param {number} steps @param {any[]} [states] */
function race(runs, steps, states) {
  const at = Array.from({ length: steps + 1 }, (_, i) => i);
  const train = Object.values(runs).map((loss) => at.map(loss));
  const curves = { steps: at, train, test: train };
  return {
    curves,
    names: Object.keys(runs),
    runs: states ?? train.map(() => ({ status: "training" })),
  };
}

test("the reading names who fell first, who rests on a floor and who never moved", () => {
  const words = readRace(
    race(
      {
        Glorot: (i) => 0.7 * Math.exp(-i / 20),
        slow: (i) => 0.7 * Math.exp(-i / 80),
        floor: (i) => 0.55 + 0.15 * Math.exp(-i / 10),
        zeros: () => 0.6931,
      },
      200,
    ),
  );
  assert.equal(
    words,
    "Glorot fell first (J < 0.3 by step 17); then slow (68); floor rests near 0.5500; zeros has not moved.",
  );
});

test("a diverged run is told with its step", () => {
  const states = [{ status: "training" }, { status: "diverged", diverged_at: 7 }];
  const words = readRace(race({ a: () => 1, b: (i) => (i < 7 ? 1 : null) }, 30, states));
  assert.match(words, /A has not moved; b diverged at step 7\./);
});

test("before the first step the reading says what to do, and soon after does not judge", () => {
  assert.equal(readRace(race({ a: () => 1 }, 0)), t("reading.start"));
  assert.match(readRace(race({ a: () => 1 }, 3)), /no run has J < 0\.5 yet/i);
});

test("runs that begin far apart are each measured against their own start", () => {
  const far = race({ high: (i) => 12 / (i + 1), low: () => 0.8 }, 30);
  assert.equal(goalOf(far.curves).common, null);
  assert.match(readRace(far), /High fell first \(a tenth of its first J by step 10\)/);
});

test("the reading is whole in Chinese too", () => {
  speak("zh-CN");
  const words = readRace(race({ Glorot: (i) => 0.7 * Math.exp(-i / 20), 全零: () => 0.69 }, 60));
  assert.equal(words, "Glorot 最先下降（第 17 步前 J < 0.3）；全零 没有变化。");
});

test("recipes are said as formulas", () => {
  assert.equal(recipeInWords({ recipe: recipe("normal") }, catalog), "W ~ N(0, 0.1²), b = 0");
  assert.equal(recipeInWords({ recipe: recipe("zeros") }, catalog), "W = 0, b = 0");
  assert.equal(
    recipeInWords({ recipe: recipe("glorot_normal") }, catalog),
    "W ~ Glorot normal, b = 0",
  );
  const neuron = { parameters: { W: [[[-3]]], b: [[2.5]] } };
  assert.equal(recipeInWords(neuron, catalog), "(W, b) = (−3, 2.5)");
});

test("a run goes by its label, its recipe's name, or its formula", () => {
  assert.equal(runName({ label: "mine", recipe: recipe("normal") }, catalog), "mine");
  assert.equal(runName(spec().runs[0], catalog), "small random W");
  assert.equal(runName({ label: "article", recipe: recipe("normal") }, catalog), "small random W");
  assert.equal(runName({ recipe: recipe("glorot_normal") }, catalog), "W ~ Glorot normal, b = 0");
});

test("what a run has of its own is said", () => {
  const run = { seed: 3, optimizer: { name: "gradient_descent", learning_rate: 0.1 } };
  assert.equal(apartInWords(run), "seed 3 · α = 0.1");
});

test("losses show the digits that matter", () => {
  const shown = [0.69314, 12.345, 123.45, 1.5e-7, -0.25, 0, null].map(format.loss);
  assert.deepEqual(shown, ["0.6931", "12.35", "123.5", "1.5e−7", "−0.2500", "0.0000", "–"]);
});

test("settings are written without padding", () => {
  assert.deepEqual(
    [0.1, 1, 0.00001, 2.5].map((value) => format.plain(value)),
    ["0.1", "1", "1.0e−5", "2.5"],
  );
});

test("a broken rule is explained with what is allowed", () => {
  const allowed = { minimum: 1, maximum: 64 };
  assert.equal(explain({ code: "out_of_range", allowed }), "Must be between 1 and 64.");
  const open = { ...allowed, exclusive_minimum: true };
  assert.equal(explain({ code: "out_of_range", allowed: open }), "Must be above 1 and at most 64.");
  assert.equal(
    explain({ code: "unknown_name", allowed: { names: ["a", "b"] } }),
    "Not known here. Possible: a, b.",
  );
  assert.equal(
    explain({ code: "never_heard_of", detail: "as the server says" }),
    "as the server says",
  );
});

test("lists and placeholders follow the language", () => {
  assert.equal(list(["a", "b", "c"]), "a, b, and c");
  assert.equal(t("no.such.key"), "no.such.key");
  assert.equal(t("runs.ownSeed", { seed: 3 }), "seed 3");
  speak("zh-CN");
  assert.equal(list(["a", "b", "c"]), "a、b和c");
});
