/** The figures of the page as pictures of their own, each with its title and a legend. */

import { classColor, palette } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { flatAxis, flatLayout, literal, plotly } from "../../ui/plotly.js";
import { decode } from "../../server/typed-array.js";
import { planeQuery } from "../../experiment/input-plane.js";
import { runNames } from "../../experiment/state.js";
import { figureOf as lossFigure } from "../../panels/loss/export.js";
import { heading } from "../../ui/heading.js";
import { network, signals } from "./network-figures.js";
import { figureOf as landscapeFigure, titleOf, titled } from "../../panels/landscape/export.js";

/**
 * @typedef {import("./dialog.js").Context} Context
 * @typedef {{data: object[], layout: object}} Figure
 * @typedef {{name: string, title: string, width: number, height: number, figure: Figure}} Picture
 */

const MAP = 100;

/** The loss curves. @param {Context} context @returns {Picture} */
function loss({ state }) {
  const figure = /** @type {Figure} */ (lossFigure(state));
  const title = t("loss.export.title", { step: format.count(state.step) });
  return { name: "loss", title, width: 1000, height: 600, figure };
}

/** The landscape, where one is drawn. @param {Context} context @returns {Picture|null} */
function landscape({ state }) {
  const size = { width: 1000, height: 720 };
  const figure = landscapeFigure(state, size);
  if (!figure) return null;
  const title = titleOf(state);
  const { ground } = palette(state.view.theme);
  return { name: state.landscape.view, title, ...size, figure: titled(figure, title, ground) };
}

/** What the chosen run puts out over two inputs, or over the only one, and the samples. @param {Context} context */
async function outputs({ state, api }) {
  const { data, chosen: run, step, summary } = state;
  if (!data) return null;
  const found = await api.outputs(summary.id, {
    run,
    size: MAP,
    step,
    neurons: false,
    ...planeQuery(state),
  });
  const title = t("takeHome.in.figure.outputs", {
    name: runNames(state)[run] ?? "",
    step: format.count(step),
  });
  const values = rowsOf(found);
  return {
    name: "outputs",
    title,
    width: 760,
    height: 640,
    figure: {
      data: [...mapTraces(found, values, state), ...pointTraces(data, found.axes, state)],
      layout: {
        ...flatLayout(state.view.theme),
        paper_bgcolor: palette(state.view.theme).ground,
        title: heading(title),
        showlegend: true,
        legend: { orientation: "h", x: 0, y: -0.12, yanchor: "top" },
        margin: { l: 60, r: 24, t: 52, b: 90 },
        xaxis: { ...flatAxis(state.view.theme), title: { text: literal(found.inputs[0]) } },
        yaxis: {
          ...flatAxis(state.view.theme),
          title: { text: literal(found.y ? found.inputs[1] : data.target) },
        },
      },
    },
  };
}

/**
 * The first output on the grid, a row for each y; one row of a line.
 * @param {import("../../types.js").Outputs} found
 */
function rowsOf({ x, y, output }) {
  const all = Array.from(decode(output));
  return (y ?? [0]).map((_, row) => all.slice(row * x.length, (row + 1) * x.length));
}

/** @param {import("../../types.js").Outputs} found @param {number[][]} values @param {Context["state"]} state */
function mapTraces({ x, y }, values, state) {
  const name = t("takeHome.in.figure.output");
  const { accent } = palette(state.view.theme);
  if (!y)
    return [{ type: "scatter", mode: "lines", x, y: values[0], name, line: { color: accent } }];
  const bar = { title: { text: name }, thickness: 12, outlinewidth: 0 };
  return [
    { type: "heatmap", x, y, z: values, colorscale: scaleOf(state), colorbar: bar, opacity: 0.85 },
  ];
}

/** From the one class to the other, in the page's colours. @param {Context["state"]} state */
const scaleOf = ({ view: { theme } }) => [
  [0, classColor(0, theme)],
  [0.5, palette(theme).ground],
  [1, classColor(1, theme)],
];

/** @param {import("../../types.js").DataSet} data @param {number[]} axes @param {Context["state"]} state */
function pointTraces(data, [across, up], state) {
  return /** @type {const} */ (["train", "test"])
    .filter((set) => data[set].x.length)
    .map((set) => ({
      type: "scatter",
      mode: "markers",
      name: t(`takeHome.in.figure.${set}`),
      x: data[set].x.map((row) => row[across]),
      y:
        up === undefined
          ? data[set].y.map((target) => (Array.isArray(target) ? target[0] : target))
          : data[set].x.map((row) => row[up]),
      marker: {
        size: set === "train" ? 7 : 5,
        symbol: set === "train" ? "circle" : "x",
        color: data[set].y.map((target) =>
          Array.isArray(target) ? target.indexOf(Math.max(...target)) : target,
        ),
        colorscale: scaleOf(state),
        line: { width: 0.5, color: "#1c1f24" },
      },
    }));
}

/** All figures that there are now; one that is still on its way is waited for. @param {Context} context @returns {Promise<Picture[]>} */
export async function pictures(context) {
  await context.settled("surface");
  const found = [
    loss(context),
    landscape(context),
    await outputs(context),
    await network(context),
    await signals(context),
  ];
  return found.filter((one) => one !== null);
}

/** A figure as an image, as an address that holds all of it. @param {Picture} picture @param {"png"|"svg"} kind */
export async function imageOf({ figure, width, height }, kind) {
  const Plotly = await plotly();
  return Plotly.toImage(figure, { format: kind, width, height, scale: 2 });
}
