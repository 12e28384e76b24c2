/**
 * The landscape seen from above: contour lines, and arrows down the slope. Plotly draws them when there is another
 * surface; paths and points, which move on every frame, are painted on a canvas over it.
 */

import { palette, runColor } from "../../ui/theme.js";
import { sharp } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { ticks } from "../../ui/canvas-axes.js";
import { axesOf, CONFIG, FONT_FAMILY, flatAxis, flatLayout, literal } from "../../ui/plotly.js";
import { runNames } from "../../experiment/state.js";
import { downhill } from "./grid.js";
import {
  axisNames,
  ends,
  frameOf,
  ghosts,
  gridOf,
  pathPoints,
  placeOfHover,
  presentPoints,
  presentWords,
} from "./shared-traces.js";
import { paintBall } from "./webgl/overlay-painter.js";
import { otherRun } from "../../experiment/landscape-settings.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Surface} Surface
 * @typedef {import("./shared-traces.js").Frame} Frame
 * @typedef {import("./shared-traces.js").Points} Points
 */

/** Levels between the lowest and the highest, at round numbers. */
const LEVELS = 12;
/** How wide the raster of arrows is, in pixels. */
const ARROW = 38;

/** Room for the colour bar, which the page draws itself. */
const BAR = 58;

/** @type {WeakMap<HTMLElement, Frame>} */
const frames = new WeakMap();

/**
 * The whole figure; with the paths for export, without them for the page, which paints them itself.
 * @param {State} state
 * @param {Surface} surface
 * @param {{width: number, height: number, paths: boolean}} options
 */
export function contourFigure(state, surface, { width, height, paths }) {
  const { view } = state;
  const { ink } = palette(view.theme);
  const frame = frameOf(state, surface);
  const axis = { ...flatAxis(view.theme), showgrid: false, fixedrange: true, nticks: 6 };
  /** @param {string} text */
  const title = (text) => ({ text: literal(text), standoff: 4, font: { color: ink, size: 13 } });
  const other = otherRun(state.landscape, state.chosen, state.live.slots.length);
  const names = axisNames(surface, runNames(state), other);
  const layout = {
    ...flatLayout(view.theme),
    margin: { l: 8, r: paths ? 10 : BAR, t: 6, b: 8 },
    dragmode: false,
    xaxis: { ...axis, title: title(names.x), range: ends(surface.x) },
    yaxis: { ...axis, title: title(names.y), range: ends(surface.y) },
  };
  const arrows = arrowTrace(state, surface, width, height);
  const data = [
    contourTrace(state, surface, frame),
    arrows.trace,
    ...(paths ? lineTraces(state, surface, frame) : []),
  ];
  return { data, layout, frame, steepest: arrows.steepest };
}

/** Contour levels at round numbers. @param {number} low @param {number} top */
function levelsOf(low, top) {
  const round = ticks(low, top, LEVELS);
  const size = round.length > 1 ? round[1] - round[0] : (top - low) / LEVELS || 1;
  return { start: round[0] ?? low, end: round[round.length - 1] ?? top, size };
}

/** @param {State} state @param {Surface} surface @param {Frame} frame */
function contourTrace({ view }, surface, { shades: [low, top] }) {
  const { surface: scale, contour, ink } = palette(view.theme);
  const log = view.logSurface;
  const grid = gridOf(surface);
  /** @param {number} value */
  const shown = (value) => (log ? Math.log10(Math.max(value, 1e-12)) : value);
  return {
    type: "contour",
    name: "J",
    x: surface.x,
    y: surface.y,
    z: grid.y.map((_, j) => grid.x.map((_, i) => shown(grid.z[j * grid.x.length + i]))),
    customdata: grid.y.map((_, j) => grid.x.map((_, i) => grid.z[j * grid.x.length + i])),
    meta: { run: surface.run, step: surface.step },
    zmin: low,
    zmax: top,
    autocontour: false,
    contours: {
      ...levelsOf(low, top),
      showlabels: true,
      labelfont: { size: 13, color: ink, family: FONT_FAMILY },
      labelformat: log ? undefined : "~g",
    },
    colorscale: scale,
    line: { width: 0.7, color: contour, smoothing: 0.6 },
    showscale: false,
    hovertemplate: `${surface.axes.x} = %{x:.3g}<br>${surface.axes.y} = %{y:.3g}<br>J = %{customdata:.4g}<extra></extra>`,
  };
}

/** @param {State} state @param {Surface} surface @param {number} width @param {number} height */
function arrowTrace({ view }, surface, width, height) {
  const raster = {
    columns: Math.max(6, Math.round((width - 60) / ARROW)),
    rows: Math.max(5, Math.round((height - 50) / ARROW)),
  };
  const { steepest, ...strokes } = downhill(gridOf(surface), raster);
  const trace = {
    type: "scatter",
    mode: "lines",
    meta: { set: "downhill" },
    ...strokes,
    line: { color: palette(view.theme).arrow, width: 1.2 },
    hoverinfo: "skip",
  };
  return { trace, steepest };
}

