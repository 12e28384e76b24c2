/** Matrices of four rows, as WebGL has them, and the places of space that they move. */

/**
 * @typedef {ArrayLike<number>} Matrix  16 numbers, column by column, as WebGL has them
 * @typedef {[number, number, number]} Point
 */

/** @param {Matrix} a @param {Matrix} b */
export function multiplied(a, b) {
  const product = new Array(16).fill(0);
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++)
      for (let k = 0; k < 4; k++) product[4 * column + row] += a[4 * k + row] * b[4 * column + k];
  return product;
}

/** A place in homogeneous coordinates; the last is its distance from the eye. @param {Matrix} m @param {Point} p */
export function homogeneous(m, [x, y, z]) {
  return [0, 1, 2, 3].map((row) => m[row] * x + m[4 + row] * y + m[8 + row] * z + m[12 + row]);
}
