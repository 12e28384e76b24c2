/** What the numbers of a study support, in the words of both languages. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { use } from "../../../../static/js/ui/i18n.js";
import {
  factorInWords,
  intervalInWords,
  ranked,
  stepsInWords,
  verdictInWords,
} from "../../../../static/js/panels/seeds/verdict.js";
import { catalogue } from "../../catalogues.js";
import { cell, recipe } from "./fixtures.js";

/** Without what keeps a line from breaking. @param {string} text */
const plain = (text) => text.replaceAll("\u00a0", " ").replaceAll("\u2060", "");
const names = ["Glorot", "W = 0"];
/** @param {any} [it] @param {object} [more] */
const said = (it = cell(), more = {}) => {
  const subject = { cell: it, names, target: 0.2, steps: 600, vary: "init", ...more };
  return verdictInWords(subject).map(({ text }) => plain(text));
};

test("the best recipe is named, and how much less efficient the others are", () => {
  use("en", catalogue("en"));
  assert.deepEqual(said(), [
    "Glorot is the most efficient. It reaches J = 0.2 within 600 steps on 20 of 20 seeds (84–100%), after 2 steps (median, 1–2).",
    "W = 0: on 10 of 20 seeds (30–70%). On the same seeds Glorot was sooner 20 times. On the 10 where both reach the target, W = 0 needs 3 (2.9–3.1) times as many steps; on 10 only Glorot reaches it.",
  ]);
});

test("no message is left with a placeholder, in either language", () => {
  const unclear = cell();
  unclear.verdict.against[0].conclusion = "unclear";
  const same = cell();
  same.verdict.against[0].conclusion = "same_steps";
  const later = cell();
  later.verdict.against[0].conclusion = "later";
  const few = cell();
  Object.assign(few.verdict, { enough: false, best: null, against: [] });
  const diverged = cell();
  diverged.recipes[1] = recipe(1, Array(20).fill(null), Array(20).fill(null));
  diverged.verdict.recipes[1].share = 0;
  for (const language of ["en", "zh-CN"]) {
    use(language, catalogue(language));
    for (const it of [cell(), unclear, same, later, few, diverged])
      for (const text of said(it)) {
        assert.doesNotMatch(text, /[{}]|seeds\.words|undefined|NaN/, text);
        assert.ok(text.length > 10);
      }
  }
});

test("a factor over all seeds needs no more words, and an interval that two digits hide has three", () => {
  use("en", catalogue("en"));
  const it = cell();
  Object.assign(it.verdict.against[0].pair, { a_only: 0 });
  assert.match(said(it)[1], /sooner 20 times; W = 0 needs 3 \(2\.9–3\.1\) times/);
  const factor = { median: 1.36, low: 1.34, high: 1.41, seeds: 20, at_start: 0 };
  assert.equal(plain(factorInWords({ factor })), "1.36 (1.34–1.41)");
});

test("no winner is named where the seeds show none", () => {
  use("en", catalogue("en"));
  const it = cell();
  it.verdict.against[0].conclusion = "unclear";
  const [first, second] = said(it);
  assert.doesNotMatch(first, /most efficient/);
  assert.match(first, /do not show it to be sooner than W = 0/);
  assert.match(second, /No clear difference/);
});

test("under 20 seeds there are numbers and no verdict", () => {
  const it = cell();
  Object.assign(it.verdict, { enough: false, best: null, against: [] });
  const words = said(it);
  assert.match(words[0], /^Glorot reaches J = 0\.2/);
  assert.match(words.at(-1), /no verdict/);
});

test("a target that all or none have reached is said to be no use", () => {
  const all = cell();
  all.recipes = [0, 1].map((run) => recipe(run, Array(20).fill(0), Array(20).fill(0.1)));
  assert.match(said(all)[0], /at step 0 already/);
  const none = cell();
  none.recipes = [0, 1].map((run) => recipe(run, Array(20).fill(null), Array(20).fill(0.7)));
  assert.match(said(none)[0], /^No run reaches/);
  const inGrid = { ...none, grid: { learning_rate: 0.01 } };
  assert.match(said(inGrid)[0], /^In this cell of the grid, no run .* Choose another cell/);
});

test("a recipe that has nothing to do is named beside the others", () => {
  const it = cell();
  it.recipes[0] = recipe(0, Array(20).fill(0), Array(20).fill(0.1));
  assert.ok(said(it).includes("Already at J ≤ 0.2 at step 0: Glorot."));
});

test("every run of every seed that diverged is said in one line", () => {
  const it = cell();
  it.recipes = [0, 1].map((run) => recipe(run, Array(20).fill(null), Array(20).fill(null)));
  assert.match(said(it)[0], /^Every run diverged, on all of 20 seeds/);
});

test("one seed is no plural, and no step is 'never'", () => {
  const it = cell();
  it.recipes = [recipe(0, [2], [0.1]), recipe(1, [null], [0.7])];
  const share = { median: null, steps_low: null, steps_high: null, low: 0.2, high: 1 };
  const recipes = [
    { run: 0, ...share, share: 1, median: 2 },
    { run: 1, ...share, share: 0 },
  ];
  Object.assign(it.verdict, { enough: false, best: null, against: [], recipes });
  assert.deepEqual(said(it).slice(0, 2), [
    "Glorot reaches J = 0.2 within 600 steps on 1 of 1 seed (20–100%), after 2 steps (median).",
    "W = 0: on none of 1 seed (20–100%).",
  ]);
});

test("a recipe that draws nothing is said to be the same on every seed", () => {
  const it = cell();
  it.recipes[1] = recipe(1, Array(20).fill(6), Array(20).fill(0.5));
  assert.match(said(it).at(-1), /^The seed makes no difference to W = 0/);
  assert.doesNotMatch(said(it, { vary: "all" }).at(-1), /The seed makes/);
});

test("who never arrives comes last, whoever is slower comes later", () => {
  /** @param {number} b @param {number|null} median @param {number} tied */
  const finding = (b, median, tied = 0) => ({
    pair: { b, factor: { median }, a_only: 5, b_sooner: 0, tied },
  });
  const order = ranked([finding(1, null), finding(2, 9), finding(3, 2), finding(4, null, 1)]);
  assert.deepEqual(
    order.map(({ pair }) => pair.b),
    [3, 2, 4, 1],
  );
});

test("intervals without an end say so", () => {
  assert.equal(plain(factorInWords({ factor: { median: null, low: null, high: null } })), "–");
  assert.equal(plain(factorInWords({ factor: { median: 2, low: null, high: null } })), "2");
  assert.equal(plain(stepsInWords(5, null)), "5–never");
  assert.equal(plain(stepsInWords(null, null)), "");
  assert.equal(plain(intervalInWords({ low: 0.925, high: 0.99 })), "93–99%");
  assert.equal(plain(intervalInWords({ low: 0.99512, high: 1 })), "99.5–100%");
  assert.equal(plain(intervalInWords({ low: 0, high: 0.0049 })), "0–0.5%");
});
