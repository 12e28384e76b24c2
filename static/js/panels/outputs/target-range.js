/** The numbers that the two ends of the map's colours mean. */

import { extent } from "../../server/typed-array.js";

/** @typedef {import("../../types.js").DataSet} DataSet */

/** @param {import("../../types.js").Points["y"][number]} target */
export const first = (target) => (Array.isArray(target) ? target[0] : target);

/** The lowest and the highest target, which the two ends of the colours mean. @param {DataSet} data @returns {[number, number]} */
export function targetRange(data) {
  const all = [...data.train.y, ...(data.test?.y ?? [])].map(first);
  const [low, high] = extent(all) ?? [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}
