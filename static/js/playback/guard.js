/** What a closed part of the page does is not done, whichever way it is asked for: button, key or drag. */

import { isShut, partOfChange } from "../experiment/access.js";
import { whatChanged } from "../experiment/spec.js";

/** @typedef {import("./conductor.js").Conductor} Conductor */

/** The part that each act belongs to. */
const PARTS = /** @type {const} */ ({
  play: "train",
  step: "train",
  reset: "train",
  back: "timeline",
  branch: "timeline",
  setTraining: "settings",
  setParameters: "network",
  startAt: "network",
  open: "tools",
});

/**
 * The conductor of a page of which parts are closed.
 * @param {Conductor} conductor
 * @param {import("../experiment/state.js").State} state
 * @param {(key: string) => void} say
 * @returns {Conductor}
 */
export function guarded(conductor, state, say) {
  /** @param {import("../types.js").Part} part */
  function refuses(part) {
    const shut = isShut(state, part);
    if (shut) say("class.in.locked");
    return shut;
  }

  const acts = Object.entries(PARTS).map(([name, part]) => {
    const act = /** @type {(...args: unknown[]) => unknown} */ (
      conductor[/** @type {keyof typeof PARTS} */ (name)]
    );
    return [name, async (/** @type {unknown[]} */ ...args) => !refuses(part) && act(...args)];
  });
  return {
    ...conductor,
    ...Object.fromEntries(acts),
    // What plays can always be stopped.
    toggle: async () => void ((state.playing || !refuses("train")) && conductor.toggle()),
    async change(setup, how) {
      const part = how?.preset ? "presets" : partOfChange(whatChanged(state.live.spec, setup.spec));
      if (!refuses(part)) return conductor.change(setup, how);
      state.patch({ setup: state.live }); // the controls show again what is there
    },
  };
}
