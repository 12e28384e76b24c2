/** The figures of the page as pictures of their own, each with its title and a legend. */

import { palette } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { plotly } from "../../ui/plotly.js";
import { figureOf as lossFigure } from "../../panels/loss/export.js";
import { network, signals } from "./network-figures.js";
import { outputs } from "./output-figure.js";
import { isHidden } from "../../experiment/access.js";
import { problemWords } from "../../panels/landscape/problem.js";
import { figureOf as landscapeFigure, titleOf, titled } from "../../panels/landscape/export.js";

/**
 * @typedef {import("./dialog.js").Context} Context
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {{data: object[], layout: object}} Figure
 * @typedef {{name: string, title: string, width: number, height: number, figure: Figure}} Picture
 */

/** The loss curves. @param {Context} context @returns {Picture} */
function loss({ state }) {
  const { size, ...figure } = lossFigure(state);
  const title = t("loss.export.title", { step: format.count(state.step) });
  return { name: "loss", title, ...size, figure };
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

/** Which figure of the page cannot be drawn, and why, in words; one that the page hides is not missed. @param {State} state @returns {string[]} */
export function missing(state) {
  const { landscape: shown } = state;
  if (isHidden(state, "surface")) return [];
  const name = t(`landscape.view.${shown.view}`);
  if (!shown.problem) return [t("takeHome.in.left", { name })];
  return [t("takeHome.in.left.why", { name, why: problemWords(state, shown.problem) })];
}

/**
 * All figures that there are now, and what is said of one that there is not; one that is still on its way is waited for.
 * @param {Context} context @returns {Promise<{shown: Picture[], left: string[]}>}
 */
export async function pictures(context) {
  await context.settled("surface");
  const surface = landscape(context);
  const found = [
    loss(context),
    surface,
    await outputs(context),
    await network(context),
    await signals(context),
  ];
  const shown = found.filter((one) => one !== null);
  return { shown, left: surface ? [] : missing(context.state) };
}

/** A figure as an image, as an address that holds all of it. @param {Picture} picture @param {"png"|"svg"} kind */
export async function imageOf({ figure, width, height }, kind) {
  const Plotly = await plotly();
  return Plotly.toImage(figure, { format: kind, width, height, scale: 2 });
}
