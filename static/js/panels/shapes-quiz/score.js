/** The best score of the quiz, which the browser keeps: how many answers were right at the first try, of how many. */

import { remember, remembered } from "../../ui/storage.js";

/** @typedef {{right: number, count: number}} Score */

const KEPT = "basin.shapes";

/** @returns {Score|null} */
export function bestScore() {
  const [, right, count] = /^(\d{1,3})\/(\d{1,3})$/.exec(remembered(KEPT) ?? "") ?? [];
  return count && Number(right) <= Number(count)
    ? { right: Number(right), count: Number(count) }
    : null;
}

/** Keeps a score, if it is better than the best: by its share, then by the number of questions. @param {Score} score */
export function keepScore({ right, count }) {
  const best = bestScore();
  const ahead = best ? right * best.count - best.right * count : 1;
  if (ahead > 0 || (ahead === 0 && best && count > best.count)) remember(KEPT, `${right}/${count}`);
}
