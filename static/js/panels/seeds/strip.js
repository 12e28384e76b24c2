/**
 * Where the runs ended, every seed a dot: one row for each recipe, J from left to right. Dots that would cover each other
 * stand beside each other, so that a row with two humps is seen to have two. A run that diverged stands at the right end.
 */

import { palette, runColor } from "../../ui/theme.js";
import { sharp } from "../../ui/dom.js";
import { FONT, ticks } from "../../ui/canvas-axes.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/**
 * @typedef {import("../../ui/theme.js").Theme} Theme
 * @typedef {{run: number, name: string, slot: number, losses: number[]}} Row   J by seed, NaN for a diverged run
 * @typedef {{run: number, seed: number, loss: number, x: number, y: number}} Dot   `seed`: its place among the seeds
 * @typedef {{left: number, right: number, lost: number, width: number, height: number, row: number, top: number,
 *   low: number, high: number, log: boolean, empty: boolean}} Frame
 *   `left` to `right` is the axis, `lost` where diverged runs stand (or NaN), `row` the height of a row
 */

const RADIUS = 2.6;
const ROW = 46;
const MOST_HEIGHT = 420;
const FEWEST_HEIGHT = 22;
const FOOT = 34;
const NAMES = 128;
/** The ratio of the highest loss to the lowest from which on the axis is logarithmic. */
const FAR = 8;

/** How high the picture of so many rows is. @param {number} rows */
export const stripHeight = (rows) => rows * rowHeight(rows) + FOOT;

/** @param {number} rows */
const rowHeight = (rows) => Math.max(FEWEST_HEIGHT, Math.min(ROW, MOST_HEIGHT / rows));

/** Whether losses lie so far apart that only a logarithmic axis shows all of them. @param {Row[]} rows */
export function isWide(rows) {
  const finite = rows.flatMap(({ losses }) => losses.filter((loss) => Number.isFinite(loss)));
  const [low, high] = ends(finite);
  return low > 0 && high / low > FAR;
}

/**
 * Where rows and axis are.
 * @param {Row[]} rows
 * @param {{width: number, log: boolean}} size
 * @returns {Frame}
 */
export function frameOf(rows, { width, log }) {
  const finite = rows.flatMap(({ losses }) => losses.filter((loss) => Number.isFinite(loss)));
  const positive = finite.filter((loss) => loss > 0);
  const scaled = log ? positive : finite;
  let [low, high] = scaled.length ? ends(scaled) : [log ? 0.1 : 0, 1];
  if (log) [low, high] = low === high ? [low / 2, high * 2] : [low / 1.08, high * 1.08];
  else {
    const room = 0.03 * (high - low) || 0.05 * Math.abs(high) || 0.5;
    [low, high] = [low - room, high + room];
  }
  const names = Math.min(NAMES, width / 3);
  const anyLost = rows.some(({ losses }) => losses.some((loss) => !Number.isFinite(loss)));
  const end = width - 14;
  return {
    left: names + 8,
    right: anyLost ? end - 62 : end,
    lost: anyLost ? end - 20 : NaN,
    width,
    height: stripHeight(rows.length),
    row: rowHeight(rows.length),
    top: 0,
    low,
    high,
    log,
    empty: !scaled.length,
  };
}

