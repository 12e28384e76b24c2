/** What a run puts out over its data, in the colours and between the ends that the page has, with what they mean. */

import { classTable, css, groupColor, groupRgb, palette } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { flatAxis, flatLayout, literal } from "../../ui/plotly.js";
import { decode } from "../../server/typed-array.js";
import { planeQuery } from "../../experiment/input-plane.js";
import { nice } from "../../experiment/features.js";
import { inOwnUnits } from "../../experiment/target-units.js";
import { runNames } from "../../experiment/state.js";
import { endName } from "../../panels/outputs/legend.js";
import { colourOf } from "../../panels/outputs/sample-colour.js";
import { targetRange } from "../../panels/outputs/target-range.js";
import { heading, legendOf } from "../../ui/heading.js";

/**
 * @typedef {import("./dialog.js").Context} Context
 * @typedef {import("../../types.js").DataSet} DataSet
 * @typedef {import("../../types.js").Outputs} Outputs
 * @typedef {import("../../types.js").Points} Points
 * @typedef {import("../../ui/theme.js").Theme} Theme
 *
 * @typedef {{data: DataSet, found: Outputs, theme: Theme, range: [number, number], several: boolean}} Shown
 *   `range`: the targets that the ends of the colours mean; `several`: one output for each class
 */

const MAP = 100;
const WIDTH = 760;
/** The height without the legend. */
const OVER = 612;
const MARGIN = { l: 60, r: 24, t: 64 }; // room for a title of two lines
/** What the numbers of the horizontal axis take. */
const ACROSS = 60;
/** So many colours make a scale without steps. */
const SHADES = 32;
/** How far a curve of one input may leave the targets, as a share of their range. */
const BEYOND = 0.12;

/** What the chosen run puts out over two inputs, or over the only one, and the samples. @param {Context} context */
export async function outputs({ state, api }) {
  const { data, chosen: run, step, summary, view } = state;
  if (!data) return null;
  const asked = { run, size: MAP, step, neurons: false, ...planeQuery(state) };
  const found = await api.outputs(summary.id, asked);
  const title = t("takeHome.in.figure.outputs", {
    name: runNames(state)[run] ?? "",
    step: format.count(step),
  });
  const figure = outputFigure(found, { data, theme: view.theme, test: view.showTest });
  const { size, layout } = figure;
  return {
    name: "outputs",
    title,
    ...size,
    figure: { data: figure.data, layout: { ...layout, title: heading(title, WIDTH) } },
  };
}

/**
 * The figure of what was found, and how large it is.
 * @param {Outputs} found @param {{data: DataSet, theme: Theme, test: boolean}} how `test`: whether test samples are shown
 */
export function outputFigure(found, { data, theme, test }) {
  const count = found.x.length * (found.y?.length ?? 1);
  const several = decode(found.output).length > count;
  const shown = { data, found, theme, range: targetRange(data), several };
  const traces = [
    ...(found.y ? mapTraces(shown) : curveTraces(shown)),
    ...samples(shown, test),
    ...classKeys(shown),
    ...sampleKeys(shown, test),
  ];
  const named = traces.flatMap((trace) => ("name" in trace ? [trace.name] : []));
  const { legend, height } = legendOf(named, WIDTH - MARGIN.l - MARGIN.r);
  const axis = { ...flatAxis(theme), zeroline: false };
  const [across, up] = found.axes;
  return {
    data: traces,
    layout: {
      ...flatLayout(theme),
      paper_bgcolor: palette(theme).ground,
      showlegend: true,
      legend,
      margin: { ...MARGIN, b: ACROSS + height },
      xaxis: {
        ...axis,
        range: data.extent[across ?? 0],
        title: { text: literal(nice(found.inputs[0])) },
      },
      yaxis: {
        ...axis,
        range: found.y ? data.extent[up] : heightsOf(shown),
        title: { text: literal(found.y ? nice(found.inputs[1]) : (data.target ?? "y")) },
      },
    },
    size: { width: WIDTH, height: OVER + height },
  };
}

/** Of one input the targets, in their own units: a run that blew up does not flatten them. @param {Shown} shown */
function heightsOf({ data, range }) {
  const [low, high] = range.map(inOwnUnits(data));
  const margin = BEYOND * (high - low);
  return [low - margin, high + margin];
}

/** The values of one output on the grid, a row for each y. @param {Outputs} found @param {number} [output] */
function rowsOf({ x, y, output: all }, output = 0) {
  const values = Array.from(decode(all));
  const from = output * x.length * (y?.length ?? 1);
  return (y ?? [0]).map((_, row) =>
    values.slice(from + row * x.length, from + (row + 1) * x.length),
  );
}

/** How many outputs there are. @param {Outputs} found */
const outputsOf = ({ x, y, output }) => decode(output).length / (x.length * (y?.length ?? 1));

/** The map: of one output its numbers between the ends of the targets, of several where each class is the likeliest. @param {Shown} shown */
function mapTraces(shown) {
  const { found, several } = shown;
  const { x, y } = found;
  const look = { type: "heatmap", x, y, hoverinfo: "skip", showlegend: false };
  if (several) return classTraces(shown, look);
  return [{ ...look, ...numbersOf(shown) }];
}

