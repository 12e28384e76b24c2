/** Numbers on the grid of a picture: J between its points, its slope, what there is to export. */

/**
 * @typedef {{x: number[], y: number[], z: ArrayLike<number>}} Grid   rows of z follow y
 */

/**
 * J at any place of the grid, between its points on straight lines; null outside or where J is not finite.
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 */
export function heightAt({ x: xs, y: ys, z }, x, y) {
  const [i, u] = placeIn(xs, x);
  const [j, v] = placeIn(ys, y);
  if (i < 0 || j < 0) return null;
  const at = j * xs.length + i;
  const low = z[at] * (1 - u) + z[at + 1] * u;
  const high = z[at + xs.length] * (1 - u) + z[at + xs.length + 1] * u;
  const height = low * (1 - v) + high * v;
  return Number.isFinite(height) ? height : null;
}

/**
 * The cell of an even row of coordinates that holds a value, and how far along the cell it is.
 * @param {number[]} row
 * @param {number} value
 * @returns {[number, number]}
 */
function placeIn(row, value) {
  const last = row.length - 1;
  const share = ((value - row[0]) / (row[last] - row[0])) * last;
  if (!(share >= 0 && share <= last)) return [-1, 0];
  const cell = Math.min(Math.floor(share), last - 1);
  return [cell, share - cell];
}

/** The longest arrow and the shortest, which is a dot, as shares of a cell. */
const [LONGEST, SHORTEST] = [0.95, 0.04];

/**
 * Arrows down the slope, −∇J, on an even raster of places: each through the middle of its cell. An arrow is as long as the
 * slope is steep; the longest fills its cell, and where J is flat there is a dot.
 * @param {Grid} grid
 * @param {{columns: number, rows: number}} raster
 * @returns {{x: (number|null)[], y: (number|null)[], steepest: number|null}} strokes with gaps, shaft and head of each; the
 *   slope that the longest stands for
 */
export function downhill(grid, { columns, rows }) {
  const [x0, x1] = [grid.x[0], grid.x[grid.x.length - 1]];
  const [y0, y1] = [grid.y[0], grid.y[grid.y.length - 1]];
  const width = (x1 - x0) / columns;
  const height = (y1 - y0) / rows;
  /** @type {{x: number, y: number, dx: number, dy: number, size: number, slope: number}[]} */
  const slopes = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = x0 + (column + 0.5) * width;
      const y = y0 + (row + 0.5) * height;
      const [hx, hy] = [0.25 * width, 0.25 * height];
      const [w, e] = [heightAt(grid, x - hx, y), heightAt(grid, x + hx, y)];
      const [s, n] = [heightAt(grid, x, y - hy), heightAt(grid, x, y + hy)];
      if (w === null || e === null || s === null || n === null) continue;
      const [downX, downY] = [(w - e) / (2 * hx), (s - n) / (2 * hy)];
      const slope = Math.hypot(downX, downY);
      // Its direction as it lies in a picture of square cells.
      const [dx, dy] = [downX / width, downY / height];
      const size = Math.hypot(dx, dy);
      if (size > 0 && Number.isFinite(size)) slopes.push({ x, y, dx, dy, size, slope });
    }
  }
  const steepest = Math.max(...slopes.map(({ slope }) => slope), 0);
  /** @type {{x: (number|null)[], y: (number|null)[], steepest: number|null}} */
  const strokes = { x: [], y: [], steepest: slopes.length ? steepest : null };
  for (const { x, y, dx, dy, size, slope } of slopes) {
    const length = Math.max(SHORTEST, LONGEST * (slope / steepest));
    const [ux, uy] = [dx / size, dy / size];
    /** @param {number} along @param {number} across */
    const put = (along, across) => {
      strokes.x.push(x + (along * ux - across * uy) * width);
      strokes.y.push(y + (along * uy + across * ux) * height);
    };
    const end = length / 2;
    const head = Math.min(0.16, 0.4 * length);
    put(-end, 0);
    put(end, 0);
    put(end - head, 0.6 * head);
    strokes.x.push(null);
    strokes.y.push(null);
    put(end, 0);
    put(end - head, -0.6 * head);
    strokes.x.push(null);
    strokes.y.push(null);
  }
  return strokes;
}

/**
 * The grid as rows of a table: x, y and J, a row for each point.
 * @param {Grid} grid
 * @returns {number[][]}
 */
export function gridRows({ x, y, z }) {
  return y.flatMap((b, j) => x.map((a, i) => [a, b, z[j * x.length + i]]));
}
