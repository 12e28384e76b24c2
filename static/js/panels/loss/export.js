/** The loss curves to take away: a picture with its title and legend, or the numbers of every step that the page has. */

import { palette } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { heading, legendOf, shortened } from "../../ui/heading.js";
import { literal, plotly } from "../../ui/plotly.js";
import { writeCsv } from "../../ui/csv.js";
import { download } from "../../ui/download.js";
import { runNames } from "../../experiment/state.js";
import { lossFigure } from "./plot.js";

/** @typedef {import("../../experiment/state.js").State} State */

/** How wide a saved picture is, in pixels, and how high over its legend; saved at twice as many. */
const PICTURE = { width: 1000, scale: 2 };
const OVER = 570;
const MARGIN = { l: 60, r: 24, t: 52 };
/** What the steps under the curves take. */
const STEPS = 60;

/**
 * The figure with what the page says around it, and how large it is: the higher, the more its legend has to say.
 * @param {State} state
 */
export function figureOf(state) {
  const { data, layout } = lossFigure(state);
  const { ground } = palette(state.view.theme);
  const step = format.count(state.step);
  const names = runNames(state).map((name) => shortened(name));
  /** @type {Curve[]} */
  const traces = [...data.map((trace) => named(trace, names)), ...keys(data, state)];
  const told = traces.filter(({ showlegend, visible }) => showlegend && visible !== false);
  const { width } = PICTURE;
  const room = width - MARGIN.l - MARGIN.r;
  const { legend, height } = legendOf(
    told.map(({ name }) => name ?? ""),
    room,
  );
  return {
    data: traces,
    layout: {
      ...layout,
      paper_bgcolor: ground,
      title: heading(t("loss.export.title", { step }), width),
      showlegend: true,
      legend,
      margin: { ...MARGIN, b: STEPS + height },
    },
    size: { width, height: OVER + height },
  };
}

/**
 * @typedef {{meta?: {run?: number, set?: string}, name?: string, visible?: boolean, showlegend?: boolean}} Curve
 */

/** A curve with a name of a length that a legend has room for, if it stands there. @param {object} trace @param {string[]} names @returns {Curve} */
function named(trace, names) {
  const { run, set } = /** @type {Curve} */ (trace).meta ?? {};
  const name = literal(names[run ?? -1] ?? "");
  if (set === "train") return { ...trace, name, showlegend: true };
  if (set === "test") return { ...trace, name: t("loss.testOf", { name }), showlegend: true };
  return { ...trace, showlegend: false };
}

/** What a kind of line means that every run has: said once in the legend, of no run's colour. @param {object[]} data @param {State} state */
function keys(data, { view }) {
  const sets = new Set(data.map((trace) => /** @type {Curve} */ (trace).meta?.set));
  const { muted: color } = palette(view.theme);
  const look = { type: "scatter", mode: "lines", x: [null], y: [null], showlegend: true };
  const kinds = [
    { set: "ghost", name: t("loss.ghost"), opacity: 0.6, line: { color, width: 1.5, dash: "dot" } },
    { set: "edge", name: t("loss.export.edge"), line: { color, width: 1.25, dash: "dash" } },
  ];
  return kinds.flatMap(({ set, ...kind }) => (sets.has(set) ? [{ ...look, ...kind }] : []));
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
  const { size, ...figure } = figureOf(state);
  download(await Plotly.toImage(figure, { format: kind, ...size, scale: PICTURE.scale }), name);
}
