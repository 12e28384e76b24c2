/**
 * A small picture beside a question about recipes: the first weights W1 of every run, and its biases b1, as squares, all on one scale, so that
 * "all the same", "all zero" and "drawn at random" are seen and not only read.
 */

import { runNames } from "../../experiment/state.js";
import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { classColor } from "../../ui/theme.js";
import { picture, svg } from "./svg.js";

/**
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {{W: (number|null)[][], b: (number|null)[]}} First   the first weights and biases of a run
 */

/** Of a larger matrix so many rows and columns are shown, and of more runs none. */
const MOST = 8;
const MOST_RUNS = 4;
/** The side of a square, and the room between two. */
const SIDE = 12;
const GAP = 2;
/** And that between W and b. */
const APART = 6;

/**
 * Whether a card is about recipes: its runs begin by different ones. Where a shape is asked for, none is shown.
 * @param {Card} card
 */
export function comparesRecipes({ predict, setup }) {
  const { runs } = setup.spec;
  const recipes = runs.map(({ recipe }) => JSON.stringify(recipe ?? null));
  const few = runs.length > 1 && runs.length <= MOST_RUNS;
  return few && predict.kind !== "shape" && !recipes.includes("null") && new Set(recipes).size > 1;
}

/**
 * W1 and b1 of every run at step 0.
 * @param {Card} card @param {string} id  of its experiment
 * @param {Pick<typeof import("../../server/api.js").api, "parameters">} api
 * @returns {Promise<First[]>}
 */
export async function firstWeights({ setup: { spec } }, id, api) {
  const all = await Promise.all(spec.runs.map((_, run) => api.parameters(id, { run, step: 0 })));
  return all.map(({ W, b }) => ({ W: W[0], b: b[0] }));
}

/** The smallest and the largest of some numbers. @param {(number|null)[]} numbers */
const rangeOf = (numbers) => [Math.min(...numbers.map(Number)), Math.max(...numbers.map(Number))];

/** All numbers of a run. @param {First} first */
const numbersOf = ({ W, b }) => [...W.flat(), ...b];

/**
 * How dark a square is, 0 … 1, by the size of its weight beside the largest of all runs. What is small and not 0 is seen.
 * @param {number} weight @param {number} largest
 */
export function shadeOf(weight, largest) {
  if (!weight || !largest) return 0;
  return 0.15 + 0.85 * Math.sqrt(Math.abs(weight) / largest);
}

/**
 * W1 and, where any run has some, b1 as a column of its own.
 * @param {First} first @param {{largest: number, biased: boolean, words: string, theme: import("../../ui/theme.js").Theme}} how
 */
function squares({ W, b }, { largest, biased, words, theme }) {
  const rows = W.slice(0, MOST).map((row) => row.slice(0, MOST));
  const step = SIDE + GAP;
  const beside = GAP + rows[0].length * step + APART;
  const width = biased ? beside + step : beside - APART;
  /** @param {number|null} value @param {number} x @param {number} row */
  const square = (value, x, row) =>
    svg("rect", {
      x,
      y: GAP + row * step,
      width: SIDE,
      height: SIDE,
      rx: 2,
      fill: classColor(Number(value) < 0 ? 0 : 1, theme),
      "fill-opacity": shadeOf(Number(value), largest).toFixed(3),
    });
  const cells = rows.flatMap((row, y) => [
    ...row.map((weight, x) => square(weight, GAP + x * step, y)),
    ...(biased ? [square(b[y], beside, y)] : []),
  ]);
  const height = GAP + rows.length * step;
  const found = picture(width, height, words, ...cells);
  found.setAttribute("width", String(width));
  found.setAttribute("height", String(height));
  return found;
}

/** The pictures side by side. @param {First[]} all @param {State} state */
export function drawFirstWeights(all, state) {
  const names = runNames(state);
  const largest = Math.max(...all.flatMap((first) => rangeOf(numbersOf(first)).map(Math.abs)));
  const biased = all.some(({ b }) => b.some(Boolean));
  const key = biased ? "lesson.first.biased" : "lesson.first";
  return el(
    "figure",
    { class: "lesson-first" },
    el(
      "div",
      { class: "lesson-first-runs" },
      ...all.map((first, run) => {
        const name = names[run] ?? "";
        const [low, high] = rangeOf(first.W.flat()).map((value) => format.plain(value, 2));
        const [from, to] = rangeOf(first.b).map((value) => format.plain(value, 2));
        const words = t(`${key}.of`, { name, low, high, from, to });
        return el(
          "div",
          {},
          squares(first, { largest, biased, words, theme: state.view.theme }),
          el("span", { "aria-hidden": "true", text: name }),
        );
      }),
    ),
    el("figcaption", { class: "aside", text: t(key) }),
  );
}
