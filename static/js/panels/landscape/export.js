/** The landscape to take away: a picture, the numbers, or a page of its own that opens without the server. */

import { palette } from "../../ui/theme.js";
import { byId } from "../../ui/dom.js";
import { language, t } from "../../ui/i18n.js";
import { heading } from "../../ui/heading.js";
import { PLOTLY, plotly } from "../../ui/plotly.js";
import { writeCsv } from "../../ui/csv.js";
import { download } from "../../ui/download.js";
import { api } from "../../server/api.js";
import { runNames } from "../../experiment/state.js";
import { subject } from "./caption.js";
import { contourFigure } from "./contour.js";
import { gridRows } from "./grid.js";
import { lossesFigure } from "./two-losses.js";
import { axisNames, gridOf } from "./shared-traces.js";
import { sceneFigure } from "./surface-3d.js";
import { cameraOf } from "./webgl/plotly-scene.js";
import { otherRun } from "../../experiment/landscape-settings.js";
import { sliceFigure } from "./slice.js";
import { summarizeSurface } from "./summary.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {{data: object[], layout: Record<string, object|string|number|boolean|undefined>}} Figure
 */

/** How large a saved picture is, in pixels; saved at twice as many. */
const PICTURE = { width: 1000, height: 720, scale: 2 };

/**
 * The figure of the view in sight, complete with its paths, seen from where the learner stands.
 * @param {State} state
 * @param {{width: number, height: number}} size
 * @returns {Figure|null}
 */
export function figureOf(state, { width, height }) {
  const { surface, landscape } = state;
  const { view, slice, second } = landscape;
  // Drawing for export must not change how high the page draws.
  const own = { ...state, landscape: { ...landscape } };
  if (view === "slice") return slice && sliceFigure(own, slice);
  if (!surface) return null;
  if (view === "contour") return contourFigure(own, surface, { width, height, paths: true });
  const figure =
    view === "losses"
      ? second && lossesFigure(own, [surface, second], width, { alone: true })
      : sceneFigure(own, surface, width, { alone: true });
  if (!figure) return null;
  // On the page, paths below the surface are painted over it; here they shine through it.
  const data = figure.data.map((trace) =>
    trace.type === "surface" ? { ...trace, opacity: 0.85 } : trace,
  );
  const layout = /** @type {Record<string, object>} */ (
    /** @type {unknown} */ ({ ...figure.layout })
  );
  for (const id of ["scene", "scene2"]) {
    const camera = cameraOf(byId(`${view}-plot`), id);
    if (camera && layout[id]) layout[id] = { ...layout[id], camera };
  }
  return { data, layout };
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
export function titled({ data, layout }, title, ground) {
  const traces = /** @type {PlotlyTrace[]} */ (data);
  const two = traces.some(({ scene }) => scene === "scene2");
  return {
    data: traces.map((trace) => ({
      ...trace,
      // Two scenes have the same runs, and each its own heights, which its title says.
      showlegend:
        trace.mode === "lines" &&
        trace.meta.run !== undefined &&
        !trace.meta.set &&
        trace.scene !== "scene2",
      ...(trace.type === "surface" || trace.type === "contour"
        ? {
            showscale: !two,
            colorbar: { title: { text: "J" }, thickness: 12, len: 0.6, outlinewidth: 0 },
          }
        : {}),
    })),
    layout: {
      ...layout,
      paper_bgcolor: ground,
      autosize: true,
      title: heading(title),
      showlegend: true,
      legend: { orientation: "h", x: 0, y: -0.02, yanchor: "top" },
      margin: { l: 24, r: 24, t: 52, b: 56 },
    },
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

/** @param {State} state */
async function page(state) {
  const figure = needed(state, PICTURE);
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
