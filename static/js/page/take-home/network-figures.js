/** The network of a run, and what flows through every run's layers, as figures of their own. */

import { classColor, palette, runColor, runDash } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { flatAxis, flatLayout, literal } from "../../ui/plotly.js";
import { labels } from "../../panels/loss/sharpness.js";
import { featureNames } from "../../experiment/features.js";
import { runNames } from "../../experiment/state.js";
import { heading, legendOf, shortened } from "../../ui/heading.js";

/**
 * @typedef {import("./dialog.js").Context} Context
 * @typedef {import("./figures.js").Picture} Picture
 * @typedef {import("../../types.js").Parameters} Parameters
 */

/** Lines are drawn in so many widths, the widest for the largest weight of a layer. */
const WIDTHS = 6;
const WIDEST = 6;
/** Where even the largest number of a layer is nothing, no line is wider than another. */
const SMALLEST = 1e-300;

/** The figure of the signals, in pixels: its height without its legend, and what the layers' numbers take of it. */
const SIGNALS = { width: 1000, over: 530, under: 60 };
const MARGIN = { l: 70, r: 24, t: 52 };
/** So many decades have at least one label at 1, 2 or 5. */
const NARROWEST = 0.5;

/** The height of a neuron in its layer, the first on top. @param {number} row @param {number} units */
const heightOf = (row, units) => (units - 1) / 2 - row;

/**
 * The weights of one layer as lines: a trace for each sign and width, gaps between its lines.
 * @param {(number|null)[][]} W (units, inputs); null where it is no number any more
 * @param {number} layer its place, from 1
 * @param {import("../../ui/theme.js").Theme} theme
 */
export function weightLines(W, layer, theme) {
  const [units, inputs] = [W.length, W[0]?.length ?? 0];
  const largest = Math.max(SMALLEST, ...W.flat().map((weight) => Math.abs(weight ?? 0)));
  /** @type {Map<string, {x: (number|null)[], y: (number|null)[], line: object}>} */
  const found = new Map();
  W.forEach((row, to) =>
    row.forEach((weight, from) => {
      if (weight === null) return;
      const share = Math.max(1, Math.ceil((WIDTHS * Math.abs(weight)) / largest));
      const key = `${weight < 0} ${share}`;
      const color = classColor(weight < 0 ? 0 : 1, theme);
      const line = { color, width: (WIDEST * share) / WIDTHS };
      const trace = found.get(key) ?? { x: [], y: [], line };
      trace.x.push(layer - 1, layer, null);
      trace.y.push(heightOf(from, inputs), heightOf(to, units), null);
      found.set(key, trace);
    }),
  );
  return [...found.values()].map((trace) => ({
    ...trace,
    type: "scatter",
    mode: "lines",
    opacity: 0.8,
    showlegend: false,
    hoverinfo: "skip",
  }));
}

/** A bias beside its neuron, to three digits. @param {number|null} value */
const bias = (value) => `b ${value === null ? "–" : format.plain(value, 3)}`;

/** What the lines' two colours are: entries of the legend alone. @param {import("../../ui/theme.js").Theme} theme */
const signs = (theme) =>
  /** @type {const} */ ([0, 1]).map((which) => ({
    type: "scatter",
    mode: "lines",
    name: t(`takeHome.in.figure.${which ? "positive" : "negative"}`),
    x: [null],
    y: [null],
    line: { color: classColor(which, theme), width: 4 },
  }));

