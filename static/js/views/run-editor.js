/** The editor of one run, open in its place in the list. */

import { el } from "../dom.js";
import * as edits from "../edits.js";
import { hint, label, t } from "../i18n.js";
import { complete, find } from "../spec.js";
import { choice, field, numberBox, numberField } from "./controls.js";

/**
 * @typedef {import("../state.js").State} State
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
    hint: rule ? hint(kind, rule) : t("runs.given"),
    pointer: `${pointer}/name`,
    change: (name) => set(complete({ name }, rules)),
  });
  const numbers = (rule ? (find(rules, rule.name)?.parameters ?? []) : []).map((range) =>
    numberField({
      range,
      value: Number(rule?.[range.name] ?? range.default ?? 0),
      label: label("parameters", range),
      hint: hint("parameters", range),
      pointer: `${pointer}/${range.name}`,
      change: (value) => set({ .../** @type {Rule} */ (rule), [range.name]: value }),
    }),
  );
  return el("div", { class: "pairs" }, field(title, [names]), ...numbers);
}

/** A seed and a learning rate of its own; empty means the experiment's. @param {State} state @param {number} index @param {Change} change */
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
  const { name } = setup.spec.optimizer;
  const rate = state.training.optimizer?.learning_rate ?? setup.spec.optimizer.learning_rate;
  const speed = optional({
    on: Boolean(run.optimizer),
    label: t("runs.rate"),
    hint: t("runs.rate.hint"),
    box: (disabled) =>
      numberBox({
        range: catalog.fields.learning_rate,
        value: run.optimizer?.learning_rate ?? rate,
        label: t("runs.rate"),
        pointer: `/runs/${index}/optimizer/learning_rate`,
        disabled,
        change: (value) =>
          change(edits.editRun(state.setup, index, { optimizer: { name, learning_rate: value } })),
      }),
    toggle: (on) =>
      change(
        edits.editRun(state.setup, index, { optimizer: on ? { name, learning_rate: rate } : null }),
      ),
    focus: `run/${index}/rate`,
  });
  return el("div", { class: "pairs" }, seed, speed);
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
