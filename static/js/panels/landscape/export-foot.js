/** What stands below a landscape that is taken away: words that explain it, and under them the names of the runs. */

import { literal } from "../../ui/plotly.js";

/** The room below a flat picture for the numbers and the name of its axis, and what else a foot needs, in pixels. */
const [AXIS, EDGE] = [50, 12];
/** Height of a line of words and of a row of the legend, in pixels. */
const [WORDS, ROW] = [22, 22];
/** The sign before a name and the gap after it, in pixels. */
const SIGN = 52;
/** About how wide letters are, and those of Chinese, in pixels. */
const [LETTER, WIDE] = [7.8, 13.5];
/** With more names than this, there are four columns at least. */
const FEW = 9;

/** @param {string} letter */
const widthOf = (letter) => (letter > "\u2e80" ? WIDE : LETTER);

/** @param {string} text */
const lengthOf = (text) => [...text].reduce((sum, letter) => sum + widthOf(letter), 0);

/**
 * A name that fits, without its middle where it is too long: names that begin alike often differ at their ends.
 * @param {string} name @param {number} width in pixels
 */
export function fitting(name, width) {
  if (lengthOf(name) <= width) return name;
  const letters = [...name];
  const last = letters.slice(-5);
  const first = [];
  let left = width - lengthOf(`…${last.join("")}`);
  for (const letter of letters) {
    left -= widthOf(letter);
    if (left < 0) break;
    first.push(letter);
  }
  return `${first.join("").trimEnd()}…${last.join("")}`;
}

/**
 * The legend in columns that hold the names, and the room that all of it takes.
 * @param {string[]} names as they are read @param {{words: string[], flat: boolean, width: number}} picture
 */
export function footOf(names, { words, flat, width }) {
  const longest = SIGN + Math.max(0, ...names.map(lengthOf));
  const fits = Math.min(5, Math.floor(width / longest));
  const columns = Math.max(fits, names.length > FEW ? 4 : 3);
  const rows = Math.ceil(names.length / columns);
  const axis = flat ? AXIS : EDGE;
  return {
    names: names.map((name) => literal(fitting(name, width / columns - SIGN))),
    bottom: axis + (words.length ? WORDS : 0) + ROW * rows + EDGE,
    legend: {
      orientation: "h",
      x: 0,
      // From the lower edge up: what an axis needs is not known in shares of its height.
      yref: "container",
      y: 0.005,
      yanchor: "bottom",
      entrywidth: 0.98 / columns,
      entrywidthmode: "fraction",
      itemsizing: "constant",
    },
    annotations: words.length
      ? [
          {
            text: words.join(" · "),
            x: 0,
            y: 0,
            xref: "paper",
            yref: "paper",
            xanchor: "left",
            yanchor: "top",
            yshift: -axis,
            showarrow: false,
            font: { size: 13 },
          },
        ]
      : [],
  };
}
