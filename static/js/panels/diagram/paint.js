/**
 * Draws a network: every neuron shows what it computes over the plane of inputs, every line a weight or its
 * gradient, its colour the sign and its width the size. Neurons that move as one are tied together.
 */

import { classColor, classTable, palette } from "../../ui/theme.js";
import { FONT, fitted } from "../../ui/canvas-axes.js";
import { paint } from "../../ui/heatmap.js";
import { decode } from "../../server/typed-array.js";
import { line } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Places} Places
 * @typedef {import("./geometry.js").Part} Part
 * @typedef {import("../../experiment/network-state.js").Phase} Phase
 * @typedef {object} Look
 * @property {import("../../ui/theme.js").Theme} theme
 * @property {string} accent
 * @property {import("../../types.js").Values|null} values   what the lines show
 * @property {import("../../types.js").Outputs|null} neurons
 * @property {boolean} planar        whether maps are over two inputs, or curves over one
 * @property {string[]} inputs       what goes into the first layer, as formulas
 * @property {(ArrayLike<number>|null)[]} inputMaps   and over the plane of the maps
 * @property {number[][][]} twins    for each layer, groups of neurons that are the same
 * @property {(Part|null)[]} marked  drawn stronger than the others
 * @property {Phase|null} phase
 */

const scratch = document.createElement("canvas");

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Places} places
 * @param {Look} look
 */
export function paintNetwork(context, places, look) {
  places.gaps.forEach((gap, i) => {
    context.globalAlpha = dimmed(look.phase, i + 1) ? 0.25 : 1;
    const values = look.values?.W[i] ?? null;
    if (gap.matrix) paintMatrix(context, places, i + 1, gap.matrix, values, look);
    else paintLines(context, places, i + 1, values, look);
  });
  context.globalAlpha = 1;
  places.layers.forEach((layer, l) =>
    layer.places.forEach((spot, row) => paintNeuron(context, layer.tile, spot, l, row, look)),
  );
  look.twins.forEach((groups, i) =>
    groups.forEach((group) => tie(context, places, i + 1, group, look)),
  );
  for (const part of look.marked) if (part) mark(context, places, part, look);
  if (look.phase) paintDirection(context, places, look.phase, look.accent);
}

/** Whether a phase of the explained step is elsewhere; the loss comes after all layers. @param {Phase|null} phase @param {number} layer */
function dimmed(phase, layer) {
  if (!phase || phase.layer === 0) return false;
  return phase.kind === "loss" || phase.layer !== layer;
}

/**
 * Which way the numbers go through the layer in this phase: to the output, or back from it.
 * @param {CanvasRenderingContext2D} context @param {Places} places @param {Phase} phase @param {string} accent
 */
function paintDirection(context, places, { kind, layer }, accent) {
  const toward = kind === "forward" ? 1 : kind === "backward" ? -1 : 0;
  if (!toward || !layer) return;
  const [left, right] = [places.layers[layer - 1], places.layers[layer]];
  const x = (left.places[0].x + right.places[0].x) / 2;
  const y = Math.min(left.places[0].y, right.places[0].y);
  context.strokeStyle = accent;
  context.lineWidth = 2;
  context.beginPath();
  for (const at of [-8, 0, 8]) {
    context.moveTo(x + at - 3 * toward, y - 5);
    context.lineTo(x + at + 3 * toward, y);
    context.lineTo(x + at - 3 * toward, y + 5);
  }
  context.stroke();
}

/** The largest size of a matrix's entries, or 1 where they are not known. @param {(number|null)[][]|null} values */
function largestOf(values) {
  if (!values) return 1;
  let most = 1e-12;
  for (const row of values) for (const value of row) most = Math.max(most, Math.abs(value ?? 0));
  return most;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Places} places @param {number} layer
 * @param {(number|null)[][]|null} values @param {Look} look
 */
