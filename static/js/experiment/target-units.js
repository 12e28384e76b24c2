/** The units of a target: a standardised one is learned in standard deviations, and shown in its own units. */

/** @typedef {import("../types.js").DataSet} DataSet */

/**
 * A number that the network gives or learns, in the target's own units.
 * @param {DataSet} data @param {number} [output] which of several
 * @returns {(value: number) => number}
 */
export function inOwnUnits({ target_scale: scales }, output = 0) {
  if (!scales) return (value) => value;
  const center = scales.center[output] ?? 0;
  const scale = scales.scale[output] ?? 1;
  return (value) => center + scale * value;
}
