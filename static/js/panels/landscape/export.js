/** The landscape to take away: a picture, the numbers, or a page of its own that opens without the server. */

import { palette } from "../../ui/theme.js";
import { byId } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { language, t } from "../../ui/i18n.js";
import { heading } from "../../ui/heading.js";
import { PLOTLY, plotly } from "../../ui/plotly.js";
import { writeCsv } from "../../ui/csv.js";
import { download } from "../../ui/download.js";
import { api } from "../../server/api.js";
import { runNames } from "../../experiment/state.js";
import { arrowWords, subject } from "./caption.js";
import { contourFigure } from "./contour.js";
import { gridRows } from "./grid.js";
import { lossesFigure } from "./two-losses.js";
import { axisNames, gridOf, logTicks } from "./shared-traces.js";
import { footOf } from "./export-foot.js";
import { arrowOf, farther, seenThrough } from "./export-scene.js";
import { sceneFigure } from "./surface-3d.js";
import { cameraOf } from "./webgl/plotly-scene.js";
import { otherRun } from "../../experiment/landscape-settings.js";
import { sliceFigure } from "./slice.js";
import { summarizeSurface } from "./summary.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {{data: object[], layout: Record<string, object|string|number|boolean|undefined>,
 *   words?: string[], names?: string[], log?: boolean}} Figure   `words`: what it shows, as Plotly takes them; `names`: of
 *   the runs; `log`: whether its colours are of powers of ten
 */

/** How large a saved picture is, in pixels; saved at twice as many. */
const PICTURE = { width: 1000, height: 720, scale: 2 };
/** The room at its left and right, in pixels. */
const SIDE = 24;
/** The room for the colour bar and for the numbers of an axis, in pixels. */
const BAR = 80;
/** From how much farther than on the page a scene is seen; the second of two beside each other. */
const [FARTHER, FARTHER_OF_TWO] = [1.08, 1.22];

/**
 * The figure of the view in sight, complete with its paths, seen from where the learner stands.
 * @param {State} state
 * @param {{width: number, height: number}} size
 * @returns {Figure|null}
 */
export function figureOf(state, size) {
  const { surface, landscape } = state;
  const { view, slice } = landscape;
  // Drawing for export must not change how high the page draws.
  const own = { ...state, landscape: { ...landscape } };
  const about = { names: runNames(state).map(String), log: state.view.logSurface };
  if (view === "slice") return slice && { ...about, ...sliceAlone(own, slice) };
  if (!surface) return null;
  if (view === "contour") {
    const { data, layout, steepest } = contourFigure(own, surface, { ...size, paths: true });
    const words =
      steepest === null ? [] : [t("landscape.arrows", { slope: format.number(steepest) })];
    return { ...about, data, layout, words };
  }
  const scene =
    view === "losses" ? lossesAlone(own, surface, size) : sceneAlone(own, surface, size);
  return scene && { ...about, ...scene };
}

/**
 * The slice with its arrows named below it: beside them, their names would lie on the curve.
 * @param {State} state @param {import("../../types.js").Slice} slice
 */
function sliceAlone(state, slice) {
  const { data, layout } = sliceFigure(state, slice);
  const named = layout.annotations.filter(({ showarrow }) => !showarrow);
  const words = named.map(({ text, font }) => {
    const color = font?.color ?? "inherit";
    return `<span style="color:${color}">${t("landscape.export.arrow", { step: text })}</span>`;
  });
  const annotations = layout.annotations.filter(({ showarrow }) => showarrow);
  return { data, layout: { ...layout, annotations }, words };
}

/** @param {State} state @param {import("../../types.js").Surface} surface @param {{width: number}} size */
function sceneAlone(state, surface, { width }) {
  const { data, layout } = sceneFigure(state, surface, width, { alone: true });
  const arrow = arrowOf(state, surface);
  const traces = /** @type {PlotlyTrace[]} */ (/** @type {unknown} */ (data)).flatMap((trace) => {
    if (trace.meta.set !== "ahead") return [trace];
    return arrow ? [{ ...trace, ...arrow.points }] : [];
  });
  const camera = cameraOf(byId("surface-plot"), "scene") ?? layout.scene.camera;
  const scene = { ...layout.scene, camera: farther(camera, FARTHER) };
  const words = arrow ? [arrowWords(arrow.longer)] : [];
  return { data: seenThrough(traces, surface, scene), layout: { ...layout, scene }, words };
}

