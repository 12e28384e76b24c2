/** Recipes in words: "W ~ N(0, 0.1²), b = 0". */

import { isTold } from "./access.js";
import * as format from "../ui/number-format.js";
import { label, t } from "../ui/i18n.js";
import { complete, nameOfRecipe, ownLayers } from "./spec.js";

/**
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").Rule} Rule
 * @typedef {import("../types.js").Recipe} Recipe
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {import("../types.js").Catalog} Catalog
 */

/**
 * @param {string} letter
 * @param {Rule} rule
 * @param {Choice[]} rules
 * @param {string} kind
 */
function ruleInWords(letter, rule, rules, kind) {
  const full = complete(rule, rules);
  /** @param {string} name */
  const number = (name) => format.plain(Number(full[name]));
  switch (rule.name) {
    case "zeros":
      return `${letter} = 0`;
    case "constant":
      return `${letter} = ${number("value")}`;
    case "normal":
      return `${letter} ~ N(0, ${number("std")}²)`;
    case "uniform":
      return `${letter} ~ U(±${number("limit")})`;
    default: {
      const factor = full.gain === undefined || full.gain === 1 ? "" : ` × ${number("gain")}`;
      return `${letter} ~ ${label(kind, rule)}${factor}`;
    }
  }
}

/**
 * Where a run begins other than its recipe says.
 * @typedef {{moved?: boolean, anew?: import("../types.js").Event}} Start   `moved`: at numbers set by hand; `anew`: by
 *   another recipe, from the step of this event on
 * @param {import("../types.js").Event[]} events
 * @param {number} run
 * @returns {Start}
 */
export function startOf(events, run) {
  const own = events.filter((event) => event.run === run && event.parameters);
  return {
    moved: own.some(({ step, recipe }) => step === 0 && !recipe),
    anew: own.findLast(({ recipe }) => recipe),
  };
}

/**
 * @param {Run} run
 * @param {Catalog} catalog
 * @param {Start} [start]
 * @returns {string}
 */
export function recipeInWords(run, catalog, { moved, anew } = {}) {
  if (anew) {
    const words = recipeInWords({ recipe: anew.recipe }, catalog);
    return anew.step ? t("runs.anew.words", { step: format.count(anew.step), words }) : words;
  }
  if (moved) return t("runs.moved.words");
  if (!run.recipe) return givenInWords(run);
  const weights = ruleInWords("W", run.recipe.weights, catalog.weight_rules, "weight_rules");
  const biases = ruleInWords("b", run.recipe.biases, catalog.bias_rules, "bias_rules");
  const own = ownLayers(run.recipe).map(([i, { weights: rule }]) =>
    rule ? ruleInWords(`W${i + 1}`, rule, catalog.weight_rules, "weight_rules") : `${i + 1}`,
  );
  return [weights, biases, ...own].join(", ");
}

/** A single neuron's numbers can be said; more are just "given". @param {Run} run */
function givenInWords({ parameters }) {
  if (!parameters) return t("runs.mystery.words"); // the server does not tell it yet
  const { W = [], b = [] } = /** @type {{W?: number[][][], b?: number[][]}} */ (parameters ?? {});
  if (W.flat(2).length !== 1 || b.flat().length !== 1) return t("runs.given");
  return t("runs.givenValues", { W: format.plain(W[0][0][0]), b: format.plain(b[0][0]) });
}

/**
 * What sets a run apart beside its recipe: "seed 3 · Adam, α = 0.1", or "".
 * @param {Run} begun  as its set-up says
 * @param {Partial<import("../types.js").Training>} [now]  what it has of its own now, where that was changed on the way
 */
export function apartInWords(begun, now) {
  const run = { ...begun, ...now };
  const words = [];
  if (run.seed !== null && run.seed !== undefined)
    words.push(t("runs.ownSeed", { seed: run.seed }));
  if (run.loss) words.push(label("losses", { name: run.loss }));
  if (run.optimizer) {
    const rate = t("runs.ownRate", { rate: format.plain(run.optimizer.learning_rate) });
    const plain = run.optimizer.name === "gradient_descent";
    words.push(plain ? rate : `${label("optimizers", run.optimizer)}, ${rate}`);
  }
  if (run.schedule) words.push(label("schedules", run.schedule));
  if (run.clipping && run.clipping.name !== "none") words.push(label("clippings", run.clipping));
  if (run.regularizer) words.push(label("regularizers", run.regularizer));
  return words.join(" · ");
}

/**
 * The name of a run: the learner's label, else the recipe's name, else the recipe in words; and that it begins elsewhere.
 * @param {Run} run
 * @param {Catalog} catalog
 * @param {Start} [start]
 */
export function runName(run, catalog, { moved, anew } = {}) {
  const recipe = anew && plainName({ recipe: anew.recipe }, catalog);
  if (recipe && !anew.step) return recipe;
  const plain = plainName(run, catalog);
  const name = moved ? t("runs.moved", { name: plain }) : plain;
  return recipe ? t("runs.anew", { name, recipe }) : name;
}

/** @param {Run} run @param {Catalog} catalog */
function plainName(run, catalog) {
  const known = run.recipe ? nameOfRecipe(run.recipe, catalog) : undefined;
  const named = catalog.recipes.find(
    (recipe) => run.label === recipe.name || run.label === label("recipes", recipe),
  );
  if (run.label && run.label === run.loss) return label("losses", { name: run.loss });
  if (run.label && !named) return run.label;
  if (known) return label("recipes", { name: known });
  if (!run.recipe && !run.parameters) return t("runs.mystery");
  return recipeInWords(run, catalog);
}

/**
 * The names of all runs of a spec, in a list that says beside each what is its own: of equal names the later say which
 * they are.
 * @param {import("../types.js").Spec} spec
 * @param {Catalog} catalog
 * @param {import("../types.js").Event[]} [events] what was done on the way
 */
export function plainNames({ runs }, catalog, events = []) {
  return counted(runs.map((run, i) => runName(run, catalog, startOf(events, i))));
}

/** Equal names apart: "LSUV", "LSUV (2)". @param {string[]} names */
function counted(names) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return names.map((name) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before ? `${name} (${before + 1})` : name;
  });
}

/**
 * The names of all runs of a spec. One that has another optimizer than the others says so, and of equal names the
 * later say which they are.
 * @param {import("../types.js").Spec} spec
 * @param {Catalog} catalog
 * @param {import("../types.js").Event[]} [events] what was done on the way
 */
export function namesOf({ runs, optimizer }, catalog, events = []) {
  const names = runs.map((run, i) => {
    const other = run.optimizer && run.optimizer.name !== optimizer.name && !run.label;
    const plain = runName(run, catalog, startOf(events, i));
    return other ? `${plain} · ${label("optimizers", run.optimizer ?? optimizer)}` : plain;
  });
  return counted(names);
}

/** Whether a run trains, or at which step it diverged. @param {import("../types.js").RunState} run */
export function statusInWords({ status, diverged_at }) {
  return status === "diverged"
    ? t("status.diverged", { step: format.count(diverged_at ?? 0) })
    : t(`status.${status}`);
}

/**
 * The same of a run of the page; nothing where the page does not tell it.
 * @param {{runs: import("../types.js").RunState[]} & import("./access.js").WithAccess} state @param {number} run
 */
export const toldStatus = (state, run) => (isTold(state) ? statusInWords(state.runs[run]) : "");
