/** Why a picture of J cannot be drawn, said in its place, with what can be done about it. */

import { byId, el } from "../../ui/dom.js";
import { explain, label, t } from "../../ui/i18n.js";
import { isTold } from "../../experiment/access.js";
import { setupOf } from "../../experiment/edits.js";
import { outputActivation } from "../../experiment/spec.js";
import { chooseRun, runNames } from "../../experiment/state.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Problem} Problem
 * @typedef {{text: string, go: () => void}} Way   what can be done
 *
 * @typedef {object} Parts
 * @property {State} state
 * @property {import("../../experiment/changes.js").Changes} changes
 * @property {() => void} step   trains one step
 * @property {() => void} look   asks the server for the picture anew
 */

/** The experiment in which the two losses differ as they are to be seen. */
const SATURATED = "sigmoid_neuron";
/** So many steps and every path is more than a point. */
const STEPS = 10;

/** What is wrong, in words. @param {State} state @param {Problem} problem */
export function problemWords(state, problem) {
  if (problem.pointer === "/loss" || problem.pointer === "/view") {
    const output = label("activations", { name: outputActivation(state.live.spec) });
    return t("landscape.problem.losses", { output });
  }
  if (problem.code === "no_scale") {
    const name = runNames(state)[state.chosen] ?? "";
    return t("landscape.problem.no_scale", { name });
  }
  if (problem.code === "diverged" && !isTold(state)) return t("landscape.problem.untold");
  return explain(problem);
}

/** @param {Parts} parts @param {string} code @returns {Way[]} */
function waysOut({ state, changes, step, look }, code) {
  /** @type {Way} */
  const parameters = {
    text: t("landscape.problem.parameters"),
    go() {
      state.patch({ landscape: { plane: "parameters", pin: null, height: null } });
      look();
    },
  };
  /** @type {Way} */
  const train = {
    text: t("landscape.problem.train", { count: STEPS }),
    go() {
      for (let i = 0; i < STEPS; i++) step();
    },
  };
  const preset = state.catalog.presets.find(({ name }) => name === SATURATED);
  const open = () =>
    preset && changes.change(setupOf(preset.spec), { preset: preset.name, training: null });
  /** @type {Record<string, Way[]>} */
  const ways = {
    misfit: preset
      ? [{ text: t("landscape.problem.open", { name: label("presets", preset) }), go: open }]
      : [],
    no_scale: [...anotherRun(state), parameters],
    diverged: anotherRun(state),
    only_run: [parameters],
    on_one_line: [train, parameters],
    at_its_start: [train, parameters],
    not_moved: [train, parameters],
    too_much_work: [],
  };
  return ways[code] ?? (state.landscape.plane === "parameters" ? [] : [parameters]);
}

/** The next run that has not diverged. @param {State} state @returns {Way[]} */
function anotherRun(state) {
  const names = runNames(state);
  const order = names.map((_, i) => (state.chosen + 1 + i) % names.length);
  const next = order.find((run) => run !== state.chosen && state.runs[run]?.status !== "diverged");
  if (next === undefined) return [];
  const text = t("landscape.problem.run", { name: names[next] });
  return [{ text, go: () => chooseRun(state, next) }];
}

/** Says it, or that there is nothing to say any more. @param {Parts} parts */
export function drawProblem(parts) {
  const { problem } = parts.state.landscape;
  const home = byId("landscape-problem");
  home.hidden = !problem;
  byId("landscape-figures").classList.toggle("troubled", problem !== null);
  if (!problem) return home.replaceChildren();
  const buttons = waysOut(parts, problem.code).map(({ text, go }) =>
    el("button", { type: "button", class: "chip", text, on: { click: go } }),
  );
  home.replaceChildren(
    el("p", { text: problemWords(parts.state, problem) }),
    el("div", { class: "row" }, ...buttons),
  );
}
