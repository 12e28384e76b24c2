/** The study to take away: its numbers as CSV and JSON, and a picture with legend and words. */

import { palette, runColor } from "../../ui/theme.js";
import { FONT_FAMILY, literal, plotly } from "../../ui/plotly.js";
import { download } from "../../ui/download.js";
import * as format from "../../ui/number-format.js";
import { label, t } from "../../ui/i18n.js";
import { isTold } from "../../experiment/access.js";
import { requestOf } from "../../experiment/study.js";
import { withoutVerdict } from "./by-seed.js";
import { gridInWords } from "./grid.js";
import { layout as curvesLayout, lossRange, curveTraces } from "./plot.js";
import { seedsInWords } from "./verdict.js";
import { axisTicks, dotsOf, frameOf, isWide } from "./strip.js";

/**
 * @typedef {import("./plot.js").Look} Look
 * @typedef {import("./strip.js").Row} Row
 * @typedef {{look: Look, rows: Row[], title: string, place: string, words: string[]}} Picture   `place`: which cell of
 *   a grid it is of, "" without one
 */

const WIDTH = 1000;
/** The room for the names of recipes, in pixels, and the characters and lines that they take of it. */
const [NAMES, NAME, NAME_LINES] = [176, 20, 2];
/** Characters of a line of words under the picture. */
const LINE = 118;

/**
 * Words in lines of about so many characters; Chinese, which has no blanks, is broken anywhere.
 * @param {string} text
 * @param {number} [most]
 */
