/** How far a learner is in each lesson, and what they predicted: kept on this computer, and nowhere else. */

import { remember, remembered } from "../../ui/storage.js";

/**
 * @typedef {import("./judge.js").Guess} Guess
 * @typedef {{guess: Guess|null, verdict: import("./judge.js").Verdict|"skipped",
 *   measured: import("./lesson.js").Measured}} Done
 * @typedef {{card: number, done: Record<string, Done>}} Progress   `card` is the one that is open; `done` are those
 *   whose answer is known, by place
 */

const KEPT = "basin.lessons";
const OWN = "basin.lessons.own";
/** So many lessons are remembered; the one that was left longest ago is forgotten first. */
const MOST = 60;

/** @returns {Record<string, Progress>} */
function all() {
  try {
    const found = JSON.parse(remembered(KEPT) ?? "{}");
    return found !== null && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}

/** @param {unknown} value @returns {value is Progress} */
const isProgress = (value) =>
  value !== null &&
  typeof value === "object" &&
  Number.isInteger(/** @type {Progress} */ (value).card) &&
  typeof (/** @type {Progress} */ (value).done) === "object" &&
  /** @type {Progress} */ (value).done !== null;

/** @param {string} key @returns {Progress} */
export function progressOf(key) {
  const found = all()[key];
  return isProgress(found) ? found : { card: 0, done: {} };
}

/** How far the learner is in every lesson, by its key. @returns {Record<string, Progress>} */
export const allProgress = () =>
  Object.fromEntries(Object.entries(all()).filter(([, progress]) => isProgress(progress)));

/** @param {string} key @param {Progress} progress */
export function keepProgress(key, progress) {
  const { [key]: _, ...others } = all();
  const kept = Object.entries(others).slice(-(MOST - 1));
  remember(KEPT, JSON.stringify({ ...Object.fromEntries(kept), [key]: progress }));
}

/** A name for a lesson that has none: it is known again by what it says. @param {unknown} lesson */
export function keyOf(lesson) {
  let sum = 5381;
  for (const sign of JSON.stringify(lesson))
    sum = (sum * 33 + (sign.codePointAt(0) ?? 0)) % 2 ** 40;
  return `own-${sum.toString(36)}`;
}

/**
 * The experiment that was on the page before a lesson, and how it was looked at.
 * @typedef {import("../../experiment/changes.js").Snapshot & {sight?: ReturnType<typeof import("./sight.js").sightOf>}} Own
 */

/** Keeps it. @param {Own|null} own null forgets it */
export const keepOwn = (own) => remember(OWN, JSON.stringify(own));

/** That experiment, or null. @returns {Own|null} */
export function keptOwn() {
  try {
    const found = JSON.parse(remembered(OWN) ?? "null");
    return found && typeof found === "object" && found.setup?.spec ? found : null;
  } catch {
    return null;
  }
}
