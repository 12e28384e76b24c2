/** All the page knows, in one place. A change is a patch, and tells those who subscribed to its fields. */

import { language } from "../ui/i18n.js";
import { OPEN } from "./access.js";
import { startCurves } from "./loss-history.js";
import { createLandscape } from "./landscape-settings.js";
import { namesOf } from "./run-names.js";
import { sharedTraining } from "./training-settings.js";
import { fittingAxes } from "./spec.js";
import { createStudy } from "./study.js";

/**
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Setup} Setup
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {import("../types.js").Curves} Curves
 *
 * @typedef {"loss"|"signals"|"explain"|"seeds"} Tab
 * @typedef {"loss"|"surface"|"network"|"learned"|"comparison"} Enlarged   a panel that can fill the window
 *
 * @typedef {object} Fields
 * @property {Catalog} catalog
 * @property {Setup} setup       what the controls show; becomes `live` once the server has made it
 * @property {Setup} live        what the experiment compares
 * @property {Summary} summary   the experiment as the server last told it
 * @property {number} serverStep where the server is; ahead of `step` while playing
 * @property {number} step       the step that is shown, and with it:
 * @property {import("../types.js").RunState[]} runs
 * @property {import("../types.js").Losses} train
 * @property {import("../types.js").Losses} test
 * @property {Curves} curves
 * @property {import("./trajectories.js").Paths|null} paths
 * @property {import("../types.js").Ghost|null} ghost   how it went before this branch
 * @property {string} lesson        the lesson that is open, as its link names it, or ""
 * @property {number|null} card     its card in a link, from 1; 0: its end; null: the experiment
 * @property {number[]} bookmarks   steps of this experiment worth coming back to, in order
 * @property {import("../types.js").Training} training what is in force for the runs that have none of their own
 * @property {number} chosen     the run that is shown in detail
 * @property {Hover|null} hover   the moment of a run that is pointed at, in whatever picture
 * @property {{x: string, y: string}} axes
 * @property {import("./landscape-settings.js").Landscape} landscape how J is looked at
 * @property {boolean} playing
 * @property {boolean} seeking   whether the learner is on the way to another step of the history
 * @property {-1|0|1} replaying  whether the history is played: backwards, not, forwards
 * @property {Setup|null} pending   the set-up that the server is asked to make
 * @property {{canUndo: boolean, canRedo: boolean}} history   of what the learner changed
 * @property {import("../types.js").DataSet|null} data
 * @property {import("../types.js").Surface|null} surface
 * @property {import("../types.js").Outputs|null} outputs
 * @property {Map<number, import("../types.js").Inside>} inside   of the runs that are drawn
 * @property {import("../types.js").Diagnostics|null} diagnostics
 * @property {import("../types.js").SignalHistory|null} norms   gradients over time
 * @property {import("../types.js").Sharpness|null} sharpness   the largest curvature over time
 * @property {import("../types.js").Trace|null} trace   one step of one parameter, explained
 * @property {{parameter: string, sample: number|null}} traced   which
 * @property {Network} network   how the network is looked at: `plane` are the inputs of its maps, where they were
 *   chosen; `looked` is the neuron whose map is seen large
 * @property {import("../types.js").Metrics|null} metrics  of the chosen run
 * @property {import("../types.js").Score[]|null} scores   of every run, as of the step
 * @property {import("./study.js").Study} study   the experiment repeated with many seeds
 * @property {import("../types.js").Problem[]} problems
 * @property {Notice|null} notice
 * @property {string} preset     its name, or "" when the learner has changed something
 * @property {string} language   of the page's words
 * @property {import("../types.js").Access} access   what of the page may be seen and used
 * @property {Tab} tab           the one that is open
 * @property {{logLoss: boolean, testLoss: boolean, logSurface: boolean, penalty: boolean, bands: boolean, sharpness: boolean, showTest: boolean, speed: number,
 *   theme: import("../ui/theme.js").Theme, large: Enlarged|"", present: boolean}} view   `large` is the panel that
 *   fills the window, `present` whether in the size for presentations
 *
 * @typedef {import("./network-state.js").Part} DrawnPart
 * @typedef {{mode: "weights"|"gradients", other: number|null, plane: [number, number]|null, hovered: DrawnPart|null,
 *   looked: {run: number, part: DrawnPart}|null, selected: DrawnPart|null, followed: DrawnPart|null, asking: boolean, phase: import("./network-state.js").Phase|null}} Network
 * @typedef {{run: number, step: number|null}} Hover   `step` null: all of the run
 * @typedef {{key: string, values?: Record<string, string|number>, action?: {key: string, run: () => void}}} Notice
 *
 * @typedef {"landscape"|"network"|"study"|"view"} Group   fields that are patched one by one
 * @typedef {Partial<Omit<Fields, Group>> & {[G in Group]?: Partial<Fields[G]>}} Patch
 * @typedef {keyof Fields|`landscape/${keyof Fields["landscape"] & string}`|`network/${keyof Network}`
 *   |`study/${keyof Fields["study"]}`|`view/${keyof Fields["view"]}`} Field   what a subscriber may name
 * @typedef {Fields & {on: (fields: Field[], listener: () => void) => void, patch: (changes: Patch) => void,
 *   patchNow: (changes: Patch) => void, announceAll: () => void, readonly past: boolean,
 *   readonly hurried: boolean}} State
 */

