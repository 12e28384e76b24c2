/** Asks for what the view in sight shows: the surface, the surface in two losses, or the slice. */

import { ApiError } from "../../server/api.js";
import { ceilingOf } from "../../experiment/loss-history.js";
import { pathsOf, tamed } from "../../experiment/trajectories.js";
import { foundFor, isPicked, planeKey, wordsOf } from "../../experiment/landscape-settings.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {typeof import("../../server/api.js").api} Api
 */

/**
 * The two losses that are compared: squared error and cross-entropy; half the squared error where a run minimises that.
 * @param {import("../../types.js").Spec} spec
 * @returns {[string, string]}
 */
export function pairOf({ runs, loss }) {
  const halved = runs.some((run) => (run.loss ?? loss) === "half_mse");
  return [halved ? "half_mse" : "mse", "cross_entropy"];
}

const SURFACE = 61;
/** Points of each path while it grows, when the next picture comes in a moment: half of what there is at rest. */
const PATH_WHILE_PLAYING = 128;
const SLICE = 201;
/** How far a surface over two parameters that were chosen reaches to either side. */
const REACH = 3;

/**
 * What is to be seen now, and how to take it over once it is here.
 * @param {State} state
 * @param {Api} api
 * @returns {Promise<() => void>}
 */
export async function lookAtLandscape(state, api) {
  const { view } = state.landscape;
  let asked = planeKey(state);
  const isOld = () => state.landscape.view !== view || planeKey(state) !== asked;
  try {
    await openOnRelief(state, api);
    asked = planeKey(state); // it may have found the plane
    const apply = await { surface, contour: surface, losses, slice }[view](state, api);
    return () => {
      if (state.landscape.view !== view) return;
      if (state.landscape.problem) state.patchNow({ landscape: { problem: null } });
      apply();
    };
  } catch (error) {
    const problem = error instanceof ApiError && error.errors[0];
    if (!problem || problem.in !== "query") throw error;
    return () => isOld() || cannotBeDrawn(state, problem);
  }
}

/**
 * The picture of something else does not stay in the place of one that cannot be drawn.
 * @param {State} state @param {import("../../types.js").Problem} problem
 */
function cannotBeDrawn(state, problem) {
  const { view, problem: before } = state.landscape;
  if (JSON.stringify(before) === JSON.stringify(problem)) return;
  if (view === "slice") state.patchNow({ landscape: { problem, slice: null } });
  else state.patchNow({ landscape: { problem, second: null }, surface: null });
}

/**
 * Where the learner has not chosen two parameters, the surface opens on those over which J has the most shape around
 * the first run, where it begins.
 * @param {State} state
 * @param {Api} api
 */
async function openOnRelief(state, api) {
  const { landscape, summary } = state;
  const key = foundFor(state);
  const settled = () => isPicked(state) || landscape.begun.has(summary.id);
  if (landscape.plane !== "parameters" || landscape.found?.key === key || settled()) return;
  const { x, y, reach } = await api.relief(summary.id, { run: 0, step: 0 });
  if (state.summary.id !== summary.id || settled()) return;
  const found = { key, id: summary.id, x, y, reach };
  state.patchNow({ axes: { x, y }, landscape: { found, pin: null, height: null } });
}

/** How far a surface over two parameters reaches at least. @param {State} state */
function reachOf({ landscape: { found }, axes }) {
  return found && found.x === axes.x && found.y === axes.y ? found.reach : REACH;
}

/**
 * The question for a surface: which plane, and how far.
 * @param {State} state
 */
export function surfaceQuery(state) {
  const { landscape, paths, playing, step } = state;
  const words = wordsOf(state);
  const reach = words.plane === "parameters" ? reachOf(state) : undefined;
  const points = playing ? PATH_WHILE_PLAYING : undefined;
  const query = { ...words, size: SURFACE, points, step, reach };
  if (landscape.pin) {
    const [x_min, x_max, y_min, y_max] = landscape.pin;
    return { ...query, x_min, x_max, y_min, y_max };
  }
  const key = planeKey(state);
  const held = landscape.held?.key === key ? landscape.held.ends.join(",") : undefined;
  if (words.plane !== "parameters" || paths?.axes !== key) return { ...query, held };
  const ceiling = ceilingOf(state.curves.train);
  const [x_min, x_max] = tamed(paths, "x", ceiling) ?? [];
  const [y_min, y_max] = tamed(paths, "y", ceiling) ?? [];
  return { ...query, held, x_min, x_max, y_min, y_max };
}

/**
 * How far the picture reaches that is taken over, and that another plane has a height of its own.
 * @param {State} state @param {import("../../types.js").Surface} answer @param {string} key
 */
function heldBy({ landscape }, { x, y }, key) {
  const height = landscape.held?.key === key ? landscape.height : null;
  const ends = /** @type {import("../../experiment/landscape-settings.js").Ends} */ ([
    x[0],
    x[x.length - 1],
    y[0],
    y[y.length - 1],
  ]);
  return { height, held: { key, ends } };
}

/** @param {State} state @param {Api} api */
async function surface(state, api) {
  const words = wordsOf(state);
  const key = planeKey(state);
  const answer = await api.surface(state.summary.id, surfaceQuery(state));
  return () => {
    if (key !== planeKey(state) || answer.run !== state.chosen) return;
    state.patchNow({
      landscape: { ...heldBy(state, answer, key), second: null }, // which was beside another
      surface: answer,
      paths: pathsOf(answer, state.playing ? state.paths : null, words),
    });
  };
}

/** @param {State} state @param {Api} api */
async function losses(state, api) {
  const words = wordsOf(state);
  const key = planeKey(state);
  const run = state.live.spec.runs[state.chosen];
  const own = run?.loss ?? state.live.spec.loss;
  const [squared, cross] = pairOf(state.live.spec);
  const query = surfaceQuery(state);
  /** @param {string} loss @param {object} [ends] */
  const inLoss = (loss, ends) => api.surface(state.summary.id, { ...query, ...ends, loss });
  const one = await inLoss(squared);
  const ends = {
    x_min: one.x[0],
    x_max: one.x[one.x.length - 1],
    y_min: one.y[0],
    y_max: one.y[one.y.length - 1],
  };
  const two = await inLoss(cross, ends);
  return () => {
    if (key !== planeKey(state) || one.run !== state.chosen) return;
    // Frames tell each run's own loss, so the paths go on where that is the one that is drawn.
    const ofOwn = own === cross ? two : one;
    state.patchNow({
      landscape: { ...heldBy(state, one, key), second: two },
      surface: one,
      paths: pathsOf(ofOwn, state.playing ? state.paths : null, words),
    });
  };
}

/** @param {State} state @param {Api} api */
async function slice(state, api) {
  const { axes, chosen: run, landscape, step, summary } = state;
  const { along } = landscape;
  const of = { run, step, parameter: along ?? axes.x, other: along ? null : axes.y, size: SLICE };
  const answer = await api.slice(summary.id, of);
  return () => {
    const asked = landscape.along === along && state.axes.x === axes.x && state.axes.y === axes.y;
    if (asked && answer.run === state.chosen) state.patchNow({ landscape: { slice: answer } });
  };
}
