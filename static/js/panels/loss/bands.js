/** Bands of quantiles over seeds, from 5 to 95 percent light and from 25 to 75 darker, in the colour of their recipe. */

import { faded, runColor } from "../../ui/theme.js";

/**
 * @typedef {import("../../types.js").StudyCell} StudyCell
 * @typedef {(number|null)[]} Values
 */

const LIGHT = 0.1;
const DARK = 0.22;

/**
 * The outline of a band: along its lower edge and back along the upper one. Where an edge is infinite it runs along the
 * top of the picture.
 * @param {number[]} steps @param {Values} low @param {Values} high @param {number} top
 */
export function outline(steps, low, high, top) {
  const known = steps.map((_, i) => i).filter((i) => low[i] !== null && low[i] !== undefined);
  const back = [...known].reverse();
  /** @param {number|null} value */
  const within = (value) => Math.min(value ?? top, top);
  return {
    x: [...known, ...back].map((i) => steps[i]),
    y: [...known.map((i) => within(low[i])), ...back.map((i) => within(high[i]))],
  };
}

/** @param {{x: number[], y: number[]}} points @param {string} color @param {"y"|"y2"} [yaxis] */
function band(points, color, yaxis = "y") {
  return {
    type: "scatter",
    mode: "lines",
    meta: { set: "band" },
    ...points,
    yaxis,
    fill: "toself",
    fillcolor: color,
    line: { width: 0 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/**
 * The bands of the training losses.
 * @param {StudyCell} cell
 * @param {{steps: number[], slots: number[], theme: import("../../ui/theme.js").Theme, top: number}} how
 *   `top`: the height from which on nothing is seen
 */
export function lossBands({ recipes }, { steps, slots, theme, top }) {
  return recipes.flatMap(({ run, loss }) => {
    if (!loss) return [];
    const color = runColor(slots[run] ?? run, theme);
    return [
      band(outline(steps, loss.q05, loss.q95, top), faded(color, LIGHT)),
      band(outline(steps, loss.q25, loss.q75, top), faded(color, DARK)),
    ];
  });
}

/**
 * The bands of the shares that reached the target.
 * @param {StudyCell} cell
 * @param {{steps: number[], slots: number[], theme: import("../../ui/theme.js").Theme}} how
 */
export function shareBands({ recipes }, { steps, slots, theme }) {
  return recipes.flatMap(({ run, reached }) => {
    if (!reached) return [];
    const color = faded(runColor(slots[run] ?? run, theme), LIGHT);
    return [band(outline(steps, reached.low, reached.high, 1), color, "y2")];
  });
}