/** @param {number[]} values @returns {[number, number]} */
function ends(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Where a loss is on the axis. @param {Frame} frame @param {number} loss */
export function placeOf({ left, right, low, high, log }, loss) {
  const share = log
    ? Math.log(Math.max(loss, low) / low) / Math.log(high / low)
    : (loss - low) / (high - low);
  return left + share * (right - left);
}

/**
 * The dots. Within a column of a dot's width they are spread about the middle of their row, in the order of the seeds.
 * @param {Row[]} rows
 * @param {Frame} frame
 * @returns {Dot[]}
 */
export function dotsOf(rows, frame) {
  return rows.flatMap(({ run, losses }, index) => {
    const middle = frame.top + (index + 0.5) * frame.row;
    const xs = losses.map((loss) => (Number.isFinite(loss) ? placeOf(frame, loss) : frame.lost));
    /** @type {Map<number, number[]>} */
    const columns = new Map();
    xs.forEach((x, seed) => {
      const column = Math.round(x / (2 * RADIUS));
      const found = columns.get(column);
      if (found) found.push(seed);
      else columns.set(column, [seed]);
    });
    const ys = new Array(losses.length).fill(middle);
    const room = frame.row / 2 - RADIUS - 2;
    for (const seeds of columns.values()) {
      const gap = Math.min(2 * RADIUS, (2 * room) / Math.max(1, seeds.length - 1));
      seeds.forEach((seed, place) => (ys[seed] = middle + (place - (seeds.length - 1) / 2) * gap));
    }
    return losses.map((loss, seed) => ({ run, seed, loss, x: xs[seed], y: ys[seed] }));
  });
}

/** The dot at a point, or null. @param {Dot[]} dots @param {number} x @param {number} y @param {number} [reach] */
export function dotAt(dots, x, y, reach = 8) {
  let best = null;
  let nearest = reach ** 2;
  for (const dot of dots) {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2;
    if (distance <= nearest) [best, nearest] = [dot, distance];
  }
  return best;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Row[]} rows
 * @param {{frame: Frame, dots: Dot[], theme: Theme}} picture
 * @param {boolean} told   whether it is said that a run diverged
 */
export function paintStrip(canvas, rows, { frame, dots, theme }, told) {
  const context = sharp(canvas, frame.width, frame.height);
  paintAxes(context, rows, frame, { theme, lost: told ? t("seeds.diverged") : "∞" });
  /** @type {Map<number, string>} */
  const colors = new Map(rows.map(({ run, slot }) => [run, runColor(slot, theme)]));
  context.globalAlpha = dots.length > 2000 ? 0.45 : 0.7;
  for (const dot of dots) {
    context.fillStyle = colors.get(dot.run) ?? "";
    context.beginPath();
    context.arc(dot.x, dot.y, RADIUS, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/**
 * Marks one seed in every row: its runs are one experiment.
 * @param {HTMLCanvasElement} canvas over the dots
 * @param {{frame: Frame, dots: Dot[], theme: Theme}} picture
 * @param {number|null} seed
 */
export function paintMarks(canvas, { frame, dots, theme }, seed) {
  const context = sharp(canvas, frame.width, frame.height);
  context.strokeStyle = palette(theme).ink;
  context.lineWidth = 1.5;
  for (const dot of dots) {
    if (dot.seed !== seed) continue;
    context.beginPath();
    context.arc(dot.x, dot.y, RADIUS + 2, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Row[]} rows @param {Frame} frame @param {{theme: Theme, lost: string}} how */
function paintAxes(context, rows, frame, { theme, lost }) {
  const { ink, muted, line } = palette(theme);
  const bottom = frame.top + rows.length * frame.row;
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.lineWidth = 1;
  rows.forEach(({ name }, index) => {
    const y = frame.top + (index + 0.5) * frame.row;
    context.strokeStyle = line;
    context.beginPath();
    context.moveTo(frame.left, Math.round(y) + 0.5);
    context.lineTo(frame.width - 14, Math.round(y) + 0.5);
    context.stroke();
    context.fillStyle = ink;
    context.fillText(fitting(context, name, frame.left - 12), 0, y);
  });
  context.strokeStyle = line;
  context.fillStyle = muted;
  context.textBaseline = "top";
  context.textAlign = "center";
  let free = -Infinity;
  for (const value of frame.empty ? [] : axisTicks(frame)) {
    const x = placeOf(frame, value);
    const text = format.plain(value, 3);
    const half = context.measureText(text).width / 2;
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, frame.top);
    context.lineTo(Math.round(x) + 0.5, bottom + 3);
    context.stroke();
    if (x - half < free || x + half > frame.width) continue;
    context.fillText(text, x, bottom + 4);
    free = x + half + 8;
  }
  if (Number.isFinite(frame.lost)) context.fillText(lost, frame.lost - 8, bottom + 4);
  context.textAlign = "left";
  context.fillText(t(frame.log ? "seeds.strip.axis.log" : "seeds.strip.axis"), 0, bottom + 4);
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} width */
function fitting(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let short = text;
  while (short.length > 1 && context.measureText(`${short}…`).width > width)
    short = short.slice(0, -1);
  return `${short}…`;
}

/** @param {Frame} frame */
export function axisTicks({ low, high, log, left, right }) {
  const wanted = Math.max(2, Math.floor((right - left) / 90));
  if (!log) return ticks(low, high, wanted);
  const decades = Math.log10(high / low);
  if (decades < 1) return ticks(low, high, Math.min(4, wanted)).filter((value) => value > 0);
  const digits = decades > wanted ? [1] : decades > wanted / 2 ? [1, 3] : [1, 2, 5];
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const digit of digits) found.push(Number(`${digit}e${power}`));
  return found.filter((value) => value >= low && value <= high);
}
