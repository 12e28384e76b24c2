/** What a run puts out over two inputs, or over the only one, as a figure: the same colours and ranges as the page's map. */

import { classColor, groupColor, palette } from "../../ui/theme.js";
import { t } from "../../ui/i18n.js";
import { flatAxis, flatLayout, literal } from "../../ui/plotly.js";
import { decode } from "../../server/typed-array.js";
import { heading } from "../../ui/heading.js";
import { inOwnUnits } from "../../experiment/target-units.js";
import { targetRange } from "../../panels/outputs/target-range.js";

/**
 * @typedef {import("../../types.js").DataSet} DataSet
 * @typedef {import("../../types.js").Outputs} Outputs
 * @typedef {import("../../types.js").Points["y"][number]} Target
 * @typedef {import("../../ui/theme.js").Theme} Theme
 * @typedef {{found: Outputs, data: DataSet, theme: Theme, title: string}} What
 */

const SETS = /** @type {const} */ (["train", "test"]);
const RIM = "#1c1f24";

/** @param {What} what */
export function outputsFigure({ found, data, theme, title }) {
  const planar = Boolean(found.y);
  const [across, up] = found.axes;
  const { ground } = palette(theme);
  const axis = flatAxis(theme);
  const names = [found.inputs[0], planar ? found.inputs[1] : data.target];
  return {
    data: planar
      ? [...mapTraces(found, data, theme), ...sampleTraces(data, [across, up], theme)]
      : [...curveTraces(found, data, theme), ...sampleTraces(data, [across], theme)],
    layout: {
      ...flatLayout(theme),
      paper_bgcolor: ground,
      title: heading(title),
      showlegend: true,
      legend: { orientation: "h", x: 0, y: -0.12, yanchor: "top" },
      margin: { l: 60, r: 24, t: 52, b: 110 },
      xaxis: { ...axis, title: { text: literal(names[0]) }, range: data.extent[across] },
      yaxis: {
        ...axis,
        title: { text: literal(names[1] ?? "y") },
        range: planar ? data.extent[up] : targetsSeen(data),
      },
    },
  };
}

/** The range of the targets in their own units, with a margin: whatever the network puts out. @param {DataSet} data */
function targetsSeen(data) {
  const [low, high] = targetRange(data).map(inOwnUnits(data));
  const margin = 0.12 * (high - low);
  return [low - margin, high + margin];
}

/** How many outputs there are on a grid. @param {Outputs} found */
const countOf = ({ x, y, output }) => decode(output).length / (x.length * (y?.length ?? 1));

/** From the one end to the other, in the page's colours. @param {Theme} theme */
const scaleOf = (theme) => [
  [0, classColor(0, theme)],
  [0.5, palette(theme).ground],
  [1, classColor(1, theme)],
];

/**
 * The output between the ends of the targets; of several the region where each is the largest.
 * @param {Outputs} found @param {DataSet} data @param {Theme} theme
 */
function mapTraces(found, data, theme) {
  const { x, y } = found;
  const all = decode(found.output);
  const size = x.length * (y?.length ?? 1);
  const count = countOf(found);
  /** @param {(at: number) => number} value */
  const rows = (value) =>
    (y ?? []).map((_, row) => Array.from(x, (_, column) => value(row * x.length + column)));
  if (count > 1) {
    const largest = rows((at) => {
      let best = 0;
      for (let kind = 1; kind < count; kind++)
        if (all[kind * size + at] > all[best * size + at]) best = kind;
      return best;
    });
    const steps = Array.from({ length: count }, (_, kind) =>
      [kind, kind + 1].map((edge) => [edge / count, groupColor(kind, theme)]),
    ).flat();
    const ends = { zmin: -0.5, zmax: count - 0.5 };
    return [
      {
        type: "heatmap",
        x,
        y,
        z: largest,
        ...ends,
        colorscale: steps,
        showscale: false,
        opacity: 0.4,
      },
    ];
  }
  const [zmin, zmax] = targetRange(data);
  const bar = { title: { text: t("takeHome.in.figure.output") }, thickness: 12, outlinewidth: 0 };
  const own = inOwnUnits(data);
  const ticks = [zmin, (zmin + zmax) / 2, zmax];
  const tickvals = {
    tickvals: ticks,
    ticktext: ticks.map((value) => `${Number(own(value).toPrecision(3))}`),
  };
  const z = rows((at) => all[at]);
  const colours = { colorscale: scaleOf(theme), colorbar: { ...bar, ...tickvals } };
  return [{ type: "heatmap", x, y, z, zmin, zmax, ...colours, opacity: 0.85 }];
}

