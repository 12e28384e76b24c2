/** The editor of one run, open in its place in the list. */

import { el } from "../ui/dom.js";
import * as edits from "../experiment/edits.js";
import { hint, label, t } from "../ui/i18n.js";
import { PARTS } from "../experiment/training-settings.js";
import { complete, find, lossFits, outputActivation } from "../experiment/spec.js";
import { choice, field, numberBox, numberSlider } from "../ui/controls.js";
import { about, openGallery } from "../ui/gallery.js";
import { KINDS, formulas, methodNumbers } from "./method.js";
import { recipeFigures } from "./recipe-histograms.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").Rule} Rule
 * @typedef {(setup: import("../types.js").Setup) => void} Change
 */

/** @param {State} state @param {number} index @param {Change} change */
export function runEditor(state, index, change) {
  return el(
    "div",
    { class: "editor", "data-pointer": `/runs/${index}` },
    part(state, index, "weights", change),
    part(state, index, "biases", change),
    own(state, index, change),
    fold(index, "draws", t("runs.draws"), () => [recipeFigures(state, index)]),
    fold(index, "layers", t("runs.layers"), () => layerRules(state, index, change)),
    fold(index, "training", t("runs.training"), () => ownTraining(state, index, change)),
  );
}

/** @param {State} state @param {number} index @param {"weights"|"biases"} which @param {Change} change */
function part(state, index, which, change) {
  const { catalog, setup } = state;
  const weights = which === "weights";
  const rules = weights ? catalog.weight_rules : catalog.bias_rules;
  const kind = weights ? "weight_rules" : "bias_rules";
  const pointer = `/runs/${index}/recipe/${which}`;
  const rule = setup.spec.runs[index].recipe?.[which];
  /** @param {Rule} next */
  const set = (next) => change(edits.setRule(state.setup, index, which, next, catalog));
  const title = t(weights ? "runs.weights" : "runs.biases");
  const options = rules.map((entry) => ({ value: entry.name, text: label(kind, entry) }));
  if (!rule) options.unshift({ value: "", text: t("runs.given") });
  const names = choice({
    options,
    value: rule?.name ?? "",
    label: title,
    hint: rule ? about(kind, find(rules, rule.name)) : t("runs.given"),
    pointer: `${pointer}/name`,
    change: (name) => set(complete({ name }, rules)),
  });
  const more = formulas(title, `${pointer}/all`, (button) =>
    openGallery(button, {
      title,
      value: rule?.name ?? "",
      choose: (name) => set(complete({ name }, rules)),
      items: rules.map((entry) => ({ name: entry.name, kind, entry })),
    }),
  );
  const numbers = rule ? ruleNumbers(rule, rules, pointer, set) : [];
  const row = el("div", { class: "row" }, names, more);
  return el("div", { class: "pairs" }, field(title, [row], { class: "rule" }), ...numbers);
}

/**
 * @param {Rule} rule
 * @param {import("../types.js").Choice[]} rules
 * @param {string} pointer
 * @param {(rule: Rule) => void} set
 */
function ruleNumbers(rule, rules, pointer, set) {
  return (find(rules, rule.name)?.parameters ?? []).map((range) =>
    numberSlider({
      range,
      value: Number(rule[range.name] ?? range.default ?? 0),
      label: label("parameters", range),
      hint: hint("parameters", range),
      pointer: `${pointer}/${range.name}`,
      change: (value) => set({ ...rule, [range.name]: value }),
    }),
  );
}

/** What else the run has of its own: one click away. @param {State} state @param {number} index @param {Change} change */
function own(state, index, change) {
  const { catalog, setup } = state;
  const run = setup.spec.runs[index];
  const seed = optional({
    on: run.seed !== null && run.seed !== undefined,
    label: t("runs.seed"),
    hint: t("runs.seed.hint"),
    box: (disabled) =>
      numberBox({
        range: catalog.fields.seed,
        value: run.seed ?? setup.spec.seed,
        label: t("runs.seed"),
        pointer: `/runs/${index}/seed`,
        disabled,
        change: (value) => change(edits.editRun(state.setup, index, { seed: value })),
      }),
    toggle: (on) =>
      change(edits.editRun(state.setup, index, { seed: on ? setup.spec.seed : null })),
    focus: `run/${index}/seed`,
  });
  const speed = optional({
    on: Boolean(run.optimizer),
    label: t("runs.rate"),
    hint: t("runs.rate.hint"),
    box: (disabled) =>
      numberBox({
        range: catalog.fields.learning_rate,
        value: (run.optimizer ?? sharedOptimizer(state)).learning_rate,
        label: t("runs.rate"),
        pointer: `/runs/${index}/optimizer/learning_rate`,
        disabled,
        change: (value) => {
          const optimizer = { ...(run.optimizer ?? sharedOptimizer(state)), learning_rate: value };
          change(edits.editRun(state.setup, index, { optimizer }));
        },
      }),
    toggle: (on) =>
      change(edits.editRun(state.setup, index, { optimizer: on ? sharedOptimizer(state) : null })),
    focus: `run/${index}/rate`,
  });
  return el("div", { class: "pairs" }, seed, speed);
}

