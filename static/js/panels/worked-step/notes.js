/** What has to be said beside the formulas of a phase: first what happens in it, then what else is worth knowing. */

import { label, t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { isArticles } from "./formulas.js";

/**
 * @typedef {import("./formulas.js").Phase} Phase
 * @typedef {import("./terms.js").Which} Which
 * @typedef {import("../../types.js").Trace} Trace
 */

/** @param {Trace} trace @param {Phase} phase @param {Which} which @param {boolean} told whether a run diverges @returns {string[]} */
export function notes(trace, { kind, layer }, which, told) {
  if (kind === "update" && !trace.update)
    return [t(told ? "explain.note.diverged" : "explain.note.untold")];
  const more = {
    forward: () => [],
    loss: () => aboutMean(trace, which),
    backward: () => aboutLoss(trace, layer),
    chain: () => aboutPaths(trace, which),
    update: () => aboutUpdate(trace, which, told),
  };
  const lead = kind === "chain" ? `explain.note.chain.${which}` : `explain.note.${kind}`;
  return [t(lead), ...more[kind]()];
}

/** What n counts. @param {Trace} trace @param {Which} which */
function aboutMean({ loss: { slope }, batch }, which) {
  const { n } = slope[which];
  const samples = which === "batch" ? batch.size : 1;
  if (n === samples) return [];
  const outputs = format.count(n / samples);
  return [t("explain.note.n", { n: format.count(n), samples: format.count(samples), outputs })];
}

/** Where the gradient of the output comes from. @param {Trace} trace @param {number} layer */
function aboutLoss(trace, layer) {
  const { layers, loss } = trace;
  const top = layers[layers.length - 1];
  const words = [t("explain.note.transpose")];
  if (layer !== top.layer) return words;
  if (loss.on_logits) return [t("explain.note.fused"), ...words];
  if (top.activation !== "sigmoid") return words;
  if (isArticles(trace)) return [t("explain.note.article"), ...words];
  return loss.name === "mse" ? [t("explain.note.plateau"), ...words] : words;
}

/** @param {Trace} trace @param {Which} which */
function aboutPaths({ chain }, which) {
  return which === "sample" && !chain.paths ? [t("explain.note.many")] : [];
}

/** @param {Trace} trace @param {Which} which @param {boolean} told */
function aboutUpdate({ update, parameter, batch, chain }, which, told) {
  if (!update) return [];
  const { optimizer, state, dying, diverges } = update;
  const words = [];
  if (which === "sample" && batch.size > 1)
    words.push(
      t("explain.note.batch", {
        size: format.count(batch.size),
        name: parameter.name,
        own: format.number(chain.product),
      }),
    );
  if (state.length) words.push(t("explain.note.method", { name: label("optimizers", optimizer) }));
  if (dying) words.push(t(dying.dead ? "explain.note.dead" : "explain.note.shrink"));
  if (diverges && told) words.push(t("explain.note.diverges"));
  return words;
}
