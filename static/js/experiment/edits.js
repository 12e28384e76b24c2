/** Every change a learner can make to a set-up, as a function from one set-up to the next. */

import { freeSlot } from "../ui/theme.js";
import { featuresOf } from "./features.js";
import {
  aimOf,
  complete,
  dataOf,
  find,
  outputActivation,
  sameRecipe,
  withData,
  withFittingLoss,
} from "./spec.js";

/**
 * @typedef {import("../types.js").Setup} Setup
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").Recipe} Recipe
 * @typedef {import("../types.js").Layer} Layer
 * @typedef {import("../types.js").Catalog} Catalog
 */

/**
 * The set-up of a spec, colours given in order.
 * @param {import("../types.js").Spec} spec
 * @returns {Setup}
 */
export function setupOf(spec) {
  return { spec, slots: spec.runs.map((_, i) => i) };
}

/** @param {Setup} setup @param {Partial<import("../types.js").Spec>} part @returns {Setup} */
export function withSpec(setup, part) {
  return { ...setup, spec: { ...setup.spec, ...part } };
}

/** The seed of all runs, or null where they differ. @param {import("../types.js").Spec} spec */
export function sharedSeed({ seed, runs }) {
  const [first, ...others] = new Set(runs.map((run) => run.seed ?? seed));
  return others.length ? null : first;
}

/**
 * Another seed for all runs. Of drawn ones, runs that differ get different ones: two of one recipe would be one.
 * @param {Setup} setup @param {number} [wanted]
 */
export function setSeed(setup, wanted) {
  const { spec } = setup;
  const seed = wanted ?? crypto.getRandomValues(new Uint32Array(1))[0] % 1e4;
  const differ = wanted === undefined && sharedSeed(spec) === null;
  const runs = spec.runs.map((run) => {
    const apart = differ ? (run.seed ?? spec.seed) - spec.seed : 0;
    return { ...run, seed: apart ? (1e10 + seed + apart) % 1e4 : null };
  });
  return withSpec(setup, { seed, runs });
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
  let seed = sharedSeed(spec) ?? spec.seed;
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
 * @param {import("../types.js").Rule} rule
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

/**
 * A run with a rule of its own in one layer; null takes it back.
 * @param {Setup} setup
 * @param {number} index
 * @param {number} layer
 * @param {import("../types.js").LayerRecipe|null} own
 * @returns {Setup}
 */
export function setLayerRule(setup, index, layer, own) {
  const { recipe } = setup.spec.runs[index];
  if (!recipe) return setup;
  const layers = setup.spec.layers.map((_, i) =>
    i === layer ? own : (recipe.layers?.[i] ?? null),
  );
  const { layers: _, ...rest } = recipe;
  const next = layers.some(Boolean) ? { ...rest, layers } : rest;
  return editRun(setup, index, { recipe: next, label: null });
}

/**
 * Other layers, and with them in every recipe the rules of its layers that are still there.
 * @param {Setup} setup
 * @param {Layer[]} layers
 * @param {(rules: (import("../types.js").LayerRecipe|null)[]) => (import("../types.js").LayerRecipe|null)[]} [along]
 * @returns {Setup}
 */
function withLayers(setup, layers, along = (rules) => rules) {
  // Numbers given one by one fit one architecture only; with another one the run starts by the article's recipe.
  const runs = setup.spec.runs.map((run) => {
    if (run.parameters) return { ...run, parameters: undefined, label: null };
    if (!run.recipe?.layers) return run;
    return { ...run, recipe: { ...run.recipe, layers: along(run.recipe.layers) } };
  });
  return withSpec(setup, { layers, runs });
}

/** A hidden layer like the last one, before the output. @param {Setup} setup @returns {Setup} */
export function addLayer(setup) {
  const { layers } = setup.spec;
  const hidden = layers.slice(0, -1);
  const model = hidden[hidden.length - 1] ?? { units: 4, activation: "tanh" };
  return withLayers(setup, [...hidden, { ...model }, layers[layers.length - 1]], (rules) => [
    ...rules.slice(0, -1),
    null,
    ...rules.slice(-1),
  ]);
}

/** @param {Setup} setup @param {number} index @returns {Setup} */
export function removeLayer(setup, index) {
  return withLayers(
    setup,
    setup.spec.layers.filter((_, i) => i !== index),
    (rules) => rules.filter((_, i) => i !== index),
  );
}

/**
 * Another size, activation or dropout of a layer. A softmax has a unit for every class; the others have one for two.
 * @param {Setup} setup
 * @param {number} index
 * @param {Partial<Layer>} part
 * @param {Catalog} catalog
 * @returns {Setup}
 */
export function editLayer(setup, index, part, catalog) {
  const { layers: before, data } = setup.spec;
  const last = index === before.length - 1;
  const layers = before.map((layer, i) => (i === index ? { ...layer, ...part } : layer));
  if (last && part.activation) {
    const { classes } = aimOf(data, catalog);
    layers[index].units = part.activation === "softmax" || classes > 2 ? Math.max(2, classes) : 1;
  }
  const resized = layers[index].units !== before[index].units;
  const changed = resized ? withLayers(setup, layers) : withSpec(setup, { layers });
  return { ...changed, spec: withFittingLoss(changed.spec, catalog) };
}

/** Other functions of the inputs for the first layer. @param {Setup} setup @param {string[]} features @returns {Setup} */
export function setFeatures(setup, features) {
  return withLayers(withSpec(setup, { features }), setup.spec.layers);
}

/**
 * Another of the built-in kinds of data; the output and the loss follow what is to be learned.
 * @param {Setup} setup
 * @param {string} name
 * @param {Catalog} catalog
 * @returns {Setup}
 */
export function chooseData(setup, name, catalog) {
  const choice = find(catalog.data, name);
  return choice ? setData(setup, dataOf(setup.spec.data, choice), catalog) : setup;
}

/**
 * Other data, built in or brought by the learner.
 * @param {Setup} setup
 * @param {import("../types.js").DataSpec} data
 * @param {Catalog} catalog
 * @param {import("./spec.js").Aim} [aim] what the server says of them, where it has been asked
 * @returns {Setup}
 */
export function setData(setup, data, catalog, aim = aimOf(data, catalog)) {
  let { spec } = setup;
  // Classes −1 and 1 ask for a tanh output; the sigmoid's are 0 and 1.
  const signs = data.name === "custom" && !data.classes && data.targets?.flat().includes(-1);
  if (aim.classes === 2 && signs && outputActivation(spec) !== "tanh") {
    const layers = spec.layers.slice();
    layers[layers.length - 1] = { ...layers[layers.length - 1], units: 1, activation: "tanh" };
    spec = withFittingLoss({ ...spec, layers }, catalog);
  }
  const next = withData(spec, data, aim, catalog);
  if (data.name === "custom") next.batch_size = null;
  const units = next.layers[next.layers.length - 1].units;
  const sameShapes =
    featuresOf(next, catalog).join() === featuresOf(setup.spec, catalog).join() &&
    units === setup.spec.layers[setup.spec.layers.length - 1].units;
  return sameShapes ? { ...setup, spec: next } : withLayers({ ...setup, spec: next }, next.layers);
}
