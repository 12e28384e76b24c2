/** "Branch here": from the step that is shown on, something is different; what was stays as a ghost. */

import { el } from "../ui/dom.js";
import * as format from "../ui/number-format.js";
import { explain, label, t } from "../ui/i18n.js";
import { parseNumber } from "../ui/number-input.js";
import { isFixed } from "../experiment/access.js";
import { find } from "../experiment/spec.js";
import { runNames } from "../experiment/state.js";
import { choice, field } from "../ui/controls.js";
import { mark, unmark } from "../ui/field-errors.js";

/** @typedef {import("../experiment/state.js").State} State */

/** @param {() => void} go */
const onEnter = (go) => ({
  /** @param {KeyboardEvent} event */
  keydown: ({ key, repeat, isComposing }) => key === "Enter" && !repeat && !isComposing && go(),
});

/**
 * @param {HTMLElement} home
 * @param {object} parts
 * @param {State} parts.state
 * @param {import("./conductor.js").Conductor} parts.conductor
 * @param {() => void} parts.close
 */
export function drawBranch(home, { state, conductor, close }) {
  // What is locked is not offered.
  const method = isFixed(state, "settings") ? null : methodPart(state, go);
  const start = isFixed(state, "runs") ? null : recipePart(state);

  async function go() {
    const other = method ? method.read() : { all: {}, each: [] };
    if (!other) return;
    const anew = start?.read();
    // One run begun anew is one change; another optimizer for all, or another rate for each, are others.
    const { all, each } = other;
    const more = anew && Object.keys(all).length ? [all] : each;
    if (await conductor.branch(anew ?? all, more)) close();
  }

  /** @param {string} key @param {Record<string, unknown>} props */
  const button = (key, props) => el("button", { type: "button", text: t(key), ...props });
  const words = { step: format.count(state.step) };
  const offered = [...(method?.rows ?? []), ...(start?.rows ?? [])];
  home.replaceChildren(
    ...(offered.length
      ? [el("p", { text: t("time.branch.what", words) }), ...offered]
      : [el("p", { text: t("class.in.locked") })]),
    el(
      "div",
      { class: "row" },
      ...(offered.length
        ? [button("time.branch.go", { class: "primary", id: "branch-go", on: { click: go } })]
        : []),
      button("time.branch.cancel", { class: "quiet", on: { click: close } }),
    ),
  );
}

/** Another optimizer, or another rate of the same. @param {State} state @param {() => void} go */
function methodPart({ catalog, summary, chosen }, go) {
  const present = summary.runs[chosen].optimizer;
  const own = summary.runs.map((run) => run.optimizer);
  /** Whether runs learn by optimizers of their own: then each keeps its own, and has another rate. */
  const differ = own.some((each) => !sameBut("learning_rate", each, present));
  const kept = differ ? t("choices.each") : label("optimizers", present);
  let optimizer = "";

  const rate = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    class: "number",
    id: "branch-rate",
    "aria-label": t("time.branch.rate"),
    "data-pointer": "/change/optimizer/learning_rate",
    on: onEnter(go),
  });
  rate.value = String(present.learning_rate);
  const usualRate = el("p", { class: "aside", role: "status", hidden: true });
  const optimizers = choice({
    options: [
      { value: "", text: t("time.branch.same", { name: kept }) },
      ...catalog.optimizers
        .filter(({ name }) => name !== present.name)
        .map((entry) => ({ value: entry.name, text: label("optimizers", entry) })),
    ],
    value: "",
    label: t("time.branch.optimizer"),
    hint: t("time.branch.optimizer.hint"),
    pointer: "/change/optimizer",
    id: "branch-optimizer",
    change: (value) => {
      optimizer = value;
      const usual = find(catalog.optimizers, value || present.name)?.parameters.find(
        ({ name }) => name === "learning_rate",
      )?.default;
      const before = rate.value;
      rate.value = String(value ? (usual ?? present.learning_rate) : present.learning_rate);
      usualRate.hidden = rate.value === before;
      const values = {
        name: label("optimizers", { name: value || present.name }),
        rate: rate.value,
      };
      usualRate.textContent = t("time.branch.usual", values);
      unmark(rate);
    },
  });

  return {
    rows: [
      field(t("time.branch.optimizer"), [optimizers], { class: "line" }),
      field(t("time.branch.rate"), [rate], { class: "line" }),
      usualRate,
    ],
    /**
     * What is another one, for all runs alike or for each; null where it cannot be, and the field says why.
     * @returns {{all: Record<string, unknown>, each: Record<string, unknown>[]}|null}
     */
    read() {
      const read = parseNumber(rate.value, catalog.fields.learning_rate);
      if ("code" in read) {
        mark(rate, explain(read));
        return null;
      }
      unmark(rate);
      const its = { learning_rate: read.value };
      if (!optimizer && read.value === present.learning_rate) return { all: {}, each: [] };
      if (!optimizer && differ) {
        const each = own.map((each, run) => ({ run, optimizer: { ...each, ...its } }));
        return { all: {}, each };
      }
      const same = optimizer ? { name: optimizer } : present;
      return { all: { optimizer: { ...same, ...its } }, each: [] };
    },
  };
}

/** Whether two choices are the same but for one number. @param {string} name @param {object} one @param {object} other */
function sameBut(name, one, other) {
  const told = [one, other].map((each) => JSON.stringify({ ...each, [name]: 0 }));
  return told[0] === told[1];
}

/** A run that begins anew. @param {State} state */
function recipePart(state) {
  const { catalog } = state;
  const names = runNames(state);
  let run = state.chosen;
  let recipe = "";

  const recipes = choice({
    options: [
      { value: "", text: t("time.branch.keep") },
      ...catalog.recipes.map((entry) => ({ value: entry.name, text: label("recipes", entry) })),
    ],
    value: "",
    label: t("time.branch.recipe"),
    hint: t("time.branch.recipe.hint"),
    pointer: "/change/recipe",
    id: "branch-recipe",
    change: (value) => {
      recipe = value;
      which.hidden = !recipe; // weights that are kept are kept in every run
    },
  });
  const runs = choice({
    options: names.map((text, i) => ({ value: String(i), text })),
    value: String(run),
    label: t("time.branch.run"),
    hint: t("time.branch.run.hint"),
    pointer: "/change/run",
    id: "branch-run",
    change: (value) => {
      run = Number(value);
    },
  });

  const which = field(t("time.branch.run"), [runs], { class: "line" });
  which.hidden = true;

  return {
    rows: [field(t("time.branch.recipe"), [recipes], { class: "line" }), which],
    /** What is another one, if anything. */
    read: () => (recipe ? { run, recipe: find(catalog.recipes, recipe)?.recipe } : undefined),
  };
}
