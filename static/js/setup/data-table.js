/** Data taken out as a table: one line for a sample, its inputs and then its target. */

import { writeCsv } from "../ui/csv.js";

/**
 * The data of an experiment as comma-separated values.
 * @param {import("../types.js").DataSpec} spec
 * @param {import("../types.js").DataSet} data
 */
export function dataCsv(spec, data) {
  const { names, target, inputs, targets } = tableOf(spec, data);
  const width = Math.max(1, ...targets.map((value) => (Array.isArray(value) ? value.length : 1)));
  const last =
    width === 1 ? [target] : Array.from({ length: width }, (_, i) => `${target}${i + 1}`);
  return writeCsv([
    [...names, ...last],
    ...inputs.map((row, i) => [...row, ...[targets[i]].flat()]),
  ]);
}

/**
 * The table of an experiment: as it was brought, or as it was made.
 * @param {import("../types.js").DataSpec} spec
 * @param {import("../types.js").DataSet} data
 */
export function tableOf(spec, data) {
  const { classes } = data;
  /** @param {number|number[]} value */
  const named = (value) => {
    if (!classes) return value;
    if (Array.isArray(value)) return classes[value.indexOf(Math.max(...value))];
    return classes[value > 0 ? classes.length - 1 : 0];
  };
  if (spec.name === "custom") {
    return {
      names: data.inputs,
      target: data.target ?? "y",
      inputs: /** @type {number[][]} */ (spec.inputs),
      targets: (spec.targets ?? []).map((value) =>
        spec.classes && !Array.isArray(value) ? spec.classes[value] : value,
      ),
    };
  }
  return {
    names: data.inputs,
    target: data.target ?? "y",
    inputs: [...data.train.x, ...(data.test?.x ?? [])],
    targets: [...data.train.y, ...(data.test?.y ?? [])].map(named),
  };
}