/** The network of the chosen run: its weights as lines, the biases beside the neurons. @param {Context} context @returns {Promise<Picture>} */
export async function network({ state, api }) {
  const { chosen: run, step, summary, view, live } = state;
  const { theme } = view;
  const found = await api.parameters(summary.id, { run, step });
  const sizes = [found.W[0][0].length, ...found.W.map((W) => W.length)];
  const title = t("takeHome.in.figure.network", {
    name: runNames(state)[run] ?? "",
    step: format.count(step),
  });
  const { ground, ink, line } = palette(theme);
  const inputs = featureNames(live.spec, state.catalog);
  const nodes = sizes.map((units, layer) => ({
    type: "scatter",
    mode: "markers+text",
    x: Array(units).fill(layer),
    y: Array.from({ length: units }, (_, row) => heightOf(row, units)),
    text: Array.from({ length: units }, (_, row) =>
      layer ? bias(found.b[layer - 1][row]) : literal(inputs[row] ?? ""),
    ),
    textposition: layer ? "top center" : "middle left",
    textfont: { size: units > 16 ? 8 : 12, color: ink },
    marker: { size: units > 16 ? 9 : 18, color: ground, line: { color: ink, width: 1.5 } },
    showlegend: false,
  }));
  const most = Math.max(...sizes);
  const width = Math.max(760, 150 * sizes.length);
  const bare = { visible: false, fixedrange: true };
  return {
    name: "network",
    title,
    width,
    height: Math.min(2000, Math.max(520, 34 * most + 160)),
    figure: {
      data: [...found.W.flatMap((W, i) => weightLines(W, i + 1, theme)), ...nodes, ...signs(theme)],
      layout: {
        ...flatLayout(theme),
        paper_bgcolor: ground,
        title: heading(title, width),
        showlegend: true,
        legend: { orientation: "h", x: 0, y: -0.04, yanchor: "top", bordercolor: line },
        margin: { l: 40, r: 40, t: 64, b: 60 },
        xaxis: { ...bare, range: [-0.6, sizes.length - 0.5] },
        yaxis: { ...bare, range: [-most / 2 - 0.2, most / 2 + 0.4] },
      },
    },
  };
}

/**
 * A logarithmic axis over all of these numbers, with as few labels as do not lie on each other.
 * @param {(number|null)[]} values
 */
export function decades(values) {
  const look = { type: "log", exponentformat: "power" };
  const logs = values.flatMap((value) => (value === null ? [] : [Math.log10(value)]));
  if (!logs.length) return look;
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  const beyond = Math.max(0.08 * (most - least), (NARROWEST - (most - least)) / 2);
  const range = [least - beyond, most + beyond];
  return { ...look, range, dtick: labels(range) };
}

/** The title of an axis of powers, whose exponents plotly.js forgets as it makes room. @param {string} text */
const upright = (text) => ({ text, standoff: 14 });

/** How activations and gradients fare from layer to layer, of every run. @param {Context} context @returns {Promise<Picture>} */
export async function signals({ state, api }) {
  const { step, summary, view, live } = state;
  const { theme } = view;
  const { runs } = await api.diagnostics(summary.id, { step });
  const names = runNames(state).map((name) => shortened(name));
  const title = t("takeHome.in.figure.signals", { step: format.count(step) });
  const data = runs.flatMap(({ layers }, run) => {
    const x = layers.map((_, layer) => layer + 1);
    const look = {
      type: "scatter",
      mode: "lines+markers",
      name: literal(names[run]),
      x,
      line: {
        color: runColor(live.slots[run], theme),
        dash: runDash(live.slots[run]),
        width: 2.25,
      },
    };
    return [
      { ...look, y: layers.map((layer) => above(layer.activation.std)) },
      {
        ...look,
        y: layers.map((layer) => above(layer.gradient.norm)),
        xaxis: "x2",
        yaxis: "y2",
        showlegend: false,
      },
    ];
  });
  const { legend, height } = legendOf(names, SIGNALS.width - MARGIN.l - MARGIN.r);
  /** @param {(0|1)} second */
  const up = (second) => ({
    ...flatAxis(theme),
    ...decades(data.flatMap(({ y }, i) => (i % 2 === second ? y : []))),
  });
  const axis = flatAxis(theme);
  const across = { ...axis, title: { text: t("signals.layer") }, dtick: 1 };
  return {
    name: "signals",
    title,
    width: SIGNALS.width,
    height: SIGNALS.over + height,
    figure: {
      data,
      layout: {
        ...flatLayout(theme),
        paper_bgcolor: palette(theme).ground,
        title: heading(title, SIGNALS.width),
        showlegend: true,
        legend,
        margin: { ...MARGIN, b: SIGNALS.under + height },
        xaxis: { ...across, domain: [0, 0.44] },
        xaxis2: { ...across, domain: [0.56, 1], anchor: "y2" },
        yaxis: { ...up(0), title: upright(t("takeHome.in.figure.activations")) },
        yaxis2: { ...up(1), title: upright(t("takeHome.in.figure.gradients")), anchor: "x2" },
      },
    },
  };
}

/** A logarithmic axis has no place for nothing. @param {number|null} value */
const above = (value) => (value !== null && value > 0 ? value : null);
