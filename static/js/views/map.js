/** Values over a square, painted as pixels: the cheapest picture of what a network puts out. */

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