/** @param {State} state @param {Surface} surface @param {Frame} frame */
function lineTraces(state, surface, frame) {
  const { live, view, chosen } = state;
  const names = runNames(state);
  const present = presentPoints(state, frame);
  const lines = pathPoints(state, frame).map(({ x, y }, run) => ({
    type: "scatter",
    mode: "lines",
    name: literal(names[run]),
    meta: { run },
    x,
    y,
    line: { color: runColor(live.slots[run], view.theme), width: run === chosen ? 3.5 : 2.5 },
    hoverinfo: "name",
  }));
  const trails = ghosts(state, frame).map(({ x, y, color }) => ({
    type: "scatter",
    mode: "lines",
    meta: { set: "ghosts" },
    x,
    y,
    opacity: 0.5,
    line: { color, width: 2, dash: "dot" },
    hoverinfo: "skip",
  }));
  const points = {
    type: "scatter",
    mode: "markers",
    meta: { set: "present" },
    x: present.x,
    y: present.y,
    text: presentWords(state, surface, present),
    marker: {
      color: live.slots.map((slot) => runColor(slot, view.theme)),
      size: live.slots.map((_, run) => (run === chosen ? 12 : 9)),
      line: { color: palette(view.theme).ground, width: 1.5 },
    },
    hovertemplate: "%{text}<extra></extra>",
  };
  return [...trails, ...lines, points];
}

/**
 * Draws everything.
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {HTMLCanvasElement} overlay
 * @param {State} state
 */
export async function drawContour(Plotly, element, overlay, state) {
  if (!state.surface) return;
  const { data, layout, frame, steepest } = contourFigure(state, state.surface, {
    width: element.clientWidth,
    height: element.clientHeight,
    paths: false,
  });
  frames.set(element, frame);
  state.landscape.steepest = steepest;
  await Plotly.react(element, data, layout, CONFIG);
  paintPaths(element, overlay, state);
}

/**
 * How places of the plane become pixels of the figure.
 * @param {HTMLElement} element
 */
export function scaleOf(element) {
  const { xaxis, yaxis } = axesOf(element);
  return {
    left: xaxis._offset,
    top: yaxis._offset,
    width: xaxis._length,
    height: yaxis._length,
    x: (/** @type {number} */ value) => xaxis._offset + xaxis.l2p(value),
    y: (/** @type {number} */ value) => yaxis._offset + yaxis.l2p(value),
    /** @param {number} px @param {number} py @returns {[number, number]|null} */
    back(px, py) {
      const [x, y] = [px - xaxis._offset, py - yaxis._offset];
      const inside = x >= 0 && y >= 0 && x <= xaxis._length && y <= yaxis._length;
      return inside ? [xaxis.p2l(x), yaxis.p2l(y)] : null;
    },
  };
}

/**
 * Paints paths and points.
 * @param {HTMLElement} element
 * @param {HTMLCanvasElement} overlay
 * @param {State} state
 */
export function paintPaths(element, overlay, state) {
  const frame = frames.get(element);
  if (!frame || !state.surface) return;
  const { live, view, chosen } = state;
  const scale = scaleOf(element);
  const context = sharp(overlay, overlay.clientWidth, overlay.clientHeight);
  context.save();
  context.beginPath();
  context.rect(scale.left, scale.top, scale.width, scale.height);
  context.clip();
  context.lineJoin = context.lineCap = "round";
  /** @param {{x: (number|null)[], y: (number|null)[]}} line @param {string} color @param {number} width */
  const stroke = ({ x, y }, color, width) => {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    let up = true;
    for (let i = 0; i < x.length; i++) {
      const [a, b] = [x[i], y[i]];
      if (a === null || b === null) {
        up = true;
        continue;
      }
      if (up) context.moveTo(scale.x(a), scale.y(b));
      else context.lineTo(scale.x(a), scale.y(b));
      up = false;
    }
    context.stroke();
  };
  const trails = ghosts(state, frame);
  if (trails.length) {
    context.globalAlpha = 0.55;
    context.setLineDash([2, 4]);
    for (const trail of trails) stroke(trail, trail.color, 2);
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  const { ground } = palette(view.theme);
  const lines = pathPoints(state, frame);
  const lit = state.hover?.run ?? null;
  for (const line of lines) stroke(line, ground, 5);
  lines.forEach((line, run) => {
    context.globalAlpha = lit === null || lit === run ? 1 : 0.3;
    const width = (run === chosen ? 3.5 : 2.5) * (lit === run ? 1.4 : 1);
    stroke(line, runColor(live.slots[run], view.theme), width);
  });
  context.globalAlpha = 1;
  const present = presentPoints(state, frame);
  context.strokeStyle = ground;
  context.lineWidth = 1.5;
  present.x.forEach((x, run) => {
    const y = present.y[run];
    if (x === null || y === null || present.z[run] === null) return;
    const color = runColor(live.slots[run], view.theme);
    paintBall(context, scale.x(x), scale.y(Number(y)), run === chosen ? 7 : 5, color);
    context.stroke();
  });
  const place = placeOfHover(state);
  if (place) {
    context.strokeStyle = palette(view.theme).ink;
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(scale.x(place.x), scale.y(place.y), 10, 0, 2 * Math.PI);
    context.stroke();
  }
  context.restore();
  overlay.dataset.step = format.plain(state.step, 9);
}
