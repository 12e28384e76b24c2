import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { diagnosisInWords } from "../../../../static/js/panels/layers/diagnosis-words.js";
import { neuronsInWords } from "../../../../static/js/panels/layers/layers.js";
import { t, use } from "../../../../static/js/ui/i18n.js";
import { catalogue } from "../../catalogues.js";

beforeEach(() => use("en", catalogue("en")));

const diagnosis = (code, value, more = {}) => ({
  code,
  value,
  turn: 1,
  stretch: 0.9,
  cause: null,
  cause_value: null,
  layer: null,
  advice: "go_on",
  ...more,
});
const said = (...parts) => diagnosisInWords(diagnosis(...parts)).found;

test("every status is said with its number", () => {
  assert.equal(said("not_begun", 0.693), "not started: J = 0.6930");
  assert.equal(said("training", 0.25), "learning: J fell by 25% recently");
  assert.equal(said("training", 1e-5), "learning: J hardly falls yet");
  assert.equal(said("training", -4.18), "learning, although J rose by 418% recently");
  assert.equal(said("training", -0.02), "learning, although J rose by 2% recently");
  assert.equal(said("stuck", 1), "stuck: J is 1× that of the best constant prediction");
  assert.equal(said("unstable", null), "unstable: J is far above its own minimum");
  assert.equal(said("diverged", 78), "diverged at step 78");
});

test("a run swings in its loss, or from wall to wall of a valley", () => {
  assert.equal(said("oscillating", 0.3), "oscillating: J rose by 30% recently");
  assert.equal(
    said("oscillating", 0, { turn: -1, stretch: 1.001 }),
    "oscillating: every step turns back and is as long as the last",
  );
  assert.equal(
    said("oscillating", 0, { turn: -1, stretch: 0.9 }),
    "oscillating: every step turns back and is 0.9× as long as the last",
  );
});

test("the cause follows, with its number and its layer", () => {
  const cause = { cause: "learning_rate", cause_value: 1.1, advice: "lower_rate", turn: -1 };
  assert.equal(
    said("oscillating", 0, { ...cause, stretch: 1.2 }),
    "oscillating: every step turns back and is 1.2× as long as the last;" +
      " α is 1.1× the bound set by the curvature of J here.",
  );
  assert.match(
    said("unstable", 9, { ...cause, cause_value: null }),
    /too long for the curvature of J/,
  );
  assert.match(
    said("stuck", 1, { cause: "dead", cause_value: 0.75, layer: 2 }),
    /75% of the neurons in layer 2/,
  );
  assert.match(said("stuck", 1, { cause: "vanishing", cause_value: 0 }), /no gradient reaches/);
  assert.match(said("stuck", 1, { cause: "penalty" }), /the penalty holds its weights near 0/);
  assert.match(said("growing", 2, { cause: "penalty", cause_value: 1.5 }), /1\.5× the bound/);
});

test("every status, cause and piece of advice has words in both languages", () => {
  const statuses =
    "not_begun training plateau converged stuck oscillating unstable growing diverged";
  const causes =
    "learning_rate penalty decay batches no_rate symmetry dead small_rate kink momentum saturation exploding vanishing capacity";
  const advice =
    "begin go_on wait done lower_rate raise_rate weaker_penalty weaker_decay larger_batches" +
    " random_weights smaller_weights larger_weights leaky_activation centred_activation" +
    " cross_entropy hidden_layer larger_network less_momentum";
  for (const language of ["en", "zh-CN"]) {
    use(language, catalogue(language));
    const keys = [
      ...statuses.split(" ").flatMap((it) => [`status.${it}`, `signals.diagnosis.${it}`]),
      ...causes.split(" ").map((it) => `signals.cause.${it}`),
      ...advice.split(" ").map((it) => `signals.advice.${it}`),
    ];
    for (const key of keys) assert.notEqual(t(key, { value: 1, layer: 1 }), key);
  }
});

test("of a layer's neurons only what such a layer can have is said", () => {
  /** @param {object} more */
  const layer = (more) =>
    /** @type {any} */ ({
      units: 4,
      distinct: 4,
      similarity: 0.4812,
      saturated: 0.03,
      dead: null,
      ...more,
    });
  assert.deepEqual(neuronsInWords(layer({})), [
    "4 distinct of 4",
    "mean cosine 0.48",
    "saturated: 3%",
  ]);
  assert.deepEqual(neuronsInWords(layer({ units: 1, distinct: 1, similarity: null, dead: 0 })), [
    "one neuron",
    "saturated: 3%",
    "dead: 0%",
  ]);
});
