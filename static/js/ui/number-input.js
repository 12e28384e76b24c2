/** Numbers a learner types, and what is wrong with one. */

/** @typedef {import("../types.js").Range} Range */

/**
 * A number within a range, or the rule it breaks, as the server would say it.
 * @param {string} text
 * @param {Range} range
 * @returns {{value: number} | {code: string, allowed: Record<string, unknown>}}
 */
export function parseNumber(text, range) {
  const narrow = (/** @type {string} */ wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0);
  const plain = text.replace(/[！-～]/g, narrow).trim();
  const value = Number(plain.replace("−", "-").replace(",", "."));
  if (plain === "" || !Number.isFinite(value)) {
    return { code: "wrong_type", allowed: { type: range.integer ? "integer" : "number" } };
  }
  if (range.integer && !Number.isInteger(value)) {
    return { code: "wrong_type", allowed: { type: "integer" } };
  }
  const { minimum, maximum, exclusive_minimum } = range;
  const low = exclusive_minimum ? value <= minimum : value < minimum;
  if (low || value > maximum) {
    return { code: "out_of_range", allowed: { minimum, maximum, exclusive_minimum } };
  }
  return { value };
}