/** @param {State} state @returns {import("../types.js").Optimizer} */
function sharedOptimizer(state) {
  return state.training.optimizer ?? state.setup.spec.optimizer;
}

/** Whose rules of the layers, or whose own training, are open: by run. @type {Map<number, Set<string>>} */
const unfolded = new Map();

/**
 * A part of the editor that is folded away until it is asked for.
 * @param {number} index
 * @param {string} what
 * @param {string} text
 * @param {() => (Node|string)[]} content
 */
function fold(index, what, text, content) {
  const open = unfolded.get(index)?.has(what) ?? false;
  const details = el("details", { class: "fold", "data-fold": what, open });
  const summary = el("summary", { text, "data-focus": `run/${index}/${what}` });
  const body = el("div", { class: "own-training" });
  details.append(summary, body);
  if (open) body.append(...content());
  details.addEventListener("toggle", () => {
    const set = unfolded.get(index) ?? new Set();
    if (details.open) set.add(what);
    else set.delete(what);
    unfolded.set(index, set);
    body.replaceChildren(...(details.open ? content() : []));
    if (details.open) details.scrollIntoView({ block: "nearest" });
  });
  return details;
}

/** Each layer's own rule for its weights; empty means the run's. @param {State} state @param {number} index @param {Change} change */
function layerRules(state, index, change) {
  const { catalog, setup } = state;
  const recipe = setup.spec.runs[index].recipe;
  if (!recipe) return [];
  return setup.spec.layers.flatMap((_, layer) => {
    const last = layer === setup.spec.layers.length - 1;
    const name = last ? t("network.output") : t("network.layer", { number: layer + 1 });
    const rule = recipe.layers?.[layer]?.weights ?? null;
    const pointer = `/runs/${index}/recipe/layers/${layer}/weights`;
    /** @param {Rule|null} next */
    const set = (next) => {
      const { biases } = recipe.layers?.[layer] ?? {};
      const mine = next || biases ? { weights: next, biases: biases ?? null } : null;
      change(edits.setLayerRule(state.setup, index, layer, mine));
    };
    const names = choice({
      options: [
        { value: "", text: t("runs.layers.same") },
        ...catalog.weight_rules.map((entry) => ({
          value: entry.name,
          text: label("weight_rules", entry),
        })),
      ],
      value: rule?.name ?? "",
      label: t("runs.layers.of", { layer: name }),
      hint: rule
        ? about("weight_rules", find(catalog.weight_rules, rule.name))
        : t("runs.layers.hint"),
      pointer: `${pointer}/name`,
      change: (value) => set(value ? complete({ name: value }, catalog.weight_rules) : null),
    });
    const numbers = rule ? ruleNumbers(rule, catalog.weight_rules, pointer, set) : [];
    return [el("div", { class: "pairs" }, field(name, [names]), ...numbers)];
  });
}

/** Loss, optimizer, schedule, clipping and regularizer of this run alone. @param {State} state @param {number} index @param {Change} change */
function ownTraining(state, index, change) {
  const { catalog, setup } = state;
  const run = setup.spec.runs[index];
  const output = outputActivation(setup.spec);
  const loss = choice({
    options: [
      { value: "", text: t("runs.same") },
      ...catalog.losses.map((entry) => ({
        value: entry.name,
        text: label("losses", entry),
        disabled: !lossFits(entry, output),
      })),
    ],
    value: run.loss ?? "",
    label: t("settings.loss"),
    hint: run.loss ? about("losses", find(catalog.losses, run.loss)) : t("runs.loss.hint"),
    pointer: `/runs/${index}/loss`,
    change: (value) => change(edits.editRun(state.setup, index, { loss: value || null })),
  });
  const parts = PARTS.map((part) => {
    const kind = KINDS[part];
    const entries = catalog[kind];
    const value = /** @type {Rule|null} */ (run[part] ?? null);
    const pointer = `/runs/${index}/${part}`;
    /** @param {Rule|null} next */
    const set = (next) => change(edits.editRun(state.setup, index, { [part]: next }));
    const names = choice({
      options: [
        { value: "", text: t("runs.same") },
        ...entries.map((entry) => ({ value: entry.name, text: label(kind, entry) })),
      ],
      value: value?.name ?? "",
      label: t(`choices.${part}`),
      hint: value ? about(kind, find(entries, value.name)) : t("runs.same.hint"),
      pointer: `${pointer}/name`,
      change: (name) => set(name ? complete({ name }, entries) : null),
    });
    return el(
      "div",
      { class: "pairs", "data-part": part },
      field(t(`choices.${part}`), [names]),
      ...methodNumbers({ state, part, value, pointer, set, rate: true }),
    );
  });
  return [el("div", { class: "pairs" }, field(t("settings.loss"), [loss])), ...parts];
}

/**
 * @param {{on: boolean, label: string, hint: string, box: (disabled: boolean) => HTMLElement,
 *   toggle: (on: boolean) => void, focus: string}} options
 */
function optional({ on, label: text, hint: tip, box, toggle, focus }) {
  const check = el("input", { type: "checkbox", "data-focus": focus });
  check.checked = on;
  check.addEventListener("change", () => toggle(check.checked));
  return el(
    "div",
    { class: "field" },
    el("label", { class: "check", hint: tip }, check, text),
    box(!on),
  );
}