/** The panels that can fill the window, the first of them where nothing says which. @type {Enlarged[]} */
export const ENLARGED = ["loss", "surface", "network", "learned", "comparison"];

const GROUPS = new Set(["landscape", "network", "study", "view"]);

/** What is shown of the moment that the server tells of. @param {Summary} summary */
export const momentOf = (summary) => ({
  summary,
  serverStep: summary.step,
  step: summary.step,
  runs: summary.runs,
  train: summary.loss.train,
  test: summary.loss.test,
});

/**
 * @param {Catalog} catalog
 * @param {Summary} summary
 * @param {Setup} setup
 * @param {Fields["view"]} view
 * @returns {State}
 */
export function createState(catalog, summary, setup, view) {
  /** @type {[Set<string>, () => void][]} */
  const listeners = [];
  /** Fields that have changed and are announced soon. @type {Set<string>} */
  const waiting = new Set();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  /** @param {Set<string>} fields */
  function announce(fields) {
    for (const [wanted, listener] of listeners)
      if ([...fields].some((field) => wanted.has(field))) listener();
  }

  /** Takes the changes over. @param {Patch} changes @returns {Set<string>} the fields they are in */
  function assign(changes) {
    const fields = new Set(Object.keys(changes));
    for (const [name, value] of Object.entries(changes)) {
      if (!GROUPS.has(name)) {
        Object.assign(state, { [name]: value });
        continue;
      }
      Object.assign(state[/** @type {Group} */ (name)], value);
      for (const inner of Object.keys(/** @type {object} */ (value)))
        fields.add(`${name}/${inner}`);
    }
    return fields;
  }

  /** @type {State} */
  const state = {
    catalog,
    setup,
    live: setup,
    ...momentOf(summary),
    curves: startCurves(summary.step, summary.loss),
    paths: null,
    ghost: null,
    lesson: "",
    card: null,
    bookmarks: [],
    seeking: false,
    replaying: 0,
    pending: null,
    history: { canUndo: false, canRedo: false },
    /** Whether pictures have to be quick: training goes on, or the thumb of the timeline moves. */
    get hurried() {
      return state.playing || state.seeking;
    },
    /** Whether the step that is shown is an earlier one than where training goes on. */
    get past() {
      return !state.playing && state.step < state.serverStep;
    },
    training: sharedTraining(summary),
    chosen: 0,
    hover: null,
    axes: fittingAxes(summary.parameter_names, { x: "W1[0,0]", y: "b1[0]" }),
    landscape: createLandscape(),
    playing: false,
    data: null,
    surface: null,
    outputs: null,
    inside: new Map(),
    diagnostics: null,
    metrics: null,
    scores: null,
    norms: null,
    sharpness: null,
    trace: null,
    traced: { parameter: "W1[0,0]", sample: null },
    network: {
      mode: "weights",
      other: null,
      plane: null,
      hovered: null,
      looked: null,
      selected: null,
      followed: null,
      asking: false,
      phase: null,
    },
    study: createStudy(),
    problems: [],
    notice: null,
    preset: "",
    view,
    language: language(),
    access: OPEN,
    tab: "loss",
    on(fields, listener) {
      listeners.push([new Set(fields), listener]);
    },
    /**
     * Changes fields and tells whoever subscribed to one of them, once for several changes, after the browser has
     * moved the focus. A field is announced that is named, even if it holds the same object as before.
     */
    patch(changes) {
      for (const field of assign(changes)) waiting.add(field);
      timer ??= setTimeout(() => {
        timer = undefined;
        const due = new Set(waiting);
        waiting.clear();
        announce(due);
      });
    },
    /** The same at once, for what is drawn in an animation frame. */
    patchNow(changes) {
      announce(assign(changes));
    },
    /** Tells every subscriber, once: the page is drawn for the first time. */
    announceAll() {
      for (const [, listener] of listeners) listener();
    },
  };
  return state;
}

/** The names of all runs that are compared. @param {State} state */
export function runNames({ catalog, live, summary }) {
  return namesOf(live.spec, catalog, summary?.events);
}

/** Another run is shown in detail. @param {State} state @param {number} run */
export function chooseRun(state, run) {
  if (run === state.chosen || run >= state.live.spec.runs.length) return;
  state.patch({ chosen: run, outputs: null, metrics: null });
}
