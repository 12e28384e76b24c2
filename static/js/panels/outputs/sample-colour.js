/** The colour of a sample: that of its class, or of its number between the two ends of the map's colours. */

import { classColor, classTable, css, groupColor } from "../../ui/theme.js";
import { first } from "./target-range.js";

/**
 * @param {import("../../types.js").DataSet} data
 * @param {[number, number]} range
 * @param {import("../../ui/theme.js").Theme} theme
 * @returns {(target: import("../../types.js").Points["y"][number]) => string}
 */
export function colourOf(data, [low, high], theme) {
  if (data.task === "regression") {
    const table = classTable(theme, 1);
    return (target) => css(table[Math.round((255 * (first(target) - low)) / (high - low))]);
  }
  return (target) =>
    Array.isArray(target)
      ? groupColor(target.indexOf(Math.max(...target)), theme)
      : classColor(target > (low + high) / 2 ? 1 : 0, theme);
}
