/** How sharply J bends where every run is, in a picture of its own under the losses, and the edge of its steps. */

import { palette, runColor } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import { literal } from "../../ui/plotly.js";

/**
 * @typedef {import("../../types.js").Sharpness} Sharpness
 * @typedef {{names: string[], slots: number[], theme: import("../../ui/theme.js").Theme}} How
 */

/** The share of the figure that the losses keep, and where the sharpness ends under them. */
export const LOSSES = [0.4, 1];
export const BELOW = [0, 0.3];

/** The most steps whose sharpness is asked for. */
export const POINTS = 96;

/** Whether all runs have the same edge, so that one line says it. @param {Sharpness} sharpness */
export function hasOneEdge({ edge }) {
  return edge.every((values) => values.every((value, i) => value === edge[0][i]));
}

/**
 * A curve for every run, and a dashed one for every edge, or one for all.
 * @param {Sharpness} sharpness @param {How} how
 */
export function sharpnessTraces(sharpness, { names, slots, theme }) {
  const { steps, largest, edge } = sharpness;
  const line = { type: "scatter", mode: "lines", yaxis: "y2", hovertemplate: "%{y:.4g}" };
  const curves = largest.map((y, run) => ({
    ...line,
    name: t("loss.sharpness.of", { name: literal(names[run]) }),
    meta: { run, set: "sharpness" },
    x: steps,
    y,
    line: { color: runColor(slots[run], theme), width: 2 },
    connectgaps: true,
  }));
  const one = hasOneEdge(sharpness);
  const edges = (one ? edge.slice(0, 1) : edge).map((y, run) => ({
    ...line,
    name: one ? t("loss.edge") : t("loss.edge.of", { name: literal(names[run]) }),
    meta: one ? { set: "edge" } : { run, set: "edge" },
    x: steps,
    y,
    line: {
      color: one ? palette(theme).muted : runColor(slots[run], theme),
      width: 1.25,
      dash: "dash",
      shape: "hv",
    },
  }));
  return [...curves, ...edges.filter(({ y }) => y.some((value) => value !== null))];
}

/** Where a logarithmic axis of this range (in decades) is labelled: at 1, 2 and 5, or at every power of ten. @param {number[]} range */
export function labels([low, high]) {
  if (high - low < 1.5) return "D2";
  return Math.ceil((high - low) / 4);
}

/**
 * The axis of the sharpness, over all numbers that are drawn; null while there are none.
 * @param {Sharpness} sharpness
 */
export function sharpnessRange({ largest, edge }) {
  const numbers = [...largest, ...edge].flat().filter((value) => value !== null && value > 0);
  if (!numbers.length) return null;
  const logs = /** @type {number[]} */ (numbers).map(Math.log10);
  return [Math.min(...logs) - 0.1, Math.max(...logs) + 0.1];
}
