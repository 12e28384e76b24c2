/** What lies over a 3-D landscape and is no trace of it: the words at its axes, shadows on its floor, the step −α·G. */

import { ticks } from "../../ui/canvas-axes.js";
import { FONT_FAMILY } from "../../ui/plotly.js";
import { palette, runColor, typeSize } from "../../ui/theme.js";
import * as format from "../../ui/number-format.js";
import { runNames } from "../../experiment/state.js";
import { otherRun } from "../../experiment/landscape-settings.js";
import { heightAt } from "./grid.js";
import { axisNames, ends, gridOf, heightName, logTicks, placeOfHover } from "./shared-traces.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Surface} Surface
 * @typedef {import("./shared-traces.js").Frame} Frame
 * @typedef {import("./shared-traces.js").Points} Points
 * @typedef {import("./webgl/overlay.js").Extras} Extras
 */

/** How far the floor lies below what is drawn, as a share of its height. */
const FLOOR = 0.3;
/** The shortest arrow, in pixels. */
const LEAST = 30;
/** Pieces of the arrow, which follows the surface. */
const PIECES = 16;

/** The ends of the height axis, floor included. @param {Frame} frame @returns {[number, number]} */
export const withFloor = ({ height: [low, high] }) => [low - FLOOR * (high - low), high];

/** The floor's height in J. @param {Frame} frame @param {boolean} log */
export const floorOf = (frame, log) => (log ? 10 ** withFloor(frame)[0] : withFloor(frame)[0]);

/**
 * The numbers at an axis: round ones, and none where it ends and meets another.
 * @param {[number, number]} range @param {number} wanted
 */
export function ticksWithin([low, high], wanted) {
  const spare = 0.04 * (high - low);
  return ticks(low, high, wanted).filter((value) => value >= low + spare && value <= high - spare);
}

/**
 * The numbers at the three axes of a scene.
 * @param {Surface} surface @param {Frame} frame @param {{log: boolean, small: boolean}} how
 */
export function sceneTicks(surface, frame, { log, small }) {
  const heights = log
    ? logTicks(frame.height).tickvals
    : ticks(...frame.height, small ? 3 : 4).filter(
        (value) => value >= frame.height[0] && value <= frame.height[1],
      );
  return [
    ticksWithin(ends(surface.x), small ? 4 : 6),
    ticksWithin(ends(surface.y), small ? 4 : 6),
    heights,
  ];
}

/**
 * The paths' shadows on the floor.
 * @param {State} state @param {Points[]} paths @param {number} floor
 */
export function shadows({ live, view, chosen }, paths, floor) {
  return paths.map(({ x, y }, run) => ({
    run,
    points: { x, y, z: x.map((value) => (value === null ? null : floor)) },
    color: runColor(live.slots[run], view.theme),
    width: run === chosen ? 2.5 : 2,
  }));
}

/**
 * The step −α·G as it lies on the surface; null where it is not of the step that is shown.
 * @param {State} state @param {Surface} surface
 * @returns {Points|null}
 */
export function stepAhead({ step, hurried }, surface) {
  const { x, y } = surface.ahead;
  const [x0, x1, y0, y1] = [...x, ...y];
  if (hurried || surface.step !== step) return null;
  if (x0 === null || x1 === null || y0 === null || y1 === null) return null;
  if (x0 === x1 && y0 === y1) return null;
  const grid = gridOf(surface);
  /** @type {Points} */
  const points = { x: [], y: [], z: [] };
  for (let i = 0; i <= PIECES; i++) {
    const share = i / PIECES;
    const [px, py] = [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
    const height = heightAt(grid, px, py);
    if (height === null) break; // it leads out of the picture
    points.x.push(px);
    points.y.push(py);
    points.z.push(height);
  }
  return points.x.length > 1 ? points : null;
}

/**
 * All of it.
 * @param {State} state
 * @param {Surface} surface
 * @param {Frame} frame
 * @param {object} how
 * @param {number} how.width of the scene
 * @param {() => Points[]} how.paths as they are drawn now
 * @param {(longer: number|null) => void} how.told how many times its length the arrow is drawn; null: there is none
 * @returns {() => Extras}
 */
export function extrasOf(state, surface, frame, { width, paths, told }) {
  const { theme, logSurface: log } = state.view;
  const { ink, muted, ground } = palette(theme);
  const small = width < 420;
  const other = otherRun(state.landscape, state.chosen, state.live.slots.length);
  const names = axisNames(surface, runNames(state), other);
  const titles = [names.x, names.y, heightName(frame)];
  const found = sceneTicks(surface, frame, { log, small });
  const floor = floorOf(frame, log);
  /** @type {Extras["axes"]} */
  const axes = {
    of: /** @type {import("./webgl/axis-labels.js").Axes["of"]} */ (
      titles.map((title, i) => ({
        title,
        ticks: found[i].map((at) => ({ at, text: format.plain(at, 3) })),
      }))
    ),
    style: { family: FONT_FAMILY, size: typeSize(small ? 11 : 13), muted, ink, ground },
  };
  return () => {
    const step = stepAhead(state, surface);
    if (!step) told(null);
    const place = placeOfHover(state);
    return {
      lit: state.hover?.run ?? null,
      strokes: shadows(state, paths(), floor).map(({ run: _, ...stroke }) => ({
        ...stroke,
        dash: false,
        opacity: 0.5,
        through: 0,
      })),
      rings: place ? [{ ...place, size: 20, color: ink, halo: ground }] : [],
      arrow: step && { points: step, color: ink, halo: ground, least: LEAST, told },
      axes,
    };
  };
}
