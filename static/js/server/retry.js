/** Asking a server that may be busy, gone for a while, or back without the last answer having arrived. */

import { ApiError } from "./api.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/** @param {number} ms @returns {Promise<void>} */
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One thing at a time, in order, whatever becomes of those before. */
export function createOrder() {
  /** @type {Promise<void>} */
  let tail = Promise.resolve();
  return {
    /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
    inOrder(work) {
      const turn = tail.then(work);
      tail = turn.then(
        () => {},
        () => {},
      );
      return turn;
    },
    /** Resolves once all that was asked for is done; another promise with every asking. */
    settled: () => tail,
  };
}

/**
 * @param {object} options
 * @param {(key: string) => void} options.say tells the visitor how things stand, by key
 * @param {(ms: number) => Promise<void>} [options.sleep]
 */
export function createRetry({ say, sleep = wait }) {
  return {
    inOrder: createOrder().inOrder,
    /**
     * Asks until there is an answer. Once the connection was lost, `again` is done before every new attempt.
     * @template T
     * @param {() => Promise<T>} work
     * @param {() => Promise<void>} [again]
     * @returns {Promise<T>}
     */
    async patiently(work, again) {
      let lost = false;
      let waited = false;
      for (let pause = FIRST_WAIT; ; pause = Math.min(2 * pause, LONGEST_WAIT)) {
        try {
          if (lost && again) await again();
          const answer = await work();
          if (waited) say("notice.back");
          return answer;
        } catch (error) {
          if (!(error instanceof ApiError) || !error.passes) throw error;
          lost ||= error.isLost;
          say(error.isAway ? "errors.store_unavailable" : lost ? "notice.offline" : "errors.busy");
          waited = true;
          await sleep(error.status ? error.retryAfter * 1000 : pause);
        }
      }
    },
  };
}
