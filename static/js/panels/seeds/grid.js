/**
 * A grid of settings: a table of every combination, shaded by what was measured, and the curves of one setting side by
 * side. A cell is a button that shows its curves and dots above.
 */

import { faded, palette, runColor } from "../../ui/theme.js";
import { el } from "../../ui/dom.js";
import { drawSketch } from "../../ui/mini-plot.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { bySeed, medianOf } from "./by-seed.js";

/**
 * @typedef {import("../../types.js").StudyResult} StudyResult
 * @typedef {import("../../types.js").StudyCell} StudyCell
 * @typedef {import("../../types.js").StudyRecipe} StudyRecipe
 * @typedef {import("../../ui/theme.js").Theme} Theme
 * @typedef {"share"|"steps"|"final"} Measure   what a cell is shaded by
 * @typedef {{names: string[], slots: number[], theme: Theme, chosen: number, measure: Measure,
 *   choose: (cell: number) => void}} How
 */

/** @type {Measure[]} */
export const MEASURES = ["steps", "share", "final"];

/**
 * What was measured of a recipe in a cell, or null; a median that is never reached is infinite.
 * @param {StudyRecipe} recipe
 * @param {Measure} measure
 */
export function measured({ seeds, steps_to_target: steps, final }, measure) {
  if (!seeds) return null;
  if (measure === "final") return medianOf(bySeed(final.train));
  if (!steps) return null;
  return measure === "share" ? steps.reached / seeds : (steps.median ?? Infinity);
}

/** @param {number|null} value @param {Measure} measure */
function inWords(value, measure) {
  if (value === null) return "…";
  if (!Number.isFinite(value)) return measure === "final" ? "∞" : t("seeds.never");
  if (measure === "share") return format.percent(value);
  return measure === "steps" ? format.plain(value) : format.number(Number(value.toPrecision(2)));
}

/**
 * How good every value is, 0 … 1, among all that were measured: shares as they are, steps and losses by their logarithm.
 * @param {(number|null)[]} values
 * @param {Measure} measure
 */
export function goodness(values, measure) {
  if (measure === "share") return values;
  const logs = values.map((value) =>
    value === null ? null : Math.log(value + (measure === "steps" ? 1 : 1e-12)),
  );
  const finite = logs.filter((log) => log !== null && Number.isFinite(log)).map(Number);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return logs.map((log) => {
    if (log === null) return null;
    if (!Number.isFinite(log)) return 0;
    return high > low ? 1 - 0.85 * ((log - low) / (high - low)) : 1;
  });
}

/** @param {Record<string, number>} grid */
export function gridInWords(grid) {
  return Object.entries(grid)
    .map(([axis, value]) => `${t(`seeds.axis.${axis}.short`)} = ${format.plain(value)}`)
    .join(", ");
}

/**
 * One setting: a table of recipes by values. Two: a table for each recipe.
 * @param {StudyResult} result
 * @param {How} how
 * @returns {HTMLElement[]}
 */
export function gridTables(result, how) {
  const axes = Object.keys(result.grid);
  const all = result.cells.flatMap(({ recipes }) =>
    recipes.map((recipe) => measured(recipe, how.measure)),
  );
  const shades = goodness(all, how.measure);
  const runs = result.cells[0].recipes.length;
  /** @param {number} cell @param {number} run */
  const button = (cell, run) =>
    cellButton(result, { cell, run, good: shades[cell * runs + run] }, how);
  const columns = result.grid[axes[0]];
  if (axes.length === 1) {
    const rows = how.names.map((name, run) => ({
      name,
      cells: columns.map((_, cell) => button(cell, run)),
    }));
    return [heatTable(t(`seeds.axis.${axes[0]}`), axes[0], columns, rows)];
  }
  const others = result.grid[axes[1]];
  /** @param {number} x @param {number} y */
  const at = (x, y) =>
    result.cells.findIndex(({ grid }) => grid[axes[0]] === x && grid[axes[1]] === y);
  return how.names.map((name, run) =>
    heatTable(
      name,
      axes[0],
      columns,
      others.map((value) => ({
        name: `${t(`seeds.axis.${axes[1]}.short`)} = ${format.plain(value)}`,
        cells: columns.map((column) => button(at(column, value), run)),
      })),
    ),
  );
}

