/** J against one parameter, the others held still: the slope at the present point, and where the next step lands. */

import { faded, palette, runColor } from "../../ui/theme.js";
import * as format from "../../ui/number-format.js";
import { label, t } from "../../ui/i18n.js";
import { CONFIG, flatAxis, flatLayout } from "../../ui/plotly.js";
import { extent } from "../../server/typed-array.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Slice} Slice
 */

/** Whether the optimizer takes another step than plain gradient descent. @param {Slice} slice */
export function differs({ plain, taken, value, optimizer }) {
  if (!taken || taken.x === null || plain.x === null || value === null) return false;
  const step = Math.abs(plain.x - value) || 1e-12;
  return optimizer !== "gradient_descent" || Math.abs(taken.x - plain.x) > 1e-6 * step;
}

/**
 * The whole figure.
 * @param {State} state
 * @param {Slice} slice
 */
export function sliceFigure(state, slice) {
  const { view } = state;
  const { ink, accent } = palette(view.theme);
  const { log, range } = heightOf(slice, view.logSurface);
  const axis = { ...flatAxis(view.theme), fixedrange: true };
  const layout = {
    ...flatLayout(view.theme),
    margin: { l: 8, r: 14, t: 8, b: 8 },
    dragmode: false,
    annotations: arrows(slice, log, { plain: ink, taken: accent }),
    xaxis: {
      ...axis,
      title: { text: slice.parameter, standoff: 4, font: { color: ink, size: 13 } },
      range: [slice.x[0], slice.x[slice.x.length - 1]],
    },
    yaxis: {
      ...axis,
      title: { text: "J", standoff: 6, font: { color: ink, size: 13 } },
      type: log ? "log" : "linear",
      range,
      tickformat: log ? "~g" : undefined,
    },
  };
  return { data: traces(state, slice), layout };
}

/** Which heights are seen, and whether their axis is logarithmic. @param {Slice} slice @param {boolean} wanted */
function heightOf({ z }, wanted) {
  const [low, high] = extent(z) ?? [0, 1];
  if (wanted && low > 0)
    return { log: true, range: [Math.log10(low) - 0.1, Math.log10(high) + 0.15] };
  const span = high - low || Math.abs(high) || 1;
  return { log: false, range: [low - 0.12 * span, high + 0.12 * span] };
}

/** So many of the last steps are seen. */
const LATELY = 8;

/**
 * Which of the plane's axes the slice lies along, if any: along it the paths are known.
 * @param {Slice} slice @param {Pick<State, "axes"|"paths">} state
 */
export function axisOf({ parameter }, { axes, paths }) {
  if (paths?.axes !== `${axes.x}|${axes.y}`) return null;
  return parameter === axes.x ? "x" : parameter === axes.y ? "y" : null;
}

/** J on the curve; null beside it. @param {Slice} slice @param {number} value */
export function heightOnCurve({ x, z }, value) {
  const at = ((value - x[0]) / (x[x.length - 1] - x[0])) * (x.length - 1);
  return z[Math.round(at)] ?? null;
}

/**
 * Where the run has been along the parameter in its last steps, on the curve as it is now: a step that is too large is
 * seen to swing from side to side.
 * @param {Pick<State, "axes"|"paths">} state @param {Slice} slice
 */
export function lately(state, slice) {
  /** @type {{x: number[], y: number[]}} */
  const seen = { x: [], y: [] };
  const axis = axisOf(slice, state);
  const { paths } = state;
  if (!axis || !paths) return seen;
  const places = paths[axis][slice.run] ?? [];
  const end = paths.steps.findLastIndex((step) => step <= slice.step);
  for (let i = Math.max(0, end - LATELY); i <= end; i++) {
    const value = places[i];
    const z = value === null ? null : heightOnCurve(slice, value);
    if (value === null || z === null) continue;
    seen.x.push(value);
    seen.y.push(z);
  }
  return seen;
}

/** The curve, its tangent, where the next step lands, and the present point. @param {State} state @param {Slice} slice */
function traces(state, slice) {
  const { view, live } = state;
  const before = lately(state, slice);
  const { ink, ground, muted, accent } = palette(view.theme);
  const color = runColor(live.slots[slice.run] ?? 0, view.theme);
  const { parameter, value, height, plain, taken } = slice;
  const shown = differs(slice) ? 2 : 1;
  return [
    ...(before.x.length > 1
      ? [
          {
            type: "scatter",
            mode: "lines+markers",
            name: t("landscape.slice.before"),
            meta: { set: "before" },
            ...before,
            line: { color: faded(color, 0.45), width: 1.5 },
            marker: { size: 7, color: faded(color, 0.45) },
            hoverinfo: "name",
          },
        ]
      : []),
    {
      type: "scatter",
      mode: "lines",
      name: "J",
      meta: { run: slice.run, step: slice.step },
      x: slice.x,
      y: slice.z,
      line: { color, width: 2.5 },
      hovertemplate: `${parameter} = %{x:.3g}<br>J = %{y:.4g}<extra></extra>`,
    },
    {
      type: "scatter",
      mode: "lines",
      name: t("landscape.slice.tangent"),
      meta: { set: "tangent" },
      x: slice.tangent.x,
      y: slice.tangent.z,
      line: { color: muted, width: 1.25, dash: "dash" },
      hoverinfo: "skip",
    },
    {
      type: "scatter",
      mode: "markers",
      meta: { set: "landings" },
      x: [plain.x, taken?.x ?? null].slice(0, shown),
      y: [plain.z, taken?.z ?? null].slice(0, shown),
      text: [
        t("landscape.slice.plain", { loss: format.loss(plain.z) }),
        t("landscape.slice.taken", {
          optimizer: optimizerName(slice),
          loss: format.loss(taken?.z),
        }),
      ].slice(0, shown),
      marker: {
        size: 10,
        color: [ground, accent].slice(0, shown),
        line: { color: [ink, accent].slice(0, shown), width: 2 },
      },
      hovertemplate: "%{text}<extra></extra>",
    },
    {
      type: "scatter",
      mode: "markers",
      meta: { set: "present" },
      x: [value],
      y: [height],
      marker: { size: 13, color, line: { color: ground, width: 1.5 } },
      hovertemplate: `${parameter} = %{x:.4g}<br>J = %{y:.4g}<extra></extra>`,
    },
  ];
}

