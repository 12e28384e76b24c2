/**
 * Keeps the page's state in step with the experiment on the server: takes over what the server says, and finds the
 * way back after a lost answer, a conflict, or an experiment that the server has forgotten.
 */

import { isHidden } from "./access.js";
import { ApiError } from "../server/api.js";
import { endAt, startCurves } from "./loss-history.js";
import { framesOf } from "./frames.js";
import { coordinatesKey, reachAnew, wordsOf } from "./landscape-settings.js";
import { planeQuery } from "./input-plane.js";
import { mapSize } from "./network-state.js";
import { fittingAxes } from "./spec.js";
import { momentOf } from "./state.js";
import { followers, sharedTraining } from "./training-settings.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {import("../types.js").Training} Training
 * @typedef {typeof import("../server/api.js").api} Api
 * @typedef {ReturnType<typeof createSync>} Sync
 */

export const HISTORY_POINTS = 2000;
/** While playing, blocks bring the inside of networks of so many parameters; larger ones are looked at rarely. */
export const DRAWN_PLAYING = 600;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Api} options.api
 * @param {ReturnType<typeof import("../server/retry.js").createRetry>} options.retry
 */
export function createSync({ state, api, retry }) {
  const { patiently, inOrder } = retry;
  /** The version of the experiment that the page knows; every change names the one that it builds on. */
  let { version } = state.summary;
  /** @type {Promise<void>|null} */
  let rebuilding = null;

  /** @param {string} key @param {Partial<import("./state.js").Notice>} [more] */
  const say = (key, more = {}) => state.patch({ notice: { key, ...more } });

  /** Forgets what was said of a refusal: the server has done what was asked since. */
  function forgetRefusal() {
    if (state.notice?.key.startsWith("errors.")) state.patch({ notice: null });
    // What is wrong with a control stays beside it.
    const problems = state.problems.filter(({ pointer }) => pointer);
    if (problems.length < state.problems.length) state.patch({ problems });
  }

  /** After a lost answer: the server may or may not have acted. Takes it back to where it was before. */
  async function resume() {
    const found = await api.read(state.summary.id);
    version = found.version;
    if (found.step === state.serverStep) return;
    const step = Math.min(state.serverStep, found.step);
    const back = await api.rewind(found.id, { step });
    version = back.version;
    state.patch({ serverStep: back.step });
  }

  /**
   * Asks the server for a change of this experiment until it has been made.
   * @template {{version: number}} T
   * @param {(id: string, version: number) => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async function ask(ask) {
    const { id } = state.summary;
    const answer = await patiently(() => ask(id, version), resume);
    version = answer.version;
    return answer;
  }

  /** Takes over what the server says of the present moment. @param {Summary} summary */
  function adoptMoment(summary) {
    version = summary.version;
    const curves = endAt(state.curves, summary.step, summary.loss);
    state.patch({ ...momentOf(summary), curves, training: sharedTraining(summary) });
  }

  /**
   * Takes over another experiment, or the same one after somebody else moved it.
   * @param {Summary} summary
   * @param {number[]} slots
   * @param {{ghost?: import("../types.js").Ghost|null, bookmarks?: number[]}} [how] `ghost`: how it went before
   */
  async function adopt(summary, slots, { ghost = null, bookmarks = [] } = {}) {
    const [data, curves] = await Promise.all([
      patiently(() => api.data(summary.id)),
      summary.step
        ? patiently(() => api.loss(summary.id, HISTORY_POINTS))
        : startCurves(0, summary.loss),
    ]);
    takeOver(state, summary, { slots, data, curves, ghost, bookmarks });
    adoptMoment(summary);
  }

  /** @type {(recorded: import("./replay.js").Recorded, how?: import("./replay.js").How) => Promise<Summary>} */
  const again = async (recorded, how) =>
    (await import("./replay.js")).again(recorded, { api, patiently, say, ...how });

  /** Makes an experiment that the server has forgotten again. */
  async function rebuild() {
    const { spec, events } = state.summary;
    const { bookmarks, ghost } = state;
    const made = await again({ spec, events, step: state.serverStep });
    await adopt(made, state.live.slots, { bookmarks, ghost });
    say("notice.rebuilt");
  }

  /** What to do about a refusal. @param {unknown} error */
  async function recover(error) {
    if (error instanceof DOMException && error.name === "AbortError") return; // as was wanted
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404 && error.code === "unknown_experiment") {
      // Whoever asks while it is being made again waits for the same one.
      rebuilding ??= rebuild().finally(() => (rebuilding = null));
      await rebuilding;
    } else if (error.code === "read_only") {
      const own = await patiently(() => api.branch(state.summary.id, { step: state.step }));
      await adopt(own, state.live.slots, { bookmarks: state.bookmarks });
      say("notice.ownCopy");
    } else if (error.status === 409) {
      const { bookmarks, ghost } = state;
      const now = await patiently(() => api.read(state.summary.id));
      await adopt(now, state.live.slots, { bookmarks, ghost });
      say("notice.conflict");
    } else if (error.errors.length) {
      state.patch({ problems: error.errors });
    } else {
      say(`errors.${error.code}`);
    }
  }

  return {
    say,
    forgetRefusal,
    ask,
    adopt,
    adoptMoment,
    recover,
    patiently,
    again,

    /**
     * One thing at a time, in order.
     * @template T
     * @param {() => Promise<T>} work
     * @returns {Promise<T|null>} null when it could not be done, and the page says why
     */
    async attempt(work) {
      try {
        return await inOrder(work);
      } catch (error) {
        await recover(error);
        return null;
      }
    },

    /**
     * Parts of how runs learn, for those that have none of their own.
     * @param {Partial<Training>} parts
     * @param {Summary} [summary] the experiment as the server last told it
     * @returns {Promise<Summary>}
     */
    async changeTraining(parts, summary = state.summary) {
      let changed = summary;
      for (const part of /** @type {(keyof Training)[]} */ (Object.keys(parts)))
        for (const run of followers(summary, part))
          changed = await ask((id, version) =>
            api.patch(id, { [part]: parts[part], run, version }),
          );
      return changed;
    },

    /** Back to an earlier step; the caller shows it. @param {number} step @returns {Promise<Summary>} */
    async rewind(step) {
      const back = await ask((id, version) => api.rewind(id, { step, version }));
      state.patch({ serverStep: back.step });
      return back;
    },

    /** Trains a block and brings its frames; the caller shows them. @param {import("./frames.js").Plan} plan */
    train({ count, every }) {
      return inOrder(async () => {
        const { path, at } = pathView(state);
        const block = await ask((id, version) =>
          api.steps(id, { count, every, version, views: { path, ...viewsOf(state) } }),
        );
        state.patch({ serverStep: block.step });
        return framesOf(block, at);
      });
    },
  };
}

