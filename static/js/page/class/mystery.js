/** A mystery on the page: what may be guessed, the guess, and how it compares once the recipes are told. */

import { isTold } from "../../experiment/access.js";
import { recipeInWords } from "../../experiment/run-names.js";
import { runNames } from "../../experiment/state.js";
import { ApiError } from "../../server/api.js";
import { classApi } from "../../server/classes.js";
import { nameOfRecipe } from "../../experiment/spec.js";
import { addDialog, closeButton } from "../../ui/dialog.js";
import { el } from "../../ui/dom.js";
import { explain, label, t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { withLayer } from "../arrangement.js";
import { guessOf, keepGuess } from "./guesses.js";

/**
 * @typedef {import("../class.js").Parts} Parts
 * @typedef {import("../../types.js").Part} Part
 * @typedef {NonNullable<import("../../types.js").Summary["mystery"]>} Mystery
 */

/** What cannot be used while recipes are hidden: it would need them, or take the mystery away. @type {Part[]} */
const LOCKED = ["data", "network", "runs"];
/** @type {Part[]} */
const HIDDEN = ["seeds"];

/**
 * A recipe of the options, as it is named everywhere else.
 * @param {import("../../experiment/state.js").State} state @param {Mystery["options"][number]} option
 */
export function optionInWords({ catalog }, option) {
  const recipe = /** @type {import("../../types.js").Recipe} */ (option);
  const known = nameOfRecipe(recipe, catalog);
  const words = recipeInWords({ recipe }, catalog);
  return known ? `${label("recipes", { name: known })}: ${words}` : words;
}

/**
 * @param {Parts} parts
 * @param {HTMLElement} bar   where the way to guess is offered
 */
export function connectMystery(parts, bar) {
  const { state } = parts;
  const opener = el("button", {
    type: "button",
    id: "mystery-open",
    class: "chip",
    "aria-haspopup": "dialog",
    on: { click: () => openMystery(parts, opener) },
  });

  function draw() {
    const { mystery } = state.summary;
    const sealed = Boolean(mystery && !mystery.revealed);
    const known = state.access.layers.mystery !== undefined;
    if (sealed !== known) {
      const layer = sealed ? { hidden: HIDDEN, locked: LOCKED } : null;
      state.patchNow({ access: withLayer(state.access, "mystery", layer) });
    }
    if (!mystery) return opener.remove();
    opener.textContent = t(sealed ? "class.in.mystery.open" : "class.in.mystery.result");
    if (!opener.isConnected) bar.append(opener);
  }
  state.on(["summary", "language"], draw);
  draw();
}

/** @param {Parts} parts @param {HTMLElement} opener */
function openMystery(parts, opener) {
  const dialog = addDialog(opener, {
    id: "mystery",
    class: "sheet class-dialog",
    "aria-labelledby": "mystery-title",
  });
  draw(parts, dialog);
  dialog.showModal();
}

/** @param {Parts} parts @param {HTMLDialogElement} dialog */
function draw(parts, dialog) {
  const { mystery } = parts.state.summary;
  if (!mystery) return dialog.close();
  dialog.replaceChildren(
    el(
      "header",
      {},
      el("h2", {
        id: "mystery-title",
        text: t(mystery.revealed ? "class.in.mystery.result" : "class.in.mystery.title"),
      }),
      closeButton(t("class.in.close"), () => dialog.close()),
    ),
    ...(mystery.revealed ? resultOf(parts, mystery) : questionOf(parts, dialog, mystery)),
  );
}

/** What may be guessed, and the ways to go on. @param {Parts} parts @param {HTMLDialogElement} dialog @param {Mystery} mystery */
function questionOf(parts, dialog, mystery) {
  const { state } = parts;
  const { options, runs, id } = mystery;
  const names = runNames(state);
  const guess = guessOf(id)?.guess ?? runs.map(() => null);
  const status = el("p", { id: "mystery-said", role: "status" });
  const groups = runs.map((run, place) =>
    el(
      "fieldset",
      {},
      el("legend", { text: names[run] }),
      ...options.map((option, i) =>
        el(
          "label",
          { class: "check" },
          el("input", {
            type: "radio",
            name: `mystery-${place}`,
            value: i,
            checked: guess[place] === i,
            on: {
              change() {
                guess[place] = i;
                keepGuess(id, { guess, answers: null });
                status.textContent = t("class.in.mystery.kept");
              },
            },
          }),
          ` ${optionInWords(state, option)}`,
        ),
      ),
    ),
  );
  return [
    el("p", {
      text: t(isKept(state, mystery) ? "class.in.mystery.how.kept" : "class.in.mystery.how"),
    }),
    ...groups,
    status,
    ...(isKept(state, mystery) ? [] : revealPart(parts, dialog, mystery, status)),
  ];
}

/**
 * Whether the recipes are left for the lesson: nobody reveals at any time what the page does not tell. A step or a word
 * says when they are told, and holds.
 * @param {import("../../experiment/access.js").WithAccess} state @param {Mystery} mystery
 */
const isKept = (state, { reveal }) => !isTold(state) && reveal.when === "any_time";

/** The way to be told, at its step or with its word. @param {Parts} parts @param {HTMLDialogElement} dialog @param {Mystery} mystery @param {HTMLElement} status */
function revealPart(parts, dialog, { reveal, id }, status) {
  const { state, sync } = parts;
  const word = el("input", {
    type: "text",
    id: "mystery-word",
    autocomplete: "off",
    maxlength: 80,
  });
  const needs = reveal.when === "word";
  const early = reveal.when === "step" && state.serverStep < (reveal.step ?? 0);
  const button = el("button", {
    type: "button",
    id: "mystery-reveal",
    class: "primary",
    disabled: early,
    text: t("class.in.mystery.reveal"),
    on: {
      async click() {
        try {
          const told = await sync.ask((experiment, version) =>
            classApi.reveal(experiment, { version, ...(needs ? { word: word.value } : {}) }),
          );
          const { mystery } = told;
          if (mystery?.answers)
            keepGuess(id, { guess: guessOf(id)?.guess ?? [], answers: mystery.answers });
          await sync.adopt(told, state.live.slots, { bookmarks: state.bookmarks });
          draw(parts, dialog);
          dialog.querySelector("button")?.focus();
        } catch (error) {
          status.textContent = refusal(error);
        }
      },
    },
  });
  const wait = t("class.in.mystery.early", { step: format.count(reveal.step ?? 0) });
  return [
    ...(early ? [el("p", { class: "aside", text: wait })] : []),
    ...(needs
      ? [
          el(
            "label",
            { class: "field", for: "mystery-word" },
            el("span", { text: t("class.in.mystery.word") }),
            word,
          ),
        ]
      : []),
    el("div", { class: "row" }, button),
  ];
}

/** @param {unknown} error */
function refusal(error) {
  if (!(error instanceof ApiError)) throw error;
  const [problem] = error.errors;
  return problem ? explain(problem) : t(`errors.${error.code}`);
}

/** The recipes, beside what was guessed. @param {Parts} parts @param {Mystery} mystery */
function resultOf({ state }, { id, runs, options, answers }) {
  const guess = guessOf(id)?.guess ?? [];
  const names = runNames(state);
  return runs.map((run, place) => {
    const answer = answers?.[place] ?? 0;
    const said = guess[place];
    const right = said === answer;
    const none = said === undefined || said === null;
    const told = isTold(state);
    const verdict = none ? "none" : right ? "right" : "wrong";
    return el(
      "section",
      { class: `mystery-result ${told ? verdict : ""}`.trim() },
      el("h3", { text: names[run] }),
      el("p", { text: optionInWords(state, options[answer]) }),
      ...(told ? [el("p", { class: "verdict", text: t(`class.in.mystery.${verdict}`) })] : []),
      ...(verdict === "wrong" || (!told && !none)
        ? [
            el("p", {
              class: "aside",
              text: t("class.in.mystery.guessed", {
                guess: optionInWords(state, options[Number(said)]),
              }),
            }),
          ]
        : []),
    );
  });
}
