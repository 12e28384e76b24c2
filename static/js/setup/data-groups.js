/** How the kinds of data are shelved, so that a new one finds its place by itself. */

/** @typedef {import("../types.js").Choice} Choice */

/** The shelves, in their order. */
export const GROUPS = ["classes", "gates", "numbers", "curves", "own"];

/** What the learner brings. */
export const OWN = ["custom", "formula"];

/**
 * @param {Choice} entry
 * @returns {string} one of GROUPS
 */
export function groupOf({ name, task, inputs }) {
  if (OWN.includes(name)) return "own";
  if (name.startsWith("gate")) return "gates";
  if (inputs === 1) return "curves";
  return task === "regression" ? "numbers" : "classes";
}

/**
 * The data sets that are in sight: the first few, and in the last place the chosen one if it is another.
 * @param {Choice[]} entries
 * @param {string} chosen
 * @param {number} places
 */
export function inSight(entries, chosen, places) {
  const built = entries.filter((entry) => groupOf(entry) !== "own");
  const first = FIRST.flatMap((name) => built.filter((entry) => entry.name === name));
  const rest = built.filter((entry) => !FIRST.includes(entry.name));
  const shown = [...first, ...rest].slice(0, places);
  const other = built.find((entry) => entry.name === chosen && !shown.includes(entry));
  return other ? [...shown.slice(0, -1), other] : shown;
}

/** What a beginner meets first. */
const FIRST = ["circle", "xor", "gauss", "spiral", "line"];

/**
 * All entries, shelf by shelf.
 * @param {Choice[]} entries
 */
export function shelved(entries) {
  return GROUPS.flatMap((group) => entries.filter((entry) => groupOf(entry) === group));
}
