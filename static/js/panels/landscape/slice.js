/** J against one parameter, the others held still: the slope at the present point, and where the next step lands. */

import { palette, runColor } from "../../ui/theme.js";
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

/** The curve, its tangent, where the next step lands, and the present point. @param {State} state @param {Slice} slice */
function traces({ view, live }, slice) {
  const { ink, ground, muted, accent } = palette(view.theme);
  const color = runColor(live.slots[slice.run] ?? 0, view.theme);
  const { parameter, value, height, plain, taken } = slice;
  const shown = differs(slice) ? 2 : 1;
  return [
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

/**
 * Arrows from the present point to where the next step lands: by −α·G, and by the optimizer if it differs.
 * @param {Slice} slice @param {boolean} log @param {{plain: string, taken: string}} colors
 */
function arrows(slice, log, colors) {
  const { value, height, plain, taken } = slice;
  if (value === null || height === null) return [];
  /** @param {number} z */
  const place = (z) => (log ? Math.log10(Math.max(z, 1e-12)) : z);
  const landings = [{ ...plain, color: colors.plain }];
  if (differs(slice) && taken) landings.push({ ...taken, color: colors.taken });
  return landings.flatMap(({ x, z, color }) =>
    x === null || z === null
      ? []
      : [
          {
            x,
            y: place(z),
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
            standoff: 5,
            startstandoff: 7,
          },
        ],
  );
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

/** The step in numbers. @param {Slice} slice */
export function sliceWords(slice) {
  const { value, slope, plain, taken } = slice;
  const step = plain.x === null || value === null ? null : plain.x - value;
  const words = t("landscape.slice.words", {
    parameter: slice.parameter,
    value: format.plain(value ?? NaN),
    slope: format.plain(slope ?? NaN, 3),
    rate: format.plain(slice.learning_rate),
    step: format.plain(step ?? NaN, 3),
    loss: format.loss(plain.z),
  });
  if (!differs(slice) || !taken || taken.x === null || value === null) return words;
  const really = t("landscape.slice.really", {
    optimizer: optimizerName(slice),
    step: format.plain(taken.x - value, 3),
    loss: format.loss(taken.z),
  });
  return `${words} ${really}`;
}
