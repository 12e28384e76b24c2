/** Formulas in the small notation: what becomes a fraction, a power, a root, a number. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { plain } from "../../../../static/js/panels/worked-step/mathml.js";
import { parsed } from "../../../../static/js/panels/worked-step/notation.js";

for (const [text, formula] of [
  ["W ← W − α·G / (√s + ε)", "W←W−α·(G)/(√(s)+ε)"],
  ["W ← W + ΔW", "W←W+ΔW"],
  ["m̂ = m/(1 − β₁ᵗ)", "m^=(m)/(1−β_1^t)"],
  ["G = ∂J/∂W + ∂R/∂W", "G=(∂J)/(∂W)+(∂R)/(∂W)"],
  ["G ← c/‖G‖ · G", "G←(c)/(‖G‖)·G"],
  ["α = α₀·f(t)", "α=α_0·f(t)"],
  ["v ← μv + (1 − τ)G²", "v←μv+(1−τ)G^2"],
  ["J = 1/(2n) Σ (y − ŷ)²", "J=(1)/(2n)∑(y−ŷ)^2"],
  ["J = −1/n Σ [y ln ŷ + (1 − y) ln(1 − ŷ)]", "J=−(1)/(n)∑[ylnŷ+(1−y)ln(1−ŷ)]"],
  ["J = 1/n Σ |y − ŷ|", "J=(1)/(n)∑|y−ŷ|"],
])
  test(`${text} is a formula`, () => assert.equal(plain(parsed(text)), formula));

test("letters side by side are factors, and a name of several letters is a function", () => {
  const { children = [] } = parsed("αλW ln y");
  assert.deepEqual(
    children
      .map((piece) => piece.children?.[1] ?? piece) // a function has a little space on both sides
      .map(({ text, attributes }) => [text, attributes?.mathvariant]),
    [
      ["α", undefined],
      ["λ", undefined],
      ["W", undefined],
      ["ln", "normal"],
      ["y", undefined],
    ],
  );
});

test("a minus that subtracts nothing stands close to its term", () => {
  const signs = (/** @type {string} */ text) =>
    (parsed(text).children ?? [])
      .filter(({ text }) => text === "−")
      .map(({ attributes }) => attributes?.form);
  assert.deepEqual(signs("J = −1/n − 2"), ["prefix", undefined]);
  assert.deepEqual(signs("−1/n"), ["prefix"]);
});

const values = { small: 1 / 3, minus: -2, missing: null };

for (const [text, numbers] of [
  ["{small} {small:6} {small:2}", "0.33330.3333330.33"],
  ["{small} {+minus} {+small}", "0.3333−2+0.3333"],
  ["{minus} = {minus}·{minus} + {minus} − {minus}", "−2=−2·(−2)+(−2)−(−2)"],
  ["2·{minus}/(1 − {small}^{minus}) · √{minus}", "2·(−2)/(1−0.3333^−2)·√(−2)"],
  ["({minus})²", "(−2)^2"],
  ["{missing}·{missing}", "–·–"],
  ["{parameter} ← {minus}", "w←−2"],
])
  test(`${text} has its numbers put in`, () =>
    assert.equal(plain(parsed(text, { values, parameter: "w" })), numbers));
