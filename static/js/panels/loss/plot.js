/** The loss curves of all runs. */

import { palette, runColor, runDash } from "../../ui/theme.js";
import {
  at,
  hasPenalty,
  heights,
  roundUp,
  thin,
  withPenalty,
} from "../../experiment/loss-history.js";
import * as format from "../../ui/number-format.js";
import { list, t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { isTold } from "../../experiment/access.js";
import { toldStatus } from "../../experiment/run-names.js";
import { CONFIG, flatAxis, flatLayout, hoverStyle, literal } from "../../ui/plotly.js";
import { cellOf, isOfStudy } from "../../experiment/study.js";
import { specWith } from "../../experiment/training-settings.js";
import { lossBands } from "./bands.js";
import { nameTrace, shareOfNames } from "./labels.js";
import { BELOW, LOSSES, labels, sharpnessRange, sharpnessTraces } from "./sharpness.js";

/** @typedef {import("../../experiment/state.js").State} State */

const FEWEST_STEPS = 50;

/**
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 */
export function drawLoss(Plotly, element, state) {
  const size = { width: element.clientWidth, height: element.clientHeight };
  const { data, layout } = lossFigure(state, size);
  return Plotly.react(element, data, layout, CONFIG);
}

/** The whole figure; in a picture of some size with names at the ends of its curves. @param {State} state @param {{width: number, height: number}} [size] */
export function lossFigure(state, size = { width: 0, height: 0 }) {
  const layout = layoutOf(state, size.width);
  const losses = presentLosses(state);
  const { range } = layout.yaxis;
  const names = nameTrace(state, { losses, range, log: state.view.logLoss, ...size });
  return { data: [...traces(state), names], layout };
}

/** The losses (with the penalty, where that is drawn) at the step that is shown. @param {State} state */
function presentLosses(state) {
  const curves = shown(state);
  return curves === state.curves ? state.train.slice() : at(curves, state.step);
}

/** The curves as they are to be drawn: with what the weights cost, if that is asked for. @param {State} state */
function shown({ curves, view }) {
  return view.penalty && hasPenalty(curves) ? withPenalty(curves) : curves;
}

/** @param {State} state */
function traces(state) {
  const { live, view } = state;
  const curves = shown(state);
  const names = runNames(state);
  const train = curves.train.map((values, run) => ({
    type: "scatter",
    mode: "lines",
    name: literal(names[run]),
    meta: { run, set: "train" },
    ...thin(curves.steps, values),
    line: {
      color: runColor(live.slots[run], view.theme),
      width: isLit(state, run) ? 3.25 : 2.25,
      dash: runDash(live.slots[run]),
    },
    opacity: opacityOf(state, run),
    hovertemplate: "%{y:.4g}",
    connectgaps: false,
  }));
  const test = curves.test.flatMap((values, run) =>
    values.some((value) => value !== null)
      ? [
          {
            type: "scatter",
            mode: "lines",
            name: t("loss.testOf", { name: literal(names[run]) }),
            meta: { run, set: "test" },
            ...thin(curves.steps, values),
            line: { color: runColor(live.slots[run], view.theme), width: 1.25, dash: "dot" },
            visible: view.testLoss,
            hovertemplate: "%{y:.4g}",
          },
        ]
      : [],
  );
  const present = {
    type: "scatter",
    mode: "markers",
    name: t("loss.present"),
    meta: { set: "present" },
    x: state.train.map(() => state.step),
    y: presentLosses(state),
    marker: {
      color: live.slots.map((slot) => runColor(slot, view.theme)),
      size: state.train.map((_, run) => (run === state.chosen ? 11 : 8)),
      opacity: 1,
      line: { color: palette(view.theme).ground, width: 1.5 },
    },
    hoverinfo: "skip",
    cliponaxis: false,
  };
  const lit = ring(state, curves);
  return [
    ...bands(state),
    ...train,
    ...test,
    ...ghosts(state),
    ...sharpnesses(state),
    present,
    lit,
  ];
}

/** @param {State} state @param {number} run */
const isLit = ({ hover }, run) => hover?.run === run;

/** The others step back while one is pointed at. @param {State} state @param {number} run */
function opacityOf({ hover, chosen }, run) {
  if (hover) return hover.run === run ? 1 : 0.25;
  return chosen === run ? 1 : 0.9;
}

/** A ring round the moment that is pointed at in another picture. @param {State} state @param {import("../../types.js").Curves} curves */
function ring({ hover, live, view }, curves) {
  const loss = hover === null || hover.step === null ? null : at(curves, hover.step)[hover.run];
  const shown = hover && loss !== null && loss !== undefined;
  return {
    type: "scatter",
    mode: "markers",
    meta: { set: "hover" },
    x: shown ? [hover.step] : [],
    y: shown ? [loss] : [],
    marker: {
      symbol: "circle-open",
      size: 15,
      color: shown ? runColor(live.slots[hover.run], view.theme) : palette(view.theme).ink,
      line: { width: 2.5 },
    },
    hoverinfo: "skip",
    cliponaxis: false,
  };
}

/** How sharp J is where the runs are, if that is asked for and known. @param {State} state */
function sharpnesses(state) {
  const { view, sharpness, live } = state;
  if (!view.sharpness || !sharpness) return [];
  return sharpnessTraces(sharpness, {
    names: runNames(state),
    slots: live.slots,
    theme: view.theme,
  });
}

/** Where the axes lie: the losses alone, or over the sharpness. @param {State} state */
function axes({ view, sharpness }) {
  if (!view.sharpness) return { x: {}, y: {}, below: {} };
  const text = t(sharpness?.complete ? "loss.sharpness.y" : "loss.sharpness.measuring");
  const range = (sharpness && sharpnessRange(sharpness)) ?? [-1, 1];
  const yaxis2 = {
    ...flatAxis(view.theme),
    title: { text, standoff: 6, font: { color: palette(view.theme).muted, size: 13 } },
    domain: BELOW,
    anchor: "x",
    type: "log",
    range,
    dtick: labels(range),
    tickformat: "~g",
  };
  return { x: { anchor: "y2" }, y: { domain: LOSSES }, below: { yaxis2 } };
}

/** Whether the experiment has been repeated with many seeds. @param {State} state */
export function hasBands({ study, live, training }) {
  return study.entry !== null && isOfStudy(specWith(live, training), study.entry);
}

/** Where the runs of many seeds went: behind those of this one. @param {State} state */
function bands(state) {
  const { study, view } = state;
  const cell = cellOf(study);
  if (!view.bands || !cell || !study.entry || !study.result || !hasBands(state)) return [];
  const { steps_recorded: steps } = study.result;
  const top = 2 * heights(state.curves.train).high;
  return lossBands(cell, { steps, slots: study.entry.slots, theme: view.theme, top });
}

/** How it went before a branch: faint. @param {State} state */
function ghosts({ ghost, view }) {
  return (ghost?.train ?? []).map((values, run) => ({
    type: "scatter",
    mode: "lines",
    name: t("loss.ghost"),
    meta: { run, set: "ghost" },
    ...thin(/** @type {import("../../types.js").Ghost} */ (ghost).steps, values),
    line: { color: runColor(ghost?.slots[run] ?? 0, view.theme), width: 1.5, dash: "dot" },
    opacity: 0.4,
    hoverinfo: "skip",
    connectgaps: false,
  }));
}

/** A line at the step that is looked at, while it is not the last. @param {State} state */
function cursor({ past, step, view }) {
  const line = { color: palette(view.theme).muted, width: 1, dash: "dot" };
  return past ? [{ type: "line", x0: step, x1: step, yref: "paper", y0: 0, y1: 1, line }] : [];
}

/** What the height of the curves is; of a standardised target, that it is no loss in its own units. @param {State} state @param {boolean} bare */
function axisName({ data }, bare) {
  const name = t(bare ? "loss.y" : "loss.y.penalty");
  if (!data?.target_scale) return name;
  return t("loss.y.standardized", { name, target: data.target ?? "y" });
}

/** @param {State} state @param {number} width of the figure */
function layoutOf(state, width) {
  const { view } = state;
  const curves = shown(state);
  const { muted } = palette(view.theme);
  const { low, high } = heights(view.testLoss ? [...curves.train, ...curves.test] : curves.train);
  const range = view.logLoss
    ? [Math.floor(Math.log10(Math.max(low, 1e-12)) * 2 - 0.2) / 2, Math.log10(high * 1.2)]
    : [0, high * 1.08];
  const end = Math.max(curves.steps[curves.steps.length - 1], state.ghost?.steps.at(-1) ?? 0);
  const room = 1.02 / (1 - shareOfNames(state, width));
  const last = Math.max(FEWEST_STEPS, end && roundUp(end * room));
  const axis = flatAxis(view.theme);
  const { x, y, below } = axes(state);
  return {
    ...flatLayout(view.theme),
    margin: { l: 8, r: 14, t: 6, b: 8 },
    shapes: cursor(state),
    hovermode: "x unified",
    hoverlabel: { ...hoverStyle(view.theme), namelength: 28 },
    dragmode: "zoom",
    // A learner's zoom stays until the scale or the experiment changes.
    uirevision: `${state.summary.id} ${view.logLoss}`,
    xaxis: {
      ...axis,
      title: { text: t("loss.x"), standoff: 4, font: { color: muted, size: 13 } },
      range: [-0.006 * last, last],
      hoverformat: ",d",
      unifiedhovertitle: { text: t("loss.hover", { step: "%{x}" }) },
      tickformat: ",d",
      ...x,
    },
    yaxis: {
      ...axis,
      title: {
        text: axisName(state, curves === state.curves),
        standoff: 6,
        font: { color: muted, size: 13 },
      },
      type: view.logLoss ? "log" : "linear",
      range,
      dtick: view.logLoss && range[1] - range[0] > 1.5 ? 1 : undefined,
      tickformat: view.logLoss ? "~g" : undefined,
      ...y,
    },
    ...below,
  };
}

/** The curves in words. @param {State} state */
export function summarizeLoss(state) {
  const names = runNames(state);
  const parts = names.map((name, run) =>
    t(isTold(state) ? "loss.summary.run" : "loss.summary.run.numbers", {
      name,
      loss: format.loss(state.train[run]),
      status: toldStatus(state, run),
    }),
  );
  return t("loss.summary", { step: format.count(state.step), runs: list(parts) });
}
