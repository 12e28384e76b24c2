/** The study that a link offers. Only a page that such a link opened needs it. */

import { AXES, MOST_AXES } from "../experiment/study-axes.js";
import { usualPlan } from "../experiment/study.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../experiment/study.js").Plan} Plan
 * @typedef {import("../experiment/study.js").Grid} Grid
 */

/**
 * Takes up how a link repeats its experiment with many seeds; the learner is asked before it is done.
 * @param {State} state
 * @param {object|null} said
 */
export function takeStudy(state, said) {
  if (!said) return;
  const found = planFromLink(said, usualPlan(state.live.spec, state.catalog));
  if (found) state.patch({ study: { offered: found.plan, target: found.target } });
  else state.patch({ notice: { key: "share.broken" } });
}

/**
 * The plan that a link says, or null where it says none that can be read. The server judges the numbers.
 * @param {unknown} said
 * @param {Plan} usual
 * @returns {{plan: Plan, target: number|null}|null}
 */
export function planFromLink(said, usual) {
  if (said === null || typeof said !== "object" || Array.isArray(said)) return null;
  const { target = null, ...rest } = /** @type {Partial<Plan> & {target?: number|null}} */ (said);
  const plan = { ...usual, ...rest };
  const known = Object.keys(rest).every((name) => name in usual);
  const aims = target === null || (Number.isFinite(target) && target > 0);
  return known && aims && isPlan(plan) ? { plan, target } : null;
}

/** @param {Plan} plan */
const isPlan = ({ count, first, steps, vary, grid }) =>
  [count, first, steps].every(Number.isFinite) &&
  (vary === "init" || vary === "all") &&
  isGrid(grid);

/** @param {unknown} grid @returns {grid is Grid} */
function isGrid(grid) {
  if (grid === null || typeof grid !== "object" || Array.isArray(grid)) return false;
  const axes = Object.entries(grid);
  return (
    axes.length <= MOST_AXES &&
    axes.every(
      ([name, values]) =>
        AXES.some((axis) => axis === name) &&
        Array.isArray(values) &&
        values.every(Number.isFinite),
    )
  );
}
