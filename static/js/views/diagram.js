/**
 * The drawn network: every neuron shows what it computes over the plane of inputs, every line a weight,
 * its colour the sign and its width the size. Twins, neurons that compute the same, look the same.
 */

import { classColor, classTable, palette } from "../colors.js";
import { byId, setText, sharp } from "../dom.js";
import { t } from "../i18n.js";
import { label } from "../i18n.js";
import { inputCount } from "../spec.js";
import { decode } from "../typed.js";
import { paint } from "./map.js";

/** @typedef {import("../state.js").State} State */

const MOST = 8; // neurons drawn in one layer
const TILE = 26;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {State} state
 */
export function drawDiagram(canvas, state) {
  const { setup, catalog, live } = state;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!width || !height) return;
  const context = sharp(canvas, width, height);
  const { spec } = setup;
  const sizes = [inputCount(spec, catalog), ...spec.layers.map((layer) => layer.units)];
  const left = canvas.getBoundingClientRect().left;
  const columns = [...byId("layers").querySelectorAll(".layer")].map((column) => {
    const box = column.getBoundingClientRect();
    return box.left + box.width / 2 - left;
  });
  // What the server told is drawn only while it is of the network that the editor shows.
  const fresh =
    JSON.stringify(spec.layers) === JSON.stringify(live.spec.layers) &&
    spec.data.name === live.spec.data.name;
  const weights = fresh ? state.parameters : null;
  const neurons = fresh ? state.neurons : null;
  const rows = Math.min(MOST, Math.max(...sizes));
  const tile = Math.max(10, Math.min(TILE, (height - 4) / rows - 5));
  const places = sizes.map((size) => spread(size, height, tile));
  const { view } = state;

  for (let l = 1; l < sizes.length; l++) {
    const W = weights?.W[l - 1];
    const largest = W ? Math.max(1e-9, ...W.flat().map(Math.abs)) : 1;
    for (let j = 0; j < places[l].length; j++) {
      for (let i = 0; i < places[l - 1].length; i++) {
        const weight = W?.[j]?.[i] ?? 0;
        const share = Math.abs(weight) / largest;
        const drawn = W && Math.abs(weight) > 1e-12;
        context.strokeStyle = drawn
          ? classColor(weight > 0 ? 1 : 0, view.theme)
          : palette(view.theme).line;
        context.globalAlpha = drawn ? 0.35 + 0.55 * share : 1;
        context.lineWidth = drawn ? 0.75 + 2.75 * share : 1;
        const x1 = columns[l - 1] + tile / 2;
        const x2 = columns[l] - tile / 2;
        context.beginPath();
        context.moveTo(x1, places[l - 1][i]);
        context.bezierCurveTo(
          (x1 + x2) / 2,
          places[l - 1][i],
          (x1 + x2) / 2,
          places[l][j],
          x2,
          places[l][j],
        );
        context.stroke();
      }
    }
  }
  context.globalAlpha = 1;
  places.forEach((column, l) =>
    column.forEach((y, i) => {
      const map = l > 0 ? neurons?.neurons?.[l - 1]?.[i] : null;
      const square = neurons && map && neurons.y ? Math.sqrt(decode(map).length) : 0;
      const x = columns[l] - tile / 2;
      context.save();
      context.beginPath();
      context.roundRect(x, y - tile / 2, tile, tile, 5);
      context.fillStyle = palette(view.theme).ground;
      context.fill();
      context.clip();
      if (map && square) drawTile(context, decode(map), square, x, y - tile / 2, tile, state);
      else if (map) drawLine(context, decode(map), x, y - tile / 2, tile, state);
      context.restore();
      context.strokeStyle = palette(view.theme).muted;
      context.lineWidth = 1;
      context.stroke();
      if (l === 0 && tile >= 16) {
        context.fillStyle = palette(view.theme).ink;
        context.font = "13px system-ui, sans-serif";
        context.textAlign = "center";
        context.textBaseline = "middle";
        context.fillText(`x${"₁₂₃₄₅₆₇₈₉"[i]}`, columns[l], y);
      }
    }),
  );
  context.fillStyle = palette(view.theme).muted;
  context.font = "13px system-ui, sans-serif";
  context.textAlign = "center";
  sizes.forEach((size, l) => {
    if (size > MOST) context.fillText(`+${size - MOST + 1}`, columns[l], height - tile / 2 - 2);
  });
  describe(canvas, state, sizes);
}

/** Where the neurons of a layer are; the last place of a crowd is left for "+n". @param {number} size @param {number} height @param {number} tile */
function spread(size, height, tile) {
  const slots = Math.min(size, MOST);
  const shown = size > MOST ? MOST - 1 : size;
  const gap = Math.min(tile + 14, height / slots);
  const top = height / 2 - ((slots - 1) * gap) / 2;
  return Array.from({ length: shown }, (_, i) => top + i * gap);
}

const scratch = document.createElement("canvas");

/**
 * @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} values @param {number} side
 * @param {number} x @param {number} y @param {number} size @param {State} state
 */
function drawTile(context, values, side, x, y, size, state) {
  scratch.width = scratch.height = side;
  paint(
    /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d")),
    values,
    side,
    ...rangeOf(values),
    classTable(state.view.theme),
  );
  context.imageSmoothingEnabled = true;
  context.drawImage(scratch, x, y, size, size);
}

/** A range around 0 that shows small activations too. @param {ArrayLike<number>} values @returns {[number, number]} */
function rangeOf(values) {
  let most = 0.05;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return [-most, most];
}

/**
 * @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} values
 * @param {number} x @param {number} y @param {number} size @param {State} state
 */
function drawLine(context, values, x, y, size, state) {
  const [low, high] = rangeOf(values);
  context.strokeStyle = palette(state.view.theme).ink;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i < values.length; i++) {
    context.lineTo(
      x + (i / (values.length - 1)) * size,
      y + size - ((values[i] - low) / (high - low)) * size,
    );
  }
  context.stroke();
  context.beginPath();
  context.roundRect(x, y, size, size, 5);
}

/** @param {HTMLCanvasElement} canvas @param {State} state @param {number[]} sizes */
function describe(canvas, state, sizes) {
  const parts = [t("network.summary.inputs", { count: sizes[0] })];
  for (const { units, activation } of state.setup.spec.layers) {
    parts.push(`${units} ${label("activations", { name: activation })}`);
  }
  canvas.setAttribute("aria-label", parts.join(" → "));
  setText(canvas, "");
}
