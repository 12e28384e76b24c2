/**
 * What the learner changes: the set-up, how the runs learn, parameters by hand, a start elsewhere, a branch. Each is
 * made by the server, shown when it is there, and undone like any other.
 */

import { ApiError } from "../server/api.js";
import { createOrder } from "../server/retry.js";
import { createParameterEdit } from "./parameter-edit.js";
import { aimOf, whatChanged } from "./spec.js";
import { runNames } from "./state.js";
import { differences, sharedTraining, specWith, withUsualRate } from "./training-settings.js";
import { truncatePaths } from "./trajectories.js";
import { createUndo } from "./undo.js";
import * as format from "../ui/number-format.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("../types.js").Setup} Setup
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {import("../types.js").Training} Training
 * @typedef {import("../types.js").Parameters} Parameters
 * @typedef {object} Snapshot   how an experiment was left, enough to make it again should the server forget it
 * @property {string} id
 * @property {Setup} setup
 * @property {Training|null} training
 * @property {string} preset
 * @property {object[]} events
 * @property {number} step       how far it was trained
 * @property {number[]} bookmarks
 * @property {import("../types.js").Ghost|null} ghost
 * @property {Parameters} [hand] what a run's parameters were at a step where they were set by hand
 *
 * @typedef {{setup: Setup, preset: string, training: Training|null, also?: () => void}} Goal
 * @typedef {ReturnType<typeof createChanges>} Changes
 *
 * @typedef {object} Parts
 * @property {State} state
 * @property {typeof import("../server/api.js").api} api
 * @property {import("./sync.js").Sync} sync
 * @property {<T>(work: () => Promise<T>, show: (done: T) => void|Promise<void>) => Promise<T|null>} act
 *   does something on the server, and shows it, while no view is loaded
 * @property {() => Promise<void>} pause  stops training
 * @property {() => void} play            goes on with it
 */

/** @param {Parts} parts */
export function createChanges(parts) {
  const { state, api, sync, act, pause, play } = parts;
  const byHand = createParameterEdit(parts);

  const { inTurn, folded, settled } = createTurns();

  const { present, remember, setAside, undoRedo, restore } = createHistory(parts, byHand);
  const undo = inTurn(() => undoRedo("undo"));
  const undoAction = { key: "settings.undo", run: undo };

  /** Forgets an edit that the server refused. */
  const revert = () => state.patch({ setup: state.live, problems: [], notice: null });

  const setUp = createSetUp({
    state,
    api,
    sync,
    act,
    pause,
    revert,
    present,
    remember,
    undoAction,
    folded,
  });

  const { startAt, branch, open, reset, replace } = createAnew({
    state,
    api,
    sync,
    act,
    pause,
    present,
    remember,
    setAside,
    undoAction,
  });

  /**
   * Another optimizer, schedule, clipping or regularizer from the step that is shown on, maybe made of the one before.
   * @param {Partial<Training>|((now: Training) => Partial<Training>)} what
   */
  async function setTraining(what) {
    const wanted = typeof what === "function" ? what(state.training) : what;
    if (state.past) return void (await branch(wanted));
    const { playing } = state;
    await pause();
    if (state.past && !(await branch({}))) return;
    const before = present();
    if (!(await act(() => sync.changeTraining(wanted), sync.adoptMoment))) return;
    state.patch({ problems: [] });
    remember(before);
    if (playing) play();
  }

  /** The training itself goes back to the step that is shown: what the server was ahead of it is dropped. @param {number} step */
  async function rewind(step) {
    await act(
      () => sync.rewind(step),
      (done) => {
        if (state.paths) truncatePaths(state.paths, step);
        sync.adoptMoment(done);
        state.patch({ paths: state.paths });
      },
    );
  }

  /**
   * Parameters of a run set by hand, at the step that is shown; in the past that begins a branch.
   * @param {number} run
   * @param {Record<string, number>} values by name
   * @returns {Promise<boolean>} whether the server took them
   */
  async function setParameters(run, values) {
    const { playing } = state;
    await pause();
    if (state.past && !(await branch({}))) return false;
    const hand = await byHand.at(run, state.serverStep);
    if (!hand) return false;
    const before = { ...present(), hand };
    if (!(await byHand.set({ run, values }))) return false;
    remember(before);
    if (playing) play();
    return true;
  }

  return {
    change: setUp.change,
    open: inTurn(open),
    revert,
    setTraining: inTurn(setTraining),
    rewind,
    setParameters: inTurn(setParameters),
    startAt: inTurn(startAt),
    branch: inTurn(branch),
    reset: inTurn(reset),
    replace: inTurn(replace),
    present,
    restore: inTurn(restore),
    undo,
    redo: inTurn(() => undoRedo("redo")),
    settled,
    folded,
    recover: sync.recover,
    say: sync.say,
  };
}