function paintLines(context, places, layer, values, look) {
  const largest = largestOf(values);
  const active = look.phase?.layer === layer && look.phase.kind !== "loss";
  const alpha = context.globalAlpha;
  for (let row = 0; row < places.layers[layer].places.length; row++) {
    for (let column = 0; column < places.layers[layer - 1].places.length; column++) {
      const { color, opacity, width } = strokeOf(values?.[row]?.[column] ?? 0, largest, look.theme);
      context.strokeStyle = color;
      context.globalAlpha = alpha * opacity;
      context.lineWidth = width + (active ? 0.75 : 0);
      curve(context, line(places, layer, row, column));
    }
  }
  context.globalAlpha = alpha;
}

/**
 * How a weight's line is drawn: its sign is the colour, its size the width. A weight of 0 is a hairline.
 * @param {number} value @param {number} largest of the layer @param {Look["theme"]} theme
 */
function strokeOf(value, largest, theme) {
  const size = Math.abs(value);
  if (size <= 1e-12) return { color: palette(theme).line, opacity: 1, width: 1 };
  const share = size / largest;
  const color = classColor(value > 0 ? 1 : 0, theme);
  return { color, opacity: 0.4 + 0.6 * share, width: 0.75 + 3.25 * share };
}

/** @param {CanvasRenderingContext2D} context @param {ReturnType<typeof line>} ends */
function curve(context, { x1, y1, x2, y2 }) {
  const middle = (x1 + x2) / 2;
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(middle, y1, middle, y2, x2, y2);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context @param {Places} places @param {number} layer
 * @param {import("./geometry.js").Box} box @param {(number|null)[][]|null} values @param {Look} look
 */
function paintMatrix(context, places, layer, box, values, look) {
  const rows = places.layers[layer].places.length;
  const columns = places.layers[layer - 1].places.length;
  const { line: hairline } = palette(look.theme);
  if (values?.length === rows && values[0]?.length === columns) {
    const largest = largestOf(values);
    const table = classTable(look.theme);
    const pixels = new Uint32Array(rows * columns);
    values.forEach((cells, row) =>
      cells.forEach((value, column) => {
        pixels[row * columns + column] =
          table[Math.round(127.5 + (127.5 * (value ?? 0)) / largest)];
      }),
    );
    scratch.width = columns;
    scratch.height = rows;
    const inner = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
    inner.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(scratch, box.x, box.y, box.width, box.height);
    context.imageSmoothingEnabled = true;
  }
  context.strokeStyle = look.phase?.layer === layer ? look.accent : hairline;
  context.lineWidth = 1;
  context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} tile @param {{x: number, y: number}} spot
 * @param {number} layer @param {number} row @param {Look} look
 */
function paintNeuron(context, tile, spot, layer, row, look) {
  const left = spot.x - tile / 2;
  const top = spot.y - tile / 2;
  paintTile(context, tile, left, top, mapOf(look, layer, row), look);
  const active = look.phase && (look.phase.layer === layer || look.phase.layer === 0);
  context.strokeStyle = active ? look.accent : palette(look.theme).muted;
  context.lineWidth = active ? 2 : hairline(tile);
  context.beginPath();
  context.roundRect(left, top, tile, tile, Math.min(5, tile / 4));
  if (tile >= 4 || active) context.stroke();
  if (layer === 0 && tile >= 7 && look.inputs[row])
    nameInput(context, tile, spot, look.inputs[row], look.theme);
}

/** How wide the edge of a tile is: small tiles have thin ones. @param {number} tile */
const hairline = (tile) => (tile < 10 ? 0.5 : 1);

/**
 * What a neuron puts out, or an input is, if it is known.
 * @param {Pick<Look, "neurons"|"inputMaps">} look @param {number} layer @param {number} row
 * @returns {ArrayLike<number>|null}
 */
export function mapOf({ neurons, inputMaps }, layer, row) {
  if (layer === 0) return inputMaps[row] ?? null;
  const told = neurons?.neurons?.[layer - 1]?.[row];
  return told ? decode(told) : null;
}

/**
 * A neuron's map over the input plane, or its curve over one input, on a tile with round corners.
 * @param {CanvasRenderingContext2D} context @param {number} tile @param {number} left @param {number} top
 * @param {ArrayLike<number>|null} map @param {Look} look
 */
function paintTile(context, tile, left, top, map, look) {
  context.save();
  context.beginPath();
  context.roundRect(left, top, tile, tile, Math.min(5, tile / 4));
  context.fillStyle = palette(look.theme).ground;
  context.fill();
  context.clip();
  if (map && look.planar) paintMap(context, map, left, top, tile, look);
  else if (map) paintCurve(context, map, left, top, tile, look);
  context.restore();
}

/**
 * An input's name on the left of its tile, as far as there is room.
 * @param {CanvasRenderingContext2D} context @param {number} tile @param {{x: number, y: number}} spot
 * @param {string} name @param {Look["theme"]} theme
 */
function nameInput(context, tile, spot, name, theme) {
  context.fillStyle = palette(theme).ink;
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const right = spot.x - tile / 2 - 5;
  context.fillText(fitted(context, name, right - 2), right, spot.y);
}

/** A range around 0 that shows small activations too. @param {ArrayLike<number>} values @returns {[number, number]} */
export function rangeOf(values) {
  let most = 0.05;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return [-most, most];
}

/**
 * @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} values
 * @param {number} x @param {number} y @param {number} size @param {Look} look
 */
function paintMap(context, values, x, y, size, look) {
  const side = Math.round(Math.sqrt(values.length));
  if (scratch.width !== side || scratch.height !== side) scratch.width = scratch.height = side;
  const inner = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
  paint(inner, values, side, ...rangeOf(values), classTable(look.theme));
  context.drawImage(scratch, x, y, size, size);
}

/**
 * @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} values
 * @param {number} x @param {number} y @param {number} size @param {Look} look
 */
function paintCurve(context, values, x, y, size, look) {
  const [low, high] = rangeOf(values);
  context.strokeStyle = palette(look.theme).ink;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i < values.length; i++) {
    const across = x + (i / (values.length - 1)) * size;
    context.lineTo(across, y + size - ((values[i] - low) / (high - low)) * size);
  }
  context.stroke();
}

