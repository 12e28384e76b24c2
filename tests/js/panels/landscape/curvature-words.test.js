import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { remarks, verdict } from "../../../../static/js/panels/landscape/curvature-words.js";
import { use } from "../../../../static/js/ui/i18n.js";
import { catalogue } from "../../catalogues.js";

const LANGUAGES = ["en", "zh-CN"];
const NONE = ["flat", "mini_batches", "dropout", "no_memory", "dampened"];

/** What the server tells of plain gradient descent on J alone. @param {object} [others] */
const curvature = (others) => ({
  optimizer: "gradient_descent",
  largest: 1,
  objective_largest: 1,
  preconditioned_largest: null,
  bound: 2,
  full_batch_bound: 2,
  bound_kind: "gradient_descent",
  bound_formula: "2/λ",
  bound_reason: null,
  clip_factor: 1,
  schedule_factor: 1,
  ...others,
});
/** @param {string} reason @param {number|null} average */
const without = (reason, average) =>
  curvature({ bound: null, bound_kind: "none", bound_reason: reason, full_batch_bound: average });

beforeEach(() => use("en", catalogue("en")));

for (const language of LANGUAGES)
  test(`every finding has words without gaps in ${language}`, () => {
    use(language, catalogue(language));
    const everything = curvature({
      objective_largest: 3,
      preconditioned_largest: 40,
      clip_factor: 0.2,
      schedule_factor: 0.1,
    });
    const texts = [
      ...[1, 2, 3].map((rate) => verdict(curvature(), rate)),
      ...NONE.flatMap((reason) => [null, 2].map((average) => verdict(without(reason, average), 3))),
      verdict(without("mini_batches", 2), 1),
      ...remarks(everything),
      ...remarks({ ...everything, preconditioned_largest: null }),
    ];
    for (const text of texts) assert.doesNotMatch(text, /[{}]|landscape\.curvature/);
    assert.equal(remarks(everything).length, 4);
  });

test("a bound is that of the optimizer, by its own formula", () => {
  const momentum = { optimizer: "momentum", bound_formula: "(2 + 2μ)/λ", bound: 3.8 };
  const words = verdict(curvature(momentum), 3);
  assert.match(words, /α = 3 is below \(2 \+ 2μ\)\/λ = 3.8/);
  assert.match(words, /momentum/);
  assert.match(verdict(curvature(momentum), 4), /above.*diverges/);
});

test("mini-batches have no bound but on average", () => {
  const words = verdict(without("mini_batches", 2), 3);
  assert.match(words, /no bound/);
  assert.match(words, /On average.*2\/λ = 2, and α = 3 is above it/);
  assert.match(verdict(without("mini_batches", 2), 1), /not above it/);
  assert.doesNotMatch(verdict(without("mini_batches", null), 1), /On average/);
});

test("plain descent of J alone needs no remarks", () => {
  assert.deepEqual(remarks(curvature()), []);
});

test("an adaptive optimizer's bound is said to move", () => {
  const words = remarks(curvature({ optimizer: "adam", preconditioned_largest: 40 }));
  assert.equal(words.length, 1);
  assert.match(words[0], /Adam has no fixed bound/);
});
