/** What the page begins with: what its address says, or the opening experiment. */

import { ApiError } from "../server/api.js";
import { wait } from "../server/retry.js";

/**
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {import("./link.js").Look} Look
 */

/** So begins the fragment of a link to an experiment that may only be looked at. */
export const WATCHED = "#watch=";

/** Whether a fragment means to be a link, and not just a place on the page. @param {string} fragment */
export const isLink = (fragment) => /^#v\d|[=&]/.test(fragment);

const FULL_WAIT = 20_000;

/**
 * @param {object} options
 * @param {string} options.fragment of the address
 * @param {import("../types.js").Preset[]} options.presets
 * @param {typeof import("../server/api.js").api} options.api
 * @param {<T>(work: () => Promise<T>, again?: () => Promise<void>) => Promise<T>} options.patiently
 * @param {(share: number) => void} options.progress
 * @param {(code: string) => void} options.refused says why there is none; of a full server it is asked again
 * @param {(ms: number) => Promise<void>} [options.sleep]
 * @returns {Promise<{summary: Summary, preset: string, look: Look, study: object|null, made: object|null, problem: string|null}>} `problem` is the
 *   key of what is to be said about a link that could not be opened
 */
export async function openExperiment({ refused, sleep = wait, ...options }) {
  for (;;) {
    try {
      return await open(options);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refused(error.code);
      if (error.status !== 507) throw error;
      await sleep(FULL_WAIT);
    }
  }
}

/** @param {Omit<Parameters<typeof openExperiment>[0], "refused"|"sleep">} options */
async function open({ fragment, presets, api, patiently, progress }) {
  let problem = null;
  if (fragment.startsWith(WATCHED)) {
    const { watched } = await import("./watch.js");
    try {
      const summary = await patiently(() => watched(fragment, api));
      return { summary, preset: "", look: {}, study: null, made: null, problem: "share.watched" };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem = "share.refused";
    }
  } else if (isLink(fragment)) {
    const [{ LinkError, fromFragment }, { replay }] = await Promise.all([
      import("./link.js"),
      import("../experiment/replay.js"),
    ]);
    try {
      const {
        preset,
        look,
        study,
        made = null,
        ...recorded
      } = await fromFragment(fragment, presets);
      const summary = await replay(recorded, { api, patiently, progress });
      return { summary, preset, look, study, made, problem };
    } catch (error) {
      if (error instanceof LinkError) problem = `share.${error.reason}`;
      else if (error instanceof ApiError && error.status !== 507)
        problem = error.code === "unknown_mystery" ? "share.noMystery" : "share.refused";
      else throw error;
    }
  }
  const [first] = presets;
  const summary = await patiently(() => api.create(first.spec));
  return { summary, preset: first.name, look: {}, study: null, made: null, problem };
}
