/** Step, train, pause, back, reset: what the transport bar does, frame by frame. */

import { append } from "../experiment/loss-history.js";
import * as format from "../ui/number-format.js";
import { takeInside } from "../experiment/network-state.js";
import { extendPaths } from "../experiment/trajectories.js";
import { createPlayer } from "./player.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").Frame} Frame
 */

/** Steps per second at each notch of the speed control. */
export const SPEEDS = [2, 6, 15, 30, 60, 150, 400, 1200, 4000];

/**
 * @param {object} options
 * @param {State} options.state
 * @param {() => ReturnType<typeof import("../experiment/session.js").createSession>} options.session
 * @param {(now: number) => void} options.drawn told after every drawn frame while playing
 * @param {() => void} options.rested told when the shown step stands still again
 * @param {() => ReturnType<typeof import("./scrub.js").createScrub>} options.scrub
 */
export function createTraining({ state, session, drawn, rested, scrub }) {
  let steps = 0; // asked for by clicks and not yet done
  let acting = false;

  const player = createPlayer({
    ask: (plan) => session().advance(plan),
    rate: () => SPEEDS[state.view.speed],
    most: () => state.catalog.fields.count?.maximum ?? 1000,
    fail: (error) => {
      stopped();
      session().recover(error);
    },
  });

  /** @param {Frame[]} frames */
  function show(frames) {
    for (const frame of frames) {
      append(state.curves, frame);
      if (state.paths) extendPaths(state.paths, frame);
      if (frame.end) {
        state.runs = frame.end.runs;
        state.scores = frame.end.metrics ?? null;
        if (frame.end.outputs && frame.end.outputs.run === state.chosen)
          state.outputs = frame.end.outputs;
        if (frame.end.inside) {
          takeInside(state.inside, frame.end.inside);
          state.emitNow("inside");
        }
      }
    }
    const last = frames[frames.length - 1];
    state.step = last.step;
    state.train = last.train;
    state.test = last.test;
    state.emitNow("moment");
  }

  function stopped() {
    state.playing = false;
    state.emitNow("playing");
  }

  /** @param {number} now */
  function frame(now) {
    if (!state.playing) return;
    const frames = player.tick(now);
    if (frames.length) show(frames);
    drawn(now);
    if (state.runs.every((run) => run.status === "diverged")) {
      training.pause().then(() => session().say("notice.allDiverged"));
    } else {
      requestAnimationFrame(frame);
    }
  }

  /** One act of the transport bar at a time. @param {() => Promise<void>} act */
  async function alone(act) {
    if (acting) return;
    acting = true;
    try {
      await training.pause();
      await act();
    } finally {
      acting = false;
    }
  }

  const training = {
    /** Trains on; from the past it goes back to the present first. */
    async play() {
      if (state.playing || acting) return;
      scrub().stop();
      if (state.past) {
        const { step } = state;
        await scrub().toPresent();
        if (state.past || state.playing) return;
        session().say("time.continued", {
          values: { step: format.count(state.step), from: format.count(step) },
        });
      } else {
        state.notice = null;
      }
      state.playing = true;
      state.emitNow("playing", "notice");
      player.start(state.step);
      requestAnimationFrame(frame);
    },
    /** Stops; what is on the screen is the truth, so the server goes back to it if it ran ahead. */
    async pause() {
      if (!state.playing) return;
      stopped();
      const shown = await player.stop();
      if (state.serverStep > shown) await session().rewind(shown);
      rested();
    },
    toggle() {
      return state.playing ? training.pause() : training.play();
    },
    /** One step; clicks that come while one is done are done together. */
    async step() {
      if (state.past) return scrub().to(state.step + 1);
      steps += 1;
      await alone(async () => {
        while (steps) {
          const count = steps;
          steps = 0;
          try {
            show(await session().advance({ count, every: 1 }));
          } catch (error) {
            await session().recover(error);
          }
        }
        rested();
      });
      if (!acting) steps = 0;
    },
    /** One step back: looking at the past, in the past; else of the training itself. */
    back: () =>
      state.past
        ? scrub().to(state.step - 1)
        : alone(() => session().rewind(Math.max(0, state.step - 1))),
    reset: () =>
      alone(() => {
        state.landscape.begun.delete(state.summary.id); // earlier ways go with it
        return session().rewind(0, { keep: true });
      }),
    /** Goes to any step that was shown before. @param {number} step */
    goTo: (step) => alone(() => session().rewind(step)),
  };
  return training;
}
