/** Which runs of an experiment are a mystery, among which recipes they are guessed, and when they are told. */

import { namesOf, recipeInWords } from "../../experiment/run-names.js";
import { nameOfRecipe } from "../../experiment/spec.js";
import { runNames } from "../../experiment/state.js";
import { el } from "../../ui/dom.js";
import { unmark } from "../../ui/field-errors.js";
import { label, list, t } from "../../ui/i18n.js";
import { swatch } from "../../ui/swatch.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Spec} Spec
 * @typedef {import("../../types.js").Recipe} Recipe
 * @typedef {import("../../types.js").Catalog} Catalog
 * @typedef {object} Puzzle
 * @property {boolean} mystery
 * @property {Set<number>} runs      whose recipes are hidden
 * @property {Set<string>|null} options   names of recipes to choose from, beside those of the runs; null: the usual ones
 * @property {"any_time"|"step"|"word"} when
 * @property {number|null} step   null where none is said
 * @property {string} word
 */

/** Every run that has a recipe is hidden at first. @param {Spec} spec @returns {Puzzle} */
export const usualPuzzle = ({ runs }) => ({
  mystery: false,
  runs: new Set(runs.flatMap(({ recipe }, run) => (recipe ? [run] : []))),
  options: null,
  when: "any_time",
  step: 300,
  word: "",
});

/** The names of all runs as whoever guesses sees them. @param {Spec} spec @param {Set<number>} hidden @param {Catalog} catalog */
export function namesSeen(spec, hidden, catalog) {
  const runs = spec.runs.map((run, i) =>
    hidden.has(i) ? { ...run, label: null, recipe: null, seed: null } : run,
  );
  return namesOf({ ...spec, runs }, catalog);
}

/** The recipes that can be guessed where nobody says which: those of the opening experiment. @param {Catalog} catalog */
const usualOptions = (catalog) =>
  new Set(
    catalog.presets[0].spec.runs.flatMap(({ recipe }) =>
      recipe ? (nameOfRecipe(recipe, catalog) ?? []) : [],
    ),
  );

/**
 * What the server is to keep.
 * @param {Spec} spec @param {Puzzle} puzzle @param {Catalog} catalog
 */
export function mysteryOf(spec, { runs, options, when, step, word }, catalog) {
  const hidden = [...runs].sort((a, b) => a - b);
  const chosen = options && [
    ...catalog.recipes.filter(({ name }) => options.has(name)).map(({ recipe }) => recipe),
    ...hidden.flatMap((run) => spec.runs[run].recipe ?? []),
  ];
  return {
    spec,
    runs: hidden,
    ...(chosen ? { options: distinct(chosen) } : {}),
    reveal: {
      when,
      ...(when === "step" ? { step } : {}),
      ...(when === "word" ? { word } : {}),
    },
  };
}

/** Each recipe once. @param {object[]} recipes */
const distinct = (recipes) => [
  ...new Map(recipes.map((recipe) => [JSON.stringify(recipe), recipe])).values(),
];

/**
 * @param {State} state
 * @param {Puzzle} puzzle
 * @param {() => void} changed
 */
export function puzzlePart(state, puzzle, changed) {
  const more = el("div", { id: "class-puzzle", hidden: true });
  const box = el("input", {
    type: "checkbox",
    id: "class-mystery",
    disabled: !puzzle.runs.size,
    on: {
      change() {
        puzzle.mystery = box.checked;
        more.hidden = !box.checked;
        changed();
      },
    },
  });
  const preview = el("p", { class: "aside", id: "class-mystery-seen", role: "status" });
  const options = el("details", { id: "class-mystery-options" });

  function draw() {
    const names = namesSeen(state.summary.spec, puzzle.runs, state.catalog);
    preview.textContent = puzzle.runs.size
      ? t("class.in.mystery.seen", { names: list(names) })
      : t("class.in.mystery.noRun");
    drawOptions(options, state, puzzle, changed);
  }

  more.append(
    runsPart(state, puzzle, () => {
      draw();
      changed();
    }),
    preview,
    options,
    revealPart(puzzle, changed),
  );
  draw();
  return el(
    "div",
    {},
    el("label", { class: "check" }, box, ` ${t("class.in.mystery.make")}`),
    ...(puzzle.runs.size
      ? []
      : [el("p", { class: "aside", text: t("class.in.mystery.noRecipe") })]),
    more,
  );
}