/** @param {State} state @param {import("../../types.js").Surface} surface @param {{width: number}} size */
function lossesAlone(state, surface, { width }) {
  const { second } = state.landscape;
  if (!second) return null;
  const { data, layout } = lossesFigure(state, [surface, second], width, { alone: true });
  // The step is one in the loss that is trained in: the page's caption has no word of it either.
  const traces = /** @type {PlotlyTrace[]} */ (/** @type {unknown} */ (data)).filter(
    ({ meta }) => meta.set !== "ahead",
  );
  /** @param {"scene"|"scene2"} id */
  const scene = (id) => {
    const camera = cameraOf(byId("losses-plot"), id) ?? layout[id].camera;
    const domain = { ...layout[id].domain, y: [0.12, 0.95] };
    return { ...layout[id], domain, camera: farther(camera, FARTHER_OF_TWO) };
  };
  const [one, other] = [scene("scene"), scene("scene2")];
  const isOther = (/** @type {PlotlyTrace} */ trace) => trace.scene === "scene2";
  return {
    data: [
      ...seenThrough(
        traces.filter((trace) => !isOther(trace)),
        surface,
        one,
        1,
      ),
      ...seenThrough(traces.filter(isOther), second, other, 1),
    ],
    layout: { ...layout, scene: one, scene2: other },
    words: [t("landscape.losses.apart")],
  };
}

/** @param {State} state @param {{width: number, height: number}} size */
function needed(state, size) {
  const figure = figureOf(state, size);
  if (!figure) throw new Error("there is nothing to export yet");
  const { ground } = palette(state.view.theme);
  return titled(figure, titleOf(state), ground);
}

/** What the figure is of, in one line. @param {State} state */
export function titleOf(state) {
  const { landscape, surface } = state;
  const of = subject(state);
  if (landscape.view === "slice")
    return t("landscape.export.title.slice", { of, parameter: landscape.slice?.parameter ?? "" });
  if (!surface) return of;
  const { x, y } = namesOf(state);
  return t("landscape.export.title", { of, x, y });
}

/**
 * A figure with what the page says around it: its title, the names of the runs, and what colour is what height.
 * @param {Figure} figure @param {string} title @param {string} ground
 * @returns {Figure}
 */
export function titled({ data, layout, words = [], names = [], log = false }, title, ground) {
  const traces = /** @type {PlotlyTrace[]} */ (data);
  const two = traces.some(({ scene }) => scene === "scene2");
  const flat = !traces.some(({ type }) => type === "surface");
  /** @param {PlotlyTrace} trace */
  const nameOf = ({ name, meta }) => (name !== "J" && names[meta.run ?? -1]) || (name ?? "");
  const listed = traces.filter(isListed);
  const width = PICTURE.width - 2 * SIDE - BAR;
  const foot = footOf(listed.map(nameOf), { words, flat, width });
  return {
    data: traces.map((trace) => {
      const place = listed.indexOf(trace);
      return {
        ...trace,
        showlegend: place >= 0,
        ...(place >= 0 ? { name: foot.names[place] } : {}),
        ...(trace.type === "surface" || trace.type === "contour"
          ? { showscale: true, colorbar: barOf(trace, { two, log }) }
          : {}),
      };
    }),
    layout: {
      ...layout,
      paper_bgcolor: ground,
      autosize: true,
      title: heading(title),
      showlegend: true,
      legend: foot.legend,
      annotations: [.../** @type {object[]} */ (layout.annotations ?? []), ...foot.annotations],
      margin: { l: SIDE, r: SIDE, t: 52, b: foot.bottom },
    },
  };
}

/** Traces that are no run's and are named all the same. */
const NAMED = new Set(["ahead", "before", "tangent"]);

/** Whether the legend names a trace. Two scenes have the same runs: they are named once. @param {PlotlyTrace} trace */
const isListed = ({ mode, meta, scene }) =>
  scene !== "scene2" &&
  (NAMED.has(meta.set ?? "") || (mode === "lines" && meta.run !== undefined && !meta.set));

/**
 * What colour is what height; of two, each below its scene.
 * @param {PlotlyTrace} trace @param {{two: boolean, log: boolean}} how
 */
function barOf({ scene, cmin, cmax, zmin, zmax }, { two, log }) {
  const [low, high] = [cmin ?? zmin, cmax ?? zmax];
  const powers = log && low !== undefined && high !== undefined && logTicks([low, high]);
  const place = two
    ? {
        orientation: "h",
        x: scene === "scene2" ? 0.75 : 0.25,
        xanchor: "center",
        y: 0,
        yanchor: "bottom",
        len: 0.36,
        title: { text: "J", side: "top" },
      }
    : { len: 0.6, title: { text: "J" } };
  return {
    ...place,
    ...(powers ? { ...powers, tickvals: powers.tickvals.map((value) => Math.log10(value)) } : {}),
    thickness: 12,
    outlinewidth: 0,
  };
}

/** @param {State} state */
function namesOf(state) {
  const { surface, landscape, chosen } = state;
  const runs = runNames(state);
  return surface
    ? axisNames(surface, runs, otherRun(landscape, chosen, runs.length))
    : { x: "", y: "" };
}

