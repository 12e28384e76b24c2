/** Parameters set by hand: taken over by the server as an event, and undone by setting them back. */

import { truncatePaths } from "./trajectories.js";

/**
 * @typedef {import("../types.js").Parameters} Parameters
 * @typedef {{run: number, values?: Record<string, number>} & Partial<import("../types.js").Values>} Given
 */

/** @param {Pick<import("./changes.js").Parts, "state"|"api"|"sync"|"act">} parts */
export function createParameterEdit({ state, api, sync, act }) {
  return {
    /** What a run's parameters are at a step. @param {number} run @param {number} step @returns {Promise<Parameters|null>} */
    at: (run, step) =>
      sync.attempt(() => sync.patiently(() => api.parameters(state.summary.id, { run, step }))),

    /**
     * @param {Given} given
     * @param {number} [step] go back there first
     * @returns {Promise<boolean>} whether the server took them
     */
    async set(given, step = state.serverStep) {
      const done = await act(
        async () => {
          if (state.serverStep > step) await sync.rewind(step);
          await sync.ask((id, version) => api.setParameters(id, { ...given, version }));
          return sync.patiently(() => api.read(state.summary.id));
        },
        (summary) => {
          if (state.paths) truncatePaths(state.paths, step - 1);
          state.patch({ paths: state.paths, problems: [] });
          sync.adoptMoment(summary);
        },
      );
      return done !== null;
    },
  };
}
