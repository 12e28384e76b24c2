/**
 * The study that is looked at, kept in step with the server: asked for, followed while it is trained, read at another
 * target, cancelled, removed. A server that is away is asked again; what is known stays on the page.
 */

import { ApiError } from "../../server/api.js";
import { wait } from "../../server/retry.js";
import { isRunning, requestOf, targetOf } from "../../experiment/study.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../experiment/study.js").Entry} Entry
 * @typedef {import("../../types.js").StudyResult} StudyResult
 * @typedef {{state: State, api: typeof import("../../server/api.js").api, refused: (error: unknown) => void,
 *   sleep?: (ms: number) => Promise<void>}} Parts   `refused` says why the server did not do what was asked
 */

/** How often a study that is trained is looked at, and one that nobody sees, in milliseconds. */
const OFTEN = 250;
const SELDOM = 1500;
const LONGEST = 8000;
/** How long a removed study can be brought back. */
const REGRET = 15_000;

/** Whether the server may answer later. @param {unknown} error */
const passes = (error) => error instanceof ApiError && error.passes;

/** @param {unknown} error */
const isForgotten = (error) => error instanceof ApiError && error.status === 404;

/**
 * Reads a study: again and again while it is trained, and when something else of it is asked for.
 * @param {Parts} parts
 */
function createReader({ state, api, refused, sleep = wait }) {
  /** The study that is followed; answers about an earlier one are too late. */
  let turn = 0;
  /** Whether an answer for another target or cell is awaited, and whether another has been asked for since. */
  let reading = false;
  let again = false;

  /** Takes over what the server knows now. @param {string} id @returns {Promise<boolean>} whether it is still wanted */
  async function take(id) {
    const mine = turn;
    const { target } = state.study;
    const result = await api.study(id, { target });
    if (mine !== turn) return false;
    // An answer about another target than the one that is looked at now would only flicker.
    if (target === state.study.target)
      state.patch({ study: { result, phase: "known", away: false } });
    await fill(id);
    return mine === turn;
  }

  /** The curves of the chosen cell, where the answer about many cells has none. @param {string} id */
  async function fill(id) {
    const mine = turn;
    const { cell, result, target } = state.study;
    const known = result?.cells[cell];
    if (!known || known.recipes[0]?.loss || known.recipes.every(({ seeds }) => !seeds)) return;
    const found = await api.study(id, { target, cell });
    if (mine === turn && cell === state.study.cell)
      state.patch({ study: { detail: found.cells[0] } });
  }

  /** What an error means for what is shown. @param {unknown} error @returns {boolean} whether to ask again later */
  function failed(error) {
    if (isForgotten(error)) state.patch({ study: { phase: "gone", away: false } });
    else if (passes(error)) state.patch({ study: { away: true } });
    else refused(error);
    return passes(error);
  }

  return {
    /** Whatever is under way is about a study that is no longer looked at. */
    stop: () => void (turn += 1),
    failed,
    /** Looks at a study until it is done. @param {string} id */
    async follow(id) {
      turn += 1;
      const mine = turn;
      let pause = state.study.result ? OFTEN : 0;
      while (mine === turn && (!state.study.result || isRunning(state.study.result))) {
        if (pause) await sleep(state.tab === "seeds" ? pause : Math.max(pause, SELDOM));
        if (mine !== turn) return;
        try {
          await take(id);
          pause = OFTEN;
        } catch (error) {
          if (mine !== turn || !failed(error)) return;
          pause = Math.min(2 * (pause || OFTEN), LONGEST);
        }
      }
    },
    /** Reads the study again, at what is looked at now; of many wishes the last one counts. */
    async read() {
      const { entry } = state.study;
      again = reading;
      if (reading || !entry) return;
      reading = true;
      const mine = turn;
      try {
        do again = false;
        while ((await take(entry.id)) && again);
      } catch (error) {
        if (mine === turn && failed(error) && !isRunning(state.study.result)) again = true;
      } finally {
        reading = false;
      }
      if (!again) return;
      await sleep(SELDOM);
      if (mine === turn) await this.read();
    },
  };
}

