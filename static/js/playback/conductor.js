/**
 * All that can be done with the experiment, one thing at a time: play, pause, step, seek, branch, change, undo. What is
 * on the screen is the truth: whoever stops goes back to it, and no view is loaded while the experiment changes.
 */

import { isTold } from "../experiment/access.js";
import { createChanges } from "../experiment/changes.js";
import { createSeek } from "./seek.js";
import { createTraining } from "./training.js";
import * as format from "../ui/number-format.js";

/**
 * @param {object} parts
 * @param {import("../experiment/state.js").State} parts.state
 * @param {typeof import("../server/api.js").api} parts.api
 * @param {import("../experiment/sync.js").Sync} parts.sync
 * @param {{pauseLoading: () => Promise<void>, resumeLoading: () => void}} parts.loader
 * @param {{add: (task: {run: (now: number) => void}) => {want: () => void}}} parts.scheduler
 * @param {(ms: number) => Promise<void>} [parts.sleep]
 */
export function createConductor({ state, api, sync, loader, scheduler, sleep }) {
  /**
   * Does something on the server, and shows it, while no view is loaded: a view of a step that is just being taken back
   * would be refused.
   * @template T
   * @param {() => Promise<T>} work
   * @param {(done: T) => void|Promise<void>} show
   */
  async function act(work, show) {
    const quiet = loader.pauseLoading();
    try {
      const done = await sync.attempt(async () => {
        await quiet;
        return work();
      });
      if (done !== null) {
        sync.forgetRefusal();
        await show(done);
      }
      return done;
    } finally {
      loader.resumeLoading();
    }
  }

  const training = createTraining({
    state,
    sync,
    scheduler,
    pace: api.pace,
    ended: () =>
      pause().then(() => sync.say(isTold(state) ? "notice.allDiverged" : "notice.ended")),
  });

  function goOn() {
    state.patch({ notice: null });
    training.start();
  }

  /** The way back to the step that is shown: whoever goes on waits for it. @type {Promise<void>} */
  let pausing = Promise.resolve();
  const halted = () => pausing.catch(() => {});

  async function pause() {
    if (!state.playing) return;
    pausing = training.stop().then(async (shown) => {
      if (state.serverStep > shown) await changes.rewind(shown);
    });
    await pausing;
  }

  const seek = createSeek({ state, api, sync, loader, pause, sleep });
  const changes = createChanges({
    state,
    api,
    sync,
    act,
    pause() {
      seek.stop(); // a change ends the playing of the history, too
      return pause();
    },
    play: goOn,
  });

  const takeSteps = changes.folded(
    async (/** @type {() => number|null} */ take) => {
      await pause();
      for (let count = take(); count; count = take()) {
        if (state.past) return seek.by(count);
        try {
          await training.step(count);
          sync.forgetRefusal();
        } catch (error) {
          await sync.recover(error);
        }
      }
    },
    (count, before) => count + (before ?? 0),
  );

  const conductor = {
    ...changes,
    seek,
    pause,
    speed: training.speed,
    /** Trains on; from the past that is shown, first back to the present, and says so. */
    async play() {
      await halted().then(changes.settled);
      if (state.playing) return;
      const { step } = state;
      seek.stop();
      if (state.past) {
        await seek.toPresent();
        if (state.past || state.playing) return;
        const values = { step: format.count(state.step), from: format.count(step) };
        sync.say("time.continued", { values });
        training.start();
      } else {
        goOn();
      }
    },
    toggle: () => (state.playing ? pause() : conductor.play()),
    /** One step; clicks that come while one is done are done together. */
    async step() {
      await halted();
      if (state.past || seek.moving) return seek.by(1);
      await takeSteps(1);
    },
    /** Looks at the step before; what was trained stays. */
    back: () => halted().then(() => seek.by(-1)),
  };
  return conductor;
}

/** @typedef {ReturnType<typeof createConductor>} Conductor */
