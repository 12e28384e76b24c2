/** The learning rate: one that the runs share, and those that some have of their own. */

/** @typedef {import("./types.js").Summary} Summary */

/**
 * The learning rate of the runs that have none of their own; null when every run has.
 * @param {Summary} summary
 */
export function sharedRate({ spec, runs }) {
  const follower = spec.runs.findIndex((run) => !run.optimizer);
  return follower < 0 ? null : runs[follower].optimizer.learning_rate;
}

/**
 * Whom to tell of another shared rate: `null`, everybody, unless some have their own.
 * @param {Summary} summary
 * @returns {(number|null)[]}
 */
export function followers({ spec }) {
  if (!spec.runs.some((run) => run.optimizer)) return [null];
  return spec.runs.flatMap((run, i) => (run.optimizer ? [] : [i]));
}

/**
 * The spec of a set-up, to begin with the shared rate that is in use.
 * @param {import("./types.js").Setup} setup
 * @param {number|null} rate
 */
export function specWithRate({ spec }, rate) {
  if (rate === null) return spec;
  return { ...spec, optimizer: { ...spec.optimizer, learning_rate: rate } };
}
