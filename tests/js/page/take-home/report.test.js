/** The runs of a report: every one in words of its language, and nothing that none of them has. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  happenedInWords,
  networkInWords,
  runsInWords,
} from "../../../../static/js/page/take-home/report.js";
import { use } from "../../../../static/js/ui/i18n.js";
import { catalogue } from "../../catalogues.js";
import { createFakePage } from "../../fake-page.js";

const RULES = {
  weight_rules: [{ name: "normal", parameters: [{ name: "std", default: 0.1 }] }],
  bias_rules: [{ name: "zeros", parameters: [] }],
};
const SMALL = { weights: { name: "normal", std: 0.1 }, biases: { name: "zeros" } };

/** The report of some runs, which learn as they are said to. @param {string} language @param {any[]} runs */
const reported = async (language, runs) => (await paged(language, runs)).rows;

/** @param {string} language @param {any[]} runs */
async function paged(language, runs) {
  use(language, catalogue(language));
  const { state } = await createFakePage();
  Object.assign(state.catalog, RULES);
  const spec = /** @type {any} */ ({ ...state.summary.spec, runs });
  const now = runs.map((run) => ({ ...spec, ...run }));
  state.patchNow({ live: { spec, slots: [] }, summary: { ...state.summary, spec, runs: now } });
  return { state, rows: runsInWords(state) };
}

test("a run is told by its recipe, seed, optimizer and learning rate, and nothing twice", async () => {
  const [head, first, second] = await reported("en", [
    { label: "small", recipe: SMALL },
    { recipe: SMALL, seed: 3, optimizer: { name: "adam", learning_rate: 0.01 } },
  ]);
  assert.deepEqual(head.slice(0, 5), ["Run", "Recipe", "Seed", "Optimizer", "Learning rate α"]);
  assert.deepEqual(first.slice(0, 5), ["small", "W ~ N(0, 0.1²), b = 0", "7", "gradient descent", "1"]); // prettier-ignore
  assert.deepEqual(second.slice(1, 5), ["W ~ N(0, 0.1²), b = 0", "3", "Adam", "0.01"]);
  assert.equal(head.length, 8); // nothing else is told of any
});

test("a run whose name is its recipe says it once", async () => {
  const [head, only] = await reported("en", [{ recipe: SMALL }]);
  assert.deepEqual([head[0], head[1], only[0]], ["Run", "Seed", "W ~ N(0, 0.1²), b = 0"]);
});

test("what else a run learns with is said, in the report's language", async () => {
  const own = { schedule: { name: "cosine" }, regularizer: { name: "l2" }, loss: "half_mse" };
  const [head, first, second] = await reported("zh-CN", [
    { label: "a", recipe: SMALL },
    { label: "b", recipe: SMALL, ...own },
  ]);
  const words = catalogue("zh-CN");
  assert.equal(head[5], words["takeHome.in.report.more"]);
  assert.equal(first[5], "");
  const names = ["losses.half_mse", "schedules.cosine", "regularizers.l2"];
  assert.equal(second[5], names.map((name) => words[`catalog.${name}`]).join(" · "));
  assert.equal(second[3], words["catalog.optimizers.gradient_descent"]);
});

test("what a mystery does not tell is left open", async () => {
  const [, only] = await reported("en", [{ recipe: null, seed: null }]);
  assert.ok(only.includes(catalogue("en")["runs.mystery.words"]));
});

test("a run that diverged is said to have, where the page tells it", async () => {
  const { state, rows } = await paged("en", [{ label: "a", recipe: SMALL }]);
  assert.equal(rows[0].at(-1), "Status");
  state.patchNow({ runs: /** @type {any} */ ([{ status: "diverged", diverged_at: 4 }]) });
  assert.match(runsInWords(state)[1].at(-1) ?? "", /diverged.*4/);
  state.patchNow({ access: { ...state.access, answers: false } });
  assert.ok(!runsInWords(state)[0].includes("Status"));
});

test("the network is told with its activations", () => {
  use("en", catalogue("en"));
  const layers = [
    { units: 4, activation: "tanh" },
    { units: 1, activation: "sigmoid" },
  ];
  const spec = /** @type {any} */ ({ features: ["x1", "x2"], layers });
  assert.equal(networkInWords(spec), "2, 4 tanh, 1 sigmoid");
});

test("what was changed on the way is told with its step, and what there was before", async () => {
  const { state } = await paged("en", [{ label: "a", recipe: SMALL }]);
  assert.deepEqual(happenedInWords(state), []);
  const optimizer = { name: "adam", learning_rate: 0.05 };
  const events = /** @type {any} */ ([{ step: 80, run: 0, optimizer }]);
  state.patchNow({ summary: { ...state.summary, events } });
  assert.deepEqual(happenedInWords(state), [
    "step 0: gradient descent, α = 1",
    "step 80: Adam, α = 0.05 (a)",
  ]);
});
