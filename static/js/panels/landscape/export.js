/** The landscape to take away: a picture, the numbers, or a page of its own that opens without the server. */

import { palette } from "../../ui/theme.js";
import { byId } from "../../ui/dom.js";
import { language } from "../../ui/i18n.js";
import { PLOTLY, plotly } from "../../ui/plotly.js";
import { writeCsv } from "../../ui/csv.js";
import { download } from "../../ui/download.js";
import { api } from "../../server/api.js";
import { runNames } from "../../experiment/state.js";
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
      ? second && lossesFigure(own, [surface, second], width)
      : sceneFigure(own, surface, width);
  if (!figure) return null;
  // On the page, paths below the surface are painted over it; here they shine through it.
  const data = figure.data.map((trace) =>
    trace.type === "surface" ? { ...trace, opacity: 0.85 } : trace,
  );
  const layout = /** @type {Record<string, object>} */ (/** @type {unknown} */ (figure.layout));
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
  figure.layout = { ...figure.layout, paper_bgcolor: ground, autosize: true };
  figure.layout.margin = { l: 20, r: 24, t: 24, b: 20 };
  return figure;
}

/** @param {State} state */
const nameOf = ({ landscape, step }) => `basin-${landscape.view}-step-${step}`;

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
  const { surface, landscape, chosen } = state;
  const { slice, view, second } = landscape;
  if (view === "slice" && slice)
    return writeCsv([[slice.parameter, "J"], ...slice.x.map((x, i) => [x, slice.z[i] ?? null])]);
  if (!surface) throw new Error("there is nothing to export yet");
  const runs = runNames(state);
  const names = axisNames(surface, runs, otherRun(landscape, chosen, runs.length));
  const rows = gridRows(gridOf(surface));
  if (view !== "losses" || !second) return writeCsv([[names.x, names.y, "J"], ...rows]);
  const other = gridOf(second).z;
  const titles = [names.x, names.y, `J ${surface.loss}`, `J ${second.loss}`];
  return writeCsv([titles, ...rows.map((row, i) => [...row, other[i]])]);
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
    title: `Basin · ${document.getElementById(`view-${state.landscape.view}`)?.textContent ?? ""}`,
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
