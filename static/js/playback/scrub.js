/**
 * Looking at earlier steps: one answer of the server a position, the latest wish wins, nothing is lost.
 * The server stays at the present; the page shows the past until it goes on.
 */

import { ApiError } from "../server/api.js";
import { takeInside } from "../experiment/network-state.js";
import { planeKey } from "../experiment/landscape-settings.js";
import { pathsUntil } from "../experiment/trajectories.js";

/** @typedef {import("../experiment/state.js").State} State */

/** How long no other step must be asked for until the costly views follow. */
const SETTLED = 300;
/** Frames a second while the history is played. */
const PLAYED = 20;
/** How fine the maps are while the thumb moves. */
const MAP = 32;
/** The history is played within about this many seconds, however long it is. */
const SECONDS = 8;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {typeof import("../server/api.js").api} options.api
 * @param {() => Promise<void>} options.pause stops training
 * @param {(error: unknown) => void} options.fail
 * @param {() => void} options.rest nothing costly is looked at from now on, `goOn` looks again
 * @param {() => void} options.goOn
 * @param {() => void} options.settled told when the shown step stands still
 */
export function createScrub({ state, api, pause, fail, rest, goOn, settled }) {
  /** @type {number|null} */
  let wanted = null;
  /** @type {Promise<void>|null} */
  let moving = null;
  let timer = 0;
  let clock = 0;
  /** The paths up to the present, while the past is shown. @type {import("../experiment/trajectories.js").Paths|null} */
  let whole = null;

  // Another course of training has other paths.
  state.on(["experiment"], () => (whole = null));

  /** @param {import("../types.js").MomentFrame} frame */
  function show({ step, runs, loss, inside, path }) {
    // The server tells where the runs were over two parameters; on other planes the path ends at a step it told of.
    const told = state.landscape.plane === "parameters" ? path : null;
    const frame = { step, train: loss.train, path: told };
    const past = step < state.serverStep;
    if (whole && whole.axes !== planeKey(state)) whole = null;
    if (past && !whole && state.paths && !state.past) whole = state.paths;
    state.step = step;
    state.train = loss.train;
    state.test = loss.test;
    state.runs = runs;
    takeInside(state.inside, inside);
    if (inside.run === state.chosen && inside.outputs) state.outputs = inside.outputs;
    if (whole) state.paths = past ? pathsUntil(whole, frame) : whole;
    if (!past) whole = null;
    state.emitNow("moment", "outputs", "inside");
  }

  /** The thumb rests: what was drawn in haste is drawn whole. */
  async function arrive() {
    await moving;
    if (wanted !== null) return;
    state.moving = false;
    state.emitNow("moment");
    goOn();
    settled();
  }

  async function move() {
    while (wanted !== null) {
      const step = wanted;
      wanted = null;
      const { id } = state.summary;
      const { chosen: run, axes } = state;
      try {
        const frame = await api.frame(id, {
          step,
          run,
          x: axes.x,
          y: axes.y,
          size: MAP,
          neurons: state.live.spec.layers.every(({ units }) => units <= 10),
          gradients: state.network.mode === "gradients",
        });
        if (state.summary.id !== id || state.playing) return;
        show(frame);
      } catch (error) {
        if (state.summary.id !== id) return;
        const away = error instanceof ApiError && (error.status === 0 || error.status === 429);
        // A step that is not there: somebody else has moved the experiment.
        const gone = error instanceof ApiError && error.status === 422;
        if (!away) return fail(gone ? new ApiError(409, error.message) : error);
        await new Promise((next) => setTimeout(next, 600));
        wanted ??= step; // it is asked for again until the server answers
      }
    }
  }

  const scrub = {
    /** Shows a step of the history. @param {number} step */
    async to(step) {
      if (state.playing) await pause();
      wanted = Math.max(0, Math.min(Math.round(step), state.serverStep));
      clearTimeout(timer);
      timer = window.setTimeout(arrive, SETTLED);
      if (!state.moving) rest();
      state.moving = true;
      moving ??= move().finally(() => (moving = null));
      await moving;
    },
    /** Back to where training goes on. */
    async toPresent() {
      scrub.stop();
      if (state.past || wanted !== null) await scrub.to(state.serverStep);
    },
    /** Plays the history. @param {-1|1} direction */
    async play(direction) {
      const other = scrub.playing !== direction;
      scrub.stop();
      if (!other) return;
      if (state.playing) await pause();
      const leap = Math.max(1, Math.round(state.serverStep / (SECONDS * PLAYED)));
      scrub.playing = direction;
      state.emit("playing");
      const beat = async () => {
        const next = state.step + direction * leap;
        await scrub.to(next);
        const end = direction < 0 ? state.step <= 0 : state.step >= state.serverStep;
        if (!scrub.playing) return;
        if (end) scrub.stop();
        else clock = window.setTimeout(beat, 1000 / PLAYED);
      };
      await beat();
    },
    stop() {
      if (!scrub.playing) return;
      scrub.playing = 0;
      clearTimeout(clock);
      state.emit("playing");
    },
    /** −1 backwards, 1 forwards, 0 not. @type {-1|0|1} */
    playing: 0,
  };
  return scrub;
}
