/**
 * Where everything in the drawn network is: neurons in columns, or in a grid where a layer is wide; between
 * two layers a line for every weight, or a matrix of cells where lines would be a thicket.
 */

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {{tile: number, places: {x: number, y: number}[], left: number, right: number}} LayerPlaces
 * @typedef {{matrix: Box|null}} Gap
 * @typedef {{layers: LayerPlaces[], gaps: Gap[], top: number, bottom: number}} Places
 * @typedef {import("../../experiment/network-state.js").Part} Part
 */

/** Neurons of a layer that lines lead to; more are drawn as a grid, and their weights as a matrix. */
export const MOST = 10;
const LARGEST = 64;
const SMALLEST = 9;
/** A cell of a grid is no larger than this, and a layer takes at most this share of the way to the next one. */
const CELL = 14;
const SHARE = 0.44;
const REACH = 5;

/**
 * @param {number[]} sizes inputs and layers
 * @param {number[]} columns the middle of each column
 * @param {{top: number, bottom: number}} band the heights between which to draw
 * @returns {Places}
 */
export function arrange(sizes, columns, { top, bottom }) {
  const height = bottom - top;
  const rows = Math.max(...sizes.filter((size) => size <= MOST), 2);
  const pitch = Math.min(...columns.slice(1).map((x, i) => x - columns[i]));
  const tile = Math.min(
    Math.max(SMALLEST, Math.min(LARGEST, height / rows - 5)),
    Math.max(3, SHARE * pitch),
    height / rows - 1,
  );
  const layers = sizes.map((size, l) => {
    const x = columns[l];
    if (size <= MOST) return column(size, x, top, height, tile);
    return grid(size, x, top, height, SHARE * pitch);
  });
  const gaps = sizes.slice(1).map((size, i) => {
    if (size <= MOST && sizes[i] <= MOST) return { matrix: null };
    const gap = Math.min(8, 0.08 * pitch);
    const left = layers[i].right + gap;
    const right = layers[i + 1].left - gap;
    const width = Math.max(4, right - left);
    const tall = Math.min(height, Math.max(24, size * 12));
    return {
      matrix: {
        x: (left + right - width) / 2,
        y: top + (height - tall) / 2,
        width,
        height: tall,
      },
    };
  });
  return { layers, gaps, top, bottom };
}

/** @param {number} size @param {number} x @param {number} top @param {number} height @param {number} tile */
function column(size, x, top, height, tile) {
  const pitch = Math.min(tile + 14, height / size);
  const first = top + height / 2 - ((size - 1) * pitch) / 2;
  const places = Array.from({ length: size }, (_, i) => ({ x, y: first + i * pitch }));
  return { tile, places, left: x - tile / 2, right: x + tile / 2 };
}

/**
 * A layer in a grid of as many columns as let its cells be largest.
 * @param {number} size @param {number} x @param {number} top @param {number} height @param {number} width
 */
function grid(size, x, top, height, width) {
  /** @param {number} columns */
  const pitchOf = (columns) => Math.min(CELL, height / Math.ceil(size / columns), width / columns);
  let columns = 2;
  for (const more of [3, 4, 5, 6]) if (pitchOf(more) > pitchOf(columns)) columns = more;
  const rows = Math.ceil(size / columns);
  const pitch = pitchOf(columns);
  const tile = Math.max(1.5, pitch - 1.5);
  const left = x - (columns * pitch) / 2;
  const first = top + (height - rows * pitch) / 2;
  const places = Array.from({ length: size }, (_, i) => ({
    x: left + (Math.floor(i / rows) + 0.5) * pitch,
    y: first + ((i % rows) + 0.5) * pitch,
  }));
  return { tile, places, left, right: left + columns * pitch };
}

/**
 * The ends of a weight's line, for a curve that leaves and arrives level.
 * @param {Places} places
 * @param {number} layer
 * @param {number} row
 * @param {number} column
 */
export function line(places, layer, row, column) {
  const from = places.layers[layer - 1];
  const to = places.layers[layer];
  return {
    x1: from.places[column].x + from.tile / 2,
    y1: from.places[column].y,
    x2: to.places[row].x - to.tile / 2,
    y2: to.places[row].y,
  };
}

/** The height of a weight's line at a share of its way: a cubic with level ends. @param {number} s */
const eased = (s) => s * s * (3 - 2 * s);

/**
 * What is at a point, or null: a neuron before a line, and of lines the nearest.
 * @param {Places} places
 * @param {number} x
 * @param {number} y
 * @returns {Part|null}
 */
