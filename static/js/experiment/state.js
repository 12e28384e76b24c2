/** All the page knows, in one place, and who wants to hear when a part of it changes. */

import { startCurves } from "./loss-history.js";
import { createLandscape } from "./landscape-settings.js";
import { namesOf } from "./run-names.js";
import { sharedTraining } from "./training-settings.js";
import { fittingAxes } from "./spec.js";

/**
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Setup} Setup
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {import("../types.js").Curves} Curves
 *
 * @typedef {"setup"|"experiment"|"moment"|"playing"|"data"|"surface"|"paths"|"outputs"|"inside"|"diagnostics"|"norms"|"curvature"|"trace"|"chosen"
 *   |"metrics"|"problems"|"notice"|"language"|"theme"|"view"|"network"|"history"} Part
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
 * @property {import("../types.js").Training} training what is in force for the runs that have none of their own
 * @property {number} chosen     the run that is shown in detail
 * @property {{x: string, y: string}} axes
 * @property {import("./landscape-settings.js").Landscape} landscape how J is looked at
 * @property {boolean} playing
 * @property {boolean} moving    whether the learner is on the way to another step of the history
 * @property {import("../types.js").DataSet|null} data
 * @property {import("../types.js").Surface|null} surface
 * @property {import("../types.js").Outputs|null} outputs
 * @property {Map<number, import("../types.js").Inside>} inside   of the runs that are drawn
 * @property {import("../types.js").Diagnostics|null} diagnostics
 * @property {import("../types.js").SignalHistory|null} norms   gradients over time
 * @property {any} trace         one step of one parameter, explained
 * @property {{parameter: string, sample: number|null}} traced   which
 * @property {Network} network   how the network is looked at
 * @property {import("../types.js").Metrics|null} metrics  of the chosen run
 * @property {import("../types.js").Score[]|null} scores   of every run, while training
 * @property {import("../types.js").Problem[]} problems
 * @property {Notice|null} notice
 * @property {string} preset     its name, or "" when the learner has changed something
 * @property {{logLoss: boolean, testLoss: boolean, logSurface: boolean, penalty: boolean, showTest: boolean, speed: number,
 *   theme: import("../ui/theme.js").Theme}} view
 *
 * @typedef {import("./network-state.js").Part} DrawnPart
 * @typedef {{mode: "weights"|"gradients", other: number|null, hovered: DrawnPart|null,
 *   selected: DrawnPart|null, followed: DrawnPart|null, asking: boolean, phase: import("./network-state.js").Phase|null}} Network
 * @typedef {{key: string, values?: Record<string, string|number>, action?: {key: string, run: () => void}}} Notice
 * @typedef {Fields & {on: (parts: Part[], listener: () => void) => void, emit: (...parts: Part[]) => void,
 *   emitNow: (...parts: Part[]) => void, readonly past: boolean,
 *   readonly hurried: boolean}} State
 */

/** All that changes when another experiment takes the place of this one. @type {Part[]} */
export const OF_AN_EXPERIMENT = ["setup", "data", "surface", "outputs", "inside", "chosen"];

/**
 * @param {Catalog} catalog
 * @param {Summary} summary
 * @param {Setup} setup
 * @param {Fields["view"]} view
 * @returns {State}
 */
export function createState(catalog, summary, setup, view) {
  /** @type {[Set<Part>, () => void][]} */
  const listeners = [];
  /** @type {Set<Part>} */
  const waiting = new Set();
  let timer = 0;

  /** @param {Set<Part>} parts */
  function tell(parts) {
    for (const [wanted, listener] of listeners) {
      for (const part of parts) {
        if (wanted.has(part)) {
          listener();
          break;
        }
      }
    }
  }

  /** @type {State} */
  const state = {
    catalog,
    setup,
    live: setup,
    summary,
    serverStep: summary.step,
    step: summary.step,
    runs: summary.runs,
    train: summary.loss.train,
    test: summary.loss.test,
    curves: startCurves(summary.step, summary.loss),
    paths: null,
    ghost: null,
    moving: false,
    /** Whether pictures have to be quick: training goes on, or the thumb of the timeline moves. */
    get hurried() {
      return state.playing || state.moving;
    },
    /** Whether the step that is shown is an earlier one than where training goes on. */
    get past() {
      return !state.playing && state.step < state.serverStep;
    },
    training: sharedTraining(summary),
    chosen: 0,
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
    trace: null,
    traced: { parameter: "W1[0,0]", sample: null },
    network: {
      mode: "weights",
      other: null,
      hovered: null,
      selected: null,
      followed: null,
      asking: false,
      phase: null,
    },
    problems: [],
    notice: null,
    preset: "",
    view,
    on(parts, listener) {
      listeners.push([new Set(parts), listener]);
    },
    /** Soon, once for several changes: after the browser has moved the focus. */
    emit(...parts) {
      for (const part of parts) waiting.add(part);
      if (timer) return;
      timer = window.setTimeout(() => {
        timer = 0;
        const due = new Set(waiting);
        waiting.clear();
        tell(due);
      });
    },
    /** At once, for what is drawn in an animation frame. */
    emitNow(...parts) {
      tell(new Set(parts));
    },
  };
  return state;
}

/** The names of all runs that are compared. @param {State} state */
export function runNames({ catalog, live }) {
  return namesOf(live.spec, catalog);
}
