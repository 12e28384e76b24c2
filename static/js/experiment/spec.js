/** What can be said about a spec without asking the server: shapes, names, what fits, small edits. */

import { featuresOf } from "./features.js";

/**
 * @typedef {import("../types.js").Spec} Spec
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").Recipe} Recipe
 * @typedef {import("../types.js").Rule} Rule
 * @typedef {import("../types.js").Shape} Shape
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").DataSpec} DataSpec
 */

/**
 * @template {{name: string}} T
 * @param {T[]} entries
 * @param {string} name
 * @returns {T|undefined}
 */
export function find(entries, name) {
  return entries.find((entry) => entry.name === name);
}

/**
 * How many numbers go into the first layer.
 * @param {Spec} spec
 * @param {Catalog} catalog
 */
export function inputCount(spec, catalog) {
  return featuresOf(spec, catalog).length;
}

/**
 * The shapes of every W and b, layers counted from 1.
 * @param {Spec} spec
 * @param {number} inputs
 * @returns {Shape[]}
 */
export function shapes(spec, inputs) {
  return spec.layers.map(({ units }, i) => {
    const before = i === 0 ? inputs : spec.layers[i - 1].units;
    return { layer: i + 1, W: [units, before], b: [units, 1] };
  });
}

/** @param {Shape[]} all */
export function parameterCount(all) {
  return all.reduce((sum, { W, b }) => sum + W[0] * W[1] + b[0], 0);
}

/**
 * The name of every parameter in the order the server keeps them.
 * @param {Shape[]} all
 */
export function parameterNames(all) {
  /** @type {string[]} */
  const names = [];
  for (const { layer, W } of all) {
    for (let i = 0; i < W[0]; i++)
      for (let j = 0; j < W[1]; j++) names.push(`W${layer}[${i},${j}]`);
    for (let i = 0; i < W[0]; i++) names.push(`b${layer}[${i}]`);
  }
  return names;
}

/**
 * Two axes for the surface: those wanted where they exist, else the first weight and the first bias.
 * @param {string[]} names
 * @param {{x: string, y: string}} wanted
 */
export function fittingAxes(names, wanted) {
  const x = names.includes(wanted.x) ? wanted.x : names[0];
  if (names.includes(wanted.y) && wanted.y !== x) return { x, y: wanted.y };
  const bias = names.find((name) => name.startsWith("b") && name !== x);
  return { x, y: bias ?? names.find((name) => name !== x) ?? x };
}

/**
 * Whether a loss goes with an output activation.
 * @param {Choice} loss
 * @param {string} activation
 */
export function lossFits(loss, activation) {
  return !loss.outputs || loss.outputs.includes(activation);
}

/** @param {Spec} spec */
export function outputActivation(spec) {
  return spec.layers[spec.layers.length - 1].activation;
}

/**
 * The spec with a loss that fits its output; the same object when it does already.
 * @param {Spec} spec
 * @param {Catalog} catalog
 * @returns {Spec}
 */
export function withFittingLoss(spec, catalog) {
  const activation = outputActivation(spec);
  /** @param {string} name */
  const fits = (name) =>
    lossFits(find(catalog.losses, name) ?? /** @type {any} */ ({}), activation);
  if (fits(spec.loss) && spec.runs.every((run) => !run.loss || fits(run.loss))) return spec;
  const loss = fits(spec.loss) ? spec.loss : (usualLoss(activation, catalog) ?? spec.loss);
  const runs = spec.runs.map((run) => (run.loss && !fits(run.loss) ? { ...run, loss: null } : run));
  return { ...spec, loss, runs };
}

/**
 * The loss made for an output activation alone, else the first that fits.
 * @param {string} activation
 * @param {Catalog} catalog
 */
function usualLoss(activation, { losses }) {
  const own = losses.find(({ outputs }) => outputs?.length === 1 && outputs[0] === activation);
  return (own ?? losses.find((loss) => lossFits(loss, activation)))?.name;
}

/**
 * What is to be learned: numbers, or how many classes.
 * @typedef {{task: string, classes: number}} Aim
 */

