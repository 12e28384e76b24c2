/** Where the runs have been on the plane of the surface, at their true loss. */

/**
 * @typedef {import("./types.js").Losses} Losses
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").Surface} Surface
 * @typedef {{axes: string, steps: number[], x: Losses[], y: Losses[], z: Losses[]}} Paths
 */

const LONGEST = 1200;

/** @param {{x: string, y: string}} axes */
export const axesKey = ({ x, y }) => `${x}|${y}`;

/** @param {Paths} paths @returns {Losses[]} */
const series = (paths) => [...paths.x, ...paths.y, ...paths.z];

/**
 * The paths the server tells with a surface, and after them what was shown since.
 * @param {Surface} surface
 * @param {Paths|null} known
 * @returns {Paths}
 */
export function pathsOf(surface, known) {
  /** @type {Paths} */
  const paths = {
    axes: axesKey(surface.axes),
    steps: surface.path[0].steps.slice(),
    x: surface.path.map((run) => run.x.slice()),
    y: surface.path.map((run) => run.y.slice()),
    z: surface.path.map((run) => run.z.slice()),
  };
  if (known && known.axes === paths.axes && known.x.length === paths.x.length) {
    const last = paths.steps[paths.steps.length - 1];
    const from = known.steps.findIndex((step) => step > last);
    if (from >= 0) {
      paths.steps.push(...known.steps.slice(from));
      const rest = series(known);
      series(paths).forEach((values, i) => values.push(...rest[i].slice(from)));
    }
  }
  return paths;
}

/**
 * Adds a moment, if it was told for these axes.
 * @param {Paths} paths
 * @param {Frame} frame
 */
export function extendPaths(paths, { step, x, y, train, axes }) {
  if (!x || !y || axes !== paths.axes || step <= paths.steps[paths.steps.length - 1]) return;
  paths.steps.push(step);
  for (let run = 0; run < x.length; run++) {
    paths.x[run].push(x[run]);
    paths.y[run].push(y[run]);
    paths.z[run].push(train[run]);
  }
  if (paths.steps.length > LONGEST) halve(paths);
}

/**
 * The paths as they were at an earlier moment; they end where every run was then.
 * @param {Paths} paths
 * @param {{step: number, train: Losses, path?: {x: Losses, y: Losses}|null}} moment
 * @returns {Paths}
 */
export function pathsUntil(paths, { step, train, path }) {
  let keep = paths.steps.findIndex((at) => at > step);
  if (keep < 0) keep = paths.steps.length;
  /** @param {unknown} values */
  const cut = (values) =>
    Array.isArray(values) && Array.isArray(values[0])
      ? values.map((series) => series.slice(0, keep))
      : values;
  const entries = Object.entries(paths).map(([name, values]) => [name, cut(values)]);
  /** @type {Paths} */
  const shown = { ...Object.fromEntries(entries), steps: paths.steps.slice(0, keep) };
  if (path && shown.steps[keep - 1] !== step)
    extendPaths(shown, {
      step,
      train,
      test: [],
      x: path.x,
      y: path.y,
      axes: paths.axes,
      end: null,
    });
  return shown;
}

/**
 * Forgets what came after a step.
 * @param {Paths} paths
 * @param {number} step
 */
export function truncatePaths(paths, step) {
  let keep = paths.steps.length;
  while (keep > 0 && paths.steps[keep - 1] > step) keep--;
  for (const values of [paths.steps, ...series(paths)]) values.length = keep;
}

/**
 * How far the surface should reach along an axis when a run has left for far away: round the others' paths, on
 * round numbers. Null when no run has, and the server may choose.
 * @param {Paths} paths
 * @param {"x"|"y"} axis
 * @param {number} ceiling the loss above which a run counts as gone
 * @returns {[number, number]|null}
 */
export function tamed(paths, axis, ceiling) {
  let gone = false;
  let low = Infinity;
  let high = -Infinity;
  paths[axis].forEach((values, run) =>
    values.forEach((value, i) => {
      const loss = paths.z[run][i];
      if (value === null || loss === null || loss > ceiling) gone = true;
      else [low, high] = [Math.min(low, value), Math.max(high, value)];
    }),
  );
  if (!gone || low > high) return null;
  const half = Math.max(1, 0.65 * (high - low));
  const middle = (low + high) / 2;
  const unit = 10 ** Math.floor(Math.log10(half));
  return [Math.floor((middle - half) / unit) * unit, Math.ceil((middle + half) / unit) * unit];
}

/** Every second point goes, the last one stays. @param {Paths} paths */
function halve(paths) {
  for (const values of [paths.steps, ...series(paths)]) {
    const last = values.length - 1;
    let kept = 0;
    for (let i = 0; i <= last; i++) if (i === last || i % 2 === 0) values[kept++] = values[i];
    values.length = kept;
  }
}
