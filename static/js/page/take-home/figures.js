/** The figures of the page as pictures of their own, each with its title and a legend. */

import { palette } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { plotly } from "../../ui/plotly.js";
import { planeQuery } from "../../experiment/input-plane.js";
import { runNames } from "../../experiment/state.js";
import { figureOf as lossFigure } from "../../panels/loss/export.js";
import { network, signals } from "./network-figures.js";
import { outputsFigure } from "./outputs-figure.js";
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
  const { theme } = state.view;
  const figure = /** @type {Figure} */ (outputsFigure({ found, data, theme, title }));
  return { name: "outputs", title, width: 760, height: 660, figure };
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
