/** What is explained: whether there is such a thing in the experiment on the page. */

/**
 * What of the parameter and the sample that were chosen another network, or other data, have not.
 * @param {Pick<import("../../experiment/state.js").State, "summary"|"data"|"traced">} state
 * @returns {"parameter"|"sample"|null} null where both are there
 */
export function missing({ summary, data, traced: { parameter, sample } }) {
  if (!summary.parameter_names.includes(parameter)) return "parameter";
  return data && sample !== null && sample >= data.train.x.length ? "sample" : null;
}
