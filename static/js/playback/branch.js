/** "Branch here": from the step that is shown on, something is different; what was stays as a ghost. */

import { el } from "../ui/dom.js";
import * as format from "../ui/number-format.js";
import { explain, label, t } from "../ui/i18n.js";
import { parseNumber } from "../ui/number-input.js";
import { find } from "../experiment/spec.js";
import { runNames } from "../experiment/state.js";
import { choice, field } from "../ui/controls.js";
import { mark, unmark } from "../ui/field-errors.js";

/** @typedef {import("../experiment/state.js").State} State */

/**
 * @param {HTMLElement} home
 * @param {object} parts
 * @param {State} parts.state
 * @param {import("./conductor.js").Conductor} parts.conductor
 * @param {() => void} parts.close
 */
export function drawBranch(home, { state, conductor, close }) {
  const { catalog } = state;
  const names = runNames(state);
  const present = state.summary.runs[state.chosen].optimizer;
  let run = state.chosen;
  let optimizer = "";
  let recipe = "";

  const rate = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    class: "number",
    id: "branch-rate",
    "aria-label": t("time.branch.rate"),
    "data-pointer": "/change/optimizer/learning_rate",
  });
  rate.value = String(present.learning_rate);
  const usualRate = el("p", { class: "aside", role: "status", hidden: true });
  const optimizers = choice({
    options: [
      { value: "", text: t("time.branch.same", { name: label("optimizers", present) }) },
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

  async function go() {
    const range = catalog.fields.learning_rate;
    const read = parseNumber(rate.value, range);
    if ("code" in read) return mark(rate, explain(read));
    unmark(rate);
    /** @type {Record<string, unknown>} */
    const change = {};
    if (optimizer || read.value !== present.learning_rate) {
      const same = optimizer ? { name: optimizer } : present;
      change.optimizer = { ...same, learning_rate: read.value };
    }
    if (recipe) Object.assign(change, { run, recipe: find(catalog.recipes, recipe)?.recipe });
    // One run begun anew is one change, another optimizer for all is another.
    const { optimizer: other, ...anew } = change;
    if (!(await conductor.branch(recipe ? anew : change))) return;
    if (recipe && other)
      await conductor.setTraining({
        optimizer: /** @type {import("../types.js").Optimizer} */ (other),
      });
    close();
  }

  home.replaceChildren(
    el("p", { text: t("time.branch.what", { step: format.count(state.step) }) }),
    field(t("time.branch.optimizer"), [optimizers], { class: "line" }),
    field(t("time.branch.rate"), [rate], { class: "line" }),
    usualRate,
    field(t("time.branch.recipe"), [recipes], { class: "line" }),
    which,
    el(
      "div",
      { class: "row" },
      el("button", {
        type: "button",
        class: "primary",
        id: "branch-go",
        text: t("time.branch.go"),
        on: { click: go },
      }),
      el("button", {
        type: "button",
        class: "quiet",
        text: t("time.branch.cancel"),
        on: { click: close },
      }),
    ),
  );
}
