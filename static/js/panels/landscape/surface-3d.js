/** The landscape as a 3-D figure: the surface, and on it the path and the present place of every run. */

import { faded, palette, runColor } from "../../ui/theme.js";
import { CONFIG, FONT_FAMILY, hoverStyle, literal } from "../../ui/plotly.js";
import * as format from "../../ui/number-format.js";
import { runNames } from "../../experiment/state.js";
import { otherRun, planeKey } from "../../experiment/landscape-settings.js";
import { cameraAt, stance } from "./camera.js";
import { extrasOf, floorOf, sceneTicks, shadows, stepAhead, withFloor } from "./scene-extras.js";
import { carry, move, relabel, setMoving } from "./webgl/plotly-scene.js";
import {
  axisNames,
  ends,
  frameOf,
  ghosts,
  gridOf,
  heightName,
  pathPoints,
  presentPoints,
  presentWords,
} from "./shared-traces.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Surface} Surface
 * @typedef {import("./shared-traces.js").Frame} Frame
 * @typedef {import("./shared-traces.js").Points} Points
 * @typedef {(longer: number|null) => void} Told   how many times its length the arrow of the step is drawn; null: none is
 */

/** Contour lines on the surface. */
const LINES = 16;

/** Whether this Plotly lets words and paths be painted over its scenes; else it draws them itself. */
let paintedOver = true;

/** The picture that is drawn: its frame, and its paths as they are now. @type {WeakMap<HTMLElement, {frame: Frame, paths: Points[]}>} */
const pictures = new WeakMap();

/**
 * The whole figure.
 * @param {State} state
 * @param {Surface} surface
 * @param {number} width
 * @param {{alone?: boolean}} [how] `alone`: with all that is painted over it on the page
 */
export function sceneFigure(state, surface, width, { alone = !paintedOver } = {}) {
  const frame = frameOf(state, surface);
  const paths = pathPoints(state, frame);
  const data = [
    surfaceTrace(state, surface, frame),
    ...pathTraces(state, paths),
    ghostTrace(state, frame),
    ...(alone ? shadowTraces(state, paths, frame) : []),
    ...(alone ? aheadTrace(state, surface) : []),
    pointTrace(state, surface, frame),
  ];
  const layout = {
    autosize: true,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    font: { family: FONT_FAMILY, size: 13, color: palette(state.view.theme).ink },
    paper_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    hoverlabel: hoverStyle(state.view.theme),
    uirevision: "camera",
    scene: sceneLayout(state, surface, frame, { width, alone }),
  };
  return { data, layout, frame, paths };
}

/** What decides from where a picture is looked at by itself. @param {State} state */
export const standKey = (state) =>
  [planeKey(state), state.summary.id, state.view.logSurface].join();

/**
 * The heights between which a surface is drawn, in J.
 * @param {Frame} frame
 * @returns {[number, number]}
 */
export const heightsOf = ({ bottom, top, high }) => [bottom, Math.min(top, high)];

/**
 * Draws everything.
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 * @param {Told} told
 * @returns {Promise<void>}
 */
export async function drawScene(Plotly, element, state, told) {
  const { surface } = state;
  if (!surface) return;
  const width = element.clientWidth;
  const { data, layout, frame, paths } = sceneFigure(state, surface, width);
  const picture = { frame, paths };
  pictures.set(element, picture);
  setMoving(element, state.hurried);
  const key = standKey(state);
  layout.scene.camera = stance(element, { surface, heights: heightsOf(frame), key });
  await Plotly.react(element, data, layout, CONFIG);
  const extras = extrasOf(state, surface, frame, { width, paths: () => picture.paths, told });
  const carries = carry(element, carried(state), extras);
  setMoving(element, state.hurried);
  if (carries || !paintedOver) return;
  paintedOver = false;
  return drawScene(Plotly, element, state, told);
}

/**
 * The places of what is painted over the scene, from below to above.
 * @param {State} state
 * @param {number} [first] the place of the surface
 */
export function carried({ live, chosen }, first = 0) {
  const runs = live.slots
    .map((_, run) => run)
    .sort((a, b) => Number(a === chosen) - Number(b === chosen));
  const present = 2 + runs.length; // the ghosts, which rest, lie between
  return [...runs.map((run) => 1 + run), present].map((place) => first + place);
}