/** While training goes on, the picture is of a step before the newest. @param {State} state */
function nameOf({ landscape: { view, slice }, surface, step }) {
  const shown = view === "slice" ? slice : surface;
  return `basin-${view}-step-${shown?.step ?? step}`;
}

/** @param {State} state @param {"png"|"svg"} format */
async function picture(state, format) {
  const figure = needed(state, PICTURE);
  const Plotly = await plotly();
  const url = await Plotly.toImage(figure, { format, ...PICTURE });
  download(url, `${nameOf(state)}.${format}`);
}

/**
 * What is drawn as a table: the grid, with both losses of a place on one line, or J along the parameter.
 * @param {State} state
 */
export function tableOf(state) {
  const { surface, landscape } = state;
  const { slice, view, second } = landscape;
  if (view === "slice" && slice)
    return writeCsv([[slice.parameter, "J"], ...slice.x.map((x, i) => [x, slice.z[i] ?? null])]);
  if (!surface) throw new Error("there is nothing to export yet");
  const names = namesOf(state);
  const two = view === "losses" && second;
  const heights = two ? [`J ${surface.loss}`, `J ${second.loss}`] : ["J"];
  const other = two ? gridOf(second).z : null;
  const of = ["surface", runNames(state)[surface.run] ?? "", surface.step];
  const rows = gridRows(gridOf(surface)).map((row, i) => [
    ...row,
    ...(other ? [other[i]] : []),
    ...of,
  ]);
  const paths = pathRows(state, surface, two || null);
  return writeCsv([[names.x, names.y, ...heights, "set", "run", "step"], ...rows, ...paths]);
}

/**
 * The paths as rows of the table, after the grid: where every run was, at its true loss.
 * @param {State} state @param {import("../../types.js").Surface} surface
 * @param {import("../../types.js").Surface|null} second the same plane in the other loss
 */
function pathRows(state, surface, second) {
  const names = runNames(state);
  return surface.path.flatMap(({ run, steps, x, y, z }) =>
    steps.map((step, i) => [
      x[i],
      y[i],
      z[i],
      ...(second ? [second.path[run].z[i]] : []),
      "path",
      names[run] ?? "",
      step,
    ]),
  );
}

/** Text within a script element: nothing in it may end the element. @param {string} text */
const inScript = (text) => text.replaceAll("<", "\\u003c");

/**
 * A page of its own: plotly.js and the figure in one file.
 * @param {Figure} figure
 * @param {string} plotly the text of plotly.js
 * @param {{title: string, words: string, lang: string, ground: string, ink: string}} about
 */
export function standalone({ data, layout }, plotly, { title, words, lang, ground, ink }) {
  /** @param {string} text */
  const escaped = (text) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const style = `html,body{height:100%;margin:0;background:${ground};color:${ink};font-family:system-ui,sans-serif}
#figure{height:calc(100% - 3.5rem)}p{margin:0;padding:1rem 1.5rem;font-size:.875rem}`;
  return `<!doctype html>
<html lang="${escaped(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="figure" role="img" aria-label="${escaped(words)}"></div>
<p>${escaped(words)}</p>
<script>${plotly.replace(/<\/script/gi, "<\\/script").replaceAll("<!--", "<\\!--")}</script>
<script>Plotly.newPlot("figure", ${inScript(JSON.stringify(data))}, ${inScript(JSON.stringify(layout))}, {responsive: true, displaylogo: false});</script>
</body>
</html>
`;
}

/**
 * A figure that can be turned: what is drawn for one place of the eye only shines through the surface.
 * @param {Figure} figure
 */
export function turnable({ data, layout }) {
  const traces = /** @type {PlotlyTrace[]} */ (data)
    .filter(({ meta }) => meta.set !== "through")
    .map((trace) => (trace.type === "surface" ? { ...trace, opacity: 0.7 } : trace));
  return { data: traces, layout };
}

/** @param {State} state */
async function page(state) {
  const figure = turnable(needed(state, PICTURE));
  const { ground, ink } = palette(state.view.theme);
  const text = standalone(figure, await api.text(PLOTLY), {
    title: `Basin · ${titleOf(state)}`,
    words: summarizeSurface(state),
    lang: language(),
    ground,
    ink,
  });
  download(new Blob([text], { type: "text/html;charset=utf-8" }), `${nameOf(state)}.html`);
}

/**
 * The ways to take it away.
 * @param {State} state
 * @returns {{kind: "png"|"svg"|"csv"|"html", save: () => Promise<void>}[]}
 */
export function exports(state) {
  return [
    { kind: "png", save: () => picture(state, "png") },
    { kind: "svg", save: () => picture(state, "svg") },
    {
      kind: "csv",
      async save() {
        download(
          new Blob([tableOf(state)], { type: "text/csv;charset=utf-8" }),
          `${nameOf(state)}.csv`,
        );
      },
    },
    { kind: "html", save: () => page(state) },
  ];
}
