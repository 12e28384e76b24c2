/** What the learner looks at: which view, over which plane, how far; and the words the server knows it by. */

/**
 * @typedef {import("./state.js").State} State
 * @typedef {"surface"|"contour"|"slice"|"losses"} View
 * @typedef {import("../server/api.js").Plane} Plane
 * @typedef {import("../server/api.js").PlaneQuery} PlaneQuery
 * @typedef {[number, number, number, number]} Ends   x_min, x_max, y_min, y_max
 * @typedef {{key: string, run: number, slot: number, x: (number|null)[], y: (number|null)[], z: (number|null)[]}} Trail
 * @typedef {{key: string, of: string, of_step: number}} Home   the experiment on whose picture this one began
 * @typedef {{key: string, id: string, x: string, y: string, reach: number}} Found   of which networks and data, in which experiment
 *
 * @typedef {object} Landscape
 * @property {View} view
 * @property {Plane} plane
 * @property {Found|null} found     the two parameters that it opened on by itself
 * @property {{x: string, y: string}|null} picked  those that the learner chose last
 * @property {string|null} along     the parameter of the slice, when the learner chose it
 * @property {number} seed
 * @property {boolean} biases
 * @property {number|null} other    the run at the other end; null: the first that is not the chosen one
 * @property {Ends|null} pin        how far the picture reaches, when it does not follow the paths
 * @property {{key: string, ends: Ends}|null} held  how far it reached last: it stays while the paths fit it
 * @property {number|null} top      the height at which it is cut off, when that is set by hand
 * @property {boolean} starting     whether a click puts the run there
 * @property {Map<string, {home: Home, trails: Trail[]}>} begun  by experiment: where it was begun on a picture
 * @property {import("../types.js").Problem|null} problem  why what is looked at cannot be drawn
 * @property {number|null} steepest  the slope that the longest arrow on the contour view stands for
 * @property {import("../types.js").Slice|null} slice
 * @property {import("../types.js").Surface|null} second  the same plane in the other loss
 * @property {import("./rate-bound.js").Measured|null} curvature
 * @property {[number, number]|null} height  the heights drawn last
 */

export const VIEWS = /** @type {const} */ (["surface", "contour", "slice", "losses"]);
export const PLANES = /** @type {const} */ ([
  "parameters",
  "random",
  "pca",
  "between",
  "from_start",
]);

/** @returns {Landscape} */
export function createLandscape() {
  return {
    view: "surface",
    plane: "parameters",
    found: null,
    picked: null,
    along: null,
    seed: 1,
    biases: true,
    other: null,
    pin: null,
    held: null,
    top: null,
    starting: false,
    begun: new Map(),
    problem: null,
    steepest: null,
    slice: null,
    second: null,
    curvature: null,
    height: null,
  };
}

/** Whether the learner chose the two parameters that are looked at. @param {Pick<State, "landscape"|"axes">} state */
export const isPicked = ({ landscape: { picked }, axes }) =>
  picked !== null && picked.x === axes.x && picked.y === axes.y;

/** What the pair with the most relief is found for: another one is looked for when any of it changes. @param {Pick<State, "live">} state */
export function foundFor({ live }) {
  const { data, features, layers, loss, seed } = live.spec;
  return JSON.stringify([data, features, layers, loss, seed]);
}

/**
 * How far and how high the picture reaches over other networks or data: what was set by hand was for those before,
 * except how far along two parameters, which are numbers of their own.
 * @param {State} state @param {State["live"]} live what takes the place of the experiment on the page
 */
export function reachAnew(state, live) {
  if (foundFor(state) === foundFor({ live })) return {};
  const { plane, pin } = state.landscape;
  return { pin: plane === "parameters" ? pin : null, top: null, height: null };
}

/** Whether the surface lies over the pair with the most relief, found for this very experiment. @param {State} state */
export function isOnRelief({ landscape: { plane, found }, axes, summary }) {
  const here = plane === "parameters" && found?.id === summary.id;
  return here && found.x === axes.x && found.y === axes.y;
}

/** The plane in the server's words. @param {State} state @returns {PlaneQuery} */
export function wordsOf(state) {
  const words = plainWords(state);
  const home = state.landscape.begun.get(state.summary.id)?.home;
  if (home && home.key === keyOf(words)) return { ...words, of: home.of, of_step: home.of_step };
  return words;
}

/** @param {State} state @returns {PlaneQuery} */
function plainWords({ landscape, axes, chosen: run, live }) {
  const { plane, seed, biases } = landscape;
  if (plane === "random") return { plane, run, seed, biases };
  if (plane === "pca" || plane === "from_start") return { plane, run };
  if (plane === "between")
    return { plane, run, other: otherRun(landscape, run, live.slots.length) };
  return { plane: "parameters", run, ...axes };
}

/**
 * The run at the other end of the plane between two.
 * @param {Pick<Landscape, "other">} landscape
 * @param {number} run
 * @param {number} count
 */
export function otherRun({ other }, run, count) {
  if (other !== null && other !== run && other < count) return other;
  return run === 0 ? 1 : 0;
}

/** What a plane is known by on the page, whatever the step; two parameters are the same for every run. @param {PlaneQuery} words */
export function keyOf({ plane, run, x, y, seed, biases, other }) {
  if (plane === "parameters") return `${x}|${y}`;
  return [plane, run, seed, biases, other].join("|");
}

/** @param {State} state */
export const planeKey = (state) => keyOf(plainWords(state));

/**
 * What coordinates are known by: those of a plane that moves with training hold for one step of it.
 * @param {PlaneQuery} words
 * @param {number} step
 */
export function coordinatesKey(words, step) {
  if (words.plane === "parameters") return keyOf(words);
  return `${keyOf(words)}@${words.of ? `${words.of}:${words.of_step}` : step}`;
}

/** Trails of earlier beginnings that can be drawn on the plane in view. @param {State} state */
export function trailsOf(state) {
  const key = planeKey(state);
  const begun = state.landscape.begun.get(state.summary.id);
  return begun ? begun.trails.filter((trail) => trail.key === key) : [];
}
