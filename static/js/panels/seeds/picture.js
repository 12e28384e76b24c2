/** The study to take away: its numbers as CSV and JSON, and a picture with legend and words. */

import { palette, runColor } from "../../ui/theme.js";
import { FONT_FAMILY, literal, plotly } from "../../ui/plotly.js";
import { download } from "../../ui/download.js";
import * as format from "../../ui/number-format.js";
import { label, t } from "../../ui/i18n.js";
import { isTold } from "../../experiment/access.js";
import { requestOf } from "../../experiment/study.js";
import { withoutVerdict } from "./by-seed.js";
import { captionOf, layout as curvesLayout, lossRange, curveTraces } from "./plot.js";
import { seedsInWords } from "./verdict.js";
import { axisTicks, dotsOf, frameOf, isWide } from "./strip.js";

/**
 * @typedef {import("./plot.js").Look} Look
 * @typedef {import("./strip.js").Row} Row
 * @typedef {{look: Look, rows: Row[], title: string, place: string, words: string[], told: boolean}} Picture   `place`:
 *   which cell of a grid it is of, "" without one; `told`: whether it is said that a run diverged
 */

const WIDTH = 1000;
/** The room for the names of recipes, in pixels, and the characters and lines that they take of it. */
const [NAMES, NAME, NAME_LINES] = [176, 20, 2];
/** The height of a row of the legend, the sign before a name, and a letter of it, in pixels. */
const [LEGEND_ROW, SIGN, LETTER] = [30, 52, 7.6];
/** How far beyond the axis of the final losses those that diverged stand, as a share of it. */
const LOST = 0.08;
const WIDE = /[\u3000-\u9fff\uff00-\uffef]/;
/** Characters of a line of words under the picture. */
const LINE = 118;

/**
 * Words in lines of about so many characters; Chinese, which has no blanks, is broken anywhere.
 * @param {string} text
 * @param {number} [most]
 */
export function wrapped(text, most = LINE) {
  const lines = [""];
  for (const part of text.match(
    /[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g,
  ) ?? []) {
    if (widthOf(lines[lines.length - 1]) + widthOf(part.trimEnd()) > most) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines.map((line) => line.trimEnd());
}

/** How wide letters are: those of Chinese take the room of two. @param {string} text */
const widthOf = (text) => [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);

/** As many letters from the beginning as have room. @param {string[]} letters @param {number} room */
function fitting(letters, room) {
  let width = 0;
  const end = letters.findIndex((letter) => (width += widthOf(letter)) > room);
  return letters.slice(0, end < 0 ? letters.length : end);
}

/**
 * A name in one or two lines. A longer one loses its middle: many that begin alike differ at their ends.
 * @param {string} name
 */
export function nameInLines(name) {
  const lines = wrapped(name, NAME).filter(Boolean);
  if (lines.length <= NAME_LINES && lines.every((line) => widthOf(line) <= NAME))
    return lines.map(literal).join("<br>");
  const letters = [...name];
  const last = fitting([...letters].reverse(), NAME - 1).reverse();
  const first = fitting(letters.slice(0, letters.length - last.length), NAME - 1);
  return [`${first.join("").trimEnd()}…`, last.join("").trimStart()].map(literal).join("<br>");
}

/** How many rows the names take above the curves: in several, Plotly gives all of them the width of the longest. @param {string[]} names */
function legendRows(names) {
  const room = WIDTH - NAMES - 24;
  const widths = names.map((name) => SIGN + LETTER * widthOf(name));
  if (widths.reduce((sum, width) => sum + width, 0) <= room) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(room / Math.max(...widths))));
}

/**
 * The axis of the final losses: its range, and where runs that diverged stand, at its right; null where none did.
 * @param {import("./strip.js").Frame} frame @param {boolean} log
 */
function finalAxis({ low, high, lost }, log) {
  const [from, to] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
  if (!Number.isFinite(lost)) return { range: [from, to], lost: null };
  const at = to + LOST * (to - from);
  return { range: [from, to + 1.6 * LOST * (to - from)], lost: log ? 10 ** at : at };
}

/**
 * One figure of all: curves, shares, final losses, a legend, and what can be concluded.
 * @param {Picture} picture
 */
export function figureOf({ look, rows, title, place, words, told }) {
  const { theme, slots } = look;
  const { ink, muted, ground, line } = palette(theme);
  const range = lossRange(look);
  const lines = [captionOf(look), ...words].flatMap((text) => wrapped(text));
  const foot = 24 + 18 * lines.length;
  const stripped = 46 * rows.length;
  const head = (place ? 92 : 70) + LEGEND_ROW * (legendRows(look.names) - 1);
  const height = 490 + head + stripped + foot;
  const inner = height - head - foot;
  const share = stripped / inner;
  const log = look.log || isWide(rows);
  const frame = frameOf(rows, { width: WIDTH, log });
  const marked = frame.empty ? [] : axisTicks(frame);
  const dots = dotsOf(rows, frame);
  const axis3 = finalAxis(frame, log);
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
      x: own.map(({ loss }) => (Number.isFinite(loss) ? loss : axis3.lost)),
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
          y: 1,
          yanchor: "top",
          pad: { t: 14 },
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
          range: axis3.range,
          tickvals: axis3.lost === null ? marked : [...marked, axis3.lost],
          ticktext: [
            ...marked.map((value) => format.plain(value, 3)),
            ...(axis3.lost === null ? [] : [told ? t("seeds.diverged") : "∞"]),
          ],
          title: {
            text: log ? t("seeds.strip.title.log") : t("seeds.strip.title"),
            standoff: 4,
            font: { color: muted, size: 13 },
          },
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
  const rate = rateInWords(spec);
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

/** The learning rate of all runs, or those of each, or that they differ. @param {import("../../types.js").Spec} spec */
function rateInWords({ optimizer, runs }) {
  const own = runs.map((run) => (run.optimizer ?? optimizer).learning_rate);
  const all = [...new Set(own)].map(Number);
  const told =
    all.length > 3 ? t("choices.each") : all.map((value) => format.plain(value)).join(", ");
  return `${t("seeds.axis.learning_rate.short")}${all.length > 1 ? ": " : " = "}${told}`;
}
