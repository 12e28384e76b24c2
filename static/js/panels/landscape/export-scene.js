/** A 3-D landscape to take away, with what the page paints over its scenes: paths that are seen, and the step −α·G. */

import { toDigits } from "../../ui/round.js";
import { heightAt } from "./grid.js";
import { stepAhead } from "./scene-extras.js";
import { ends, gridOf } from "./shared-traces.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Surface} Surface
 * @typedef {import("./shared-traces.js").Points} Points
 * @typedef {import("./export.js").Figure} Figure
 */

/** How much of a path is seen through the surface. */
const THROUGH = 0.55;
/** How far points may come nearer to be seen, as shares of the way to the eye: as on the surface, and through it. */
const [SOLID, WHOLE] = [0.03, 0.6];
/** What is seen lies so far above the surface, in a scene's units; it is looked for at so many places of the way. */
const [ABOVE, LOOKS] = [0.004, 48];
/** Stretches of a path are looked at in so many pieces. */
const PIECES = 5;
/** The shortest arrow and its head, as shares of the plane's sides; drawn longer than this many times it says nothing. */
const [LEAST, HEAD, FARTHEST] = [0.1, 0.03, 1000];
/** Half the angle of the head. */
const SPREAD = 0.45;

/**
 * @typedef {[number, number, number]} Place   in a scene's own units, its box about 0
 * @typedef {{camera: PlotlyCamera, xaxis: {range: number[]}, yaxis: {range: number[]},
 *   zaxis: {range: number[], type: string}, aspectratio: {x: number, y: number, z: number}}} Scene
 */

/**
 * How a scene places what is in it.
 * @param {Scene} scene
 */
function placing({ xaxis, yaxis, zaxis, aspectratio: { x, y, z } }) {
  const ranges = [xaxis.range, yaxis.range, zaxis.range];
  const sides = [x, y, z];
  const log = zaxis.type === "log";
  /** @param {number} value @param {number} i */
  const toScene = (value, i) => {
    const [low, high] = ranges[i];
    return (((i === 2 && log ? Math.log10(value) : value) - low) / (high - low) - 0.5) * sides[i];
  };
  /** @param {number} value @param {number} i */
  const toData = (value, i) => {
    const [low, high] = ranges[i];
    const found = low + (value / sides[i] + 0.5) * (high - low);
    return i === 2 && log ? 10 ** found : found;
  };
  return { toScene, toData };
}

/**
 * Points as they are, but nearer to the eye where the surface lies before them: at the same place of the picture.
 * @param {Points} points @param {Surface} surface @param {Scene} scene
 * @param {{most: number, pieces: number}} how `most`: how far at most, as a share of the way; `pieces` of each stretch
 * @returns {Points}
 */
export function lifted(points, surface, scene, { most, pieces }) {
  const { toScene, toData } = placing(scene);
  const grid = gridOf(surface);
  const { x: ex, y: ey, z: ez } = scene.camera.eye;
  const eye = [ex, ey, ez];
  /** @param {Place} place @param {number} share */
  const nearer = (place, share) => place.map((value, i) => value + share * (eye[i] - value));
  /** @param {number[]} place */
  const isBelow = ([x, y, z]) => {
    const height = heightAt(grid, toData(x, 0), toData(y, 1));
    return height !== null && z < toScene(height, 2) + ABOVE;
  };
  /** @param {Place} place */
  const seen = (place) => {
    let share = 0;
    for (let i = 0; i <= LOOKS; i++) {
      const at = (most * i) / LOOKS;
      if (isBelow(nearer(place, at))) share = Math.min(most, at + most / LOOKS);
    }
    return nearer(place, share).map(toData);
  };
  const places = points.x.map((x, i) => placeOf(x, points.y[i], points.z[i], toScene));
  const all = inPieces(places, pieces).map((place) => place && seen(place));
  const [x, y, z] = [0, 1, 2].map((i) => all.map((place) => (place ? place[i] : null)));
  return { x, y, z };
}

/**
 * @param {number|null} x @param {number|null} y @param {number|null} z
 * @param {(value: number, i: number) => number} toScene
 * @returns {Place|null}
 */
const placeOf = (x, y, z, toScene) =>
  x === null || y === null || z === null ? null : [toScene(x, 0), toScene(y, 1), toScene(z, 2)];

