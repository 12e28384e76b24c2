/**
 * What of the page may be seen and used. A lesson, a link made to measure and a mystery each close some parts of it, as
 * layers of their own: what any of them closes is closed, and it opens when that layer goes.
 */

/**
 * @typedef {import("../types.js").Part} Part
 * @typedef {import("../types.js").Access} Access
 * @typedef {{access: Access}} WithAccess
 */

/** Everything is open. @type {Access} */
export const OPEN = {
  layers: {},
  hidden: new Set(),
  locked: new Set(),
  answers: true,
  words: null,
};

/** @param {WithAccess} state @param {Part} part */
export const isHidden = ({ access }, part) => access.hidden.has(part);

/** Whether a panel that can be large is hidden; that of the runs has a name of its own. @param {WithAccess} state @param {string} panel */
export const isPanelHidden = (state, panel) =>
  isHidden(state, /** @type {Part} */ (panel === "comparison" ? "runs" : panel));

/** Whether a part cannot be used, seen or not. @param {WithAccess} state @param {Part} part */
export const isShut = ({ access }, part) => access.hidden.has(part) || access.locked.has(part);

/** Whether what a part sets stays: a lesson hides parts for room only. @param {WithAccess} state @param {Part} part */
export const isFixed = ({ access }, part) =>
  access.locked.has(part) ||
  Object.entries(access.layers).some(
    ([name, { hidden }]) => name !== "lesson" && hidden?.includes(part),
  );

/** Whether the page tells verdicts, statuses and what follows from them; numbers it always tells. @param {WithAccess} state */
export const isTold = ({ access }) => access.answers;

/**
 * Which part an edit of the set-up belongs to.
 * @param {string} what  as `whatChanged` says
 * @returns {Part}
 */
export function partOfChange(what) {
  if (what === "data" || what === "network") return what;
  return what === "runs" || what === "seed" ? "runs" : "settings";
}
