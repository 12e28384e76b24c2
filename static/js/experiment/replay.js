/** An experiment made again from what describes it: its spec, what happened on the way, and how far it went. */

import { ApiError } from "../server/api.js";
import * as format from "../ui/number-format.js";

/**
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {{spec: import("../types.js").Spec, events: object[], step: number}} Recorded
 * @typedef {{progress?: (share: number) => void, signal?: AbortSignal}} How
 */

/** Steps of one request; few enough that the page can say how far it is. */
const BLOCK = 2000;

/**
 * Makes the experiment and trains it to its step, in blocks; bit-equal, since time is a function.
 * @param {Recorded} recorded
 * @param {object} options
 * @param {typeof import("../server/api.js").api} options.api
 * @param {<T>(work: () => Promise<T>, again?: () => Promise<void>) => Promise<T>} options.patiently
 * @param {(share: number) => void} options.progress told how far it is, 0 … 1, while it takes long
 * @param {AbortSignal} [options.signal] ends it
 * @returns {Promise<Summary>}
 * @throws {DOMException} AbortError, once it was ended
 */
export async function replay({ spec, events, step }, { api, patiently, progress, signal }) {
  const way = events.length ? { ...spec, events } : spec;
  /** @type {Promise<never>} */
  const ended = new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  ended.catch(() => {}); // where nobody asks any more
  /** @type {typeof patiently} */
  const ask = (work, again) => Promise.race([patiently(work, again), ended]);
  signal?.throwIfAborted();
  const made = await ask(() => api.create(way));
  let { version } = made;
  let count = Math.min(BLOCK, step);
  let at = made.step;
  /** After a lost answer: how far did it get? */
  const look = async () => {
    const found = await api.read(made.id);
    version = found.version;
    at = found.step;
  };
  while (at < step) {
    const block = Math.min(count, step - at);
    try {
      const done = await ask(async () => {
        if (at >= step) return null;
        return api.steps(made.id, { count: Math.min(block, step - at), every: block, version });
      }, look);
      if (!done) break;
      version = done.version;
      at = done.step;
    } catch (error) {
      count = fewer(error, count);
    }
    if (at < step) progress(at / step);
  }
  return step ? ask(() => api.read(made.id)) : made;
}

/** As many steps as the server allows at once. @param {unknown} error @param {number} count that were too many */
function fewer(error, count) {
  const most = error instanceof ApiError && error.errors[0]?.allowed?.maximum;
  if (!most || most >= count) throw error;
  return most;
}

/**
 * The same, for a page that says how far it is.
 * @param {Recorded} recorded
 * @param {Omit<Parameters<typeof replay>[1], "progress"> & How & {say: (key: string, more: object) => void}} how
 */
export function again(recorded, { say, ...how }) {
  /** @param {number} share */
  const progress = (share) => say("notice.replaying", { values: { share: format.percent(share) } });
  return replay(recorded, { progress, ...how });
}
