/** Plotly's typed arrays, `{dtype, bdata, shape}`, as the numbers they hold (little-endian). */

/** @typedef {import("../types.js").Typed | import("../types.js").SeedArray} Typed */

/** @type {Record<string, (buffer: ArrayBuffer) => ArrayLike<number>>} */
const KINDS = {
  f4: (buffer) => new Float32Array(buffer),
  f8: (buffer) => new Float64Array(buffer),
  i4: (buffer) => new Int32Array(buffer),
  u1: (buffer) => new Uint8Array(buffer),
};

/**
 * The numbers of a typed array, row by row.
 * @param {Typed} typed
 * @returns {ArrayLike<number>}
 */
export function decode({ dtype, bdata }) {
  const kind = KINDS[dtype];
  if (!kind) throw new Error(`unknown dtype ${dtype}`);
  const text = atob(bdata);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return kind(bytes.buffer);
}

/**
 * The lowest and highest finite number, or null when there is none.
 * @param {ArrayLike<number|null>} values
 * @returns {[number, number]|null}
 */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
