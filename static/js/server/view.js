/** Experiments to be looked at only. */

import { request } from "./api.js";

/** An id under which an experiment may be looked at only. @param {string} id @returns {Promise<{id: string}>} */
export const viewOf = (id) => request("POST", `api/experiments/${encodeURIComponent(id)}/view`);
