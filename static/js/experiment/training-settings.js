/** How the runs train: what they share, and what some have of their own. */

/**
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {import("../types.js").Training} Training
 * @typedef {keyof Training} Part
 */

/** What may change while training goes on. @type {Part[]} */
export const PARTS = ["optimizer", "schedule", "clipping", "regularizer"];

/**
 * What is in force for the runs that have none of their own, part by part; null when every run has.
 * @param {Summary} summary
 * @returns {Training}
 */
export function sharedTraining({ spec, runs }) {
  /** @param {Part} part */
  const shared = (part) => {
    const follower = spec.runs.findIndex((run) => !run[part]);
    return follower < 0 ? null : (runs[follower]?.[part] ?? spec[part] ?? null);
  };
  return /** @type {Training} */ (Object.fromEntries(PARTS.map((part) => [part, shared(part)])));
}

/**
 * What a run has of its own now, part by part: by its set-up, or since a change on the way.
 * @param {Summary} summary
 * @param {number} run
 * @returns {Partial<Training>}
 */
export function ownSettings(summary, run) {
  const shared = sharedTraining(summary);
  const now = summary.runs[run];
  const own = PARTS.filter(
    (part) => now?.[part] && (summary.spec.runs[run]?.[part] || !same(shared[part], now[part])),
  );
  return Object.fromEntries(own.map((part) => [part, now[part]]));
}

/**
 * Whom to tell of another shared part: `null`, everybody, unless some have their own.
 * @param {Summary} summary
 * @param {Part} part
 * @returns {(number|null)[]}
 */
export function followers({ spec }, part) {
  if (!spec.runs.some((run) => run[part])) return [null];
  return spec.runs.flatMap((run, i) => (run[part] ? [] : [i]));
}

/**
 * The spec of a set-up, to begin with what is in force; null leaves the spec's own.
 * @param {import("../types.js").Setup} setup
 * @param {Partial<Training>|null} training
 * @returns {import("../types.js").Spec}
 */
export function specWith({ spec }, training) {
  const parts = Object.entries(training ?? {}).filter(([, value]) => value !== null);
  return parts.length ? { ...spec, ...Object.fromEntries(parts) } : spec;
}

/**
 * The parts in which what is wanted differs from what is in force.
 * @param {Training} present
 * @param {Partial<Training>|null} wanted null where nothing is wanted
 * @returns {Partial<Training>}
 */
export function differences(present, wanted) {
  return Object.fromEntries(
    PARTS.filter((part) => wanted?.[part] && !same(present[part], wanted[part])).map((part) => [
      part,
      wanted?.[part],
    ]),
  );
}

/** @param {import("../types.js").Rule|null} a @param {import("../types.js").Rule|null|undefined} b */
function same(a, b) {
  const keys = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...keys].every((key) => a?.[key] === b?.[key]);
}

/** The learning rate that suits most data of a task, where plain gradient descent begins. */
const USUAL = { classification: 1, regression: 0.1 };

/**
 * What is in force, with the usual rate of another task where that of the old one was untouched.
 * @param {Training|null} training
 * @param {string} before the task so far
 * @param {string} after
 * @returns {Training|null}
 */
export function withUsualRate(training, before, after) {
  const usual = /** @type {Record<string, number>} */ (USUAL);
  const optimizer = training?.optimizer;
  if (!training || !optimizer || before === after) return training;
  if (optimizer.name !== "gradient_descent" || optimizer.learning_rate !== usual[before])
    return training;
  return { ...training, optimizer: { ...optimizer, learning_rate: usual[after] } };
}
