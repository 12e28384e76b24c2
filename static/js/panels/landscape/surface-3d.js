/** The landscape as a 3-D figure: the surface, and on it the path and the present point of every run. */

import { palette, runColor } from "../../ui/theme.js";
import { CONFIG, FONT_FAMILY, hoverStyle } from "../../ui/plotly.js";
import { runNames } from "../../experiment/state.js";
import { cameraOf, carry, keepCamera, move, relabel, setMoving } from "./webgl/plotly-scene.js";
import {
  axisNames,
  ends,
  frameOf,
  ghosts,
  gridOf,
  heightName,
  logTicks,
  pathPoints,
  presentPoints,
  presentWords,
  stems,
} from "./shared-traces.js";
import { otherRun } from "../../experiment/landscape-settings.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Surface} Surface
 * @typedef {import("./shared-traces.js").Frame} Frame
 */

/** Contour lines on the surface. */
const LINES = 16;

/** Where the learner first stands; further away where there is little room. @param {number} width */
export function camera(width) {
  const far = width < 300 ? 1.5 : width < 420 ? 1.3 : 1.04;
  return {
    eye: { x: -1.16 * far, y: -1.42 * far, z: 1.02 * far },
    center: { x: 0, y: 0, z: -0.28 },
  };
}

/** The frame of the picture that is drawn. @type {WeakMap<HTMLElement, Frame>} */
const frames = new WeakMap();

/**
 * The whole figure.
 * @param {State} state
 * @param {Surface} surface
 * @param {number} width
 */
export function sceneFigure(state, surface, width) {
  const frame = frameOf(state, surface);
  const data = [
    surfaceTrace(state, surface, frame),
    ...pathTraces(state, frame),
    stemTrace(state, surface, frame),
    ghostTrace(state, frame),
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
    scene: sceneLayout(state, surface, frame, width),
  };
  return { data, layout, frame };
}

/** Where a figure was last said to be seen from. @type {WeakMap<HTMLElement, ReturnType<typeof camera>>} */
const given = new WeakMap();

/**
 * Where a figure is to be seen from: where the learner has turned it to, else as suits its width. It is said with every
 * drawing, since two that overlap would make Plotly forget that it was turned.
 * @param {HTMLElement} element
 */
function stance(element) {
  const usual = camera(element.clientWidth);
  const [before, now] = [given.get(element), cameraOf(element)];
  given.set(element, usual);
  if (!before || !now) return usual;
  const turned = ["x", "y", "z"].some(
    (axis) =>
      Math.abs(now.eye[/** @type {"x"} */ (axis)] - before.eye[/** @type {"x"} */ (axis)]) > 1e-6,
  );
  return turned ? now : usual;
}

/**
 * Draws everything.
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 */
export async function drawScene(Plotly, element, state) {
  if (!state.surface) return;
  const { data, layout, frame } = sceneFigure(state, state.surface, element.clientWidth);
  frames.set(element, frame);
  setMoving(element, state.hurried);
  keepCamera(element);
  layout.scene.camera = stance(element);
  await Plotly.react(element, data, layout, CONFIG);
  carry(element, carried(state));
  setMoving(element, state.hurried);
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
  const [stems, present] = [1 + runs.length, 3 + runs.length];
  return [stems, ...runs.map((run) => 1 + run), present].map((place) => first + place);
}

/**
 * Moves only paths and points.
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 */
export async function moveScene(Plotly, element, state) {
  const frame = frames.get(element);
  const runs = state.live.spec.runs.length;
  const drawnRuns = /** @type {PlotlyElement} */ (element).data?.filter(({ meta }) => meta.path);
  if (!state.surface || !frame || drawnRuns?.length !== runs)
    return drawScene(Plotly, element, state);
  const present = presentPoints(state, frame);
  const moved = new Map(pathPoints(state, frame).map((points, run) => [1 + run, points]));
  moved.set(1 + runs, stems(state.surface, present));
  moved.set(3 + runs, present);
  setMoving(element, state.hurried);
  if (!move(element, moved)) await restyle(Plotly, element, moved);
  if (!state.hurried) relabel(element, 3 + runs, presentWords(state, state.surface, present));
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

/** @param {State} state @param {Frame} frame */
function pathTraces(state, frame) {
  const { live, view, chosen } = state;
  const names = runNames(state);
  return pathPoints(state, frame).map((points, run) => ({
    type: "scatter3d",
    mode: "lines",
    name: names[run],
    meta: { run, path: true },
    ...points,
    line: {
      color: runColor(live.slots[run], view.theme),
      width: run === chosen ? 7 : 5,
      dash: live.slots[run] < 8 ? "solid" : "dash",
    },
    hovertemplate: `${names[run]}<br>J = %{z:.4g}<extra></extra>`,
  }));
}

/** @param {State} state @param {Surface} surface @param {Frame} frame */
function stemTrace(state, surface, frame) {
  return {
    type: "scatter3d",
    mode: "lines",
    meta: { set: "stems" },
    ...stems(surface, presentPoints(state, frame)),
    line: { color: palette(state.view.theme).muted, width: 2 },
    hoverinfo: "skip",
  };
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

/** @param {State} state @param {Surface} surface @param {Frame} frame @param {number} width */
export function sceneLayout(state, surface, frame, width) {
  const { view, landscape, chosen, live } = state;
  const { ink, muted, line } = palette(view.theme);
  const small = width < 420;
  const axis = {
    color: muted,
    gridcolor: line,
    linecolor: line,
    zeroline: false,
    showspikes: false,
    showbackground: false,
    tickfont: { size: small ? 11 : 13, family: FONT_FAMILY, color: muted },
    nticks: small ? 4 : 6,
  };
  /** Where there is no room for them, the choices above the picture tell. @param {string} text */
  const title = (text) => ({
    text: width < 220 ? "" : text,
    font: { size: small ? 12 : 14, color: ink, family: FONT_FAMILY },
  });
  const other = otherRun(landscape, chosen, live.slots.length);
  const names = axisNames(surface, runNames(state), other);
  return {
    uirevision: "camera",
    camera: camera(width),
    dragmode: "turntable",
    aspectmode: "manual",
    aspectratio: { x: 1.15, y: 1.15, z: 0.72 },
    xaxis: { ...axis, title: title(names.x), range: ends(surface.x) },
    yaxis: { ...axis, title: title(names.y), range: ends(surface.y) },
    zaxis: {
      ...axis,
      title: title(heightName(frame)),
      type: view.logSurface ? "log" : "linear",
      range: frame.height,
      ...(view.logSurface ? logTicks(frame.height) : {}),
    },
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
