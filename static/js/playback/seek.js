/**
 * Looking at earlier steps: one answer of the server a position, the latest wish wins, nothing is lost. The server
 * stays at the present; the page shows the past until it goes on.
 */

import { ApiError } from "../server/api.js";
import { wait } from "../server/retry.js";
import { planeQuery } from "../experiment/input-plane.js";
import { takeInside } from "../experiment/network-state.js";
import { planeKey } from "../experiment/landscape-settings.js";
import { pathsUntil } from "../experiment/trajectories.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").MomentFrame} MomentFrame
 */

/** How long no other step must be asked for until the costly views follow, in milliseconds. */
const SETTLED = 300;
/** Frames a second while the history is played. */
const PLAYED = 20;
/** How fine the maps are while the thumb moves. */
const MAP = 32;
/** The history is played within about this many seconds, however long it is. */
const SECONDS = 8;
/** How long to wait before a server that had no answer is asked again, in milliseconds. */
const AGAIN = 600;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {typeof import("../server/api.js").api} options.api
 * @param {import("../experiment/sync.js").Sync} options.sync
 * @param {{pauseLoading: () => Promise<void>, resumeLoading: () => void}} options.loader
 * @param {() => Promise<void>} options.pause stops training
 * @param {(ms: number) => Promise<void>} [options.sleep]
 */
export function createSeek({ state, api, sync, loader, pause, sleep = wait }) {
  /** @type {number|null} */
  let wanted = null;
  /** The last wish, also while it is on its way. */
  let aim = 0;
  /** @type {Promise<void>|null} */
  let moving = null;
  /** The wishes so far: the last to come settles. */
  let wishes = 0;
  const paths = createPathView(state);

  /** @param {MomentFrame} frame */
  function show(frame) {
    const { step, runs, loss, inside, metrics } = frame;
    takeInside(state.inside, inside);
    const own = inside.run === state.chosen && inside.outputs;
    state.patchNow({
      paths: paths.at(frame),
      step,
      train: loss.train,
      test: loss.test,
      runs,
      scores: metrics,
      outputs: own || state.outputs,
      inside: state.inside,
    });
  }

  /** The thumb rests: what was drawn in haste is drawn whole. @param {number} wish */
  async function settle(wish) {
    await sleep(SETTLED);
    await moving;
    if (wish !== wishes || wanted !== null || !state.seeking) return;
    state.patchNow({ seeking: false, step: state.step });
    loader.resumeLoading();
  }

  /** @param {number} step */
  const ask = (step) =>
    api.frame(state.summary.id, {
      step,
      run: state.chosen,
      x: state.axes.x,
      y: state.axes.y,
      size: MAP,
      ...planeQuery(state),
      neurons: state.live.spec.layers.every(({ units }) => units <= 10),
      gradients: state.network.mode === "gradients",
    });

  async function move() {
    while (wanted !== null) {
      const step = wanted;
      wanted = null;
      const { id } = state.summary;
      try {
        const frame = await ask(step);
        if (state.summary.id !== id || state.playing) return;
        show(frame);
      } catch (error) {
        if (state.summary.id !== id) return;
        if (!isAway(error)) return sync.recover(asConflict(error));
        await sleep(AGAIN);
        wanted ??= step; // it is asked for again until the server answers
      }
    }
  }

  const seek = {
    /** Shows a step of the history. @param {number} step */
    async to(step) {
      if (state.playing) await pause();
      wanted = aim = Math.max(0, Math.min(Math.round(step), state.serverStep));
      if (!state.seeking) loader.pauseLoading();
      state.patchNow({ seeking: true });
      settle(++wishes);
      moving ??= move().finally(() => (moving = null));
      await moving;
    },
    /** So many steps on or back from the one that is shown, or on its way to be: every click counts. @param {number} steps */
    async by(steps) {
      seek.stop();
      if (state.playing) await pause();
      await seek.to((moving ? aim : state.step) + steps);
    },
    /** Back to where training goes on. */
    async toPresent() {
      seek.stop();
      if (state.past || wanted !== null) await seek.to(state.serverStep);
    },
    /** Plays the history, or stops it. @param {-1|1} direction */
    async play(direction) {
      const other = state.replaying !== direction;
      seek.stop();
      if (!other) return;
      if (state.playing) await pause();
      const leap = Math.max(1, Math.round(state.serverStep / (SECONDS * PLAYED)));
      state.patch({ replaying: direction });
      while (state.replaying === direction) {
        await seek.to(state.step + direction * leap);
        const end = direction < 0 ? state.step <= 0 : state.step >= state.serverStep;
        if (end) seek.stop();
        else await sleep(1000 / PLAYED);
      }
    },
    /** Whether a step is on its way to be shown. */
    get moving() {
      return moving !== null;
    },
    stop() {
      if (state.replaying) state.patch({ replaying: 0 });
    },
  };
  return seek;
}

/** Whether the server had no answer, but may have one later. @param {unknown} error */
const isAway = (error) => error instanceof ApiError && error.passes;

/** A step that is not there: somebody else has moved the experiment. @param {unknown} error */
const asConflict = (error) =>
  error instanceof ApiError && error.status === 422 ? new ApiError(409, error.message) : error;

/** As much of the paths as belongs to the step that is shown. @param {State} state */
function createPathView(state) {
  /** The paths up to the present, while the past is shown. @type {import("../experiment/trajectories.js").Paths|null} */
  let whole = null;
  // Another course of training has other paths.
  state.on(["summary"], () => (whole = null));
  return {
    /** @param {MomentFrame} frame */
    at({ step, loss, path }) {
      const past = step < state.serverStep;
      if (whole?.axes !== planeKey(state)) whole = null;
      if (past && !whole && state.paths && !state.past) whole = state.paths;
      if (!whole) return state.paths;
      const shown = whole;
      if (!past) whole = null;
      // The server tells where the runs were over two parameters; on other planes the path ends at a step it told of.
      const told = state.landscape.plane === "parameters" ? (path ?? null) : null;
      return past ? pathsUntil(shown, { step, train: loss.train, path: told }) : shown;
    },
  };
}