/**
 * @param {string} caption @param {string} axis @param {number[]} columns
 * @param {{name: string, cells: HTMLElement[]}[]} rows
 */
function heatTable(caption, axis, columns, rows) {
  return el(
    "table",
    { class: "heat" },
    el("caption", {}, el("span", { text: caption })),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("td"),
        ...columns.map((value) =>
          el("th", {
            scope: "col",
            text: `${t(`seeds.axis.${axis}.short`)} = ${format.plain(value)}`,
          }),
        ),
      ),
    ),
    el(
      "tbody",
      {},
      ...rows.map(({ name, cells }) =>
        el(
          "tr",
          {},
          el("th", { scope: "row", text: name }),
          ...cells.map((cell) => el("td", {}, cell)),
        ),
      ),
    ),
  );
}

/**
 * @param {StudyResult} result
 * @param {{cell: number, run: number, good: number|null}} what
 * @param {How} how
 */
function cellButton(result, { cell, run, good }, { names, theme, chosen, measure, choose }) {
  const { grid, recipes } = result.cells[cell];
  const value = measured(recipes[run], measure);
  const some = measure === "steps" && value === Infinity && recipes[run].steps_to_target?.reached;
  const text = some ? t("seeds.beyond") : inWords(value, measure);
  const button = el("button", {
    type: "button",
    class: "heat-cell",
    "aria-pressed": String(cell === chosen),
    "aria-label": t("seeds.cell", { name: names[run], grid: gridInWords(grid), value: text }),
    "data-focus": `cell/${cell}/${run}`,
    text,
    on: { click: () => choose(cell) },
  });
  if (good !== null) button.style.background = faded(palette(theme).accent, 0.38 * good);
  return button;
}

const SMALL = { width: 132, height: 84 };

/**
 * The medians of every cell, all in one scale; only where the answer has the curves of all cells.
 * @param {StudyResult} result
 * @param {How & {log: boolean}} how
 */
export function smallMultiples(result, how) {
  const { cells, steps_recorded: x } = result;
  if (Object.keys(result.grid).length !== 1) return [];
  if (cells.some(({ recipes }) => recipes[0].seeds && !recipes[0].loss)) return [];
  const scale = how.log
    ? (/** @type {number|null} */ value) => value && Math.log10(value)
    : (/** @type {number|null} */ value) => value;
  const highest = Math.max(
    ...cells.flatMap(({ recipes }) => recipes.map(({ loss }) => (loss?.median[0] ?? 0) * 1.5)),
  );
  const pictures = cells.map(({ recipes }) =>
    recipes.flatMap(({ run, loss }) =>
      loss
        ? [
            {
              x,
              y: loss.median.map((value) =>
                scale(value !== null && value > highest ? highest : value),
              ),
              color: runColor(how.slots[run] ?? run, how.theme),
            },
          ]
        : [],
    ),
  );
  const all = pictures
    .flat()
    .flatMap(({ y }) => y.filter((value) => value !== null))
    .map(Number);
  /** @type {[number, number]} */
  const range = [
    all.reduce((a, b) => Math.min(a, b), how.log ? Infinity : 0),
    all.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  return cells.map(({ grid }, cell) => {
    const canvas = el("canvas", { "aria-hidden": "true" });
    if (pictures[cell].length)
      drawSketch(canvas, { ...SMALL, theme: how.theme, lines: pictures[cell], y: range });
    return el(
      "button",
      {
        type: "button",
        class: "small-plot",
        "aria-pressed": String(cell === how.chosen),
        "data-focus": `small/${cell}`,
        on: { click: () => how.choose(cell) },
      },
      canvas,
      el("span", { text: gridInWords(grid) }),
    );
  });
}
