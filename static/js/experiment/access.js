/**
 * What of the page may be seen and used. A lesson, a link made to measure and a mystery each close some parts of it, as
 * layers of their own: what any of them closes is closed, and it opens when that layer goes.
 */

/**
 * @typedef {"network"|"learned"|"loss"|"surface"|"signals"|"explain"|"seeds"|"data"|"runs"|"settings"|"train"|"timeline"
 *   |"presets"|"lessons"|"tools"|"language"} Part
 * @typedef {{hidden?: Part[], locked?: Part[], answers?: boolean}} Layer
 * @typedef {{layers: Record<string, Layer>, hidden: Set<Part>, locked: Set<Part>, answers: boolean, words: object|null}} Access
 *   `answers`: whether verdicts and statuses are told; `words`: what the page's link says of it
 * @typedef {{access: Access}} WithAccess
 */

/** Parts that can be hidden. @type {Part[]} */
export const PARTS = [
  "network",
  "learned",
  "loss",
  "surface",
  "signals",
  "explain",
  "seeds",
  "data",
  "runs",
  "settings",
  "train",
  "timeline",
  "presets",
  "lessons",
  "tools",
  "language",
];
/** Those that can be seen and yet not be used. @type {Part[]} */
export const LOCKABLE = ["network", "data", "runs", "settings", "train", "timeline"];

/** Everything is open. @type {Access} */
export const OPEN = {
  layers: {},
  hidden: new Set(),
  locked: new Set(),
  answers: true,
  words: null,
};

/**
 * The access with another layer in the place of that of a name; null takes it away.
 * @param {Access} access @param {string} name @param {Layer|null} layer
 * @returns {Access}
 */
export function withLayer(access, name, layer) {
  const { [name]: _, ...others } = access.layers;
  const layers = layer ? { ...others, [name]: layer } : others;
  const all = Object.values(layers);
  return {
    ...access,
    layers,
    hidden: new Set(all.flatMap(({ hidden = [] }) => hidden)),
    locked: new Set(all.flatMap(({ locked = [] }) => locked)),
    answers: all.every(({ answers = true }) => answers),
  };
}

/** @param {WithAccess} state @param {Part} part */
export const isHidden = ({ access }, part) => access.hidden.has(part);

/** Whether a part cannot be used, seen or not. @param {WithAccess} state @param {Part} part */
export const isShut = ({ access }, part) => access.hidden.has(part) || access.locked.has(part);

/**
 * Which part an edit of the set-up belongs to.
 * @param {string} what  as `whatChanged` says
 * @returns {Part}
 */
export function partOfChange(what) {
  if (what === "data" || what === "network") return what;
  return what === "runs" || what === "seed" ? "runs" : "settings";
}
