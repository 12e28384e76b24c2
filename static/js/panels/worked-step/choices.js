/** What is explained: which parameter, one sample or the batch, and which sample. */

import { choice, numberBox, rebuild } from "../../ui/controls.js";
import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";

/** @typedef {import("./terms.js").Which} Which */

/** More parameters than this are not listed; they are chosen in the diagram. */
const LISTED = 400;

/**
 * Draws the choices into their place, if anything about them has changed.
 * @param {HTMLElement} home
 * @param {import("../../experiment/state.js").State} state
 * @param {Which} which
 * @param {{parameter: (name: string) => void, which: (which: Which) => void, sample: (index: number) => void}} changed
 */
export function drawChoices(home, state, which, changed) {
  const { parameter } = state.traced;
  const sample = sampleOf(state);
  const key = JSON.stringify([state.summary.id, parameter, sample, which, t("explain.parameter")]);
  if (home.dataset.of === key) return;
  home.dataset.of = key;
  rebuild(home, [
    el(
      "label",
      { class: "inline" },
      t("explain.parameter"),
      parameterChoice(state, changed.parameter),
    ),
    el(
      "span",
      { class: "inline" },
      el("label", { class: "inline" }, t("explain.which"), whichChoice(which, changed.which)),
      ...(which === "sample"
        ? [el("span", { class: "field" }, sampleBox(state, changed.sample))]
        : []),
    ),
  ]);
}

/** @param {import("../../experiment/state.js").State} state @param {(name: string) => void} change */
function parameterChoice({ summary, traced }, change) {
  const names = summary.parameter_names;
  const listed = names.length <= LISTED ? names : [traced.parameter];
  return choice({
    options: listed.map((value) => ({ value, text: value })),
    value: traced.parameter,
    label: t("explain.parameter"),
    hint: t("explain.parameter.hint"),
    pointer: "/parameter",
    id: "explain-parameter",
    change,
  });
}

/** @param {Which} which @param {(which: Which) => void} change */
function whichChoice(which, change) {
  return choice({
    options: [
      { value: "sample", text: t("explain.sample") },
      { value: "batch", text: t("explain.batch") },
    ],
    value: which,
    label: t("explain.which"),
    hint: t("explain.which.hint"),
    pointer: "/which",
    id: "explain-which",
    change: (value) => change(value === "batch" ? "batch" : "sample"),
  });
}

/** The sample that is explained: where none was chosen, the server's choice, which changes with the batch. @param {import("../../experiment/state.js").State} state */
const sampleOf = ({ trace, traced }) => traced.sample ?? trace?.sample.index ?? 0;

/** @param {import("../../experiment/state.js").State} state @param {(index: number) => void} change */
function sampleBox(state, change) {
  const samples = state.data?.train.x.length ?? 1;
  return numberBox({
    range: { name: "sample", minimum: 0, maximum: samples - 1, integer: true },
    value: sampleOf(state),
    label: t("explain.number"),
    hint: t("explain.number.hint"),
    pointer: "/sample",
    id: "explain-sample",
    change,
  });
}