/**
 * Another experiment takes the place of this one: what was known of the old one is forgotten.
 * @param {State} state
 * @param {Summary} summary
 * @param {{slots: number[], data: import("../types.js").DataSet, curves: import("../types.js").Curves,
 *   ghost: import("../types.js").Ghost|null, bookmarks: number[]}} known
 */
function takeOver(state, summary, { slots, data, curves, ghost, bookmarks }) {
  const live = { spec: summary.spec, slots };
  state.inside.clear();
  state.patch({
    live,
    setup: state.pending ? state.setup : live,
    data,
    curves,
    ghost,
    bookmarks,
    paths: null,
    surface: null,
    landscape: { slice: null, second: null, problem: null, ...reachAnew(state, live) },
    outputs: null,
    diagnostics: null,
    norms: null,
    sharpness: null,
    trace: null,
    inside: state.inside,
    metrics: null,
    scores: null,
    chosen: Math.min(state.chosen, summary.runs.length - 1),
    axes: fittingAxes(summary.parameter_names, state.axes),
    problems: [],
  });
}

/** The plane on which frames tell where the runs are: the one that is drawn, if it is drawn yet. @param {State} state */
function pathView(state) {
  if (isHidden(state, "surface")) return { path: null, at: "" };
  const words = wordsOf(state);
  if (words.plane === "parameters") return { path: words, at: coordinatesKey(words, 0) };
  const { paths } = state;
  const told = paths && paths.planeStep <= state.serverStep ? paths : null;
  if (!told || coordinatesKey(words, told.planeStep) !== told.at) return { path: null, at: "" };
  return { path: { ...words, step: told.planeStep }, at: told.at };
}

/** What a block brings beside the losses. @param {State} state */
function viewsOf(state) {
  const { chosen: run, summary, live } = state;
  const drawn = summary.parameter_names.length <= DRAWN_PLAYING;
  const plane = planeQuery(state);
  const inside = { run, size: mapSize(live.spec), neurons: true, gradients: true, ...plane };
  const learned = !isHidden(state, "learned");
  return {
    outputs: learned ? { run, size: 61, ...plane } : null,
    inside: drawn && !isHidden(state, "network") ? inside : null,
    metrics: learned,
  };
}
