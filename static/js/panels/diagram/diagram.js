/** The drawn network on the page: where its columns are, what it shows, and its words for screen readers. */

import { palette, typeSize } from "../../ui/theme.js";
import { byId, setText, sharp } from "../../ui/dom.js";
import {
  featureMap,
  featureNames,
  featuresOf,
  offered,
  rawInputs,
} from "../../experiment/features.js";
import { inputPlane } from "../../experiment/input-plane.js";
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
const above = () => typeSize(20);
const below = () => typeSize(36);
/** A lower network is drawn without the names, and a much lower one without a word: its neurons need the height. */
const NAMED = 150;
const TOLD = 110;
/** How fine the maps of the inputs are. */
const INPUT_SIDE = 24;

/** Inputs and layers of the network that the editor shows. @param {State} state */
export function sizesOf({ setup: { spec }, catalog }) {
  return [inputCount(spec, catalog), ...spec.layers.map((layer) => layer.units)];
}

/** What goes into the first layer, as formulas: x₁, or x₁². @param {State} state */
export const inputNames = ({ setup: { spec }, catalog }) => featureNames(spec, catalog);

/** What the maps of the inputs were computed from last, and they. @type {{of: unknown[], maps: (ArrayLike<number>|null)[]}} */
let inputMaps = { of: [], maps: [] };

/**
 * What goes into the first layer, over the plane of the maps.
 * @param {State} state @returns {(ArrayLike<number>|null)[]}
 */
