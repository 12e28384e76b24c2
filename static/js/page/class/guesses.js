/** What the learner guessed of mysteries: kept on this computer, and nowhere else. */

import { remember, remembered } from "../../ui/storage.js";

/**
 * @typedef {{guess: (number|null)[], answers: number[]|null}} Guess   places among the options, for every run that is
 *   asked about; `answers` once they are told
 */

const KEPT = "basin.mysteries";
const MOST = 40;

/** @returns {Record<string, Guess>} by the id of the mystery */
export function guesses() {
  try {
    const found = JSON.parse(remembered(KEPT) ?? "{}");
    return found !== null && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}

/** @param {string} id @returns {Guess|null} */
export function guessOf(id) {
  const found = guesses()[id];
  return Array.isArray(found?.guess) ? found : null;
}

/** @param {string} id @param {Guess} guess */
export function keepGuess(id, guess) {
  const { [id]: _, ...others } = guesses();
  const kept = Object.entries(others).slice(-(MOST - 1));
  remember(KEPT, JSON.stringify({ ...Object.fromEntries(kept), [id]: guess }));
}
