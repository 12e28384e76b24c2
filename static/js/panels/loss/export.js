/** The loss curves to take away: a picture with its title and legend, or the numbers of every step that the page has. */

import { palette } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { heading } from "../../ui/heading.js";
import { plotly } from "../../ui/plotly.js";
import { writeCsv } from "../../ui/csv.js";
import { download } from "../../ui/download.js";
import { runNames } from "../../experiment/state.js";
import { lossFigure } from "./plot.js";

/** @typedef {import("../../experiment/state.js").State} State */

/** How large a saved picture is, in pixels; saved at twice as many. */
const PICTURE = { width: 1000, height: 600, scale: 2 };

/**
 * The figure with what the page says around it.
 * @param {State} state
 */
export function figureOf(state) {
  const { data, layout } = lossFigure(state);
  const { ground } = palette(state.view.theme);
  const step = format.count(state.step);
  return {
    data: data.map((trace) => {
      const { set } = /** @type {{meta: {set?: string}}} */ (trace).meta ?? {};
      return { ...trace, showlegend: set === "train" || set === "test" };
    }),
    layout: {
      ...layout,
      paper_bgcolor: ground,
      title: heading(t("loss.export.title", { step })),
      showlegend: true,
      legend: { orientation: "h", x: 0, y: -0.18, yanchor: "top" },
      margin: { l: 60, r: 24, t: 52, b: 90 },
    },
  };
}

/**
 * A row for each step: the training loss of every run, and its test loss where there is one.
 * @param {State} state
 */
export function tableOf(state) {
  const { steps, train, test } = state.curves;
  const names = runNames(state);
  const tested = test.map((values) => values.some((value) => value !== null));
  const titles = names.flatMap((name, run) => [
    name,
    ...(tested[run] ? [t("loss.testOf", { name })] : []),
  ]);
  const rows = steps.map((step, i) => [
    step,
    ...names.flatMap((_, run) => [
      train[run]?.[i] ?? null,
      ...(tested[run] ? [test[run][i] ?? null] : []),
    ]),
  ]);
  return writeCsv([[t("loss.x"), ...titles], ...rows]);
}

/** @param {State} state @param {"png"|"svg"|"csv"} kind */
export async function save(state, kind) {
  const name = `basin-loss-step-${state.step}.${kind}`;
  if (kind === "csv")
    return download(new Blob([tableOf(state)], { type: "text/csv;charset=utf-8" }), name);
  const Plotly = await plotly();
  download(await Plotly.toImage(figureOf(state), { format: kind, ...PICTURE }), name);
}
