// What several tests need: a small catalogue like the server's, and a spec.
import { readFileSync } from "node:fs";
import { use } from "../../static/js/i18n.js";

/** Puts a language in use. @param {string} language */
export function speak(language) {
  const file = new URL(`../../static/i18n/${language}.json`, import.meta.url);
  use(language, JSON.parse(readFileSync(file, "utf8")));
}

/** @param {string} name @param {number} minimum @param {number} maximum @param {object} [more] */
export const range = (name, minimum, maximum, more = {}) => ({ name, minimum, maximum, ...more });

const std = range("std", 0, 10, { default: 0.1 });

/** @type {any} */
export const catalog = {
  activations: ["linear", "sigmoid", "tanh"].map((name) => ({ name, parameters: [] })),
  losses: [
    { name: "mse", parameters: [], outputs: null },
    { name: "cross_entropy", parameters: [], outputs: ["sigmoid"] },
  ],
  weight_rules: [
    { name: "zeros", parameters: [] },
    { name: "normal", parameters: [std] },
    { name: "glorot_normal", parameters: [] },
  ],
  bias_rules: [
    { name: "zeros", parameters: [] },
    { name: "normal", parameters: [std] },
  ],
  data: [
    { name: "circle", task: "classification", inputs: 2, parameters: [range("samples", 2, 1000)] },
    { name: "line", task: "regression", inputs: 1, parameters: [range("samples", 2, 1000)] },
    { name: "custom", task: null, inputs: null, parameters: [] },
  ],
  recipes: [
    { name: "article", recipe: recipe("normal"), of_article: true },
    { name: "all_zeros", recipe: recipe("zeros"), of_article: true },
  ],
  fields: {},
};

/** @param {string} weights @returns {any} */
export function recipe(weights) {
  const rule = weights === "normal" ? { name: weights, std: 0.1 } : { name: weights };
  return { weights: rule, biases: { name: "zeros" } };
}

/** @returns {any} */
export function spec() {
  return {
    data: { name: "circle", samples: 500 },
    features: ["x1", "x2"],
    layers: [
      { units: 4, activation: "tanh" },
      { units: 1, activation: "sigmoid" },
    ],
    loss: "cross_entropy",
    batch_size: null,
    seed: 7,
    optimizer: { name: "gradient_descent", learning_rate: 1 },
    runs: [{ recipe: recipe("normal") }, { recipe: recipe("zeros") }],
  };
}
