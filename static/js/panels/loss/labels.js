/** Names at the ends of the curves, so that no colour has to be looked up in a list. */

import { FONT, palette, runColor, typeSize } from "../../ui/theme.js";
import { literal } from "../../ui/plotly.js";
import { runNames } from "../../experiment/state.js";

/** @typedef {import("../../experiment/state.js").State} State */

/** More names than these are not read beside each other: those of the lowest losses are there, and the list has all. */
const MOST = 8;
/** A narrower figure keeps its width for the curves, in pixels. */
const NARROWEST = 400;
/** A longer name is cut. */
const LONGEST = 22;
/** Room for the dot before a name. */
const AHEAD = "\u00a0".repeat(4);
/** The height of a line of names, as a share of the type size. */
const LINE = 1.2;
/** What axes and margins take of the height of the figure, in pixels. */
const AROUND = 62;

/** The most that names take of the width. */
const MOST_OF_WIDTH = 0.45;
/** A name in bold, as a multiple of its usual width. */
const BOLD = 1.1;
/** What stays free at the right of the names, in pixels. */
const FREE = 16;

/** A name as long as there is room, with "…" where it is cut. @param {string} name @param {number} width of the figure */
export function short(name, width) {
  const letters = [...name];
  const room = (MOST_OF_WIDTH * width - FREE) / BOLD;
  const cut = (/** @type {number} */ most) =>
    most < letters.length
      ? `${letters
          .slice(0, most - 1)
          .join("")
          .trimEnd()}…`
      : name;
  let most = Math.min(letters.length, LONGEST);
  while (most > 2 && widthOf(AHEAD + cut(most)) > room) most--;
  return cut(most);
}

/** Whether there is room for names. @param {State} state @param {number} width */
export const areNamed = ({ view }, width) => width >= NARROWEST && !view.sharpness;

/** Which share of the width the names need. @param {State} state @param {number} width of the figure */
export function shareOfNames(state, width) {
  if (!areNamed(state, width)) return 0;
  const widest = Math.max(...runNames(state).map((name) => widthOf(AHEAD + short(name, width))));
  return Math.min(MOST_OF_WIDTH, (BOLD * widest + FREE) / width); // the chosen one is bold
}

/** @type {CanvasRenderingContext2D|null} */
let paper = null;

/** How wide a text is, in pixels. @param {string} text */
function widthOf(text) {
  paper ??= document.createElement("canvas").getContext("2d");
  if (!paper) return 0.6 * typeSize(13) * text.length;
  paper.font = FONT;
  return paper.measureText(text).width;
}

/**
 * Heights that are at least `gap` apart, in the order of the wanted ones, each near to its own and none below `low`.
 * @param {number[]} wanted @param {number} gap @param {number} low @param {number} high
 */
export function spread(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const found = wanted.slice();
  // From below upwards, each in its place or just above the one before; then back from the top where that was too high.
  order.forEach((i, rank) => {
    const below = rank ? found[order[rank - 1]] + gap : low;
    found[i] = Math.max(wanted[i], below);
  });
  let above = high + gap;
  for (const i of order.reverse()) {
    found[i] = Math.min(found[i], above - gap);
    above = found[i];
  }
  return found;
}

/**
 * The runs that are named: what is chosen or pointed at, then those with the lowest losses.
 * @param {State} state @param {(number|null)[]} losses
 */
function namedOf({ chosen, hover }, losses) {
  const first = (/** @type {number} */ run) => Number(run === chosen || run === hover?.run);
  return losses
    .flatMap((loss, run) => (loss === null ? [] : [{ loss, run }]))
    .sort((a, b) => first(b.run) - first(a.run) || a.loss - b.loss)
    .slice(0, MOST)
    .map(({ run }) => run)
    .sort((a, b) => a - b);
}

/**
 * The names as a trace of text.
 * @param {State} state
 * @param {{losses: (number|null)[], range: number[], log: boolean, width: number, height: number}} figure
 */
export function nameTrace(state, { losses, range, log, width, height }) {
  const named = areNamed(state, width) && state.step > 0;
  const runs = named ? namedOf(state, losses) : [];
  const [low, high] = range;
  const place = (/** @type {number} */ loss) => (log ? Math.log10(Math.max(loss, 1e-300)) : loss);
  const unit = (high - low) / Math.max(height - AROUND, 80);
  const wanted = runs.map((run) => Math.min(Math.max(place(Number(losses[run])), low), high));
  const line = LINE * typeSize(13) * unit;
  const places = spread(wanted, line, low + 0.6 * line, high);
  const names = runNames(state);
  return {
    type: "scatter",
    mode: "markers+text",
    meta: { set: "names" },
    x: runs.map(() => state.step),
    y: places.map((at) => (log ? 10 ** at : at)),
    text: runs.map((run) => {
      const name = literal(short(names[run], width));
      return AHEAD + (run === (state.hover?.run ?? state.chosen) ? `<b>${name}</b>` : name);
    }),
    // A dot within the text would be set by Plotly word by word: that takes
    // as long as all the curves.
    marker: {
      color: runs.map((run) => runColor(state.live.slots[run], state.view.theme)),
      size: typeSize(8),
      angle: -90, // of the way upwards
      standoff: typeSize(14),
    },
    textposition: "middle right",
    textfont: { size: typeSize(13), color: palette(state.view.theme).ink },
    hoverinfo: "skip",
    cliponaxis: false,
    showlegend: false,
  };
}
