/** Curvature on the landscape's sheet of options: λ and 2/λ, measured when asked for. */

import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { section } from "./options-sections.js";

/** How the learning rate stands to the largest stable one. @param {number|null} bound @param {number} rate */
function standing(bound, rate) {
  if (bound === null) return "nowhere";
  if (rate === bound) return "at";
  return rate < bound ? "below" : "above";
}

/**
 * The measured numbers and what they say.
 * @param {import("../../types.js").Curvature} curvature
 * @returns {HTMLElement[]}
 */
function findings({ bound, learning_rate: rate, eigenvalues, largest, step }) {
  /** @param {string} term @param {string} text */
  const row = (term, text) => el("div", {}, el("dt", { text: term }), el("dd", { text }));
  const values = eigenvalues.map((value) => format.plain(value ?? NaN, 3)).join(" · ");
  const key = standing(bound, rate);
  const words = t(`landscape.curvature.${key}`, {
    rate: format.plain(rate),
    bound: format.plain(bound ?? 0, 3),
  });
  return [
    el(
      "dl",
      {},
      row(t("landscape.curvature.plane"), values),
      row(t("landscape.curvature.largest"), format.plain(largest, 3)),
      row(t("settings.rate.bound.mark"), bound === null ? "–" : format.plain(bound, 3)),
      row(t("landscape.curvature.rate"), format.plain(rate)),
    ),
    el("p", { id: "curvature-words", class: key === "above" ? "alarm" : "", text: words }),
    el("p", {
      class: "muted",
      text: t("landscape.curvature.step", { step: format.count(step) }),
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
  const { curvature } = state.landscape;
  const button = el("button", {
    type: "button",
    id: "curvature-measure",
    class: "chip",
    disabled: measuring || state.playing,
    text: t(measuring ? "landscape.curvature.measuring" : "landscape.curvature.measure"),
    hint: t("landscape.curvature.hint"),
    on: { click: measure },
  });
  if (!curvature || curvature.run !== state.chosen)
    return section(t("landscape.curvature"), button);
  const stale = curvature.step !== state.step;
  return section(t("landscape.curvature"), ...findings(curvature), ...(stale ? [button] : []));
}