/**
 * Moves only paths and points.
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 * @param {Told} told
 */
export async function moveScene(Plotly, element, state, told) {
  const picture = pictures.get(element);
  const runs = state.live.spec.runs.length;
  const { data } = /** @type {PlotlyElement} */ (element);
  const drawnRuns = data?.filter(({ meta }) => meta.path);
  if (!state.surface || !picture || drawnRuns?.length !== runs)
    return drawScene(Plotly, element, state, told);
  const last = data.length - 1;
  const present = presentPoints(state, picture.frame);
  picture.paths = pathPoints(state, picture.frame);
  const moved = new Map(picture.paths.map((points, run) => [1 + run, points]));
  moved.set(last, present);
  setMoving(element, state.hurried);
  if (!move(element, moved)) await restyle(Plotly, element, moved);
  if (!state.hurried) relabel(element, last, presentWords(state, state.surface, present));
}

/**
 * Moves traces by Plotly's own means, which draws the whole scene anew.
 * @param {PlotlyModule} Plotly @param {HTMLElement} element
 * @param {Map<number, import("./webgl/plotly-scene.js").Points>} moved by the place of the trace
 */
async function restyle(Plotly, element, moved) {
  const points = [...moved.values()];
  const [x, y, z] = [points.map((p) => p.x), points.map((p) => p.y), points.map((p) => p.z)];
  await Plotly.restyle(element, { x, y, z }, [...moved.keys()]);
}

/** @param {State} state @param {Surface} surface @param {Frame} frame */
function surfaceTrace({ view }, surface, { shades: [low, top] }) {
  const { contour, surface: scale } = palette(view.theme);
  const log = view.logSurface;
  const grid = gridOf(surface);
  const names = surface.axes;
  return {
    type: "surface",
    name: "J",
    x: surface.x,
    y: surface.y,
    z: surface.z,
    meta: { run: surface.run, step: surface.step },
    ...(log ? { surfacecolor: logColors(grid) } : {}),
    cmin: low,
    cmax: top,
    colorscale: scale,
    showscale: false,
    contours: {
      z: {
        show: true,
        usecolormap: false,
        color: contour,
        width: 1,
        start: low,
        end: top,
        size: (top - low) / LINES || 1,
        highlight: false,
        project: { z: true },
      },
      x: { highlight: false },
      y: { highlight: false },
    },
    lighting: { ambient: 0.6, diffuse: 0.55, specular: 0.1, roughness: 0.7, fresnel: 0.08 },
    lightposition: { x: -800, y: -600, z: 2500 },
    hovertemplate: `${names.x} = %{x:.3g}<br>${names.y} = %{y:.3g}<br>J = %{z:.4g}<extra></extra>`,
  };
}

/** Colours by powers of ten, row by row. @param {import("./grid.js").Grid} grid */
function logColors({ x, y, z }) {
  return y.map((_, j) => x.map((_, i) => Math.log10(Math.max(z[j * x.length + i], 1e-12))));
}

/** @param {State} state @param {Points[]} paths */
function pathTraces(state, paths) {
  const { live, view, chosen } = state;
  const names = runNames(state);
  return paths.map((points, run) => ({
    type: "scatter3d",
    mode: "lines",
    name: literal(names[run]),
    meta: { run, path: true, halo: palette(view.theme).ground },
    ...points,
    line: {
      color: runColor(live.slots[run], view.theme),
      width: run === chosen ? 7 : 5,
      dash: live.slots[run] < 8 ? "solid" : "dash",
    },
    hovertemplate: `${literal(names[run])}<br>J = %{z:.4g}<extra></extra>`,
  }));
}

/** The paths' shadows on the floor, as traces. @param {State} state @param {Points[]} paths @param {Frame} frame */
function shadowTraces(state, paths, frame) {
  return shadows(state, paths, floorOf(frame, state.view.logSurface)).map(
    ({ run, points, color, width }) => ({
      type: "scatter3d",
      mode: "lines",
      meta: { set: "shadow", run },
      ...points,
      line: { color: faded(color, 0.5), width: 2 * width },
      showlegend: false,
      hoverinfo: "skip",
    }),
  );
}

