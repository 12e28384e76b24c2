/** What a network is given of each sample: the raw inputs, or functions of them that the learner adds. */

/**
 * @typedef {import("../types.js").Spec} Spec
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {{name: string, formula: string, kind: string}} Feature
 */

/**
 * How many raw inputs the data have.
 * @param {Spec} spec
 * @param {Catalog} catalog
 */
export function rawInputs({ data }, catalog) {
  if (data.name === "custom") return /** @type {number[][]} */ (data.inputs)?.[0]?.length ?? 1;
  if (data.name === "formula")
    return /** @type {number} */ (/** @type {unknown} */ (data.inputs)) ?? 2;
  return catalog.data.find(({ name }) => name === data.name)?.inputs ?? 2;
}

/**
 * The names of the features in use: those chosen, else the raw inputs.
 * @param {Spec} spec
 * @param {Catalog} catalog
 * @returns {string[]}
 */
export function featuresOf(spec, catalog) {
  if (spec.features?.length) return spec.features;
  return Array.from({ length: rawInputs(spec, catalog) }, (_, i) => `x${i + 1}`);
}

/**
 * Every feature that so many raw inputs can give, kind by kind.
 * @param {Catalog} catalog
 * @param {number} inputs
 * @returns {Feature[]}
 */
export function offered({ feature_kinds: kinds = [] }, inputs) {
  const places = Array.from({ length: inputs }, (_, i) => i + 1);
  return kinds.flatMap(({ name: kind, pattern, formula, inputs: many }) => {
    const chosen =
      many === 1
        ? places.map((i) => [i])
        : places.flatMap((i) => places.slice(i).map((j) => [i, j]));
    return chosen.map((numbers) => ({
      kind,
      name: filled(pattern, numbers.map(String)),
      formula: filled(formula, numbers.map(subscript)),
    }));
  });
}

/** @param {string} pattern @param {string[]} numbers */
function filled(pattern, [i, j]) {
  return pattern.replaceAll("{i}", i).replaceAll("{j}", j ?? "");
}

/** A number below the line. @param {number} number */
export function subscript(number) {
  return [...String(number)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}

/**
 * The features with one more or one less, in the order in which they are offered; never none.
 * @param {string[]} present
 * @param {string} name
 * @param {Feature[]} all
 */
export function toggled(present, name, all) {
  const next = present.includes(name)
    ? present.filter((other) => other !== name)
    : [...present, name];
  if (!next.length) return present;
  const order = all.map((feature) => feature.name);
  return next.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
