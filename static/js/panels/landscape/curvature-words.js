/** What a measured curvature says of the learning rate, in words. */

import * as format from "../../ui/number-format.js";
import { label, t } from "../../ui/i18n.js";
import { standing } from "../../experiment/rate-bound.js";

/** @typedef {import("../../experiment/rate-bound.js").Measured} Measured */

/** A number as curvatures are shown. @param {number} value */
export const three = (value) => format.plain(value, 3);

/** The optimizer that was measured. @param {Measured} curvature */
export const nameOf = ({ optimizer }) => label("optimizers", { name: optimizer });

/** Whether the run descends something that bends otherwise than J. @param {Measured} curvature */
export const differs = ({ objective_largest: descended, largest }) => descended !== largest;

/**
 * What the bound says of a learning rate, or why there is none.
 * @param {Measured} curvature
 * @param {number} rate
 */
export function verdict(curvature, rate) {
  const { bound, bound_reason: reason, bound_formula, full_batch_bound: average } = curvature;
  const optimizer = nameOf(curvature);
  const formula = bound_formula ?? "";
  if (bound !== null) {
    const values = { rate: format.plain(rate), formula, bound: three(bound), optimizer };
    return t(`landscape.curvature.${standing(bound, rate)}`, values);
  }
  const why = t(`landscape.curvature.none.${reason}`, { optimizer });
  if (reason !== "mini_batches" || average === null) return why;
  const values = { formula, bound: three(average), rate: format.plain(rate) };
  const key = standing(average, rate) === "above" ? "average.above" : "average";
  return `${why} ${t(`landscape.curvature.${key}`, values)}`;
}

/**
 * What has to be known of the bound besides, a sentence each.
 * @param {Measured} curvature
 */
export function remarks(curvature) {
  const { full_batch_bound: bound, clip_factor: clip, schedule_factor: schedule } = curvature;
  if (bound === null) return [];
  const adaptive = curvature.preconditioned_largest !== null;
  const clipped = `landscape.curvature.clipped${adaptive ? ".adaptive" : ""}`;
  return [
    differs(curvature) && t("landscape.curvature.counted"),
    adaptive && t("landscape.curvature.preconditioned", { optimizer: nameOf(curvature) }),
    clip !== null && clip < 1 && t(clipped, { factor: three(clip) }),
    schedule !== 1 && t("landscape.curvature.schedule", { factor: three(schedule) }),
  ].filter((words) => words !== false);
}