/** The step −α·G, as a trace. @param {State} state @param {Surface} surface */
function aheadTrace(state, surface) {
  const points = stepAhead(state, surface);
  if (!points) return [];
  return [
    {
      type: "scatter3d",
      mode: "lines",
      name: "−α·G",
      meta: { set: "ahead" },
      ...points,
      line: { color: palette(state.view.theme).ink, width: 6 },
      hoverinfo: "name",
    },
  ];
}

/** All earlier ways as one trace: each in its own colour, gaps between them. @param {State} state @param {Frame} frame */
function ghostTrace(state, frame) {
  const found = ghosts(state, frame);
  /** @type {{x: (number|null)[], y: (number|null)[], z: (number|null)[], colors: string[]}} */
  const all = { x: [null], y: [null], z: [null], colors: ["#888"] };
  for (const { x, y, z, color } of found) {
    all.x.push(...x, null);
    all.y.push(...y, null);
    all.z.push(...z, null);
    for (let i = 0; i <= x.length; i++) all.colors.push(color);
  }
  return {
    type: "scatter3d",
    mode: "lines",
    meta: { set: "ghosts" },
    x: all.x,
    y: all.y,
    z: all.z,
    line: { color: all.colors, width: 4, dash: "dot" },
    hoverinfo: "skip",
  };
}

/** @param {State} state @param {Surface} surface @param {Frame} frame */
function pointTrace(state, surface, frame) {
  const { live, view, chosen } = state;
  const present = presentPoints(state, frame);
  return {
    type: "scatter3d",
    mode: "markers",
    meta: { set: "present" },
    ...present,
    text: presentWords(state, surface, present),
    marker: {
      color: live.slots.map((slot) => runColor(slot, view.theme)),
      size: live.slots.map((_, run) => (run === chosen ? 8 : 6)),
      line: { color: palette(view.theme).ground, width: 1 },
      opacity: 1,
    },
    hovertemplate: "%{text}<extra></extra>",
  };
}

/**
 * @param {State} state @param {Surface} surface @param {Frame} frame
 * @param {{width: number, alone: boolean}} how `alone`: Plotly writes at the axes itself
 */
function sceneLayout(state, surface, frame, { width, alone }) {
  const { view, landscape, chosen, live } = state;
  const { ink, muted, line } = palette(view.theme);
  const small = width < 420;
  const log = view.logSurface;
  const found = sceneTicks(surface, frame, { log, small });
  const names = axisNames(surface, runNames(state), otherRun(landscape, chosen, live.slots.length));
  /** @param {number} which @param {string} text */
  const axis = (which, text) => ({
    color: muted,
    gridcolor: line,
    linecolor: line,
    zeroline: false,
    showspikes: false,
    showbackground: false,
    showticklabels: alone,
    ticks: "",
    tickfont: { size: small ? 11 : 13, family: FONT_FAMILY, color: muted },
    tickmode: "array",
    tickvals: found[which],
    ticktext: found[which].map((value) => format.plain(value, 3)),
    title: {
      text: alone ? literal(text) : "",
      font: { size: small ? 12 : 14, color: ink, family: FONT_FAMILY },
    },
  });
  return {
    uirevision: "camera",
    camera: cameraAt(231, width),
    dragmode: "turntable",
    aspectmode: "manual",
    aspectratio: { x: 1.24, y: 1.24, z: 0.8 },
    xaxis: { ...axis(0, names.x), range: ends(surface.x) },
    yaxis: { ...axis(1, names.y), range: ends(surface.y) },
    zaxis: { ...axis(2, heightName(frame)), type: log ? "log" : "linear", range: withFloor(frame) },
  };
}

/**
 * Holds updates back while the learner turns a figure; `free` is told when they may go on.
 * @param {HTMLElement} element
 * @param {() => void} free
 */
export function watchTurning(element, free) {
  let held = false;
  let wheel = 0;
  element.addEventListener("pointerdown", () => (held = true), true);
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(
      end,
      () => {
        if (!held) return;
        held = false;
        setTimeout(free);
      },
      true,
    );
  }
  element.addEventListener(
    "wheel",
    () => {
      clearTimeout(wheel);
      wheel = window.setTimeout(() => {
        wheel = 0;
        free();
      }, 250);
    },
    { capture: true, passive: true },
  );
  return () => held || wheel !== 0;
}
