/** An experiment made again from what describes it: its spec, what happened on the way, and how far it went. */

import { ApiError } from "../server/api.js";

/**
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {{spec: import("../types.js").Spec, events: object[], step: number}} Recorded
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
 * @returns {Promise<Summary>}
 */
export async function replay({ spec, events, step }, { api, patiently, progress }) {
  const way = events.length ? { ...spec, events } : spec;
  const made = await patiently(() => api.create(way));
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
      const done = await patiently(async () => {
        if (at >= step) return null;
        return api.steps(made.id, { count: Math.min(block, step - at), every: block, version });
      }, look);
      if (!done) break;
      version = done.version;
      at = done.step;
    } catch (error) {
      const most = error instanceof ApiError && error.errors[0]?.allowed?.maximum;
      if (!most || most >= count) throw error;
      count = most;
    }
    if (at < step) progress(at / step);
  }
  return step ? patiently(() => api.read(made.id)) : made;
}
