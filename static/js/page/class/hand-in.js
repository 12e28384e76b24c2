/**
 * What a learner hands in, as one small file: predictions and guesses, the link, and what was measured. `python -m app grade`
 * trains all of it again, so that numbers which were not measured are found.
 */

import { isTold } from "../../experiment/access.js";
import { sharedOf } from "../../share/address.js";
import { base } from "../../share/copy.js";
import { toFragment } from "../../share/link.js";
import { el } from "../../ui/dom.js";
import { download } from "../../ui/download.js";
import { language, t } from "../../ui/i18n.js";
import { allProgress } from "../lessons/record.js";
import { guesses } from "./guesses.js";

/**
 * @typedef {import("../class.js").Parts} Parts
 * @typedef {import("../../experiment/state.js").State} State
 */

export const VERSION = 1;
const LONGEST_NAME = 80;

/**
 * What was predicted in every lesson, and what was measured then; that is the answer, so that it is left out where answers
 * are not told.
 * @param {boolean} told
 */
export function predictionsOf(told) {
  return Object.entries(allProgress()).flatMap(([lesson, { done }]) =>
    Object.entries(done).map(([card, { guess, measured }]) => ({
      lesson,
      card: Number(card),
      guess,
      measured: told ? measured : null,
    })),
  );
}

/** The experiment as it is shown, by which it is trained again. @param {Pick<State, "summary"|"step"|"train"|"test">} state */
export function experimentOf({ summary, step, train, test }) {
  const { spec } = summary;
  const events = summary.events.filter((event) => event.step <= step);
  const own = spec.mystery ? { mystery: spec.mystery } : spec;
  return { spec: own, events, step, train, test };
}

/**
 * @param {State} state
 * @param {string} name  as the learner gives it; it is written into the file, and nowhere else
 */
export async function handInOf(state, name) {
  const url = base();
  url.hash = await toFragment({ ...sharedOf(state), study: null }, state.catalog.presets);
  return {
    basin_hand_in: VERSION,
    name: name.trim(),
    language: language(),
    link: url.href,
    experiment: experimentOf(state),
    predictions: predictionsOf(isTold(state)),
    mysteries: Object.entries(guesses()).map(([id, { guess }]) => ({ id, guess })),
  };
}

/** The file's name: from the learner's, in letters that every system takes. @param {string} name */
export function fileNameOf(name) {
  const plain = name
    .trim()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  return `basin-hand-in${plain ? `-${plain.slice(0, 60)}` : ""}.json`;
}

/** The part of the dialog. @param {Parts} parts */
export function handInPart({ state }) {
  const name = el("input", {
    type: "text",
    id: "hand-in-name",
    maxlength: LONGEST_NAME,
    autocomplete: "off",
  });
  const status = el("p", { id: "hand-in-said", role: "status" });
  const text = async () => JSON.stringify(await handInOf(state, name.value), null, 1);
  const save = el("button", {
    type: "button",
    id: "hand-in-save",
    class: "primary",
    text: t("class.in.handIn.save"),
    on: {
      async click() {
        download(new Blob([await text()], { type: "application/json" }), fileNameOf(name.value));
        status.textContent = t("class.in.handIn.saved");
      },
    },
  });
  const copy = el("button", {
    type: "button",
    id: "hand-in-copy",
    class: "chip",
    text: t("class.in.handIn.copy"),
    on: {
      async click() {
        try {
          await navigator.clipboard.writeText(await text());
          status.textContent = t("class.in.copied");
        } catch {
          status.textContent = t("class.in.handIn.noCopy");
        }
      },
    },
  });
  const count = predictionsOf(true).length + Object.keys(guesses()).length;
  return el(
    "section",
    { class: "hand-in" },
    el("h3", { text: t("class.in.handIn") }),
    el("p", { class: "aside", text: t("class.in.handIn.how", { count }) }),
    el(
      "label",
      { class: "field wide", for: "hand-in-name" },
      el("span", { text: t("class.in.handIn.name") }),
      name,
    ),
    el("div", { class: "row" }, save, copy),
    status,
  );
}
