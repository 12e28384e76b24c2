/** The recipes of a cell as a table: who reached the target, after how many steps, beside the best one, and where it ended. */

import { runColor } from "../../ui/theme.js";
import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { bySeed, medianOf } from "./by-seed.js";
import { factorParts, intervalInWords, ranked, stepsInWords } from "./verdict.js";

/**
 * @typedef {import("../../types.js").StudyCell} StudyCell
 * @typedef {import("../../types.js").StudyRecipe} StudyRecipe
 * @typedef {import("../../ui/theme.js").Theme} Theme
 */

const COLUMNS = ["recipe", "reached", "steps", "factor", "final"];

/**
 * @param {StudyCell} cell
 * @param {{names: string[], slots: number[], theme: Theme}} how
 */
export function recipeTable(cell, how) {
  const { verdict } = cell;
  const best = verdict?.best ?? null;
  const order =
    verdict && best !== null
      ? [best, ...ranked(verdict.against).map(({ pair }) => pair.b)]
      : cell.recipes.map(({ run }) => run);
  const head = COLUMNS.map((column) =>
    el("th", {
      scope: "col",
      text: t(`seeds.column.${column}`, { best: best === null ? "" : how.names[best] }),
      // Without a best one, they stand as in the experiment.
      hint: column === "recipe" && best === null ? "" : t(`seeds.column.${column}.hint`),
      tabindex: 0,
      hidden: column === "factor" && best === null,
    }),
  );
  const rows = order.map((run) => row(cell, run, how));
  return el(
    "table",
    { class: "seeds-table" },
    el("caption", { class: "sr", text: t("seeds.table") }),
    el("thead", {}, el("tr", {}, ...head)),
    el("tbody", {}, ...rows),
  );
}

/** @param {StudyCell} cell @param {number} run @param {{names: string[], slots: number[], theme: Theme}} how */
function row(cell, run, { names, slots, theme }) {
  const recipe = cell.recipes[run];
  const share = cell.verdict?.recipes[run];
  const { steps_to_target: steps } = recipe;
  return el(
    "tr",
    { "data-run": run },
    el("th", { scope: "row" }, dot(runColor(slots[run] ?? run, theme)), names[run]),
    el("td", {}, ...(steps ? reachedCell(steps.reached, recipe.seeds, share) : ["–"])),
    el("td", {}, ...stepsCell(recipe)),
    ...factorCells(cell, run, names),
    el("td", {}, ...finalCell(recipe)),
  );
}

/** @param {number} reached @param {number} seeds @param {Parameters<typeof intervalInWords>[0]|undefined} share */
function reachedCell(reached, seeds, share) {
  const text = t("seeds.of", { reached, seeds });
  return share ? withInterval(text, intervalInWords(share)) : [el("b", { text })];
}

/** @param {string} color */
function dot(color) {
  const mark = el("span", { class: "seeds-dot", "aria-hidden": "true" });
  mark.style.background = color;
  return mark;
}

/** @param {string} text @param {string} interval */
const withInterval = (text, interval) => [
  el("b", { text }),
  " ",
  el("span", { class: "interval", text: `(${interval})` }),
];

/** @param {StudyRecipe} recipe */
function stepsCell({ steps_to_target: steps }) {
  if (!steps) return ["–"];
  if (!steps.reached) return [el("b", { text: t("seeds.never") })];
  if (steps.median === null) return [el("b", { text: t("seeds.beyond") })];
  const interval = stepsInWords(steps.low, steps.high);
  const median = format.plain(steps.median);
  return interval ? withInterval(median, interval) : [el("b", { text: median })];
}

/** Beside the best recipe, on the same seeds. @param {StudyCell} cell @param {number} run @param {string[]} names */
function factorCells({ verdict }, run, names) {
  if (!verdict || verdict.best === null) return [];
  if (run === verdict.best) return [el("td", { class: "seeds-factor" }, el("b", { text: "1 ×" }))];
  const found = verdict.against.find(({ pair }) => pair.b === run);
  if (!found) return [el("td", { text: "–" })];
  const { pair } = found;
  const { middle, interval } = factorParts(pair);
  const sooner = { best: names[pair.a], sooner: pair.a_sooner, later: pair.b_sooner };
  const some = pair.a_only + pair.b_only > 0 && pair.factor.seeds > 0;
  const count = el("span", {
    class: "count",
    text: t("seeds.sooner", sooner) + (some ? t("seeds.both", { both: pair.factor.seeds }) : ""),
  });
  if (pair.factor.median === null) {
    const never = verdict.recipes[run].share ? [] : [el("b", { text: t("seeds.never") }), " "];
    return [el("td", { class: "seeds-factor" }, ...never, count)];
  }
  const words = [el("b", { text: `${middle} ×` }), " "];
  if (interval) words.push(el("span", { class: "interval", text: `(${interval})` }), " ");
  return [el("td", { class: "seeds-factor" }, ...words, count)];
}

/** @param {StudyRecipe} recipe */
function finalCell({ final, diverged }) {
  const middle = medianOf(bySeed(final.train));
  if (Number.isNaN(middle)) return ["–"];
  const text = Number.isFinite(middle) ? format.loss(middle) : diverged ? t("seeds.diverged") : "–";
  if (!diverged) return [text];
  return [
    text,
    " ",
    el("span", { class: "interval", text: t("seeds.diverged.count", { count: diverged }) }),
  ];
}
