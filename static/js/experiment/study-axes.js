/** The settings that the grid of a study can vary: their values now, their ranges, and values to begin with. */

import { complete } from "./spec.js";

/**
 * @typedef {import("../types.js").Spec} Spec
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("./study.js").AxisName} AxisName
 */

/** All of them. @type {AxisName[]} */
export const AXES = ["learning_rate", "units", "depth", "std", "noise", "samples"];
export const MOST_AXES = 2;

/**
 * The present value of an axis in a spec, or null where the spec has no such setting.
 * @param {AxisName} name
 * @param {Spec} spec
 * @param {Catalog} catalog
 * @returns {number|null}
 */
export function presentValue(name, spec, catalog) {
  const hidden = spec.layers.slice(0, -1);
  switch (name) {
    case "learning_rate":
      return spec.optimizer.learning_rate;
    case "units":
      return hidden.length ? hidden[hidden.length - 1].units : null;
    case "depth":
      return hidden.length || null;
    case "std":
      return normalStd(spec, catalog);
    case "noise":
      return spec.data.noise ?? null;
    case "samples":
      return spec.data.samples ?? null;
  }
}

/** The standard deviation of the first rule that draws from a normal distribution. @param {Spec} spec @param {Catalog} catalog */
function normalStd({ runs }, { weight_rules, bias_rules }) {
  for (const { recipe } of runs) {
    if (!recipe) continue;
    for (const { weights, biases } of [recipe, ...(recipe.layers ?? [])].filter(
      (part) => part !== null,
    )) {
      if (weights?.name === "normal") return Number(complete(weights, weight_rules).std);
      if (biases?.name === "normal") return Number(complete(biases, bias_rules).std);
    }
  }
  return null;
}

/**
 * The range of an axis.
 * @param {AxisName} name
 * @param {Spec} spec
 * @param {Catalog} catalog
 * @returns {import("../types.js").Range|undefined}
 */
export function rangeOf(name, spec, { fields, weight_rules, data }) {
  if (name === "depth") return { ...fields.hidden_layers, minimum: 1 };
  /** @param {import("../types.js").Choice[]} choices @param {string} choice */
  const parameter = (choices, choice) =>
    choices.find((one) => one.name === choice)?.parameters.find((one) => one.name === name);
  if (name === "std") return parameter(weight_rules, "normal");
  return parameter(data, spec.data.name) ?? fields[name];
}

/**
 * Values to begin with: some around the present one.
 * @param {AxisName} name
 * @param {number} present
 * @param {import("../types.js").Range} range
 */
export function usualValues(name, present, range) {
  const around = {
    learning_rate: [present / 10, present / 3, present, present * 3],
    units: [2, 4, 8, 16],
    depth: [1, 2, 3],
    std: [present / 10, present, present * 10],
    noise: [0, 0.1, 0.2, 0.4],
    samples: [50, 200, 800],
  }[name];
  const within = around
    .map((value) => Number(value.toPrecision(1)))
    .filter((value) => value >= range.minimum && value <= range.maximum);
  return [...new Set([...within, present])].sort((a, b) => a - b);
}
