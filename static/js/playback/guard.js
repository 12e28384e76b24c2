/** What a closed part of the page does is not done, whichever way it is asked for: button, key or drag. */

import { isShut, partOfChange } from "../experiment/access.js";
import { whatChanged } from "../experiment/spec.js";

/**
 * @typedef {import("./conductor.js").Conductor} Conductor
 * @typedef {import("../experiment/access.js").Part} Part
 */

/**
 * The conductor of a page of which parts are closed.
 * @param {Conductor} conductor
 * @param {import("../experiment/state.js").State} state
 * @param {(key: string) => void} say
 * @returns {Conductor}
 */
export function guarded(conductor, state, say) {
  /** @param {Part} part */
  function refuses(part) {
    if (!isShut(state, part)) return false;
    say("class.locked");
    return true;
  }

  /**
   * @template {unknown[]} A
   * @template R
   * @param {Part} part
   * @param {(...args: A) => R} act
   * @param {R} refused
   * @returns {(...args: A) => R}
   */
  const within =
    (part, act, refused) =>
    (...args) =>
      refuses(part) ? refused : act(...args);

  const done = Promise.resolve(undefined);
  return {
    ...conductor,
    play: within("train", conductor.play, done),
    step: within("train", conductor.step, done),
    reset: within("train", conductor.reset, done),
    back: within("timeline", conductor.back, done),
    branch: within("timeline", conductor.branch, Promise.resolve(false)),
    setTraining: within("settings", conductor.setTraining, done),
    setParameters: within("network", conductor.setParameters, Promise.resolve(false)),
    startAt: within("network", conductor.startAt, Promise.resolve(false)),
    open: within("tools", conductor.open, Promise.resolve(false)),
    // What plays can always be stopped.
    toggle: () => (state.playing || !refuses("train") ? conductor.toggle() : done),
    async change(setup, how) {
      const part = how?.preset ? "presets" : partOfChange(whatChanged(state.live.spec, setup.spec));
      if (!refuses(part)) return conductor.change(setup, how);
      // The controls show again what is there.
      state.patch({ setup: state.live });
    },
  };
}
