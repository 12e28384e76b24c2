/** What a closed part of the page does is not done, whichever way it is asked for: button, key or drag. */

import { isFixed, isShut, partOfChange } from "../experiment/access.js";
import { whatChanged, whatDiffers } from "../experiment/spec.js";
import { PARTS as METHOD, specWith } from "../experiment/training-settings.js";

/**
 * @typedef {import("./conductor.js").Conductor} Conductor
 * @typedef {import("../types.js").Part} Part
 */

/** The part that each act belongs to. */
const PARTS = /** @type {const} */ ({
  play: "train",
  step: "train",
  reset: "train",
  back: "timeline",
  setTraining: "settings",
  setParameters: "network",
  startAt: "network",
});

/**
 * The conductor of a page of which parts are closed.
 * @param {Conductor} conductor
 * @param {import("../experiment/state.js").State} state
 * @param {(key: string) => void} say
 * @returns {Conductor}
 */
export function guarded(conductor, state, say) {
  /** @param {Part} part @param {boolean} [also] whether it would change what is fixed elsewhere */
  function refuses(part, also = false) {
    const shut = isShut(state, part) || also;
    if (shut) say("class.in.locked");
    return shut;
  }
  /** Whether another experiment in the place of this one would change what is locked. @param {import("../types.js").Spec} spec */
  const replacesLocked = (spec) =>
    whatDiffers(specWith(state.live, state.training), spec).some((what) =>
      state.access.locked.has(partOfChange(what)),
    );

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
    async branch(change, more = []) {
      const other = Object.assign({}, change, ...more);
      const fixed =
        (isFixed(state, "settings") && METHOD.some((part) => other[part])) ||
        (isFixed(state, "runs") && Boolean(change.recipe));
      return !refuses("timeline", fixed) && conductor.branch(change, more);
    },
    async open(what, said) {
      const { setup, events = [], part = "tools" } = what;
      const { locked } = state.access;
      const fixed =
        replacesLocked(setup.spec) ||
        events.some((event) => locked.has("parameters" in event ? "network" : "settings"));
      return !refuses(part, fixed) && conductor.open(what, said);
    },
    async change(setup, how) {
      const part = how?.preset ? "presets" : partOfChange(whatChanged(state.live.spec, setup.spec));
      // What brings its training along takes the place of all.
      const fixed = how?.training === null && replacesLocked(setup.spec);
      if (!refuses(part, fixed)) return conductor.change(setup, how);
      state.patch({ setup: state.live }); // the controls show again what is there
    },
  };
}
