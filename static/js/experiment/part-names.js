/**
 * What weights and neurons are called in words. In words neurons are counted from 1, as layers and inputs are; in a
 * name such as W1[0,2] as numpy would index it, from 0.
 */

import { t } from "../ui/i18n.js";
import { featureNames } from "./features.js";

/**
 * @typedef {import("./network-state.js").Part} Part
 * @typedef {{setup: import("../types.js").Setup, catalog: import("../types.js").Catalog}} Known
 */

/**
 * A neuron: neuron 2 of layer 1, output 3, or an input by its name.
 * @param {Known} known @param {number} layer @param {number} row
 */
export function neuronInWords({ setup: { spec }, catalog }, layer, row) {
  if (layer === 0) return featureNames(spec, catalog)[row] ?? "";
  if (layer < spec.layers.length) return t("network.part.neuron", { number: row + 1, layer });
  return spec.layers[layer - 1]?.units === 1
    ? t("network.part.output")
    : t("network.part.outputs", { number: row + 1 });
}

/** Where a weight leads, whose bias it is, or which input it is. @param {Known} known @param {Part} part */
export function partInWords(known, part) {
  const { layer, row } = part;
  const to = neuronInWords(known, layer, row);
  if (part.kind === "weight")
    return t("network.part.weight", { from: neuronInWords(known, layer - 1, part.column), to });
  return layer
    ? t("network.part.bias", { neuron: to })
    : t("network.part.input", { number: row + 1 });
}
