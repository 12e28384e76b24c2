/** Values over a square, painted as pixels: the cheapest picture of what a network puts out. */

import { groupRgb, palette } from "./theme.js";

/** @type {WeakMap<CanvasRenderingContext2D, ImageData>} */
const images = new WeakMap();

/**
 * Paints rows of values; the first row is at the bottom.
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} values
 * @param {number} side
 * @param {number} low the value of the first colour
 * @param {number} high the value of the last colour
 * @param {Uint32Array} table 256 colours
 */
export function paint(context, values, side, low, high, table) {
  let image = images.get(context);
  if (!image || image.width !== side)
    images.set(context, (image = context.createImageData(side, side)));
  const pixels = new Uint32Array(image.data.buffer);
  const scale = 255 / (high - low);
  for (let row = 0; row < side; row++) {
    const from = (side - 1 - row) * side;
    for (let column = 0; column < side; column++) {
      const shade = (values[from + column] - low) * scale;
      pixels[row * side + column] = table[shade < 0 ? 0 : shade > 255 ? 255 : shade | 0];
    }
  }
  context.putImageData(image, 0, 0);
}

/**
 * Paints where each of several classes is likely: its colour, the paler the less sure. One square of values
 * for every class; the first row is at the bottom.
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} values
 * @param {number} side
 * @param {import("./theme.js").Theme} theme
 */
export function paintClasses(context, values, side, theme) {
  let image = images.get(context);
  if (!image || image.width !== side)
    images.set(context, (image = context.createImageData(side, side)));
  const pixels = new Uint32Array(image.data.buffer);
  const square = side * side;
  const count = Math.floor(values.length / square);
  const colours = Array.from({ length: count }, (_, kind) => groupRgb(kind, theme));
  const [, ground] = palette(theme).classes;
  for (let row = 0; row < side; row++) {
    const from = (side - 1 - row) * side;
    for (let column = 0; column < side; column++) {
      const at = from + column;
      let best = 0;
      for (let kind = 1; kind < count; kind++)
        if (values[kind * square + at] > values[best * square + at]) best = kind;
      // At the border of all classes the share is 1/C: there the colour fades out.
      const share = values[best * square + at];
      const sure = Math.max(0, Math.min(1, (share - 1 / count) / (1 - 1 / count)));
      const mix = 0.62 * sure ** 0.8;
      const [r, g, b] = ground.map((value, c) =>
        Math.round(value + (colours[best][c] - value) * mix),
      );
      pixels[row * side + column] = (255 << 24) | (b << 16) | (g << 8) | r;
    }
  }
  context.putImageData(image, 0, 0);
}
