/** What every view of the landscape shares: the grid as numbers, the runs' paths as drawn, axis names, heights. */

import { runColor } from "../../ui/theme.js";
import { ceilingOf } from "../../experiment/loss-history.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { drawn } from "../../experiment/trajectories.js";
import { runNames } from "../../experiment/state.js";
import { decode, extent } from "../../server/typed-array.js";
import { heightAt } from "./grid.js";
import { trailsOf } from "../../experiment/landscape-settings.js";
import { toDigits } from "../../ui/round.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Surface} Surface
 * @typedef {{x: (number|null)[], y: (number|null)[], z: (number|null)[]}} Points
 */

/** @type {WeakMap<Surface, import("./grid.js").Grid>} */
const grids = new WeakMap();

/** The numbers of a surface. @param {Surface} surface */
export function gridOf(surface) {
  let grid = grids.get(surface);
  if (!grid) {
    grid = { x: surface.x, y: surface.y, z: decode(surface.z) };
    grids.set(surface, grid);
  }
  return grid;
}

/** What is read of a surface's heights for every frame, found once. @type {WeakMap<import("./grid.js").Grid, {bottom: number, top: number, sorted: number[]}>} */
const reaches = new WeakMap();

/** The lowest and the highest height of a surface, and all of them in order. @param {Surface} surface */
export function heightsIn(surface) {
  const grid = gridOf(surface);
  let reach = reaches.get(grid);
  if (!reach) {
    const [bottom, top] = extent(grid.z) ?? [0, 1];
    reach = { bottom, top, sorted: inOrder(grid.z) };
    reaches.set(grid, reach);
  }
  return reach;
}

/** The finite ones of some heights, the lowest first. @param {ArrayLike<number>} heights */
const inOrder = (heights) =>
  Array.from(heights)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);

/** @param {number[]} row @returns {[number, number]} */
export const ends = (row) => [row[0], row[row.length - 1]];

/** The names of the axes, with what they explain of the paths. @param {Surface} surface @param {string[]} names of the runs @param {number} [other] */
export function axisNames({ plane = "parameters", axes, explained }, names, other = 0) {
  if (plane === "parameters") return { x: axes.x, y: axes.y };
  if (plane === "pca" && explained) {
    const [x, y] = explained.map((share) => format.percent(share));
    return {
      x: t("landscape.axis.pc", { number: 1, share: x }),
      y: t("landscape.axis.pc", { number: 2, share: y }),
    };
  }
  if (plane === "between")
    return {
      x: t("landscape.axis.other", { name: names[other] ?? "" }),
      y: t("landscape.axis.start"),
    };
  if (plane === "from_start")
    return {
      x: t("landscape.axis.present"),
      y: t(axes.y === "bend" ? "landscape.axis.bend" : "landscape.axis.across"),
    };
  return {
    x: t("landscape.axis.random", { number: 1 }),
    y: t("landscape.axis.random", { number: 2 }),
  };
}

/**
 * How far the picture reaches: its box, the height axis, and whether it is cut off.
 * @param {State} state
 * @param {Surface} surface
 */
export function frameOf(state, surface) {
  const { paths, curves, view, landscape } = state;
  const { bottom, top, sorted } = heightsIn(surface);
  const ceiling = ceilingOf(curves.train);
  const { low, highest } = reachOf(paths?.z ?? [], bottom, ceiling);
  const { top: wanted } = landscape;
  // Where J lies above it everywhere, nothing would be left of the picture.
  const limit =
    wanted !== null && wanted > bottom
      ? wanted
      : view.logSurface
        ? Infinity
        : ceilingFor(sorted, highest);
  const high = Math.min(limit, Math.max(top, highest));
  const height = heightAxis({ low, high }, view.logSurface, landscape.height);
  landscape.height = height;
  const cut = limit < top ? limit : null;
  // Shades and lines are spread over the surface itself: the paths may lie far below or above it.
  const shades = [bottom, Math.min(top, high)].map((end) =>
    view.logSurface ? Math.log10(Math.max(end, 1e-12)) : end,
  );
  const [x0, x1] = ends(surface.x);
  const [y0, y1] = ends(surface.y);
  return { bottom, top, low, high, height, shades, cut, ceiling, x0, x1, y0, y1 };
}

/**
 * How low and how high the paths go, below the ceiling; `low` is no higher than the surface's bottom.
 * @param {(number|null)[][]} losses @param {number} bottom @param {number} ceiling
 */
function reachOf(losses, bottom, ceiling) {
  let low = bottom;
  let highest = 0;
  for (const run of losses) {
    for (const value of run) {
      if (value === null || value > ceiling) continue;
      if (value < low) low = value;
      if (value > highest) highest = value;
    }
  }
  return { low, highest };
}

/** @typedef {ReturnType<typeof frameOf>} Frame */

/** The name of the height axis. @param {Frame} frame */
export const heightName = ({ cut }) =>
  cut === null ? "J" : t("landscape.axis.cut", { limit: format.plain(cut, 2) });

/**
 * The path of every run, as much of it as can be seen.
 * @param {State} state
 * @param {Frame} frame
 * @returns {Points[]}
 */
export function pathPoints({ paths, live }, frame) {
  if (!paths) return live.spec.runs.map(() => ({ x: [null], y: [null], z: [null] }));
  const size = { x: frame.x1 - frame.x0, y: frame.y1 - frame.y0 };
  return paths.x.map((_, run) => {
    const whole = { x: paths.x[run], y: paths.y[run], z: paths.z[run] };
    const from = firstOf(paths, run);
    const seen = drawn(whole, size, { from, ceiling: frame.ceiling });
    return seen.x.length ? seen : { x: [null], y: [null], z: [null] };
  });
}