/** One line for each output over the only input. @param {Outputs} found @param {DataSet} data @param {Theme} theme */
function curveTraces(found, data, theme) {
  const { x } = found;
  const all = Array.from(decode(found.output));
  const count = countOf(found);
  return Array.from({ length: count }, (_, kind) => ({
    type: "scatter",
    mode: "lines",
    x,
    y: all.slice(kind * x.length, (kind + 1) * x.length).map(inOwnUnits(data)),
    name: t("takeHome.in.figure.output"),
    showlegend: kind === 0,
    line: { color: count > 1 ? groupColor(kind, theme) : palette(theme).ink, width: 2 },
  }));
}

/**
 * The samples: of classes in the colour of each, of numbers in that of the map; those of the test set are rings. What a
 * colour and a ring mean stands in the legend.
 * @param {DataSet} data @param {number[]} axes @param {Theme} theme
 */
function sampleTraces(data, axes, theme) {
  const there = SETS.filter((set) => data[set]?.x.length);
  const kinds = kindsOf(data);
  const { muted } = palette(theme);
  const samples = there.flatMap((set) =>
    kinds.map((kind) => pointTrace(data, { set, kind, axes }, theme)),
  );
  return [
    ...samples,
    ...kinds
      .filter(({ name }) => name)
      .map(({ name, kind, several }) =>
        key(name, { symbol: "square", size: 11, color: colourOf(kind, several, theme) }),
      ),
    ...there.map((set) =>
      key(t(`takeHome.in.figure.${set}`), {
        ...markOf(set),
        color: muted,
        line: { width: 1.4, color: muted },
      }),
    ),
  ];
}

/** An entry of the legend alone. @param {string} name @param {object} marker */
const key = (name, marker) => ({
  type: "scatter",
  mode: "markers",
  x: [null],
  y: [null],
  name: literal(name),
  marker,
});

/** @param {"train"|"test"} set */
const markOf = (set) =>
  set === "train" ? { size: 7, symbol: "circle" } : { size: 6, symbol: "circle-open" };

/** @param {number} kind @param {boolean} several @param {Theme} theme */
const colourOf = (kind, several, theme) =>
  several ? groupColor(kind, theme) : classColor(kind === 1 ? 1 : 0, theme);

/**
 * The kinds of samples: the classes, or all of them where targets are numbers.
 * @param {DataSet} data
 * @returns {{kind: number, several: boolean, name: string, has: (target: Target) => boolean}[]}
 */
function kindsOf(data) {
  if (data.task === "regression") return [{ kind: -1, several: false, name: "", has: () => true }];
  const [low, high] = targetRange(data);
  const several = data.train.y.some((target) => Array.isArray(target));
  const count = several ? /** @type {number[]} */ (data.train.y[0]).length : 2;
  return Array.from({ length: count }, (_, kind) => ({
    kind,
    several,
    name: t("learned.class", { name: String(data.classes?.[kind] ?? kind) }),
    has: (target) =>
      (Array.isArray(target)
        ? target.indexOf(Math.max(...target))
        : Number(target > (low + high) / 2)) === kind,
  }));
}

/**
 * The samples of one set and kind.
 * @param {DataSet} data
 * @param {{set: "train"|"test", kind: ReturnType<typeof kindsOf>[number], axes: number[]}} which
 * @param {Theme} theme
 */
function pointTrace(data, { set, kind, axes: [across, up] }, theme) {
  const { x, y } = /** @type {import("../../types.js").Points} */ (data[set]);
  const rows = x.map((_, i) => i).filter((i) => kind.has(y[i]));
  const own = inOwnUnits(data);
  const [cmin, cmax] = targetRange(data);
  /** @param {Target} target */
  const height = (target) => own(Array.isArray(target) ? Math.max(...target) : target);
  const numbers = kind.kind < 0;
  const scaled = {
    color: rows.map((i) => Number([y[i]].flat()[0])),
    colorscale: scaleOf(theme),
    cmin,
    cmax,
  };
  const plain = {
    color: numbers ? palette(theme).muted : colourOf(kind.kind, kind.several, theme),
  };
  return {
    type: "scatter",
    mode: "markers",
    showlegend: false,
    x: rows.map((i) => x[i][across]),
    y: rows.map((i) => (up === undefined ? height(y[i]) : x[i][up])),
    marker: {
      ...markOf(set),
      ...(numbers && up !== undefined ? scaled : plain),
      line: { width: set === "train" ? 0.5 : 1.4, ...(set === "train" ? { color: RIM } : {}) },
    },
  };
}
