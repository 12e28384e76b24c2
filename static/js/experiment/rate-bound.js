/** The measured bound on the learning rate, and how long it is that of the chosen run. */

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("../types.js").Curvature} Curvature
 * @typedef {Curvature & {under: string, base: number}} Measured   under which method, and with which α
 */

/** The chosen run as the server last told it. @param {State} state */
const runOf = ({ summary, chosen }) => summary.runs[chosen];

/**
 * What a bound depends on besides the step: the run, and how it learns but for the learning rate itself.
 * @param {State} state
 */
function methodOf(state) {
  const { optimizer, schedule, clipping, regularizer } = runOf(state);
  const options = { ...optimizer, learning_rate: 0 };
  const { id } = state.summary;
  return JSON.stringify([id, state.chosen, options, schedule, clipping, regularizer]);
}

/**
 * A measurement, with the method that it was made under.
 * @param {State} state
 * @param {Curvature} curvature
 * @returns {Measured}
 */
export function measured(state, curvature) {
  return {
    ...curvature,
    under: methodOf(state),
    base: Number(runOf(state).optimizer.learning_rate),
  };
}

/**
 * What was measured of the chosen run, null where nothing was, or where it learns in another way since.
 * @param {State} state
 * @returns {Measured|null}
 */
export function curvatureOf(state) {
  const { curvature } = state.landscape;
  if (!curvature || curvature.run !== state.chosen) return null;
  return curvature.under === methodOf(state) ? curvature : null;
}

/**
 * The learning rate that the bound is for: that of the measured step, were α as it is set now.
 * @param {State} state
 * @param {Measured} curvature
 */
export function rateOf(state, { learning_rate: rate, base }) {
  return (rate * Number(runOf(state).optimizer.learning_rate)) / base;
}

/**
 * How a learning rate stands to the bound.
 * @param {number} bound
 * @param {number} rate
 */
export function standing(bound, rate) {
  if (rate === bound) return "at";
  return rate < bound ? "below" : "above";
}

/**
 * The α to set at which the bound is reached: the schedule multiplies it. Null where none does.
 * @param {Curvature} curvature
 */
export function settingAtBound({ bound, schedule_factor: factor }) {
  return bound === null || factor === 0 ? null : bound / factor;
}
