/**
 * Loads what the open panels show: the surface, the map of outputs, the inside of networks. One request at a time,
 * only the newest wish, and nothing while the experiment is being changed.
 */

import { ApiError } from "../server/api.js";

/** @typedef {import("../experiment/state.js").State} State */

/** How long to wait before a server that had no answer is asked again, in milliseconds. */
const AGAIN = 1500;
/** How long a change waits for a view that is under way: what takes longer is left, and asked for again. */
const PATIENCE = 300;
const REST = 500; // for each unit of pace above 1
const LONGEST_REST = 15_000;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {typeof import("../server/api.js").api} options.api
 * @param {(error: unknown) => Promise<void>} options.fail
 * @param {(signal: AbortSignal) => typeof api} [options.until]   the calls, as long as their answers are of use
 * @param {typeof setTimeout} [options.later]
 */
export function createViewLoader({ state, api, fail, until = () => api, later = setTimeout }) {
  /** How each view is asked for, by name. @type {Record<string, import("../panels/panel.js").Load>} */
  let loads = {};
  /** The views that are needed when the step stands still. @returns {string[]} */
  let needs = () => [];
  /** @type {Set<string>} */
  const wanted = new Set();
  let loading = false;
  let paused = 1; // until it is served
  /** Whether a server that had no answer will be asked again. */
  let waiting = false;
  /** Why a view was refused when it was last asked for. @type {Map<string, unknown>} */
  const refusals = new Map();
  /** @type {(() => void)[]} */
  let waiters = [];
  /** @type {Promise<void>} */
  let idle = Promise.resolve();
  let rested = () => {};
  /** Of the view that is under way. */
  let control = new AbortController();

  function pump() {
    if (!loading && !paused) idle = loadAll();
  }

  function tellWaiters() {
    const due = waiters;
    waiters = [];
    for (const tell of due) tell();
  }

  async function loadAll() {
    loading = true;
    try {
      for (const name of wanted) {
        if (paused) break;
        wanted.delete(name);
        await loadOne(name);
        await rest();
      }
    } finally {
      loading = false;
      tellWaiters();
    }
  }

  /** @returns {Promise<void>|undefined} */
  function rest() {
    const more = (api.pace?.() ?? 1) - 1;
    if (state.playing && more > 0 && !paused)
      return new Promise((done) => {
        rested = done;
        later(done, Math.min(more * REST, LONGEST_REST));
      });
  }

  /** @param {string} name */
  async function loadOne(name) {
    const { id } = state.summary;
    const { step } = state;
    const { signal } = (control = new AbortController());
    /** Another experiment, or a rewind in the meantime: what comes is of no use any more. */
    const isOld = () =>
      state.summary.id !== id || (state.playing ? state.step < step : state.step !== step);
    try {
      const apply = await loads[name](state, until(signal));
      refusals.delete(name);
      if (isOld()) wanted.add(name);
      else apply();
    } catch (error) {
      if (signal.aborted || state.summary.id !== id || state.step < step)
        return void wanted.add(name);
      refusals.set(name, error);
      if (error instanceof ApiError && error.passes) askAgain(name);
      else await fail(error);
    }
  }

  /** @param {string} name */
  function askAgain(name) {
    waiting = true;
    later(() => {
      waiting = false;
      loader.want(name);
    }, AGAIN);
  }

  const loader = {
    /**
     * What there is to be loaded, and what of it is needed at first, beside what is wanted already: each is asked for once.
     * @param {{loads: typeof loads, needs: typeof needs}} panels
     * @param {string[]} [first]
     */
    serve(panels, first = []) {
      ({ loads, needs } = panels);
      for (const name of first) wanted.add(name);
      loader.resumeLoading();
    },
    /** @param {string[]} names */
    want(...names) {
      for (const name of names) wanted.add(name);
      pump();
    },
    /** What is to be seen of a moment that stands still. */
    wantAll: () => loader.want(...needs()),
    /** Loads nothing more until as many calls of `resume`; resolves once the request under way is over, or left. */
    async pauseLoading() {
      paused += 1;
      rested();
      const last = control;
      const leaving = later(() => last.abort(), PATIENCE);
      await idle;
      clearTimeout(leaving);
    },
    resumeLoading() {
      paused -= 1;
      if (wanted.size) pump();
      else tellWaiters();
    },
    refusals,
    /** Resolves when the next view has come, or was refused, or nothing holds them any more. @returns {Promise<void>} */
    moved: () => new Promise((done) => void waiters.push(done)),
    /** Whether nothing is under way, wanted or held. */
    get quiet() {
      return !loading && !paused && !wanted.size;
    },
    /** Whether a request is under way, or the server had no answer a moment ago. */
    get busy() {
      return loading || waiting;
    },
  };
  state.on(["step", "summary", "chosen", "playing", "seeking"], () => {
    if (!state.hurried) loader.wantAll();
  });
  return loader;
}