/** A line with places between its points; gaps stay. @param {(Place|null)[]} places @param {number} pieces */
function inPieces(places, pieces) {
  return places.flatMap((place, i) => {
    const before = places[i - 1];
    if (!place || !before) return [place];
    return Array.from({ length: pieces }, (_, k) => {
      const share = (k + 1) / pieces;
      return /** @type {Place} */ (place.map((end, j) => before[j] + share * (end - before[j])));
    });
  });
}

/**
 * The traces as they are seen without the page: on it, paths behind the surface are painted over it, faintly. Here each
 * is drawn once more before it. Shadows on the floor, which no legend names, are left out.
 * @param {PlotlyTrace[]} traces of one scene
 * @param {Surface} surface @param {Scene} scene
 * @param {number} [opacity] of what lies behind; in a figure of two scenes, less than 1 makes holes in the second
 * @returns {PlotlyTrace[]}
 */
export function seenThrough(traces, surface, scene, opacity = THROUGH) {
  return traces.flatMap((trace) => {
    if (trace.meta.set === "shadow") return [];
    if (trace.type !== "scatter3d" || trace.meta.set === "ghosts") return [trace];
    const points = /** @type {Points} */ (/** @type {unknown} */ (trace));
    const pieces = trace.mode === "lines" ? PIECES : 1;
    /** @param {number} most */
    const at = (most) =>
      trace.mode === "lines"
        ? lifted(points, surface, scene, { most, pieces })
        : unjoined(points, (one) => lifted(one, surface, scene, { most, pieces }));
    const through = {
      ...trace,
      ...at(WHOLE),
      meta: { set: "through" },
      opacity,
      hoverinfo: "skip",
      hovertemplate: null,
    };
    // Those on the surface itself would be half in it.
    return [{ ...trace, ...at(SOLID) }, through];
  });
}

/** Points that no line joins. @param {Points} points @param {(one: Points) => Points} change @returns {Points} */
function unjoined({ x, y, z }, change) {
  const all = x.map((_, i) => change({ x: [x[i]], y: [y[i]], z: [z[i]] }));
  return {
    x: all.map((one) => one.x[0]),
    y: all.map((one) => one.y[0]),
    z: all.map((one) => one.z[0]),
  };
}

/**
 * The step −α·G as an arrow, and how many times its length it has; null where there is none to be seen.
 * @param {State} state @param {Surface} surface
 * @returns {{points: Points, longer: number}|null}
 */
export function arrowOf(state, surface) {
  const step = stepAhead(state, surface);
  const [x0, x1, y0, y1] = [...surface.ahead.x, ...surface.ahead.y].map(Number);
  const [left, right] = ends(surface.x);
  const [near, far] = ends(surface.y);
  const [dx, dy] = [(x1 - x0) / (right - left), (y1 - y0) / (far - near)];
  const times = LEAST / Math.hypot(dx, dy);
  if (!step || times > FARTHEST) return null;
  const wanted = times > 1 ? toDigits(times, times < 10 ? 2 : 1) : 1;
  /** @type {[number, number]} */
  const [x, y] = [x0 + wanted * (x1 - x0), y0 + wanted * (y1 - y0)];
  const inside = heightAt(gridOf(surface), x, y) !== null;
  const longer = inside ? wanted : 1;
  const points = inside
    ? stepAhead(state, { ...surface, ahead: { ...surface.ahead, x: [x0, x], y: [y0, y] } })
    : step;
  if (!points) return null;
  const angle = Math.atan2(dy, dx);
  const tip = points.x.length - 1;
  const [tx, ty, tz] = [Number(points.x[tip]), Number(points.y[tip]), points.z[tip]];
  for (const side of [Math.PI - SPREAD, Math.PI + SPREAD]) {
    const px = tx + HEAD * (right - left) * Math.cos(angle + side);
    const py = ty + HEAD * (far - near) * Math.sin(angle + side);
    points.x.push(null, tx, px);
    points.y.push(null, ty, py);
    points.z.push(null, tz, heightAt(gridOf(surface), px, py) ?? tz);
  }
  return { points, longer };
}

/**
 * From farther away, so that nothing of it is cut off: a scene is as high as its place, however narrow that is.
 * @param {PlotlyCamera} camera @param {number} times
 */
export function farther(camera, times) {
  const { x, y, z } = camera.eye;
  return { ...camera, eye: { x: times * x, y: times * y, z: times * z } };
}
