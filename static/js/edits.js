/** Every change a learner can make to a set-up, as a function from one set-up to the next. */

import { freeSlot } from "./colors.js";
import {
  complete,
  dataOf,
  find,
  outputActivation,
  sameRecipe,
  taskOf,
  withData,
  withFittingLoss,
} from "./spec.js";

/**
 * @typedef {import("./types.js").Setup} Setup
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").Recipe} Recipe
 * @typedef {import("./types.js").Layer} Layer
 * @typedef {import("./types.js").Catalog} Catalog
 */

/**
 * The set-up of a spec, colours given in order.
 * @param {import("./types.js").Spec} spec
 * @returns {Setup}
 */
export function setupOf(spec) {
  return { spec, slots: spec.runs.map((_, i) => i) };
}

/** @param {Setup} setup @param {Partial<import("./types.js").Spec>} part @returns {Setup} */
export function withSpec(setup, part) {
  return { ...setup, spec: { ...setup.spec, ...part } };
}

/**
 * One more run. A recipe that is there already gets another seed: the same draws would be the same run.
 * @param {Setup} setup
 * @param {Recipe} recipe
 * @returns {Setup}
 */
export function addRun({ spec, slots }, recipe) {
  const twins = spec.runs.filter((run) => run.recipe && sameRecipe(run.recipe, recipe));
  const taken = twins.map((run) => run.seed ?? spec.seed);
  let seed = spec.seed;
  while (taken.includes(seed)) seed += 1;
  const run = seed === spec.seed ? { recipe } : { recipe, seed };
  return { spec: { ...spec, runs: [...spec.runs, run] }, slots: [...slots, freeSlot(slots)] };
}

/** @param {Setup} setup @param {number} index @returns {Setup} */
export function removeRun({ spec, slots }, index) {
  return {
    spec: { ...spec, runs: spec.runs.filter((_, i) => i !== index) },
    slots: slots.filter((_, i) => i !== index),
  };
}

/** @param {Setup} setup @param {number} index @param {Partial<Run>} part @returns {Setup} */
export function editRun(setup, index, part) {
  const runs = setup.spec.runs.map((run, i) => (i === index ? { ...run, ...part } : run));
  return withSpec(setup, { runs });
}

/**
 * A run with another rule for its weights or its biases. The label goes: it named the old recipe.
 * @param {Setup} setup
 * @param {number} index
 * @param {"weights"|"biases"} part
 * @param {import("./types.js").Rule} rule
 * @param {Catalog} catalog
 */
export function setRule(setup, index, part, rule, catalog) {
  const old = setup.spec.runs[index].recipe ?? {
    weights: { name: "zeros" },
    biases: { name: "zeros" },
  };
  const rules = part === "weights" ? catalog.weight_rules : catalog.bias_rules;
  const recipe = { ...old, [part]: complete(rule, rules) };
  return editRun(setup, index, { recipe, label: null, parameters: undefined });
}

/** @param {Setup} setup @param {Layer[]} layers @returns {Setup} */
function withLayers(setup, layers) {
  // Numbers given one by one fit one architecture only; with another one the run starts by the article's recipe.
  const runs = setup.spec.runs.map((run) =>
    run.parameters ? { ...run, parameters: undefined, label: null } : run,
  );
  return withSpec(setup, { layers, runs });
}

/** A hidden layer like the last one, before the output. @param {Setup} setup @returns {Setup} */
export function addLayer(setup) {
  const { layers } = setup.spec;
  const hidden = layers.slice(0, -1);
  const model = hidden[hidden.length - 1] ?? { units: 4, activation: "tanh" };
  return withLayers(setup, [...hidden, { ...model }, layers[layers.length - 1]]);
}

/** @param {Setup} setup @param {number} index @returns {Setup} */
export function removeLayer(setup, index) {
  return withLayers(
    setup,
    setup.spec.layers.filter((_, i) => i !== index),
  );
}

/**
 * @param {Setup} setup
 * @param {number} index
 * @param {Partial<Layer>} part
 * @param {Catalog} catalog
 * @returns {Setup}
 */
export function editLayer(setup, index, part, catalog) {
  const layers = setup.spec.layers.map((layer, i) => (i === index ? { ...layer, ...part } : layer));
  const changed =
    part.units === undefined ? withSpec(setup, { layers }) : withLayers(setup, layers);
  return { ...changed, spec: withFittingLoss(changed.spec, catalog) };
}

/** What custom data begins with: a small exclusive or. */
export const EXAMPLE = {
  inputs: [
    [-2, -2],
    [-2, 2],
    [2, -2],
    [2, 2],
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ],
  targets: [0, 1, 1, 0, 0, 1, 1, 0],
};

/**
 * Another kind of data; the output and the loss follow its task.
 * @param {Setup} setup
 * @param {string} name
 * @param {Catalog} catalog
 * @returns {Setup}
 */
export function chooseData(setup, name, catalog) {
  if (name === "custom") return setTable(setup, EXAMPLE, false, catalog);
  const choice = find(catalog.data, name);
  if (!choice) return setup;
  const spec = withData(
    setup.spec,
    dataOf(setup.spec.data, choice),
    choice.task ?? "classification",
    catalog,
  );
  const sameWidth = (find(catalog.data, setup.spec.data.name)?.inputs ?? 0) === choice.inputs;
  return sameWidth ? { ...setup, spec } : withLayers({ ...setup, spec }, outputOfOne(spec.layers));
}

/**
 * Numbers brought by the learner.
 * @param {Setup} setup
 * @param {import("./numbers.js").Table} table
 * @param {boolean} standardize
 * @param {Catalog} catalog
 * @returns {Setup}
 */
export function setTable(setup, table, standardize, catalog) {
  const data = { name: "custom", ...table, standardize };
  // Classes −1 and 1 ask for a tanh output; the sigmoid's are 0 and 1.
  const task = taskOf(table.targets);
  let { spec } = setup;
  if (
    task === "classification" &&
    table.targets.includes(-1) &&
    outputActivation(spec) === "sigmoid"
  ) {
    const layers = spec.layers.slice();
    layers[layers.length - 1] = { ...layers[layers.length - 1], activation: "tanh" };
    spec = withFittingLoss({ ...spec, layers }, catalog);
  }
  spec = { ...withData(spec, data, task, catalog), batch_size: null };
  return withLayers({ ...setup, spec }, outputOfOne(spec.layers));
}

/** @param {Layer[]} layers */
function outputOfOne(layers) {
  return layers.map((layer, i) => (i === layers.length - 1 ? { ...layer, units: 1 } : layer));
}