export function mapsOfInputs(state) {
  const { data, setup, catalog } = state;
  const [across, up] = inputPlane(state);
  const of = [data, setup.spec.features, setup.spec.data, across, up];
  if (of.every((part, i) => part === inputMaps.of[i])) return inputMaps.maps;
  const { spec } = setup;
  const inputs = rawInputs(spec, catalog);
  const features = new Map(offered(catalog, inputs).map((one) => [one.name, one]));
  const known = data?.extent.length === inputs;
  const ranges = /** @type {[number, number][]} */ (
    known ? data.extent : Array.from({ length: inputs }, () => [-6, 6])
  );
  const held = ranges.map(([low, high]) => (low + high) / 2);
  const over = { ranges, axes: inputPlane(state), held, side: INPUT_SIDE };
  const maps = featuresOf(spec, catalog).map((name) => {
    const feature = features.get(name);
    return feature ? featureMap(feature, over) : null;
  });
  inputMaps = { of, maps };
  return maps;
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
  // The inputs stand to the right in their column: their names are on their left.
  const columns = [...byId("layers").querySelectorAll(".layer")].map((column, i) => {
    const box = column.getBoundingClientRect();
    return box.left + box.width * (i ? 0.5 : box.width < 80 ? 0.6 : 0.72) - left;
  });
  const sizes = sizesOf(state);
  if (columns.length !== sizes.length) return [];
  const runs = shownRuns(state);
  const share = height / runs.length;
  const bands = runs.map((run, i) => {
    const top = i * share;
    const named = share >= NAMED;
    const told = share >= TOLD;
    const band = {
      top: top + (named ? above() : 4),
      bottom: top + share - (named ? below() : told ? below() - typeSize(16) : 6),
    };
    const places = arrange(sizes, columns, band);
    paintNetwork(context, places, lookOf(state, run, accentOf(canvas), i === 0));
    if (told) drawNames(context, state, run, places, columns, sizes, named);
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
  const { mode, selected, hovered } = state.network;
  const { phase, followed } = first ? state.network : { phase: null, followed: null };
  const inside = isFresh(state) ? (state.inside.get(run) ?? null) : null;
  return {
    theme: state.view.theme,
    accent,
    values: (mode === "gradients" ? inside?.gradients : inside) ?? null,
    neurons: inside?.outputs ?? null,
    planar: (state.data?.inputs.length ?? 2) > 1,
    inputs: inputNames(state),
    inputMaps: mapsOfInputs(state),
    twins: twinsOf(state, run),
    marked: [phase && followed, selected, hovered],
    phase,
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
 * @param {number[]} columns @param {number[]} sizes @param {boolean} named whether there is room for W and b
 */
function drawNames(context, state, run, places, columns, sizes, named) {
  const { muted } = palette(state.view.theme);
  const layers = isFresh(state) ? state.diagnostics?.runs[run]?.layers : undefined;
  const prefix = state.network.mode === "gradients" ? "d" : "";
  const [, ...middles] = columns.map((x, i) => (x + (columns[i - 1] ?? 0)) / 2);
  const pitch = Math.min(...columns.slice(1).map((x, i) => x - columns[i]));
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillStyle = muted;
  const room = Math.min(pitch, 2 * (context.canvas.clientWidth - columns[columns.length - 1])) - 8;
  /** Words above or below every layer, as long as all of them have room. @param {string[][]} words longest first @param {number[]} at @param {number} y @param {number} width */
  const write = (words, at, y, width) =>
    longest(context, words, width).forEach((text, i) => context.fillText(text, at[i], y));
  const under = places.bottom + 3;
  if (named && !state.network.asking) {
    const W = sizes
      .slice(1)
      .map((units, i) => [`${prefix}W${i + 1} (${units}, ${sizes[i]})`, `${prefix}W${i + 1}`]);
    const b = sizes
      .slice(1)
      .map((units, i) => [`${prefix}b${i + 1} (${units}, 1)`, `${prefix}b${i + 1}`]);
    write(W, middles, places.top - above() + 2, pitch - 8);
    write(b, columns.slice(1), under, room);
  }
  if (layers) drawDistinct(context, layers, columns, under + (named ? typeSize(16) : 0), room);
}

/**
 * Of several ways to write each word the longest that fits for all of them; nothing where none does.
 * @param {CanvasRenderingContext2D} context @param {string[][]} words @param {number} width
 */
function longest(context, words, width) {
  const ways = words[0]?.length ?? 0;
  for (let way = 0; way < ways; way++)
    if (words.every((one) => context.measureText(one[way]).width <= width))
      return words.map((one) => one[way]);
  return [];
}

/**
 * How many different neurons each layer has; fewer than it has units stands out.
 * @param {CanvasRenderingContext2D} context
 * @param {{distinct: number, units: number, similarity: number|null}[]} layers
 * @param {number[]} columns @param {number} y @param {number} room
 */
function drawDistinct(context, layers, columns, y, room) {
  const told = layers.map((layer, i) => ({ ...layer, x: columns[i + 1] }));
  const several = told.filter(({ units }) => units > 1);
  // A single one has the room of the others, who have no such words.
  const alone = several.length === 1 ? several[0].x : 0;
  const width = alone ? 2 * Math.min(alone, context.canvas.clientWidth - alone) - 8 : room;
  context.font = `600 ${FONT}`;
  const words = longest(context, several.map(distinctInWords), width);
  words.forEach((text, i) => {
    const { distinct, units, x } = several[i];
    context.fillStyle = distinct < units ? accentOf(context.canvas) : context.fillStyle;
    context.font = distinct < units ? `600 ${FONT}` : FONT;
    context.fillText(text, x, y);
  });
  context.font = FONT;
}

/** Longest first. @param {{distinct: number, units: number, similarity: number|null}} layer */
function distinctInWords({ distinct, units, similarity }) {
  if (distinct === 1)
    return [
      t("network.distinct.one.all", { units }),
      t("network.distinct.one", { units }),
      `${distinct}/${units}`,
    ];
  const short = t("network.distinct", { distinct, units });
  const all =
    similarity === null
      ? short
      : t("network.distinct.cosine", {
          distinct,
          units,
          similarity: format.plain(similarity, 2),
        });
  return [all, short, `${distinct}/${units}`];
}

/**
 * How many different neurons the layer of a part has, in words; "" where it is not known.
 * @param {State} state @param {number} run @param {number} layer
 */
export function layerInWords(state, run, layer) {
  const found = isFresh(state) ? state.diagnostics?.runs[run]?.layers[layer - 1] : undefined;
  return found && found.units > 1 ? distinctInWords(found)[0] : "";
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
