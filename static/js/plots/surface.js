/** The loss over two parameters as a surface, and on it the path and the present point of every run. */

import { palette, runColor } from "../colors.js";
import { ceilingOf } from "../curves.js";
import * as format from "../format.js";
import { t } from "../i18n.js";
import { runNames } from "../state.js";
import { decode, extent } from "../typed.js";
import { CONFIG, FONT_FAMILY } from "./plotly.js";

/**
 * @typedef {import("../state.js").State} State
 */

/** Where the learner first stands; further away where there is little room. @param {number} width */
function camera(width) {
  const far = width < 420 ? 1.25 : 1;
  return {
    eye: { x: -1.2 * far, y: -1.45 * far, z: 0.86 * far },
    center: { x: 0, y: 0, z: -0.27 },
  };
}

/**
 * Draws everything.
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 */
export function drawSurface(Plotly, element, state) {
  if (!state.surface) return null;
  const reach = reachOf(state);
  return Plotly.react(
    element,
    [surfaceTrace(state, reach), ...pathTraces(state), pointTrace(state)],
    layout(state, reach, element.clientWidth),
    CONFIG,
  );
}

/**
 * Moves only paths and points.
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 */
export function movePaths(Plotly, element, state) {
  const traces = [...pathTraces(state), pointTrace(state)];
  const places = traces.map((_, i) => i + 1);
  if (/** @type {PlotlyElement} */ (element).data?.length !== traces.length + 1)
    return drawSurface(Plotly, element, state);
  return Plotly.restyle(
    element,
    {
      x: traces.map((trace) => trace.x),
      y: traces.map((trace) => trace.y),
      z: traces.map((trace) => trace.z),
    },
    places,
  );
}

/**
 * How far each axis reaches: the surface, and the paths unless a run has left for far away.
 * @param {State} state
 */
function reachOf({ surface, paths, view, curves }) {
  if (!surface) throw new Error("there is no surface yet");
  const heights = decode(surface.z);
  const [bottom, top] = extent(heights) ?? [0, 1];
  const lows = [bottom];
  const highs = [top];
  for (const run of paths?.z ?? []) {
    const reach = extent(cut(run, ceilingOf(curves.train)));
    if (reach) lows.push(reach[0]);
    if (reach) highs.push(reach[1]);
  }
  const low = Math.min(...lows);
  const high = Math.max(...highs);
  const pad = 0.04 * (high - low || Math.abs(high) || 1);
  /** @type {[number, number]} */
  const z = view.logSurface
    ? [Math.log10(Math.max(low, 1e-9)) - 0.08, Math.log10(Math.max(high, 1e-8)) + 0.05]
    : [Math.min(low - pad, low), high + pad];
  return { z, bottom, top };
}

/** @param {State} state @param {ReturnType<typeof reachOf>} reach */
function surfaceTrace({ surface, view }, { bottom, top }) {
  if (!surface) throw new Error("there is no surface yet");
  const { contour, surface: scale } = palette(view.theme);
  const lines = (top - bottom) / 14 || 1;
  return {
    type: "surface",
    name: "J",
    x: surface.x,
    y: surface.y,
    z: surface.z,
    meta: { run: surface.run, step: surface.step },
    colorscale: scale,
    showscale: false,
    opacity: 0.86,
    contours: {
      z: {
        show: true,
        usecolormap: false,
        color: contour,
        width: 1,
        start: bottom,
        end: top,
        size: lines,
        highlight: false,
      },
      x: { highlight: false },
      y: { highlight: false },
    },
    lighting: { ambient: 0.72, diffuse: 0.55, specular: 0.08, roughness: 0.85, fresnel: 0.05 },
    lightposition: { x: -800, y: -600, z: 2500 },
    hovertemplate: `${surface.axes.x} = %{x:.3g}<br>${surface.axes.y} = %{y:.3g}<br>J = %{z:.4g}<extra></extra>`,
  };
}

