/** What a network is given of each sample: the raw inputs, or functions of them that the learner adds. */

/**
 * @typedef {import("../types.js").Spec} Spec
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {{name: string, formula: string, kind: string, inputs: number[]}} Feature   `inputs`: which raw
 *   ones it is made of, counted from 0
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
 * What the raw inputs are called: as the learner's table has it, else x₁, x₂, …
 * @param {Spec} spec
 * @param {Catalog} catalog
 * @returns {string[]}
 */
export function rawNames(spec, catalog) {
  const own = spec.data.name === "custom" ? (spec.data.input_names ?? []) : [];
  return Array.from({ length: rawInputs(spec, catalog) }, (_, i) => nice(own[i] ?? `x${i + 1}`));
}

/** An input's own name x1 as it is written, x₁. @param {string} name */
export const nice = (name) => (/^x\d+$/.test(name) ? `x${subscript(Number(name.slice(1)))}` : name);

/**
 * What goes into the first layer, as formulas: x₁, or x₁², or petal_length².
 * @param {Spec} spec
 * @param {Catalog} catalog
 * @returns {string[]}
 */
export function featureNames(spec, catalog) {
  const formulas = new Map(
    offered(catalog, rawInputs(spec, catalog), rawNames(spec, catalog)).map(({ name, formula }) => [
      name,
      formula,
    ]),
  );
  return featuresOf(spec, catalog).map((name) => formulas.get(name) ?? name);
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
 * @param {string[]} [called] the raw inputs' names
 * @returns {Feature[]}
 */
export function offered({ feature_kinds: kinds = [] }, inputs, called) {
  const places = Array.from({ length: inputs }, (_, i) => i + 1);
  return kinds.flatMap(({ name: kind, pattern, formula, inputs: many }) => {
    const chosen =
      many === 1
        ? places.map((i) => [i])
        : places.flatMap((i) => places.slice(i).map((j) => [i, j]));
    /** @param {number} number */
    const nameOf = (number) => called?.[number - 1] ?? `x${subscript(number)}`;
    return chosen.map((numbers) => ({
      kind,
      name: filled(pattern, numbers.map(String)),
      formula: filled(
        formula.replaceAll("x{i}", "{i}").replaceAll("x{j}", "{j}"),
        numbers.map(nameOf),
      ),
      inputs: numbers.map((number) => number - 1),
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

/** How each kind is computed; a kind that is not known here has no picture. @type {Record<string, (x: number, y: number) => number>} */
const FUNCTIONS = {
  raw: (x) => x,
  square: (x) => x * x,
  product: (x, y) => x * y,
  sine: Math.sin,
  cosine: Math.cos,
};

/**
 * A feature over the plane of two inputs, row by row from below, or along the one input there is; the other
 * inputs are held. Null for a kind that is not known.
 * @param {Feature} feature
 * @param {{ranges: [number, number][], axes: [number, number], held: number[], side: number}} over
 * @returns {Float64Array|null}
 */
export function featureMap({ kind, inputs }, { ranges, axes, held, side }) {
  const compute = FUNCTIONS[kind];
  if (!compute) return null;
  const planar = ranges.length > 1;
  const map = new Float64Array(planar ? side * side : side);
  const at = held.slice();
  /** @param {number} axis @param {number} i */
  const place = (axis, i) =>
    ranges[axis][0] + (i / (side - 1)) * (ranges[axis][1] - ranges[axis][0]);
  for (let i = 0; i < map.length; i++) {
    at[axes[0]] = place(axes[0], i % side);
    if (planar) at[axes[1]] = place(axes[1], Math.floor(i / side));
    map[i] = compute(at[inputs[0]], at[inputs[1]]);
  }
  return map;
}