/**
 * A bracket beside neurons that are the same, and a halo round each.
 * @param {CanvasRenderingContext2D} context @param {Places} places @param {number} layer
 * @param {number[]} group @param {Look} look
 */
function tie(context, places, layer, group, look) {
  const { tile, places: spots, right } = places.layers[layer];
  context.strokeStyle = look.accent;
  context.lineWidth = tile < 10 ? 1 : 2;
  for (const row of group) {
    const halo = tile / 2 + (tile < 10 ? 0.5 : 3);
    context.beginPath();
    context.roundRect(spots[row].x - halo, spots[row].y - halo, 2 * halo, 2 * halo, 7);
    context.stroke();
  }
  if (tile < 10) return;
  const x = right + 9;
  const heights = group.map((row) => spots[row].y);
  context.beginPath();
  context.moveTo(x, Math.min(...heights));
  context.lineTo(x, Math.max(...heights));
  for (const y of heights) {
    context.moveTo(right + 3, y);
    context.lineTo(x, y);
  }
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Places} places @param {Part} part @param {Look} look */
function mark(context, places, part, look) {
  context.strokeStyle = look.accent;
  context.lineWidth = 3;
  if (part.kind === "neuron") {
    const layer = places.layers[part.layer];
    const spot = layer?.places[part.row];
    if (!spot) return;
    const reach = layer.tile / 2 + 3;
    context.beginPath();
    context.roundRect(spot.x - reach, spot.y - reach, 2 * reach, 2 * reach, 7);
    return context.stroke();
  }
  const to = places.layers[part.layer]?.places;
  const from = places.layers[part.layer - 1]?.places;
  if (!to?.[part.row] || !from?.[part.column]) return;
  const { matrix } = places.gaps[part.layer - 1];
  if (!matrix) return curve(context, line(places, part.layer, part.row, part.column));
  const width = matrix.width / from.length;
  const height = matrix.height / to.length;
  context.lineWidth = 2;
  context.strokeRect(
    matrix.x + part.column * width - 1,
    matrix.y + part.row * height - 1,
    width + 2,
    height + 2,
  );
}