/** The shortest arrow, as a share of the picture's width. */
const LEAST = 0.07;

/** A place on the tangent. @param {Slice} slice @param {number} by */
const along = ({ value, height, slope }, by) => ({
  x: (value ?? 0) + by,
  z: (height ?? 0) + (slope ?? 0) * by,
});

/**
 * Arrows from the present point to where the next step lands: by −α·G, and by the optimizer if it differs.
 * @param {Slice} slice @param {boolean} log @param {{plain: string, taken: string}} colors
 */
function arrows(slice, log, colors) {
  const { value, height, plain, taken } = slice;
  if (value === null || height === null) return [];
  /** @param {number} z */
  const place = (z) => (log ? Math.log10(Math.max(z, 1e-12)) : z);
  const landings = [{ ...plain, color: colors.plain, name: "−α·G" }];
  if (differs(slice) && taken)
    landings.push({ ...taken, color: colors.taken, name: optimizerName(slice) });
  const [left, right] = [slice.x[0], slice.x[slice.x.length - 1]];
  /** On the side that has room; between both, beyond the arrow's end. @param {number} end */
  const anchor = (end) => {
    const share = (end - left) / (right - left);
    if (share < 0.4) return "left";
    if (share > 0.6) return "right";
    return end < value ? "right" : "left";
  };
  const least = LEAST * (slice.x[slice.x.length - 1] - slice.x[0]);
  return landings.flatMap(({ x, z, color, name }) => {
    if (x === null || z === null || x === value) return [];
    const longer = Math.max(1, least / Math.abs(x - value));
    // One that would be too short to be seen goes on along the tangent.
    const end = longer === 1 ? { x, z } : along(slice, longer * (x - value));
    const step = `${name} = ${format.plain(x - value, 3)}`;
    const text = longer === 1 ? step : `${step} (× ${format.plain(longer, 2)})`;
    return [
      {
        x: end.x,
        y: place(end.z),
        ax: value,
        ay: place(height),
        xref: "x",
        yref: "y",
        axref: "x",
        ayref: "y",
        text: "",
        showarrow: true,
        arrowhead: 2,
        arrowsize: 1.1,
        arrowwidth: 2,
        arrowcolor: color,
        standoff: longer === 1 ? 5 : 0,
        startstandoff: 7,
      },
      {
        x: end.x,
        y: place(end.z),
        xref: "x",
        yref: "y",
        text,
        showarrow: false,
        xanchor: anchor(end.x),
        xshift: anchor(end.x) === "right" ? -10 : 10,
        yshift: 12,
        font: { size: 13, color },
      },
    ];
  });
}

/** @param {Slice} slice */
const optimizerName = ({ optimizer }) => label("optimizers", { name: optimizer });

/**
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 */
export async function drawSlice(Plotly, element, state) {
  const { slice } = state.landscape;
  if (!slice) return;
  const { data, layout } = sliceFigure(state, slice);
  await Plotly.react(element, data, layout, CONFIG);
}

/** The step in numbers, and where it overshoots if that is told. @param {Slice} slice @param {boolean} told */
export function sliceWords(slice, told) {
  return [plainWords(slice), ...(told ? swingWords(slice) : []), ...takenWords(slice)].join(" ");
}

/** The plain step. @param {Slice} slice */
function plainWords({ parameter, value, height, slope, plain, learning_rate: rate }) {
  const step = plain.x === null || value === null ? NaN : plain.x - value;
  return t("landscape.slice.words", {
    parameter,
    value: format.plain(value ?? NaN),
    slope: format.plain(slope ?? NaN, 3),
    rate: format.plain(rate),
    step: format.plain(step, 3),
    before: format.loss(height),
    loss: format.loss(plain.z),
    change: format.signed((plain.z ?? NaN) - (height ?? NaN)),
  });
}

/** @param {Slice} slice */
const swingWords = ({ swings, parameter }) =>
  swings ? [t("landscape.slice.swings", { parameter })] : [];

/** The step that the optimizer takes, where it is another. @param {Slice} slice */
function takenWords(slice) {
  const { taken, value } = slice;
  if (!differs(slice) || !taken || taken.x === null || value === null) return [];
  return [
    t("landscape.slice.really", {
      optimizer: optimizerName(slice),
      step: format.plain(taken.x - value, 3),
      loss: format.loss(taken.z),
    }),
  ];
}