export function wrapped(text, most = LINE) {
  const wide = /[\u3000-\u9fff\uff00-\uffef]/;
  /** @param {string} part */
  const width = (part) => [...part].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0);
  const lines = [""];
  for (const part of text.match(
    /[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g,
  ) ?? []) {
    if (width(lines[lines.length - 1]) + width(part.trimEnd()) > most) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines.map((line) => line.trimEnd());
}

/** A name in a few lines, the last with an ellipsis where it would go on. @param {string} name */
export function nameInLines(name) {
  const lines = wrapped(name, NAME).filter(Boolean).map(shortened);
  if (lines.length > NAME_LINES)
    lines.splice(NAME_LINES - 1, Infinity, `${lines[NAME_LINES - 1].replace(/…$/, "")}…`);
  return lines.map(literal).join("<br>");
}

/** A line without a blank in it may be too long all the same. @param {string} line */
function shortened(line) {
  const letters = [...line];
  return letters.length > NAME ? `${letters.slice(0, NAME - 1).join("")}…` : line;
}

/**
 * One figure of all: curves, shares, final losses, a legend, and what can be concluded.
 * @param {Picture} picture
 */
export function figureOf({ look, rows, title, place, words }) {
  const { theme, slots } = look;
  const { ink, muted, ground, line } = palette(theme);
  const range = lossRange(look);
  const lines = [t("seeds.curves"), ...words].flatMap((text) => wrapped(text));
  const foot = 24 + 18 * lines.length;
  const stripped = 46 * rows.length;
  const head = place ? 92 : 70;
  const height = 490 + head + stripped + foot;
  const inner = height - head - foot;
  const share = stripped / inner;
  const log = look.log || isWide(rows);
  const frame = frameOf(rows, { width: WIDTH, log });
  const marked = frame.empty ? [] : axisTicks(frame);
  const dots = dotsOf(rows, frame).filter(({ loss }) => Number.isFinite(loss));
  const base = curvesLayout(look, range);
  const top = share + 0.12;
  /** @param {number} from @param {number} to */
  const domain = (from, to) => [top + from * (1 - top), top + to * (1 - top)];
  const points = rows.map(({ run, name }) => {
    const own = dots.filter((dot) => dot.run === run);
    return {
      type: "scatter",
      mode: "markers",
      name: literal(name),
      xaxis: "x3",
      yaxis: "y3",
      x: own.map(({ loss }) => loss),
      y: own.map(({ y }) => -y / frame.row),
      marker: { color: runColor(slots[run] ?? run, theme), size: 5, opacity: 0.7 },
      showlegend: false,
    };
  });
  const note = {
    xref: "paper",
    yref: "paper",
    x: 0,
    y: 0,
    xanchor: "left",
    yanchor: "top",
    align: "left",
    showarrow: false,
    yshift: -44,
    text: lines.map(literal).join("<br>"),
    font: { color: ink, size: 13, family: FONT_FAMILY },
  };
  const axis = { color: muted, gridcolor: line, linecolor: line, zeroline: false, ticks: "" };
  return {
    height,
    figure: {
      data: [...curveTraces(look, range), ...points],
      layout: {
        ...base,
        width: WIDTH,
        height,
        paper_bgcolor: ground,
        plot_bgcolor: ground,
        margin: { l: NAMES, r: 24, t: head, b: foot + 46 },
        title: {
          text: literal(title) + (place && `<br><b>${literal(place)}</b>`),
          x: 0.01,
          xanchor: "left",
          font: { size: 17, color: ink },
        },
        showlegend: true,
        legend: {
          orientation: "h",
          x: 0,
          y: 1.01,
          yanchor: "bottom",
          font: { color: ink, size: 13 },
        },
        annotations: [note],
        yaxis: { ...base.yaxis, domain: domain(0.42, 1) },
        yaxis2: { ...base.yaxis2, domain: domain(0, 0.34) },
        xaxis3: {
          ...axis,
          domain: [0, 1],
          anchor: "y3",
          type: log ? "log" : "linear",
          range: log ? [Math.log10(frame.low), Math.log10(frame.high)] : [frame.low, frame.high],
          tickvals: marked,
          ticktext: marked.map((value) => format.plain(value, 3)),
          title: { text: t("seeds.strip.title"), standoff: 4, font: { color: muted, size: 13 } },
        },
        yaxis3: {
          ...axis,
          domain: [0, share],
          anchor: "x3",
          range: [-rows.length, 0],
          tickvals: rows.map((_, index) => -index - 0.5),
          ticktext: rows.map(({ name }) => nameInLines(name)),
          showgrid: false,
        },
      },
    },
  };
}

/** The kinds of files in which a study is taken away. @type {("csv"|"json"|"png"|"svg")[]} */
export const EXPORTS = ["csv", "json", "png", "svg"];

/**
 * Saves the study that is looked at, as a file of each kind.
 * @param {object} how
 * @param {import("../../experiment/state.js").State} how.state
 * @param {() => Picture|null} how.picture
 * @param {typeof import("../../server/api.js").api} how.api
 * @returns {Record<"csv"|"json"|"png"|"svg", () => Promise<void>>}
 */
export function exportsOf({ state, picture, api }) {
  const { entry, result, target } = state.study;
  const told = isTold(state);
  if (!entry || !result) throw new Error("there is no study to save");
  const name = `basin-study-${entry.plan.count}-seeds`;
  /** @param {"png"|"svg"} kind */
  async function draw(kind) {
    const found = picture();
    if (!found) return;
    const { figure, height } = figureOf(found);
    const Plotly = await plotly();
    const size = { format: kind, width: WIDTH, height, scale: kind === "png" ? 2 : 1 };
    download(await Plotly.toImage(figure, size), `${name}.${kind}`);
  }
  return {
    async csv() {
      const text = await api.text(api.studyRuns(entry.id, target, told));
      download(new Blob([text], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
    },
    async json() {
      const shown = told
        ? result
        : { ...result, target_choice: null, cells: result.cells.map(withoutVerdict) };
      const text = JSON.stringify({ request: requestOf(entry.spec, entry.plan), result: shown });
      download(new Blob([text], { type: "application/json" }), `${name}.json`);
    },
    png: () => draw("png"),
    svg: () => draw("svg"),
  };
}

/** What a study is, in one line. @param {import("../../experiment/study.js").Entry} entry */
export function titleOf({ spec, plan }) {
  const about = t("seeds.about", {
    data: label("data", spec.data),
    seeds: seedsInWords(plan.count),
    runs: spec.runs.length,
    steps: format.count(plan.steps),
  });
  const { learning_rate: rates, units, depth } = plan.grid;
  // What is compared is told with all its values, and not as the experiment has it.
  const rate = gridInWords({ learning_rate: spec.optimizer.learning_rate });
  const layers = t("seeds.about.layers", {
    layers: spec.layers.map((layer) => layer.units).join(", "),
  });
  const axes = Object.entries(plan.grid).map(
    ([axis, values]) =>
      `${t(`seeds.axis.${axis}.short`)}: ${values.map((value) => format.plain(value)).join(", ")}`,
  );
  const drawn = plan.vary === "all" ? [t("seeds.about.all")] : [];
  return [
    about,
    ...(rates ? [] : [rate]),
    ...(units || depth ? [] : [layers]),
    ...drawn,
    ...axes,
  ].join(" · ");
}