/** @param {State} state @returns {any[]} */
function pathTraces(state) {
  const { paths, live, view, surface } = state;
  const names = runNames(state);
  const axes = surface?.axes ?? state.axes;
  const ceiling = ceilingOf(state.curves.train);
  return live.spec.runs.map((_, run) => ({
    type: "scatter3d",
    mode: "lines",
    name: names[run],
    meta: { run },
    x: paths?.x[run].slice() ?? [],
    y: paths?.y[run].slice() ?? [],
    z: paths ? cut(paths.z[run], ceiling) : [],
    line: {
      color: runColor(live.slots[run], view.theme),
      width: run === state.chosen ? 7 : 5,
      dash: live.slots[run] < 8 ? "solid" : "dash",
    },
    hovertemplate: `${names[run]}<br>${axes.x} = %{x:.3g}<br>${axes.y} = %{y:.3g}<br>J = %{z:.4g}<extra></extra>`,
  }));
}

/**
 * A path without what lies above the ceiling, where only a run that blows up goes.
 * @param {import("../types.js").Losses} z
 * @param {number} ceiling
 */
function cut(z, ceiling) {
  return z.map((value) => (value === null || value > ceiling ? null : value));
}

/** @param {State} state @returns {any} */
function pointTrace({ paths, live, view, chosen, curves }) {
  const ceiling = ceilingOf(curves.train);
  /** @param {import("../types.js").Losses[]|undefined} runs */
  const last = (runs) =>
    (runs ?? []).map((values) => values.findLast((value) => value !== null) ?? null);
  return {
    type: "scatter3d",
    mode: "markers",
    name: t("surface.present"),
    meta: { set: "present" },
    x: last(paths?.x),
    y: last(paths?.y),
    z: cut(last(paths?.z), ceiling),
    marker: {
      color: live.slots.map((slot) => runColor(slot, view.theme)),
      size: live.slots.map((_, run) => (run === chosen ? 8 : 6)),
      line: { color: palette(view.theme).ground, width: 1 },
    },
    hoverinfo: "skip",
  };
}

/** @param {State} state @param {ReturnType<typeof reachOf>} reach @param {number} width */
function layout(state, { z }, width) {
  const { view, surface } = state;
  const { ink, muted, line, hover } = palette(view.theme);
  const axis = {
    color: muted,
    gridcolor: line,
    linecolor: line,
    zeroline: false,
    showspikes: false,
    showbackground: false,
    tickfont: { size: 13, family: FONT_FAMILY },
    nticks: 6,
  };
  /** @param {string} text */
  const title = (text) => ({ text, font: { size: 14, color: ink, family: FONT_FAMILY } });
  return {
    autosize: true,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    font: { family: FONT_FAMILY, size: 13, color: ink },
    paper_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    hoverlabel: {
      bgcolor: hover,
      bordercolor: line,
      font: { color: ink, size: 13, family: FONT_FAMILY },
    },
    uirevision: "camera",
    scene: {
      uirevision: "camera",
      camera: camera(width),
      dragmode: "turntable",
      aspectmode: "manual",
      aspectratio: { x: 1.15, y: 1.15, z: 0.72 },
      xaxis: { ...axis, title: title(surface?.axes.x ?? ""), range: ends(surface?.x) },
      yaxis: { ...axis, title: title(surface?.axes.y ?? ""), range: ends(surface?.y) },
      zaxis: {
        ...axis,
        title: title("J"),
        type: view.logSurface ? "log" : "linear",
        range: z,
        ...(view.logSurface ? logTicks(z) : {}),
      },
    },
  };
}

/** A few round numbers on a logarithmic axis from 10^low to 10^high. @param {[number, number]} range */
function logTicks([low, high]) {
  const factors = high - low > 2.2 ? [1] : high - low > 1 ? [1, 3] : [1, 2, 3, 5, 7];
  const tickvals = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const factor of factors) {
      const place = power + Math.log10(factor);
      if (place >= low && place <= high)
        tickvals.push(Number((factor * 10 ** power).toPrecision(1)));
    }
  }
  return { tickmode: "array", tickvals, ticktext: tickvals.map((value) => format.plain(value)) };
}

/** @param {number[]} [grid] */
const ends = (grid) => grid && [grid[0], grid[grid.length - 1]];

/** The surface in words. @param {State} state */
export function summarizeSurface(state) {
  const { surface } = state;
  if (!surface) return "";
  const reach = extent(decode(surface.z)) ?? [0, 0];
  return t("surface.summary", {
    name: runNames(state)[surface.run] ?? "",
    x: surface.axes.x,
    y: surface.axes.y,
    low: format.loss(reach[0]),
    high: format.loss(reach[1]),
    step: format.count(surface.step),
  });
}

/**
 * Holds updates back while the learner turns the surface; `free` is told when they may go on.
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