/** Changes are made one after the other: what one leaves is what the next begins with, and takes back to. */
function createTurns() {
  const { inOrder, settled } = createOrder();
  return {
    /** @template {unknown[]} A @template T @param {(...args: A) => Promise<T>} work @returns {(...args: A) => Promise<T>} */
    inTurn:
      (work) =>
      (...args) =>
        inOrder(() => work(...args)),
    settled,
    /**
     * What is asked for again is done in the same turn, unless something else was asked for in between.
     * @template W
     * @param {(take: () => W|null) => Promise<void>} work   `take` gives what is still wanted, or null
     * @param {(wish: W, before: W|null) => W} join
     * @returns {(wish: W) => Promise<void>}
     */
    folded(work, join) {
      let turn = settled();
      let done = Promise.resolve();
      /** @type {{wish: W|null, isOver: boolean}} */
      let slot = { wish: null, isOver: true };
      return (wish) => {
        if (turn === settled() && !slot.isOver) {
          slot.wish = join(wish, slot.wish);
          return done;
        }
        /** @type {typeof slot} */
        const mine = { wish: join(wish, null), isOver: false };
        const take = () => {
          const wanted = mine.wish;
          mine.wish = null;
          mine.isOver = wanted === null;
          return wanted;
        };
        done = inOrder(() => work(take).finally(() => (mine.isOver = true)));
        [turn, slot] = [settled(), mine];
        return done;
      };
    },
  };
}

/**
 * Experiments that take the place of the one on the page: begun elsewhere, branched off, or opened.
 * @param {Omit<Parts, "play"> & {present: () => Snapshot, remember: (before: Snapshot) => void,
 *   setAside: () => void, undoAction: import("./state.js").Notice["action"]}} parts
 */
function createAnew(parts) {
  const { state, api, sync, act, pause, present, remember, setAside, undoAction } = parts;

  /**
   * A run begins at a point of a plane, and with it everything again at step 0; undo brings back what was.
   * @param {{run: number, point: object, begun: (id: string) => void}} how `begun` is called before it is shown
   */
  async function startAt({ run, point, begun }) {
    await pause();
    const before = present();
    const name = runNames(state)[run];
    const made = await act(
      async () => {
        const anew = await sync.patiently(() => api.create(specWith(state.live, state.training)));
        await sync.patiently(() => api.setParameters(anew.id, { run, point }));
        return sync.patiently(() => api.read(anew.id));
      },
      (anew) => {
        begun(anew.id);
        return sync.adopt(anew, state.live.slots);
      },
    );
    if (!made) return false;
    remember(before);
    sync.say("notice.startedAt", { values: { name }, action: undoAction });
    return true;
  }

  /**
   * Another course from the step that is shown on; what was stays as a ghost, and undo brings it back.
   * @param {Record<string, unknown>} change what is different, as the server takes it
   * @param {Record<string, unknown>[]} [more] what is different beside it: of all runs, or of some
   */
  async function branch(change, more = []) {
    await pause();
    const { step, curves, live } = state;
    const from = curves.steps.findIndex((at) => at >= step);
    const ghost = {
      step,
      steps: curves.steps.slice(from),
      train: curves.train.map((values) => values.slice(from)),
      slots: live.slots,
    };
    const before = present();
    const made = await act(
      async () => {
        let anew = await sync.patiently(() => api.branch(state.summary.id, { step, change }));
        for (const part of more) anew = await sync.patiently(() => api.patch(anew.id, part));
        return anew;
      },
      (anew) => {
        state.patch({ preset: "" });
        // Up to this step it is the same course, and so are the flags in it.
        const bookmarks = state.bookmarks.filter((at) => at <= step);
        return sync.adopt(anew, live.slots, { ghost, bookmarks });
      },
    );
    if (!made) return false;
    remember(before);
    const values = { step: format.count(step) };
    const isSeen = ghost.steps.length > 1; // else nothing was trained beyond
    sync.say(isSeen ? "notice.branched.ghost" : "notice.branched", { values, action: undoAction });
    return true;
  }

  /**
   * To step 0, with how the runs learn now. The way so far stays with the server, and undo brings it back; a full
   * server keeps no second experiment, so there this one goes back.
   */
  async function reset() {
    await pause();
    if (!state.serverStep) return;
    const before = present();
    const { training, live } = state;
    let isKept = true;
    const made = await act(
      async () => {
        try {
          return await sync.patiently(() => api.branch(before.id, { step: 0, change: {} }));
        } catch (error) {
          if (!(error instanceof ApiError) || error.status !== 507) throw error;
          isKept = false;
          return sync.rewind(0);
        }
      },
      async (anew) => {
        await sync.adopt(anew, live.slots);
        const changed = differences(sharedTraining(anew), training);
        if (Object.keys(changed).length)
          await act(() => sync.changeTraining(changed, anew), sync.adoptMoment);
      },
    );
    if (!made) return;
    const values = { step: format.count(before.step) };
    if (!isKept) return sync.say("notice.resetFull", { values });
    remember(before);
    sync.say("notice.reset", { values, action: undoAction });
  }

  /**
   * Another experiment, trained to a step; undo brings back what was.
   * @param {{setup: Setup, step: number, events?: object[], how?: import("./replay.js").How,
   *   part?: import("../types.js").Part}} what   `events` on the way there; `part` of the page that opens it
   * @param {import("./state.js").Notice} said
   */
  async function open({ setup, step, events = [], how }, said) {
    await pause();
    const before = present();
    const made = await act(
      () => sync.again({ spec: setup.spec, events, step }, how),
      (anew) => {
        state.patch({ preset: "" });
        return sync.adopt(anew, setup.slots);
      },
    );
    if (!made) return false;
    remember(before);
    state.patch({ notice: said });
    return true;
  }

  /**
   * Another experiment that is no change of this one, and that undo does not take back: a card of a lesson. What is
   * changed in it is undone in it.
   * @param {Setup} setup
   * @param {{also: () => void, step?: number}} how   `also` is done before it is shown; `step`: trained so far at once
   * @returns {Promise<boolean>}
   */
  async function replace(setup, { also, step = 0 }) {
    await pause();
    const made = await act(
      () =>
        step
          ? sync.again({ spec: setup.spec, events: [], step })
          : sync.patiently(() => api.create(setup.spec)),
      (anew) => {
        state.patch({ preset: "", setup, notice: null });
        also();
        return sync.adopt(anew, setup.slots);
      },
    );
    if (made) setAside();
    return made !== null;
  }

  return { startAt, branch, open, reset, replace };
}

