/** Curvature on the landscape's sheet of options: λ and the bound that it sets, measured when asked for. */

import { isTold } from "../../experiment/access.js";
import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { curvatureOf, rateOf, standing } from "../../experiment/rate-bound.js";
import { differs, nameOf, remarks, three, verdict } from "./curvature-words.js";
import { section } from "./options-sections.js";

/** @typedef {import("../../experiment/rate-bound.js").Measured} Measured */

/**
 * The measured numbers.
 * @param {Measured} curvature
 * @param {number} rate
 */
function numbers(curvature, rate) {
  const { eigenvalues, largest, objective_largest: descended } = curvature;
  const { preconditioned_largest: stretched, bound, full_batch_bound: average } = curvature;
  const formula = curvature.bound_formula ?? t("landscape.curvature.bound");
  const optimizer = nameOf(curvature);
  const onAverage = bound === null && average !== null;
  /** @param {string} term @param {string} text */
  const row = (term, text) => el("div", {}, el("dt", { text: term }), el("dd", { text }));
  return el(
    "dl",
    {},
    row(
      t("landscape.curvature.plane"),
      eigenvalues.map((value) => three(value ?? NaN)).join(" · "),
    ),
    row(t("landscape.curvature.largest"), three(largest)),
    ...(differs(curvature) ? [row(t("landscape.curvature.descended"), three(descended))] : []),
    ...(stretched === null
      ? []
      : [row(t("landscape.curvature.stretched", { optimizer }), three(stretched))]),
    row(
      onAverage ? t("landscape.curvature.onaverage", { formula }) : formula,
      average === null ? "–" : three(average),
    ),
    row(t("landscape.curvature.rate"), format.plain(rate)),
  );
}

/**
 * The measured numbers, and what they say where that is told.
 * @param {Measured} curvature
 * @param {number} rate
 * @param {boolean} told
 * @returns {HTMLElement[]}
 */
function findings(curvature, rate, told) {
  const { full_batch_bound: bound } = curvature;
  const above = bound !== null && standing(bound, rate) === "above";
  return [
    ...(told
      ? [
          el("p", {
            id: "curvature-words",
            class: above ? "alarm" : "",
            text: verdict(curvature, rate),
          }),
        ]
      : []),
    numbers(curvature, rate),
    ...remarks(curvature).map((text) => el("p", { class: "muted", text })),
    el("p", {
      class: "muted",
      text: t("landscape.curvature.step", { step: format.count(curvature.step) }),
    }),
  ];
}

/**
 * @param {object} options
 * @param {import("../../experiment/state.js").State} options.state
 * @param {boolean} options.measuring whether the server is computing it at this moment
 * @param {() => void} options.measure asks for it
 */
export function curvatureSection({ state, measuring, measure }) {
  const curvature = curvatureOf(state);
  const button = el("button", {
    type: "button",
    id: "curvature-measure",
    class: "chip",
    disabled: measuring || state.playing,
    text: t(measuring ? "landscape.curvature.measuring" : "landscape.curvature.measure"),
    hint: t("landscape.curvature.hint"),
    on: { click: measure },
  });
  if (!curvature) return section(t("landscape.curvature"), button);
  const stale = curvature.step !== state.step;
  return section(
    t("landscape.curvature"),
    ...findings(curvature, rateOf(state, curvature), isTold(state)),
    ...(stale ? [button] : []),
  );
}