/** What makes a formula a boundary: a comparison, or a word between two, as the grammar reads it. */
const COMPARES = /[<>≤≥≦≧⩽⩾＜＞≠≡∧∨¬]|[=!]=|&&|!\s*\(|\b(?:and|or|not)\b/i;

/** Whether || stands between two comparisons: where there are absolute values, it is two bars. @param {string} text */
const hasOr = (text) => text.includes("||") && !text.replaceAll("||", "").includes("|");

/**
 * What the data of a spec ask for, as far as the page can know it.
 * @param {DataSpec} data
 * @param {Catalog} catalog
 * @returns {Aim}
 */
export function aimOf(data, catalog) {
  if (data.name === "custom") {
    if (data.classes) return { task: "classification", classes: data.classes.length };
    const task = taskOf(/** @type {number[]} */ ((data.targets ?? []).flat()));
    return { task, classes: task === "classification" ? 2 : 0 };
  }
  if (data.name === "formula") {
    const text = data.formula ?? "";
    const boundary = COMPARES.test(text) || hasOr(text);
    return boundary ? { task: "classification", classes: 2 } : { task: "regression", classes: 0 };
  }
  const { task, classes } = find(catalog.data, data.name) ?? {};
  if (task === "regression") return { task, classes: 0 };
  return { task: "classification", classes: classes ?? 2 };
}

/**
 * The spec on other data, its output and loss made to suit what is to be learned.
 * @param {Spec} spec
 * @param {DataSpec} data
 * @param {Aim} aim
 * @param {Catalog} catalog
 * @returns {Spec}
 */
export function withData(spec, data, { task, classes }, catalog) {
  const { features: _, ...rest } = spec;
  const layers = spec.layers.slice();
  const output = layers[layers.length - 1];
  /** @param {number} units @param {string} activation */
  const put = (units, activation) =>
    (layers[layers.length - 1] = { ...output, units, activation, dropout: 0 });
  let loss = spec.loss;
  if (task === "regression") {
    if (output.activation !== "linear") loss = "mse";
    put(1, "linear");
  } else if (classes > 2) {
    if (output.activation !== "softmax") loss = "softmax_cross_entropy";
    put(classes, "softmax");
  } else if (output.activation === "linear" || output.activation === "softmax") {
    loss = "cross_entropy";
    put(1, "sigmoid");
  } else {
    put(1, output.activation);
  }
  return withFittingLoss({ ...rest, data, layers, loss }, catalog);
}

/** A gate has four points, and all of them are learned from. */
const OF_GATE = { samples: 4, train_fraction: 1 };
/** @param {string} name */
const isGate = (name) => name.startsWith("gate");

/**
 * Only what the chosen kind of data knows: its parameters kept where both have them, but for how many samples a gate
 * has.
 * @param {DataSpec} present
 * @param {Choice} choice
 * @returns {DataSpec}
 */
export function dataOf(present, choice) {
  const apart = isGate(present.name) !== isGate(choice.name);
  /** @type {Record<string, any>} */
  const data = { name: choice.name, ...(apart && isGate(choice.name) ? OF_GATE : {}) };
  for (const { name } of choice.parameters) {
    if (apart && name in OF_GATE) continue;
    const value = /** @type {Record<string, unknown>} */ (present)[name];
    if (value !== undefined && value !== null && name !== "noise") data[name] = value;
  }
  return /** @type {DataSpec} */ (data);
}

/**
 * Whether numbers brought by a learner are classes: only 0 and 1, or only −1 and 1.
 * @param {number[]} targets
 */
export function taskOf(targets) {
  /** @param {number} low */
  const only = (low) => targets.every((value) => value === low || value === 1);
  return only(0) || only(-1) ? "classification" : "regression";
}

/** @param {Rule} a @param {Rule} b */
function sameRule(a, b) {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}

/** @param {Recipe} a @param {Recipe} b */
export function sameRecipe(a, b) {
  return (
    sameRule(a.weights, b.weights) &&
    sameRule(a.biases, b.biases) &&
    JSON.stringify(ownLayers(a)) === JSON.stringify(ownLayers(b))
  );
}

/**
 * The layers of a recipe that have rules of their own, and which they are.
 * @param {Recipe} recipe
 * @returns {[number, import("../types.js").LayerRecipe][]}
 */
export function ownLayers(recipe) {
  return (recipe.layers ?? []).flatMap((own, i) =>
    own ? [/** @type {[number, import("../types.js").LayerRecipe]} */ ([i, own])] : [],
  );
}

/**
 * The catalogue's name of a recipe, if it has one.
 * @param {Recipe} recipe
 * @param {Catalog} catalog
 */
export function nameOfRecipe(recipe, catalog) {
  if (ownLayers(recipe).length) return undefined;
  return catalog.recipes.find((known) =>
    sameRecipe(whole(known.recipe, catalog), whole(recipe, catalog)),
  )?.name;
}

/** @param {Recipe} recipe @param {Catalog} catalog @returns {Recipe} */
function whole({ weights, biases }, catalog) {
  return {
    weights: complete(weights, catalog.weight_rules),
    biases: complete(biases, catalog.bias_rules),
  };
}

/**
 * A rule with every parameter it has, defaults filled in, others dropped.
 * @param {Rule} rule
 * @param {Choice[]} rules
 * @returns {Rule}
 */
export function complete(rule, rules) {
  /** @type {Rule} */
  const full = { name: rule.name };
  for (const range of find(rules, rule.name)?.parameters ?? []) {
    full[range.name] = rule[range.name] ?? range.default ?? 0;
  }
  return full;
}

/** What of a spec an edit can touch. @type {[string, (spec: Spec) => unknown][]} */
const EDITED = [
  ["data", (spec) => spec.data],
  ["network", (spec) => [spec.layers, spec.features]],
  ["runs", (spec) => spec.runs],
  ["loss", (spec) => spec.loss],
  ["batch", (spec) => spec.batch_size],
  ["seed", (spec) => spec.seed],
  ["training", (spec) => [spec.optimizer, spec.schedule, spec.clipping, spec.regularizer]],
];

/** All that differs between two specs. @param {Spec} before @param {Spec} after */
export const whatDiffers = (before, after) =>
  EDITED.filter(([, part]) => JSON.stringify(part(before)) !== JSON.stringify(part(after))).map(
    ([what]) => what,
  );

/**
 * Which part of a spec a change touched first, for the word that says why training starts anew.
 * @param {Spec} before
 * @param {Spec} after
 */
export function whatChanged(before, after) {
  const parts = whatDiffers(before, after);
  const seeds = (/** @type {Spec} */ { seed, runs }) => runs.map((run) => run.seed ?? seed);
  const others = (/** @type {Spec} */ { runs }) =>
    JSON.stringify(runs.map(({ seed: _, ...run }) => run));
  const old = seeds(before);
  const drawn =
    (before.seed !== after.seed || seeds(after).every((seed, i) => seed !== old[i])) &&
    others(before) === others(after);
  const [first = "training"] = drawn ? parts.filter((part) => part !== "runs") : parts;
  return drawn && first === "training" ? "seed" : first;
}