/** @param {Shown} shown */
function numbersOf({ data, found, theme, range }) {
  const own = inOwnUnits(data);
  const [low, high] = range.map(own);
  const table = classTable(theme);
  const ends = /** @type {const} */ ([0, 1]).map((end) => literal(endName(data, end, range[end])));
  const middle = (low + high) / 2;
  return {
    z: rowsOf(found).map((row) => row.map(own)),
    zmin: low,
    zmax: high,
    colorscale: Array.from({ length: SHADES }, (_, i) => {
      const share = i / (SHADES - 1);
      return [share, css(table[Math.round(255 * share)])];
    }),
    colorbar: {
      title: { text: t("learned.output") },
      thickness: 12,
      outlinewidth: 0,
      tickvals: [low, middle, high],
      ticktext: [ends[0], format.compact(middle, 3), ends[1]],
    },
  };
}

/**
 * A layer for each class, there where it is the likeliest: its colour, the paler the less sure.
 * @param {Shown} shown @param {object} look
 */
function classTraces({ found, theme }, look) {
  const count = outputsOf(found);
  const all = Array.from({ length: count }, (_, kind) => rowsOf(found, kind));
  const best = all[0].map((row, j) =>
    row.map((_, i) =>
      all.reduce((top, rows, kind) => (rows[j][i] > all[top][j][i] ? kind : top), 0),
    ),
  );
  return all.map((rows, kind) => ({
    ...look,
    z: rows.map((row, j) => row.map((value, i) => (best[j][i] === kind ? value : null))),
    zmin: 1 / count, // at the border of all classes
    zmax: 1,
    colorscale: paleTo(kind, theme),
    showscale: false,
  }));
}

/** The colours of a class, as the page mixes them. @param {number} kind @param {Theme} theme */
function paleTo(kind, theme) {
  const [, ground] = palette(theme).classes;
  const full = groupRgb(kind, theme);
  return Array.from({ length: SHADES }, (_, i) => {
    const share = i / (SHADES - 1);
    const mix = 0.62 * share ** 0.8;
    const rgb = ground.map((value, c) => Math.round(value + (full[c] - value) * mix));
    return [share, `rgb(${rgb.join(",")})`];
  });
}

/** Of one input the output as a curve, or a curve for each class in its colour. @param {Shown} shown */
function curveTraces({ data, found, theme, several }) {
  const own = inOwnUnits(data);
  return Array.from({ length: outputsOf(found) }, (_, kind) => ({
    type: "scatter",
    mode: "lines",
    x: found.x,
    y: rowsOf(found, kind)[0].map(own),
    line: { color: several ? groupColor(kind, theme) : palette(theme).ink, width: 2 },
    ...(several ? { showlegend: false } : { name: t("learned.curve") }),
  }));
}

/** The samples that are shown, by what they are for; the test samples below the others, as on the page. @param {DataSet} data @param {boolean} test */
const setsOf = (data, test) =>
  [
    { points: test ? data.test : null, open: true },
    { points: data.train, open: false },
  ].flatMap(({ points, open }) => (points?.x.length ? [{ points, open }] : []));

/** @param {Shown} shown @param {boolean} test */
function samples({ data, found, theme, range }, test) {
  const [across, up] = found.axes;
  const own = inOwnUnits(data);
  const { muted } = palette(theme);
  const colour = data.classes || found.y ? colourOf(data, range, theme) : () => muted;
  /** @param {Points["y"][number]} target */
  const height = (target) => own(Array.isArray(target) ? Math.max(...target) : target);
  return setsOf(data, test).map(({ points, open }) => ({
    type: "scatter",
    mode: "markers",
    showlegend: false,
    x: points.x.map((row) => row[across ?? 0]),
    y: found.y ? points.x.map((row) => row[up]) : points.y.map(height),
    marker: { ...shapeOf(open, theme), color: points.y.map(colour) },
  }));
}

/** Training samples are full, test samples open circles. @param {boolean} open @param {Theme} theme */
const shapeOf = (open, theme) =>
  open
    ? { size: 7, symbol: "circle-open", line: { width: 1.4 } }
    : { size: 7, symbol: "circle", line: { width: 0.8, color: palette(theme).rim } };

/** An entry of the legend alone. @param {string} name @param {object} marker */
const key = (name, marker) => ({
  type: "scatter",
  mode: "markers",
  name: literal(name),
  x: [null],
  y: [null],
  marker,
});

/** Which colour is which class, where the colours are not those of numbers. @param {Shown} shown */
function classKeys({ data, found, theme, several }) {
  const { classes } = data;
  if (!classes || (found.y && !several)) return [];
  return classes.map((name, kind) =>
    key(t("learned.class", { name }), {
      color: groupColor(kind, theme),
      size: 10,
      symbol: "square",
    }),
  );
}

/** What full and open circles are. @param {Shown} shown @param {boolean} test */
function sampleKeys({ data, theme }, test) {
  const { muted: color } = palette(theme);
  return setsOf(data, test)
    .reverse()
    .map(({ open }) => {
      const name = t(open ? "takeHome.in.figure.test" : "takeHome.in.figure.train");
      return key(name, { ...shapeOf(open, theme), color });
    });
}
