/** Where the runs have been on the plane of the surface, at their true loss. */

import { coordinatesKey, keyOf } from "./landscape-settings.js";

/**
 * @typedef {import("../types.js").Losses} Losses
 * @typedef {import("../types.js").Frame} Frame
 * @typedef {import("../types.js").Surface} Surface
 * @typedef {import("../server/api.js").PlaneQuery} PlaneQuery
 *
 * @typedef {{at: string, dx: number[], dy: number[]}} Shift  from coordinates told for an older picture
 * @typedef {object} Paths
 * @property {string} axes      the plane
 * @property {string} at        its coordinates, see `coordinatesKey`
 * @property {PlaneQuery} words
 * @property {number} planeStep the step at which the plane is meant
 * @property {number[]} steps
 * @property {Losses[]} x
 * @property {Losses[]} y
 * @property {Losses[]} z
 * @property {number[]} began   the step from which each run's path is one piece
 * @property {Losses} off       how far each run is from the plane, as told with the surface
 * @property {Shift[]} older
 */

const LONGEST = 1200;
/** Points closer than this share of the picture's width are one. */
const SEEN = 0.004;
/** So are losses that differ by less than this share; on a logarithmic axis, too. */
const HIGHER = 0.01;

/** @param {Paths} paths @returns {Losses[]} */
const series = (paths) => [...paths.x, ...paths.y, ...paths.z];

/**
 * The paths the server tells with a surface, and after them what was shown since.
 *
 * A plane that moves with training has other coordinates in every picture. What was shown since, and what is still
 * in hand, was told for the one before; it is shifted by what the change of picture did to where each run was then.
 * @param {Surface} surface
 * @param {Paths|null} known
 * @param {PlaneQuery} words
 * @returns {Paths}
 */
export function pathsOf(surface, known, words) {
  /** @type {Paths} */
  const paths = {
    axes: keyOf(words),
    at: coordinatesKey(words, surface.step),
    words,
    planeStep: surface.step,
    steps: surface.path[0].steps.slice(),
    x: surface.path.map((run) => run.x.slice()),
    y: surface.path.map((run) => run.y.slice()),
    z: surface.path.map((run) => run.z.slice()),
    began: surface.path.map((run) => run.began ?? 0),
    off: surface.path.map((run) => run.off?.[run.off.length - 1] ?? null),
    older: [],
  };
  if (!known || known.axes !== paths.axes || known.x.length !== paths.x.length) return paths;
  const last = paths.steps[paths.steps.length - 1];
  if (known.at !== paths.at) paths.older = shifts(known, paths, last);
  const shift = paths.older.find(({ at }) => at === known.at);
  for (let i = known.steps.findIndex((step) => step > last); i >= 0 && i < known.steps.length; i++)
    add(
      paths,
      known.steps[i],
      known.x.map((run) => run[i]),
      known.y.map((run) => run[i]),
      known.z.map((run) => run[i]),
      shift,
    );
  return paths;
}

/**
 * How the coordinates of older pictures become those of this one.
 * @param {Paths} known
 * @param {Paths} paths
 * @param {number} step the last one that the new picture tells of
 */
function shifts(known, paths, step) {
  let at = known.steps.length - 1;
  while (at > 0 && known.steps[at] > step) at--;
  const end = paths.steps.length - 1;
  /** @param {"x"|"y"} axis */
  const moved = (axis) =>
    paths[axis].map((run, k) => (run[end] ?? 0) - (known[axis][k][at] ?? run[end] ?? 0));
  const dx = moved("x");
  const dy = moved("y");
  const older = known.older.map((shift) => ({
    at: shift.at,
    dx: shift.dx.map((d, k) => d + dx[k]),
    dy: shift.dy.map((d, k) => d + dy[k]),
  }));
  return [{ at: known.at, dx, dy }, ...older].slice(0, 3);
}

/**
 * @param {Paths} paths
 * @param {number} step
 * @param {Losses} x
 * @param {Losses} y
 * @param {Losses} z
 * @param {Shift} [shift]
 */
function add(paths, step, x, y, z, shift) {
  /** @param {number|null} value @param {number} [by] */
  const moved = (value, by = 0) => (value === null ? null : value + by);
  paths.steps.push(step);
  for (let run = 0; run < x.length; run++) {
    paths.x[run].push(shift ? moved(x[run], shift.dx[run]) : x[run]);
    paths.y[run].push(shift ? moved(y[run], shift.dy[run]) : y[run]);
    paths.z[run].push(z[run]);
  }
}

/**
 * Adds a moment, if it was told for this plane.
 * @param {Paths} paths
 * @param {Frame} frame
 */
export function extendPaths(paths, { step, x, y, train, axes }) {
  if (!x || !y || step <= paths.steps[paths.steps.length - 1]) return;
  const shift = axes === paths.at ? undefined : paths.older.find(({ at }) => at === axes);
  if (axes !== paths.at && !shift) return;
  add(paths, step, x, y, train, shift);
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
  /** @param {Losses[]} runs */
  const cut = (runs) => runs.map((values) => values.slice(0, keep));
  const { x, y, z, steps } = paths;
  const shown = { ...paths, steps: steps.slice(0, keep), x: cut(x), y: cut(y), z: cut(z) };
  if (path && shown.steps[keep - 1] !== step)
    extendPaths(shown, { step, train, test: [], ...path, axes: paths.at, end: null });
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

/**
 * As much of a path as can be seen: a point is left out when it is closer to the one before than a share of the
 * picture, and nearly as high. The last point stays, and so does every gap.
 * @param {{x: Losses, y: Losses, z: Losses}} path
 * @param {{x: number, y: number}} size how wide the picture is along each axis
 * @param {{from?: number, ceiling?: number}} [how] `from`: the first point wanted; above the ceiling, where only a
 *   run that blows up goes, there is nothing
 */
export function drawn({ x, y, z }, size, { from = 0, ceiling = Infinity } = {}) {
  /** @type {{x: Losses, y: Losses, z: Losses}} */
  const seen = { x: [], y: [], z: [] };
  const last = x.length - 1;
  const near = nearIn({ x, y, z }, size);
  /** @param {number} i */
  const isGap = (i) => x[i] === null || y[i] === null || z[i] === null || Number(z[i]) > ceiling;
  /** @type {number} the place of the point drawn last, −1 after a gap */
  let before = -1;
  for (let i = from; i <= last; i++) {
    const gap = isGap(i);
    const unseen = gap ? before < 0 : before >= 0 && near(i, before);
    if (unseen && i < last) continue;
    seen.x.push(x[i]);
    seen.y.push(y[i]);
    seen.z.push(gap ? null : z[i]);
    before = gap ? -1 : i;
  }
  return seen;
}

/**
 * Whether two points of a path are too close to be told apart in a picture of a size.
 * @param {{x: Losses, y: Losses, z: Losses}} path @param {{x: number, y: number}} size
 * @returns {(i: number, j: number) => boolean}
 */
function nearIn({ x, y, z }, size) {
  return (i, j) =>
    Math.abs(Number(x[i]) - Number(x[j])) < SEEN * size.x &&
    Math.abs(Number(y[i]) - Number(y[j])) < SEEN * size.y &&
    Math.abs(Number(z[i]) - Number(z[j])) < HIGHER * Math.abs(Number(z[j]));
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