/**
 * What was before each change, and the way back to it and forth.
 * @param {Parts} parts
 * @param {ReturnType<typeof createParameterEdit>} byHand
 */
function createHistory({ state, api, sync, act, pause }, byHand) {
  /** @type {ReturnType<typeof createUndo<Snapshot>>} */
  let undoes = createUndo();
  /** The learner's own, while a lesson has another. @type {typeof undoes|null} */
  let own = null;

  /** @returns {Snapshot} */
  const present = () => ({
    id: state.summary.id,
    setup: state.live,
    training: state.training,
    preset: state.preset,
    events: state.summary.events,
    step: state.serverStep,
    bookmarks: state.bookmarks,
    ghost: state.ghost,
  });

  const tellHistory = () =>
    state.patch({ history: { canUndo: undoes.canUndo, canRedo: undoes.canRedo } });

  /**
   * The experiment of a snapshot: the one that the server still has, or made again and trained as far as it was.
   * @param {Snapshot} target
   * @returns {Promise<Summary>}
   */
  async function find(target) {
    try {
      return await sync.patiently(() => api.read(target.id));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      return sync.again({ spec: target.setup.spec, events: target.events, step: target.step });
    }
  }

  /** Shows what an undo or redo leads to. @param {Snapshot} target @returns {Promise<boolean>} */
  async function show(target) {
    if (target.hand && target.id === state.summary.id) {
      const { run, step, W, b } = target.hand;
      return byHand.set({ run, W, b }, step);
    }
    const shown = state.summary.id;
    const done = await act(
      async () => {
        const summary = await find(target);
        const differing = differences(sharedTraining(summary), target.training);
        return summary.id === shown ? sync.changeTraining(differing, summary) : summary;
      },
      async (summary) => {
        state.patch({ preset: target.preset, pending: null });
        if (summary.id === shown && summary !== state.summary) return sync.adoptMoment(summary);
        const { ghost, bookmarks } = target;
        await sync.adopt(summary, target.setup.slots, { ghost, bookmarks });
      },
    );
    return done !== null;
  }

  /** Back to (or forth to) an earlier set-up, its training as it was left. @param {"undo"|"redo"} which */
  async function undoRedo(which) {
    await pause();
    const here = present();
    // Parameters set by hand at a step that was taken back since went with it.
    while (isGone(undoes.peek(which))) undoes.drop(which);
    const next = undoes.peek(which);
    if (next?.hand && next.id === here.id) {
      const { hand } = next;
      const now = await byHand.at(hand.run, hand.step);
      if (!now) return;
      here.hand = now;
    }
    const target = undoes[which](here);
    if (target && (await show(target))) {
      sync.say(`notice.${which}`);
      state.patch({ setup: state.setup });
    } else if (target) undoes[which === "undo" ? "redo" : "undo"](target); // it is not what is shown
    tellHistory();
  }

  /** @param {Snapshot|null} snapshot */
  const isGone = (snapshot) =>
    snapshot?.hand !== undefined &&
    snapshot.id === state.summary.id &&
    snapshot.hand.step > state.serverStep;

  state.on(["lesson"], () => {
    if (state.lesson || !own) return;
    [undoes, own] = [own, null];
    tellHistory();
  });

  return {
    present,
    undoRedo,
    /** Goes back to how an experiment was left, whatever has been shown since. @param {Snapshot} snapshot */
    async restore(snapshot) {
      await pause();
      const shown = await show(snapshot);
      if (shown) state.patch({ setup: state.live });
      return shown;
    },
    /** A card of a lesson came: what was changed before is undone when the lesson is over. */
    setAside() {
      if (!state.lesson) return;
      own ??= undoes;
      undoes = createUndo();
      tellHistory();
    },
    /** A change was made that can be undone. @param {Snapshot} before */
    remember(before) {
      undoes.push(before);
      tellHistory();
    },
  };
}

