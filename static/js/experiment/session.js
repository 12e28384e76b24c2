/**
 * The experiment's life on the server: made, changed, moved, lost and found again.
 * One request that changes something is under way at a time; a lost server is waited for.
 */

import { ApiError } from "../server/api.js";
import { startCurves, truncate } from "./loss-history.js";
import { truncatePaths } from "./trajectories.js";
import { coordinatesKey, wordsOf } from "./landscape-settings.js";
import { createPatience } from "../server/retry.js";
import { framesOf } from "./frames.js";
import { aimOf, fittingAxes, whatChanged } from "./spec.js";
import {
  differences,
  followers,
  sharedTraining,
  specWith,
  withUsualRate,
} from "./training-settings.js";
import { OF_AN_EXPERIMENT, runNames } from "./state.js";
import { mapSize } from "./network-state.js";
import { createByHand } from "./parameter-edit.js";
import * as format from "../ui/number-format.js";
import { createUndo } from "./undo.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("../types.js").Setup} Setup
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {import("../types.js").Training} Training
 * @typedef {import("../types.js").Parameters} Parameters
 * @typedef {{id: string, setup: Setup, training: Training|null, preset: string, hand?: Parameters}} Snapshot
 *   `hand`: what a run's parameters were at a step where they were set by hand
 */

export const HISTORY_POINTS = 2000;
/** While playing, blocks bring the inside of networks of so many parameters; larger ones are looked at rarely. */
const DRAWN_PLAYING = 600;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {typeof import("../server/api.js").api} options.api
 * @param {() => Promise<void>} options.pause stops playing
 * @param {() => void} options.play goes on
 * @param {() => Promise<void>} options.rest stops looking at steps, `goOn` looks again
 * @param {() => void} options.goOn
 * @param {() => void} options.arrived told when there is another experiment or another moment to look at
 */
