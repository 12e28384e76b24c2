/**
 * The one clock of the page: what is drawn or done again and again, when it is due. Nothing takes more than its share
 * of the time, nothing is queued, and nothing is drawn out of sight.
 */

import { createThrottle } from "../ui/throttle.js";

/**
 * @typedef {object} Task
 * @property {number} [every]    at least so many milliseconds apart
 * @property {number} [share]    at most this share of all time
 * @property {number} [longest]  but never waiting longer than this
 * @property {() => boolean} [ready]  whether it can be done now: in sight, known, not held by the mouse
 * @property {(now: number) => void|Promise<number>} run   resolves to what it cost, in milliseconds
 * @property {() => void} [after]  told when it is done
 *
 * @typedef {object} Due   a task that has been registered
 * @property {(atOnce?: boolean) => void} want   it is due; `atOnce` without regard to its pace
 * @property {(began: number, took: number) => void} cost   it cost more than its run shows
 */

/**
 * @param {object} [options]
 * @param {() => number} [options.clock] milliseconds
 * @param {(run: () => void) => unknown} [options.frame] calls before the next frame
 */
export function createFrameScheduler({
  clock = () => performance.now(),
  frame = (run) => requestAnimationFrame(run),
} = {}) {
  /** @typedef {{task: Task, throttle: ReturnType<typeof createThrottle>, due: boolean, atOnce: boolean, busy: boolean}} Entry */
  /** @type {Entry[]} */
  const entries = [];
  let asked = false;

  const isReady = (/** @type {Entry} */ { due, busy, task }) =>
    due && !busy && (task.ready?.() ?? true);

  function wake() {
    if (asked) return;
    asked = true;
    frame(tick);
  }

  function tick() {
    asked = false;
    const now = clock();
    for (const entry of entries)
      if (isReady(entry) && (entry.atOnce || entry.throttle.due(now))) run(entry);
    if (entries.some(isReady)) wake();
  }

  /** @param {Entry} entry */
  function run(entry) {
    entry.due = entry.atOnce = false;
    const began = clock();
    const { task, throttle } = entry;
    const done = task.run(began);
    if (!done) {
      throttle.done(began, clock() - began);
      return task.after?.();
    }
    entry.busy = true;
    done
      .then((cost) => throttle.done(began, cost))
      .finally(() => {
        entry.busy = false;
        task.after?.();
        if (entry.due) wake();
      });
  }

  return {
    /** Something that was not ready may be so now. */
    wake,
    /** @param {Task} task @returns {Due} */
    add(task) {
      const { every = 0, share = 1, longest } = task;
      const throttle = createThrottle({ every, share, longest });
      /** @type {Entry} */
      const entry = { task, throttle, due: false, atOnce: false, busy: false };
      entries.push(entry);
      return {
        want(atOnce = false) {
          entry.due = true;
          entry.atOnce ||= atOnce;
          wake();
        },
        cost: throttle.done,
      };
    },
  };
}

/** @typedef {ReturnType<typeof createFrameScheduler>} FrameScheduler */