/** @param {Parts & {kept: import("./kept.js").Kept, clock?: () => number}} parts */
export function createClient(parts) {
  const { state, api, kept, refused, sleep = wait, clock = Date.now } = parts;
  const reader = createReader(parts);

  /** @param {Entry} entry @param {StudyResult|null} result @param {number|null} target */
  function show(entry, result, target) {
    const phase = result ? "known" : "asking";
    const other = { offered: null, detail: null, cell: 0, away: false };
    state.patch({ study: { entry, result, target, phase, ...other } });
    reader.follow(entry.id);
  }

  /**
   * Asks for a study. One that was made before, and asks for the same, is shown instead.
   * @param {Pick<Entry, "spec"|"plan"|"slots">} wanted
   * @param {{target?: number|null, fresh?: boolean}} [how] `fresh`: it is trained in any case
   * @returns {Promise<boolean>} whether there is one now
   */
  async function start(wanted, { target = null, fresh = false } = {}) {
    if (state.study.starting) return false; // one click is enough
    const before = fresh ? null : kept.find(wanted);
    if (before) {
      show(before, null, target);
      return true;
    }
    state.patch({ study: { starting: true }, problems: [] });
    try {
      const result = await api.createStudy(requestOf(wanted.spec, wanted.plan));
      const entry = { ...wanted, id: result.id, made: clock() };
      if (!kept.add(entry)) state.patch({ notice: { key: "seeds.notKept" } });
      show(entry, result, target);
      return true;
    } catch (error) {
      refused(error);
      return false;
    } finally {
      state.patch({ study: { starting: false } });
    }
  }

  /** A study that is gone already, or whose server is away, is not missed. @param {unknown} error */
  function unlessGone(error) {
    if (!isForgotten(error) && !passes(error)) refused(error);
  }

  return {
    start,
    /** Shows a study that the learner has. @param {Entry} entry @param {number|null} [target] */
    open: (entry, target = null) => show(entry, null, target),
    /** Another loss to reach: everything is read again, nothing is trained. @param {number|null} target */
    look(target) {
      if (target === targetOf(state.study)) return;
      state.patch({ study: { target, detail: null } });
      reader.read();
    },
    /** Another cell of the grid. @param {number} cell */
    choose(cell) {
      state.patch({ study: { cell, detail: null } });
      const known = state.study.result?.cells[cell];
      if (known && !known.recipes[0]?.loss) reader.read();
    },
    /** Asks again at once, after the server was away. */
    retry: () => reader.read(),
    /** Stops the training; what is trained stays. */
    async cancel() {
      const { entry } = state.study;
      if (!entry) return;
      try {
        await api.cancelStudy(entry.id);
        await reader.read();
      } catch (error) {
        reader.failed(error);
      }
    },
    /**
     * Forgets a study here, and after a while on the server.
     * @returns {(() => void)|null} brings it back until then; null where there is none
     */
    remove() {
      const { entry, target } = state.study;
      if (!entry) return null;
      kept.remove(entry.id);
      reader.stop();
      const none = { entry: null, result: null, target: null, detail: null, cell: 0, away: false };
      state.patch({ study: { ...none, phase: "none" } });
      let back = false;
      // A page that is closed before then leaves it to the server, where it expires.
      sleep(REGRET).then(() => (back ? undefined : api.deleteStudy(entry.id).catch(unlessGone)));
      return () => {
        back = true;
        kept.add(entry);
        show(entry, null, target);
      };
    },
    /**
     * Trains a study again that the server has forgotten, or that was not finished: it comes to the same numbers.
     * @returns {Promise<boolean>}
     */
    async again() {
      const { entry, target } = state.study;
      if (!entry) return false;
      const { id, spec, slots, plan } = entry;
      const made = await start({ spec, slots, plan }, { target, fresh: true });
      if (!made) return false;
      kept.remove(id);
      await api.deleteStudy(id).catch(unlessGone);
      return true;
    },
  };
}

/** @typedef {ReturnType<typeof createClient>} StudyClient */
