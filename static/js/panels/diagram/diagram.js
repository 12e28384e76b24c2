/** The drawn network on the page: where its columns are, what it shows, and its words for screen readers. */

import { palette } from "../../ui/theme.js";
import { byId, setText, sharp } from "../../ui/dom.js";
import { featuresOf, offered, rawInputs } from "../../experiment/features.js";
import * as format from "../../ui/number-format.js";
import { label, t } from "../../ui/i18n.js";
import { inputCount } from "../../experiment/spec.js";
import { runNames } from "../../experiment/state.js";
import { FONT } from "../../ui/canvas-axes.js";
import { arrange } from "./geometry.js";
import { paintNetwork } from "./paint.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("./geometry.js").Places} Places
 * @typedef {import("../../types.js").Inside} Inside
 * @typedef {{run: number, places: Places}} Band   one run's network on the canvas
 */

/** Room for the names of W above a network, and for those of b and the distinct neurons below. */
const ABOVE = 20;
const BELOW = 36;
/** A network lower than this is drawn without its names. */
const NAMED = 120;

/** Inputs and layers of the network that the editor shows. @param {State} state */
export function sizesOf({ setup: { spec }, catalog }) {
  return [inputCount(spec, catalog), ...spec.layers.map((layer) => layer.units)];
}

/** What goes into the first layer, as formulas: x₁, or x₁². @param {State} state */
export function inputNames({ setup: { spec }, catalog }) {
  const formulas = new Map(
    offered(catalog, rawInputs(spec, catalog)).map(({ name, formula }) => [name, formula]),
  );
  return featuresOf(spec, catalog).map((name) => formulas.get(name) ?? name);
}

/** Whether what the server told is of the network that the editor shows. @param {State} state */
export function isFresh({ setup, live }) {
  return (
    JSON.stringify(setup.spec.layers) === JSON.stringify(live.spec.layers) &&
    JSON.stringify(setup.spec.features) === JSON.stringify(live.spec.features) &&
    setup.spec.data.name === live.spec.data.name
  );
}

/** The runs that are drawn: the chosen one, and one beside it. @param {State} state */
export function shownRuns({ chosen, network: { other }, live }) {
  return other !== null && other !== chosen && live.spec.runs[other] ? [chosen, other] : [chosen];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {State} state
 * @returns {Band[]} where everything is
 */
export function drawDiagram(canvas, state) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!width || !height) return [];
  const context = sharp(canvas, width, height);
  const { left } = canvas.getBoundingClientRect();
  const columns = [...byId("layers").querySelectorAll(".layer")].map((column) => {
    const box = column.getBoundingClientRect();
    return box.left + box.width / 2 - left;
  });
  const sizes = sizesOf(state);
  if (columns.length !== sizes.length) return [];
  const runs = shownRuns(state);
  const share = height / runs.length;
  const bands = runs.map((run, i) => {
    const top = i * share;
    const named = share >= NAMED;
    const band = named
      ? { top: top + ABOVE, bottom: top + share - BELOW }
      : { top: top + 4, bottom: top + share - 6 };
    const places = arrange(sizes, columns, band);
    paintNetwork(context, places, lookOf(state, run, accentOf(canvas), i === 0));
    if (named) drawNames(context, state, run, places, columns, sizes, { top, bottom: top + share });
    if (runs.length > 1) {
      context.fillStyle = palette(state.view.theme).ink;
      context.font = `600 ${FONT}`;
      context.textAlign = "left";
      context.textBaseline = "top";
      context.fillText(runNames(state)[run], 4, top + 3, columns[1] - 12);
    }
    return { run, places };
  });
  describe(canvas, state, sizes);
  return bands;
}

/**
 * What is painted of a run's network, and how.
 * @param {State} state @param {number} run @param {string} accent
 * @param {boolean} first whether it is the first network that is drawn, the one whose step is explained
 * @returns {import("./paint.js").Look}
 */
