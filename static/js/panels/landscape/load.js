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
 * The two losses that are compared: squared error and cross-entropy, the run's own where it is one of them.
 * @param {string} own
 * @returns {[string, string]}
 */
export const pairOf = (own) => [own === "half_mse" ? "half_mse" : "mse", "cross_entropy"];

const SURFACE = 61;
const SLICE = 201;
/** How far a surface over two parameters reaches to either side: as far as the relief of J is looked for. */
const REACH = 3;

/**
 * What is to be seen now, and how to take it over once it is here.
 * @param {State} state
 * @param {Api} api
 * @returns {Promise<() => void>}
 */
export async function lookAtLandscape(state, api) {
  const { view } = state.landscape;
  await openOnRelief(state, api);
  const apply = await { surface, contour: surface, losses, slice }[view](state, api);
  return () => {
    if (state.landscape.view !== view) return;
    apply();
    // What was wrong with what was asked before is not wrong with this.
    const left = state.problems.filter((problem) => problem.in !== "query");
    if (left.length !== state.problems.length) state.patch({ problems: left });
  };
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
  const { x, y } = await api.relief(summary.id, { run: 0, step: 0 });
  if (state.summary.id !== summary.id || settled()) return;
  const found = { key, id: summary.id, x, y };
  state.patchNow({ axes: { x, y }, landscape: { found, pin: null, height: null } });
}

/**
 * The question for a surface: which plane, and how far.
 * @param {State} state
 */
export function surfaceQuery(state) {
  const { landscape, paths, step } = state;
  const words = wordsOf(state);
  const reach = words.plane === "parameters" ? REACH : undefined;
  const query = { ...words, size: SURFACE, step, reach };
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
      landscape: heldBy(state, answer, key),
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
  const [squared, cross] = pairOf(own);
  const query = surfaceQuery(state);
  /** @param {string} loss @param {object} [ends] */
  const inLoss = (loss, ends) => api.surface(state.summary.id, { ...query, ...ends, loss });
  const one = await inLoss(squared).catch(asOfView);
  const ends = {
    x_min: one.x[0],
    x_max: one.x[one.x.length - 1],
    y_min: one.y[0],
    y_max: one.y[one.y.length - 1],
  };
  const two = await inLoss(cross, ends).catch(asOfView);
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

/**
 * That a loss does not fit the output is said beside the choice of views, not beside the loss that is trained.
 * @param {unknown} error
 * @returns {never}
 */
function asOfView(error) {
  if (error instanceof ApiError)
    for (const problem of error.errors) if (problem.pointer === "/loss") problem.pointer = "/view";
  throw error;
}

/** @param {State} state @param {Api} api */
async function slice(state, api) {
  const { axes, chosen: run, step, summary } = state;
  const of = { run, step, parameter: axes.x, size: SLICE };
  const answer = await api.slice(summary.id, of);
  return () => {
    if (answer.run === state.chosen && answer.parameter === state.axes.x)
      state.patchNow({ landscape: { slice: answer } });
  };
}
