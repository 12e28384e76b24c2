/** Training on the screen: blocks of frames from the server, shown one after another at the chosen speed. */

import { append } from "../experiment/loss-history.js";
import { takeInside } from "../experiment/network-state.js";
import { extendPaths } from "../experiment/trajectories.js";
import { createPlayer, held } from "./player.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").Frame} Frame
 */

/** Steps per second at each notch of the speed control. */
export const SPEEDS = [2, 6, 15, 30, 60, 150, 400, 1200, 4000];

/**
 * @param {object} options
 * @param {State} options.state
 * @param {import("../experiment/sync.js").Sync} options.sync
 * @param {() => number} [options.pace]
 * @param {() => void} options.ended  told when there is no run left that has not diverged
 * @param {{add: (task: {run: (now: number) => void}) => {want: () => void}}} options.scheduler
 */
export function createTraining({ state, sync, scheduler, ended, pace = () => 1 }) {
  const rate = () => SPEEDS[state.view.speed];
  const player = createPlayer({
    ask: (plan) => sync.train(plan),
    rate,
    pace,
    most: () => state.catalog.fields.count?.maximum ?? 1000,
    fail(error) {
      state.patchNow({ playing: false });
      sync.recover(error);
    },
  });
  const clock = scheduler.add({
    run(now) {
      if (!state.playing) return;
      const frames = player.tick(now);
      if (frames.length) show(state, frames);
      if (state.runs.every((run) => run.status === "diverged")) ended();
      else clock.want();
    },
  });

  const training = {
    /** The steps per second that are shown: fewer than chosen where the server cannot hold them. */
    speed: () => (state.playing ? held(rate(), pace()) : rate()),
    /** Goes on from the step that is shown. */
    start() {
      state.patchNow({ playing: true });
      player.start(state.step);
      clock.want();
    },
    /** Stops; resolves to the step that is shown, which the server may have passed. */
    async stop() {
      state.patchNow({ playing: false });
      return player.stop();
    },
    /** Some steps more. @param {number} count */
    async step(count) {
      show(state, await sync.train({ count, every: 1 }));
    },
  };
  return training;
}

/** Shows frames: all of them in the curves and paths, the last on the whole page. @param {State} state @param {Frame[]} frames */
function show(state, frames) {
  const { curves, paths, inside } = state;
  /** @type {import("../experiment/state.js").Patch} */
  const changes = { curves };
  for (const frame of frames) {
    append(curves, frame);
    if (paths) extendPaths(paths, frame);
    if (!frame.end) continue;
    changes.runs = frame.end.runs;
    changes.scores = frame.end.metrics ?? null;
    if (frame.end.outputs?.run === state.chosen) changes.outputs = frame.end.outputs;
    if (!frame.end.inside) continue;
    takeInside(inside, frame.end.inside);
    changes.inside = inside;
  }
  const { step, train, test } = frames[frames.length - 1];
  state.patchNow({ ...changes, step, train, test });
}