export function hit(places, x, y) {
  for (const [layer, { tile, places: spots }] of places.layers.entries()) {
    const reach = tile / 2 + 2;
    const row = spots.findIndex(
      (spot) => Math.abs(spot.x - x) <= reach && Math.abs(spot.y - y) <= reach,
    );
    if (row >= 0) return { kind: "neuron", layer, row };
  }
  for (const [i, { matrix }] of places.gaps.entries()) {
    const found = matrix ? cellAt(places, i + 1, matrix, x, y) : nearestLine(places, i + 1, x, y);
    if (found) return found;
  }
  return null;
}

/**
 * The weight whose cell of a layer's matrix is at a point.
 * @param {Places} places @param {number} layer @param {Box} matrix @param {number} x @param {number} y
 * @returns {Part|null}
 */
function cellAt(places, layer, matrix, x, y) {
  const rows = places.layers[layer].places.length;
  const columns = places.layers[layer - 1].places.length;
  const row = Math.floor(((y - matrix.y) / matrix.height) * rows);
  const column = Math.floor(((x - matrix.x) / matrix.width) * columns);
  const inside = row >= 0 && row < rows && column >= 0 && column < columns;
  return inside ? { kind: "weight", layer, row, column } : null;
}

/**
 * The weight of a layer whose line passes nearest to a point, within reach.
 * @param {Places} places @param {number} layer @param {number} x @param {number} y
 * @returns {Part|null}
 */
function nearestLine(places, layer, x, y) {
  /** @type {Part|null} */
  let nearest = null;
  let least = REACH;
  for (let row = 0; row < places.layers[layer].places.length; row++) {
    for (let column = 0; column < places.layers[layer - 1].places.length; column++) {
      const { x1, y1, x2, y2 } = line(places, layer, row, column);
      const share = (x - x1) / (x2 - x1);
      if (share < 0 || share > 1) continue;
      const away = Math.abs(y - (y1 + (y2 - y1) * eased(share)));
      if (away < least) {
        least = away;
        nearest = { kind: "weight", layer, row, column };
      }
    }
  }
  return nearest;
}

/**
 * The parameter that a part stands for: a weight, or a neuron's bias; null for an input.
 * @param {Part} part
 * @returns {string|null}
 */
export function parameterOf(part) {
  if (part.kind === "weight") return `W${part.layer}[${part.row},${part.column}]`;
  return part.layer ? `b${part.layer}[${part.row}]` : null;
}

/**
 * The part of a parameter's name.
 * @param {string} name like `W1[0,1]` or `b2[0]`
 * @returns {Part|null}
 */
export function partOf(name) {
  const found = /^([Wb])(\d+)\[(\d+)(?:,(\d+))?\]$/.exec(name);
  if (!found) return null;
  const [layer, row, column] = found.slice(2).map(Number);
  return found[1] === "W" ? { kind: "weight", layer, row, column } : { kind: "neuron", layer, row };
}

/**
 * The next part for an arrow key: up and down within a layer (its weights row by row, then its biases), left
 * and right to the layer beside.
 * @param {Part|null} part
 * @param {string} key
 * @param {number[]} sizes inputs and layers
 * @returns {Part|null}
 */
export function walk(part, key, sizes) {
  const last = sizes.length - 1;
  if (!part || part.layer < 1) return { kind: "weight", layer: 1, row: 0, column: 0 };
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (across) {
    const layer = Math.min(last, Math.max(1, part.layer + across));
    return layer === part.layer ? part : { kind: "weight", layer, row: 0, column: 0 };
  }
  const inputs = sizes[part.layer - 1];
  const weights = sizes[part.layer] * inputs;
  const all = weights + sizes[part.layer];
  const at = part.kind === "weight" ? part.row * inputs + part.column : weights + part.row;
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all - 1 }[key];
  if (to === undefined) return null;
  const next = Math.min(all - 1, Math.max(0, to));
  return next < weights
    ? { kind: "weight", layer: part.layer, row: Math.floor(next / inputs), column: next % inputs }
    : { kind: "neuron", layer: part.layer, row: next - weights };
}

/** The value of a part in W and b. @param {Part} part @param {import("../../types.js").Values|null|undefined} values */
export function valueAt(part, values) {
  if (!values || part.layer < 1) return null;
  const { layer, row } = part;
  return (
    (part.kind === "weight"
      ? values.W[layer - 1]?.[row]?.[part.column]
      : values.b[layer - 1]?.[row]) ?? null
  );
}