/**
 * The set-up: edits that come while one is being made are folded into one.
 * @param {Omit<Parts, "play"> & {revert: () => void, present: () => Snapshot, remember: (before: Snapshot) => void,
 *   undoAction: import("./state.js").Notice["action"], folded: ReturnType<typeof createTurns>["folded"]}} parts
 */
function createSetUp(parts) {
  const { state, api, sync, act, pause, revert, present, remember, undoAction, folded } = parts;
  /** @type {Goal|null} */
  let newest = null;

  /** How the runs learn now, made to suit the task of a set-up. @param {Setup} setup */
  function fitting(setup) {
    const [before, after] = [state.setup, setup].map(
      ({ spec }) => aimOf(spec.data, state.catalog).task,
    );
    return withUsualRate(state.training, before, after);
  }

  /** @param {Goal} goal */
  async function make(goal) {
    // An undo that was asked for before this has put the controls back.
    const { setup } = goal;
    if (newest === goal && state.pending !== setup) state.patch({ setup, pending: setup });
    const before = present();
    /** Another edit that came in the meantime is made next. */
    const isMade = () => newest === goal && state.patch({ pending: null });
    const made = await act(
      () => sync.patiently(() => api.create(specWith(goal.setup, goal.training))),
      (anew) => {
        isMade();
        state.patch({ preset: goal.preset });
        goal.also?.();
        return sync.adopt(anew, goal.setup.slots);
      },
    );
    isMade();
    if (!made) {
      if (newest === goal)
        sync.say("notice.refused", { action: { key: "notice.putBack", run: revert } });
      return;
    }
    remember(before);
    sync.say(noticeOf(goal, before.setup, made), { action: undoAction });
  }

  const makeAll = folded(
    async (/** @type {() => Goal|null} */ take) => {
      await pause();
      for (let goal = take(); goal; goal = take()) await make(goal);
    },
    (goal) => goal,
  );

  return {
    /**
     * A set-up to begin with or to change to.
     * @param {Setup} setup
     * @param {{preset?: string, training?: Training|null, also?: () => void}} [how] how the runs learn stays, unless it is
     *   null; `also` is done when the experiment has been made, before it is shown
     */
    async change(setup, { preset = "", training = fitting(setup), also } = {}) {
      newest = { setup, preset, training, also };
      state.patch({ setup, pending: setup });
      await makeAll(newest);
    },
  };
}

/** What is said of an experiment that was made anew. @param {Goal} goal @param {Setup} before @param {Summary} made */
function noticeOf(goal, before, made) {
  const what = goal.preset ? "preset" : whatChanged(before.spec, made.spec);
  const more = made.spec.runs.length - before.spec.runs.length;
  if (what === "runs" && more) return `notice.anew.runs.${more > 0 ? "added" : "removed"}`;
  const adapted = (what === "data" || what === "network") && before.spec.loss !== made.spec.loss;
  return adapted ? `notice.anew.${what}.loss` : `notice.anew.${what}`;
}