/** A box for every run. @param {State} state @param {Puzzle} puzzle @param {() => void} changed */
function runsPart(state, { runs }, changed) {
  const { live, view, catalog, summary } = state;
  const boxes = runNames(state).map((name, run) => {
    const begun = summary.spec.runs[run];
    const box = el("input", {
      type: "checkbox",
      id: `class-mystery-run-${run}`,
      checked: runs.has(run),
      disabled: !begun.recipe,
      on: {
        change() {
          if (box.checked) runs.add(run);
          else runs.delete(run);
          changed();
        },
      },
    });
    const words = begun.recipe ? recipeInWords(begun, catalog) : t("class.in.mystery.noRecipe.run");
    return el(
      "label",
      { class: "check class-run" },
      box,
      swatch(live.slots[run], view.theme),
      el("span", {}, el("b", { text: name }), el("span", { class: "aside", text: ` ${words}` })),
    );
  });
  return el("fieldset", {}, el("legend", { text: t("class.in.mystery.runs") }), ...boxes);
}

/** The recipes that can be guessed; those of the hidden runs always can. @param {HTMLElement} home @param {State} state @param {Puzzle} puzzle @param {() => void} changed */
function drawOptions(home, state, puzzle, changed) {
  const { catalog, summary } = state;
  const usual = puzzle.options ?? usualOptions(catalog);
  const hidden = [...puzzle.runs].flatMap((run) => summary.spec.runs[run].recipe ?? []);
  const names = hidden.map((recipe) => nameOfRecipe(recipe, catalog));
  const own = distinct(hidden.filter((_, i) => !names[i]));
  const boxes = catalog.recipes.map(({ name, recipe }) => {
    const must = names.includes(name);
    const box = el("input", {
      type: "checkbox",
      id: `class-mystery-option-${name}`,
      checked: must || usual.has(name),
      disabled: must,
      on: {
        change() {
          puzzle.options ??= usualOptions(catalog);
          if (box.checked) puzzle.options.add(name);
          else puzzle.options.delete(name);
          count();
          changed();
        },
      },
    });
    const words = recipeInWords({ recipe }, catalog);
    const said = el(
      "span",
      {},
      label("recipes", { name }),
      el("span", { class: "aside", text: ` ${words}` }),
    );
    return el("label", { class: "check" }, box, said);
  });
  const summaryOf = el("summary", {});
  function count() {
    const chosen = boxes.filter((one) => one.querySelector("input")?.checked).length + own.length;
    summaryOf.textContent = t("class.in.mystery.options", { count: chosen });
  }
  count();
  home.replaceChildren(summaryOf, el("div", { class: "class-parts" }, ...boxes));
}

/** @param {string} key @param {Node} control @param {boolean} [hidden] */
const field = (key, control, hidden = false) =>
  el("label", { class: "field", hidden }, el("span", { text: t(key) }), control);

/** When the recipes are told. @param {Puzzle} puzzle @param {() => void} changed */
function revealPart(puzzle, changed) {
  const when = el(
    "select",
    {
      id: "class-when",
      on: {
        change() {
          puzzle.when = /** @type {Puzzle["when"]} */ (when.value);
          steps.hidden = when.value !== "step";
          words.hidden = when.value !== "word";
          changed();
        },
      },
    },
    ...["any_time", "step", "word"].map((value) =>
      el("option", { value, text: t(`class.in.when.${value}`) }),
    ),
  );
  const step = el("input", {
    type: "number",
    id: "class-step",
    "data-pointer": "/reveal/step",
    min: 0,
    value: puzzle.step,
    on: {
      input() {
        puzzle.step = step.value === "" ? null : Number(step.value);
        unmark(step);
        changed();
      },
    },
  });
  const word = el("input", {
    type: "text",
    id: "class-word",
    "data-pointer": "/reveal/word",
    maxlength: 80,
    autocomplete: "off",
    on: {
      input() {
        puzzle.word = word.value;
        unmark(word);
        changed();
      },
    },
  });
  const steps = field("class.in.when.step.value", step, true);
  const words = field("class.in.when.word.value", word, true);
  return el("div", { class: "class-options" }, field("class.in.when", when), steps, words);
}
