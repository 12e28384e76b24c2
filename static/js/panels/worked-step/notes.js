/** What has to be said beside the formulas of a phase. */

import { label, t } from "../../ui/i18n.js";

/**
 * @typedef {import("./formulas.js").Phase} Phase
 * @typedef {import("../../types.js").Trace} Trace
 */

/** @param {Trace} trace @param {Phase} phase @returns {string[]} */
export function notes(trace, { kind, layer }) {
  if (kind === "update" && !trace.update) return [t("explain.note.diverged")];
  const more = { backward: aboutLoss, chain: aboutPaths, update: aboutUpdate };
  const own = kind in more ? more[/** @type {keyof typeof more} */ (kind)](trace, layer) : [];
  return [t(`explain.note.${kind}`), ...own];
}

/** Where the gradient of the output comes from. @param {Trace} trace @param {number} layer */
function aboutLoss({ layers, loss }, layer) {
  const top = layers[layers.length - 1];
  if (layer !== top.layer) return [];
  if (loss.on_logits) return [t("explain.note.fused")];
  if (top.activation !== "sigmoid") return [];
  if (loss.name === "half_mse") return [t("explain.note.article")];
  return loss.name === "mse" ? [t("explain.note.plateau")] : [];
}

/** @param {Trace} trace */
function aboutPaths({ chain }) {
  return chain.paths ? [] : [t("explain.note.many")];
}

/** @param {Trace} trace */
function aboutUpdate({ update }) {
  if (!update) return [];
  const { optimizer, state, dying, diverges } = update;
  const words = [];
  if (state.length) words.push(t("explain.note.method", { name: label("optimizers", optimizer) }));
  if (dying) words.push(t(dying.dead ? "explain.note.dead" : "explain.note.shrink"));
  if (diverges) words.push(t("explain.note.diverges"));
  return words;
}