export function createSession({ state, api, pause, play, rest, goOn, arrived }) {
  /** @type {ReturnType<typeof createUndo<Snapshot>>} */
  const undoes = createUndo();
  const { patiently, inOrder } = createPatience({ say: (key) => say(key) });
  /** @type {{setup: Setup, preset: string, training: Training|null}|null} */
  let wanted = null;
  let changing = false;

  /** @param {string} key @param {Partial<import("./state.js").Notice>} [more] */
  function say(key, more = {}) {
    state.notice = { key, ...more };
    state.emit("notice");
  }

  /** What is in force, made to suit the task of a set-up. @param {Setup} setup */
  function fitting(setup) {
    const [before, after] = [state.setup, setup].map(
      ({ spec }) => aimOf(spec.data, state.catalog).task,
    );
    return withUsualRate(state.training, before, after);
  }

  /** @returns {Snapshot} */
  const present = () => ({
    id: state.summary.id,
    setup: state.live,
    training: state.training,
    preset: state.preset,
  });

  /** After a lost answer: the server may or may not have acted. Put it back to where it was before. */
  async function resume() {
    const found = await api.read(state.summary.id);
    state.summary.version = found.version;
    if (found.step !== state.serverStep) {
      const back = await api.rewind(found.id, { step: Math.min(state.serverStep, found.step) });
      state.summary.version = back.version;
      state.serverStep = back.step;
    }
  }

  /** The plane on which frames tell where the runs are: the one that is drawn, if it is drawn yet. */
  function pathView() {
    const words = wordsOf(state);
    if (words.plane === "parameters") return { path: words, at: coordinatesKey(words, 0) };
    const { paths } = state;
    const told = paths && paths.planeStep <= state.serverStep ? paths : null;
    if (!told || coordinatesKey(words, told.planeStep) !== told.at) return { path: null, at: "" };
    return { path: { ...words, step: told.planeStep }, at: told.at };
  }

  /** How far a long way has been gone again. @param {number} share */
  function progress(share) {
    say("notice.replaying", { values: { share: format.percent(share) } });
  }

  /** Takes over what the server says of the present moment. @param {Summary} summary */
  function adoptMoment(summary) {
    state.summary = summary;
    state.serverStep = state.step = summary.step;
    state.runs = summary.runs;
    state.train = summary.loss.train;
    state.test = summary.loss.test;
    state.training = sharedTraining(summary);
    state.emit("moment", "experiment");
  }

  /**
   * Takes over another experiment, or the same one after somebody else moved it.
   * @param {Summary} summary
   * @param {number[]} slots
   * @param {import("../types.js").Ghost|null} [ghost] how it went before
   */
  async function adopt(summary, slots, ghost = null) {
    const [data, curves] = await Promise.all([
      patiently(() => api.data(summary.id)),
      summary.step
        ? patiently(() => api.loss(summary.id, HISTORY_POINTS))
        : startCurves(0, summary.loss),
    ]);
    state.live = { spec: summary.spec, slots };
    if (!wanted) state.setup = state.live;
    state.data = data;
    state.curves = curves;
    state.ghost = ghost;
    state.paths =
      state.surface =
      state.outputs =
      state.diagnostics =
      state.norms =
      state.trace =
        null;
    state.inside.clear();
    state.metrics = state.scores = null;
    state.chosen = Math.min(state.chosen, summary.runs.length - 1);
    state.axes = fittingAxes(summary.parameter_names, state.axes);
    state.problems = [];
    adoptMoment(summary);
    state.emit(...OF_AN_EXPERIMENT);
    arrived();
  }

  /** What to do about an answer that was none. @param {unknown} error */
  async function recover(error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404 && error.code === "unknown_experiment") {
      const { spec, events } = state.summary;
      const recorded = { spec, events, step: state.serverStep };
      const { replay } = await import("./replay.js");
      await adopt(await replay(recorded, { api, patiently, progress }), state.live.slots);
      say("notice.rebuilt");
    } else if (error.status === 409) {
      await adopt(await patiently(() => api.read(state.summary.id)), state.live.slots);
      say("notice.conflict");
    } else if (error.errors.length) {
      state.problems = error.errors;
      state.emit("problems");
    } else {
      say(`errors.${error.code}`);
    }
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T|null>} null when it could not be done, and the page says why
   */
  async function attempt(work) {
    try {
      return await inOrder(work);
    } catch (error) {
      await recover(error);
      return null;
    }
  }

  /** @param {Partial<Training>} parts @returns {Promise<Summary>} */
  async function patch(parts) {
    const { id } = state.summary;
    let summary = state.summary;
    for (const part of /** @type {(keyof Training)[]} */ (Object.keys(parts))) {
      for (const run of followers(state.summary, part)) {
        summary = await patiently(
          () => api.patch(id, { [part]: parts[part], run, version: state.summary.version }),
          resume,
        );
        state.summary.version = summary.version;
      }
    }
    return summary;
  }

  const byHand = createByHand({
    state,
    api,
    patiently,
    attempt,
    resume,
    adoptMoment,
    rest,
    goOn,
    arrived,
  });

  const session = {
    /**
     * A set-up to begin with or to change to. Edits that come while one is being made are folded into one.
     * @param {Setup} setup
     * @param {{preset?: string, training?: Training|null}} [how] what is in force stays, unless it is null
     */
    async change(setup, { preset = "", training = fitting(setup) } = {}) {
      state.setup = setup;
      wanted = { setup, preset, training };
      state.emit("setup");
      if (changing) return;
      changing = true;
      try {
        await pause();
        while (wanted) await make(wanted);
      } finally {
        changing = false;
      }
    },

    /** Forgets an edit that the server refused. */
    putBack() {
      state.setup = state.live;
      state.problems = [];
      state.notice = null;
      state.emit("setup", "problems", "notice");
    },

    /** Another optimizer, schedule, clipping or regularizer from the step that is shown on. @param {Partial<Training>} parts */
    async setTraining(parts) {
      if (state.past) return void (await session.branch(parts));
      const playing = state.playing;
      await pause();
      if (state.past && !(await session.branch({}))) return;
      const before = present();
      const summary = await attempt(() => patch(parts));
      if (!summary) return;
      undoes.push(before);
      adoptMoment(summary);
      state.problems = [];
      state.emit("history", "problems");
      if (playing) play();
    },

    /** @param {number} step @param {{keep?: boolean}} [how] `keep` what is in force now */
    async rewind(step, { keep = false } = {}) {
      const { training } = state;
      await rest(); // or a look at a step that is about to be gone would be refused
      const done = await attempt(async () => {
        const { id } = state.summary;
        const back = await patiently(
          () => api.rewind(id, { step, version: state.summary.version }),
          resume,
        );
        state.summary = back;
        return keep ? patch(differences(sharedTraining(back), training)) : back;
      });
      if (!done) return goOn();
      truncate(state.curves, step);
      if (state.paths) truncatePaths(state.paths, step);
      adoptMoment(done);
      state.emit("paths");
      goOn();
      arrived();
    },

    /**
     * Trains a block and brings its frames; the caller shows them.
     * @param {import("./frames.js").Plan} plan
     */
    advance({ count, every }) {
      return inOrder(async () => {
        const { chosen } = state;
        const { path, at } = pathView();
        const drawn = state.summary.parameter_names.length <= DRAWN_PLAYING;
        const inside = drawn
          ? { run: chosen, size: mapSize(state.live.spec), neurons: true, gradients: true }
          : null;
        const views = { path, outputs: { run: chosen, size: 61 }, inside, metrics: true };
        const { id } = state.summary;
        const block = await patiently(
          () => api.steps(id, { count, every, version: state.summary.version, views }),
          resume,
        );
        state.summary.version = block.version;
        state.serverStep = block.step;
        return framesOf(block, at);
      });
    },

    /**
     * Parameters of a run set by hand, at the step that is shown; in the past that begins a branch.
     * @param {number} run
     * @param {Record<string, number>} values by name
     * @returns {Promise<boolean>} whether the server took them
     */
    async setParameters(run, values) {
      const playing = state.playing;
      await pause();
      if (state.past && !(await session.branch({}))) return false;
      const hand = await byHand.at(run, state.serverStep);
      if (!hand) return false;
      const before = { ...present(), hand };
      if (!(await byHand.set({ run, values }))) return false;
      undoes.push(before);
      state.emit("history");
      if (playing) play();
      return true;
    },

    /**
     * A run begins at a point of a plane, and with it everything again at step 0; undo brings back what was.
     * @param {{run: number, point: object, begun: (id: string) => void}} how `begun` is told before it is shown
     */
    async startAt({ run, point, begun }) {
      await pause();
      const before = present();
      const name = runNames(state)[run];
      const made = await attempt(async () => {
        const anew = await patiently(() => api.create(specWith(state.live, state.training)));
        await patiently(() => api.setParameters(anew.id, { run, point }));
        return patiently(() => api.read(anew.id));
      });
      if (!made) return false;
      undoes.push(before);
      begun(made.id);
      await adopt(made, state.live.slots);
      say("notice.startedAt", {
        values: { name },
        action: { key: "settings.undo", run: session.undo },
      });
      return true;
    },

    /**
     * Another course from the step that is shown on; what was stays as a ghost, and undo brings it back.
     * @param {object} change what is different, as the server takes it
     */
    async branch(change) {
      await pause();
      const { step } = state;
      const from = state.curves.steps.findIndex((at) => at >= step);
      const ghost = {
        step,
        steps: state.curves.steps.slice(from),
        train: state.curves.train.map((values) => values.slice(from)),
        slots: state.live.slots,
      };
      const before = present();
      const made = await attempt(() =>
        patiently(() => api.branch(state.summary.id, { step, change })),
      );
      if (!made) return false;
      undoes.push(before);
      state.preset = "";
      await adopt(made, state.live.slots, ghost);
      say("notice.branched", {
        values: { step: format.count(step) },
        action: { key: "settings.undo", run: session.undo },
      });
      return true;
    },

    undo: () => walk("undo"),
    redo: () => walk("redo"),
    get canUndo() {
      return undoes.canUndo;
    },
    get canRedo() {
      return undoes.canRedo;
    },
    recover,
    say,
  };

  /** @param {{setup: Setup, preset: string, training: Training|null}} goal */
  async function make(goal) {
    const before = present();
    const made = await attempt(() =>
      patiently(() => api.create(specWith(goal.setup, goal.training))),
    );
    if (wanted === goal) wanted = null;
    if (!made) {
      if (!wanted)
        say("notice.refused", { action: { key: "notice.putBack", run: session.putBack } });
      return;
    }
    undoes.push(before);
    state.preset = goal.preset;
    await adopt(made, goal.setup.slots);
    const what = goal.preset ? "preset" : whatChanged(before.setup.spec, made.spec);
    const adapted =
      (what === "data" || what === "network") && before.setup.spec.loss !== made.spec.loss;
    say(adapted ? `notice.anew.${what}.loss` : `notice.anew.${what}`, {
      action: { key: "settings.undo", run: session.undo },
    });
  }

  /** Back to (or forth to) an earlier set-up, its training as it was left. @param {"undo"|"redo"} which @returns {Promise<void>} */
  async function walk(which) {
    await pause();
    const here = present();
    const hand = undoes.peek(which)?.hand;
    if (hand && hand.step > state.serverStep) {
      undoes[which](here); // it went with the steps that were taken back
      return walk(which);
    }
    if (hand) here.hand = (await byHand.at(hand.run, hand.step)) ?? undefined;
    if (hand && !here.hand) return;
    const target = undoes[which](here);
    if (!target) return;
    if (target.hand && target.id === here.id) {
      const { run, step, W, b } = target.hand;
      if (await byHand.set({ run, W, b }, step)) say(`notice.${which}`);
      return;
    }
    /** @type {Summary|null} */
    let summary = await attempt(async () => {
      try {
        return await patiently(() => api.read(target.id));
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
        return patiently(() => api.create(specWith(target.setup, target.training)));
      }
    });
    if (!summary) return;
    const differing = differences(sharedTraining(summary), target.training);
    state.preset = target.preset;
    wanted = null;
    if (summary.id === state.summary.id && Object.keys(differing).length) {
      summary = await attempt(() => patch(differing));
      if (summary) adoptMoment(summary);
    } else {
      await adopt(summary, target.setup.slots);
    }
    say(`notice.${which}`);
    state.emit("history", "setup");
  }

  return session;
}
