/** Parameters set by hand: taken over by the server as an event, and undone by setting them back. */

import { append, startCurves, truncate } from "./loss-history.js";
import { truncatePaths } from "./trajectories.js";

/**
 * @typedef {import("../types.js").Parameters} Parameters
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {{run: number, values?: Record<string, number>, W?: number[][][], b?: number[][]}} Given
 */

/**
 * @param {object} options
 * @param {import("./state.js").State} options.state
 * @param {typeof import("../server/api.js").api} options.api
 * @param {<T>(work: () => Promise<T>, again?: () => Promise<void>) => Promise<T>} options.patiently
 * @param {<T>(work: () => Promise<T>) => Promise<T|null>} options.attempt
 * @param {() => Promise<void>} options.resume
 * @param {(summary: Summary) => void} options.adoptMoment
 * @param {() => Promise<void>} options.rest
 * @param {() => void} options.goOn
 * @param {() => void} options.arrived
 */
export function createByHand(options) {
  const { state, api, patiently, attempt, resume, adoptMoment, rest, goOn, arrived } = options;

  /** What a run's parameters are at a step. @param {number} run @param {number} step @returns {Promise<Parameters|null>} */
  const at = (run, step) =>
    attempt(() => patiently(() => api.parameters(state.summary.id, { run, step })));

  /** @param {Given} given @returns {Promise<Summary>} */
  async function give(given) {
    const { id } = state.summary;
    const set = await patiently(
      () => api.setParameters(id, { ...given, version: state.summary.version }),
      resume,
    );
    state.summary.version = set.version;
    return patiently(() => api.read(id));
  }

  /** The present moment is another one than it was: its losses end the curves. @param {Summary} summary */
  function take(summary) {
    truncate(state.curves, summary.step - 1);
    if (summary.step) append(state.curves, { step: summary.step, ...summary.loss });
    else state.curves = startCurves(0, summary.loss);
    state.problems = [];
    adoptMoment(summary);
    state.emit("history", "problems");
    arrived();
  }

  /**
   * @param {Given} given
   * @param {number} [step] go back there first
   */
  async function set(given, step = state.serverStep) {
    await rest();
    const done = await attempt(async () => {
      if (state.serverStep > step) {
        const { id, version } = state.summary;
        state.summary = await patiently(() => api.rewind(id, { step, version }), resume);
        state.serverStep = state.summary.step;
      }
      return give(given);
    });
    goOn();
    if (!done) return false;
    truncate(state.curves, step);
    if (state.paths) truncatePaths(state.paths, step - 1);
    take(done);
    return true;
  }

  return { at, set };
}
