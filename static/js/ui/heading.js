/** The words over and under a figure, as Plotly takes them: its title and its legend, which keep within the picture. */

import { literal } from "./plotly.js";

/** The sizes of a title, the largest that fits, each with its most lines: they fill the margin over a figure. */
const TITLES = [
  { size: 16, lines: 2 },
  { size: 13, lines: 2 },
];
/** The share of the width that a title leaves free on either side. */
const ASIDE = 0.02;
/** A longer name is shortened in a legend, in letters of usual width. */
const LONGEST = 40;
const LEGEND = 13;
/** What stands before a name of the legend, in pixels, and how high a row is. */
const SYMBOL = 50;
const ROW = 20;

/** How wide a letter is at most, in its own height; those of Chinese are square. @param {string} letter */
function widthOf(letter) {
  if (/[\u2e80-\uffef]/u.test(letter)) return 1;
  if (/[MW@%—…]/u.test(letter)) return 1;
  return /[\p{Lu}\d_]/u.test(letter) ? 0.7 : 0.56;
}

/** @param {string} text @param {number} size in pixels */
const pixels = (text, size) => size * [...text].reduce((sum, letter) => sum + widthOf(letter), 0);

/** A text without its middle, where it is too long: names often differ at their ends. @param {string} text @param {number} most in letters of usual width */
export function shortened(text, most = LONGEST) {
  const room = 0.56 * most;
  if (pixels(text, 1) <= room) return text;
  const letters = [...text];
  const [ahead, behind] = [[""], [""]];
  let used = 1;
  for (let i = 0; i < letters.length; i++) {
    // Two from the beginning, then one from the end.
    const side = i % 3 < 2 ? ahead : behind;
    const letter = side === ahead ? letters[ahead.length - 1] : letters.at(-behind.length);
    used += widthOf(letter ?? "");
    if (used > room) break;
    side.push(letter ?? "");
  }
  return `${ahead.join("").trimEnd()}…${behind.reverse().join("").trimStart()}`;
}

/** A text in lines, between words but for those that would leave half a line empty. @param {string} text @param {number} width @param {number} size */
function linesOf(text, width, size) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const part of text.match(/\s*[\u2e80-\uffef]|\s*[^\s\u2e80-\uffef]+/gu) ?? []) {
    if (line && pixels(line + part, size) > width && pixels(part, size) < width / 2) {
      lines.push(line);
      line = "";
    }
    for (const letter of line ? part : part.trimStart()) {
      if (pixels(line + letter, size) > width) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  return [...lines, line];
}

/** @param {string} text @param {number} [width] of the picture, in pixels */
export function heading(text, width = 1000) {
  const room = width * (1 - 2 * ASIDE);
  const fitting = TITLES.map(({ size, lines: most }) => {
    const lines = linesOf(text, room, size);
    return { size, lines, fits: lines.length <= most };
  });
  const { size, lines } = fitting.find(({ fits }) => fits) ?? { size: 13, lines: cut(text, room) };
  return {
    text: lines.map(literal).join("<br>"),
    x: ASIDE,
    xanchor: "left",
    font: { size },
  };
}

/** As many lines of the smallest size as there may be. @param {string} text @param {number} room */
function cut(text, room) {
  const { size, lines: most } = TITLES[TITLES.length - 1];
  const letters = (0.9 * most * room) / (0.56 * size);
  return linesOf(shortened(text, letters), room, size);
}

/**
 * A legend at the foot of a picture, in columns of the widest name, and the height that it takes: Plotly would cut off
 * what has no room.
 * @param {string[]} names @param {number} width of the figure without its margins, in pixels
 */
export function legendOf(names, width) {
  const widest = Math.ceil(Math.max(0, ...names.map((name) => pixels(name, LEGEND))));
  const columns = Math.max(1, Math.floor(width / (widest + SYMBOL)));
  const height = ROW * Math.ceil(names.length / columns) + 10;
  const legend = {
    orientation: "h",
    x: 0,
    xanchor: "left",
    y: 0,
    yref: "container",
    yanchor: "bottom",
    entrywidth: widest,
    entrywidthmode: "pixels",
    maxheight: 1,
    font: { size: LEGEND },
  };
  return { legend, height };
}