function lookOf(state, run, accent, first) {
  const { mode, phase, followed, selected, hovered } = state.network;
  const inside = isFresh(state) ? (state.inside.get(run) ?? null) : null;
  return {
    theme: state.view.theme,
    accent,
    values: (mode === "gradients" ? inside?.gradients : inside) ?? null,
    neurons: inside?.outputs ?? null,
    inputs: inputNames(state),
    twins: twinsOf(state, run),
    marked: [phase && first ? followed : null, selected, hovered],
    phase: first ? phase : null,
  };
}

/** @param {HTMLElement} element */
const accentOf = (element) => getComputedStyle(element).getPropertyValue("--accent").trim();

/** Groups of neurons that are the same, layer by layer. @param {State} state @param {number} run @returns {number[][][]} */
function twinsOf(state, run) {
  if (!isFresh(state)) return [];
  return state.diagnostics?.runs[run]?.layers.map(({ twins }) => twins) ?? [];
}

/**
 * @param {CanvasRenderingContext2D} context @param {State} state @param {number} run @param {Places} places
 * @param {number[]} columns @param {number[]} sizes @param {{top: number, bottom: number}} band
 */
function drawNames(context, state, run, places, columns, sizes, band) {
  const { muted } = palette(state.view.theme);
  const layers = isFresh(state) ? state.diagnostics?.runs[run]?.layers : undefined;
  const prefix = state.network.mode === "gradients" ? "d" : "";
  context.font = FONT;
  context.textAlign = "center";
  for (let layer = 1; layer < sizes.length; layer++) {
    context.fillStyle = muted;
    context.textBaseline = "top";
    const middle = (columns[layer - 1] + columns[layer]) / 2;
    if (!state.network.asking)
      context.fillText(
        `${prefix}W${layer} (${sizes[layer]}, ${sizes[layer - 1]})`,
        middle,
        band.top + 2,
      );
    const below = places.bottom + 3;
    if (!state.network.asking)
      context.fillText(`${prefix}b${layer} (${sizes[layer]}, 1)`, columns[layer], below);
    const found = layers?.[layer - 1];
    if (!found || found.units < 2) continue;
    context.fillStyle = muted;
    const wide = columns[layer] - columns[layer - 1] > 140;
    drawDistinct(context, found, wide, columns[layer], below + 16);
  }
}

/**
 * How many different neurons a layer has; fewer than it has units stands out.
 * @param {CanvasRenderingContext2D} context
 * @param {{distinct: number, units: number, similarity: number|null}} layer
 * @param {boolean} wide whether there is room for their mean likeness too
 * @param {number} x @param {number} y
 */
function drawDistinct(context, { distinct, units, similarity }, wide, x, y) {
  if (distinct < units) {
    context.fillStyle = accentOf(context.canvas);
    context.font = `600 ${FONT}`;
  }
  const words = t("network.distinct", { distinct, units });
  const graded = similarity === null ? "" : ` · cos ${format.plain(similarity, 2)}`;
  context.fillText(wide ? words + graded : words, x, y);
  context.font = FONT;
}

/** @param {HTMLCanvasElement} canvas @param {State} state @param {number[]} sizes */
function describe(canvas, state, sizes) {
  const parts = [t("network.summary.inputs", { count: sizes[0] })];
  for (const { units, activation } of state.setup.spec.layers)
    parts.push(`${units} ${label("activations", { name: activation })}`);
  const text = parts.join(" → ");
  if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text);
  setText(byId("network-summary"), symmetryInWords(state));
}

/** How many different neurons there are in each layer, in words. @param {State} state */
function symmetryInWords(state) {
  const layers = isFresh(state) ? state.diagnostics?.runs[state.chosen]?.layers : undefined;
  return (layers ?? [])
    .filter(({ units }) => units > 1)
    .map(({ layer, units, distinct, similarity }) =>
      t("network.distinct.layer", {
        layer,
        distinct,
        units,
        similarity: similarity === null ? "–" : format.plain(similarity, 2),
      }),
    )
    .join(" ");
}