/** The place of the first point of a path that is one piece. @param {import("../../experiment/trajectories.js").Paths} paths @param {number} run */
function firstOf({ steps, began }, run) {
  const at = began[run] ? steps.findIndex((step) => step >= began[run]) : 0;
  return Math.max(0, at);
}

/**
 * Where every run is now.
 * @param {State} state
 * @param {Frame} frame
 * @returns {Points}
 */
export function presentPoints({ paths }, { ceiling }) {
  /** @param {import("../../types.js").Losses[]|undefined} runs */
  const last = (runs) =>
    (runs ?? []).map((values) => values.findLast((value) => value !== null) ?? null);
  const z = last(paths?.z).map((value) => (value !== null && value > ceiling ? null : value));
  return { x: last(paths?.x), y: last(paths?.y), z };
}

/** Whether a run is on the surface, as far as anybody can see. @param {number} base @param {number} z */
const near = (base, z) => Math.abs(base - z) < 0.01 * Math.abs(z);

/**
 * The place of the moment that is pointed at, in whatever picture; null where none is or its path does not reach it.
 * @param {State} state
 */
export function placeOfHover({ hover, paths }) {
  if (!hover || !paths || hover.step === null) return null;
  const { run, step } = hover;
  const after = paths.steps.findIndex((at) => at > step);
  const at = (after < 0 ? paths.steps.length : after) - 1;
  const [x, y, z] = [paths.x[run]?.[at], paths.y[run]?.[at], paths.z[run]?.[at]];
  if (typeof x !== "number" || typeof y !== "number" || typeof z !== "number") return null;
  return { x, y, z };
}

/**
 * What hovering over a run's present point says, and how far it is from the surface.
 * @param {State} state
 * @param {Surface} surface
 * @param {Points} present
 */
export function presentWords(state, surface, present) {
  const grid = gridOf(surface);
  const names = runNames(state);
  return names.map((name, run) => {
    const [x, y, z] = [present.x[run], present.y[run], present.z[run]];
    if (x === null || y === null || z === null || x === undefined) return name;
    const words = [t("landscape.hover.run", { name, loss: format.loss(z) })];
    const base = heightAt(grid, x, Number(y));
    const off = state.paths?.off[run];
    if (base !== null && !near(base, z)) {
      const key = z > base ? "landscape.hover.above" : "landscape.hover.below";
      words.push(t(key, { by: format.loss(Math.abs(z - base)), base: format.loss(base) }));
      if (off) words.push(t("landscape.hover.off", { off: format.plain(off, 2) }));
    }
    return words.join("<br>");
  });
}

/** Earlier ways on this plane: of beginnings that were left, and before a run was set by hand. @param {State} state @param {Frame} frame */
export function ghosts(state, frame) {
  const { paths, live, view } = state;
  const size = { x: frame.x1 - frame.x0, y: frame.y1 - frame.y0 };
  const found = trailsOf(state).map((trail) => ({
    color: runColor(trail.slot, view.theme),
    ...drawn(trail, size, { ceiling: frame.ceiling }),
  }));
  paths?.began.forEach((_, run) => {
    const end = firstOf(paths, run);
    if (!end) return;
    const [x, y, z] = [paths.x, paths.y, paths.z].map((runs) => runs[run].slice(0, end));
    const seen = drawn({ x, y, z }, size, { ceiling: frame.ceiling });
    found.push({ color: runColor(live.slots[run], view.theme), ...seen });
  });
  return found;
}

/** A few round numbers on a logarithmic axis from 10^low to 10^high. @param {[number, number]} range */
export function logTicks([low, high]) {
  const factors = high - low > 2.2 ? [1] : high - low > 1 ? [1, 3] : [1, 2, 3, 5, 7];
  const tickvals = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const factor of factors) {
      const place = power + Math.log10(factor);
      if (place >= low && place <= high) tickvals.push(toDigits(factor * 10 ** power, 1));
    }
  }
  return { tickmode: "array", tickvals, ticktext: tickvals.map((value) => format.plain(value)) };
}

/** What lies above this many times the highest path counts as a spike. */
const SPIKE = 1.6;

/**
 * The height above which the surface is cut off: some times the highest loss that a path has, where the surface is
 * higher than that at a few points only.
 * @param {number[]} sorted heights of the grid, the lowest first
 * @param {number} highest of the paths
 */
export function ceilingFor(sorted, highest) {
  if (!sorted.length) return Infinity;
  const usual = sorted[Math.floor(0.4 * (sorted.length - 1))];
  const limit = Math.max(SPIKE * highest, usual);
  return sorted[sorted.length - 1] > 1.25 * limit ? limit : Infinity;
}

/** A loss this small a share of the highest is as good as zero, where the axis then begins and stays. */
const ZERO = 0.6;

/**
 * The ends of the height axis. Those of the picture before stay while what is shown fills them well.
 * @param {{low: number, high: number}} seen
 * @param {boolean} log
 * @param {[number, number]|null} before
 * @returns {[number, number]} in the units of the axis: for a logarithmic one, powers of ten
 */
export function heightAxis({ low, high }, log, before) {
  const [a, b] = log
    ? [Math.log10(Math.max(low, 1e-9)), Math.log10(Math.max(high, low, 1e-8))]
    : [low >= 0 && low < ZERO * high ? 0 : low, high];
  const span = b - a || Math.abs(b) || 1;
  if (before) {
    const width = before[1] - before[0];
    const inside = a >= before[0] - 1e-9 * width && b <= before[1] + 1e-9 * width;
    if (inside && span >= 0.6 * width) return before;
  }
  return [a - 0.05 * span, b + 0.08 * span];
}
