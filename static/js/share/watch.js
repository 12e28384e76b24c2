/** Somebody else's experiment, which may only be looked at. */

import { WATCHED } from "./open.js";

/**
 * The experiment of such a link, as it is now.
 * @param {string} fragment
 * @param {typeof import("../server/api.js").api} api
 */
export const watched = (fragment, api) =>
  api.read(decodeURIComponent(fragment.slice(WATCHED.length)));
