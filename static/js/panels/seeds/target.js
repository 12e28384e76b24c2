/** The loss to reach, on a slider: everything is read again at once, and nothing is trained for it. */

import { el, setText } from "../../ui/dom.js";
import { slider } from "../../ui/controls.js";
import * as format from "../../ui/number-format.js";
import { language, t } from "../../ui/i18n.js";
import { isTold } from "../../experiment/access.js";
import { cellOf, targetOf } from "../../experiment/study.js";

/** @typedef {import("../../types.js").StudyCell} StudyCell */

/**
 * The losses between which a target says something: from below the lowest that a run came to, up to the highest start.
 * @param {StudyCell} cell
 * @param {number} target   is between them, too
 * @returns {{minimum: number, maximum: number}|null}
 */
export function targetRange({ recipes }, target) {
  if (recipes.every(({ diverged, seeds }) => diverged === seeds)) return null;
  const known = recipes.flatMap(({ loss }) => (loss ? [...loss.q05, loss.q95[0]] : []));
  const positive = [...known, target].filter((value) => value !== null && value > 0).map(Number);
  if (!positive.length) return null;
  const low = positive.reduce((a, b) => Math.min(a, b));
  const high = positive.reduce((a, b) => Math.max(a, b));
  const unit = 10 ** Math.floor(Math.log10(low));
  return {
    minimum: Math.max(1e-12, Number((Math.floor(low / unit) * unit).toPrecision(1))),
    maximum: Math.min(1e12, Number((high * 1.1).toPrecision(2))),
  };
}

/**
 * Why it is this target: of a grid it is one for all cells, whichever of them is looked at.
 * @param {Pick<import("../../types.js").StudyResult, "target_choice"|"cells">} result
 */
export function reasonInWords({ target_choice: choice, cells }) {
  if (!choice) return "";
  const { reason, seeds } = choice;
  const first =
    seeds === 1 ? t("seeds.target.seed") : t("seeds.target.seeds", { count: format.count(seeds) });
  const why = t(`seeds.target.${reason}`, { seeds: first });
  return cells.length > 1 ? t("seeds.target.grid", { why }) : why;
}

/**
 * @param {object} parts
 * @param {import("../../experiment/state.js").State} parts.state
 * @param {(target: number|null) => void} parts.look
 */
export function createTargetSlider({ state, look }) {
  const value = el("output", {});
  const place = el("div", { class: "seeds-slider" });
  const why = el("span", { class: "aside" });
  const own = el("button", {
    type: "button",
    class: "link",
    id: "study-own-target",
    on: {
      click() {
        look(null);
        made?.input.focus(); // the button hides itself
      },
    },
  });
  const name = el("span", {});
  const element = el(
    "div",
    { class: "field seeds-target" },
    el("div", { class: "top" }, name, value, own),
    place,
    why,
  );
  /** @type {ReturnType<typeof slider>|null} */
  let made = null;
  let madeFor = "";

  /** @param {number} target @param {{minimum: number, maximum: number}} range */
  function build(target, range) {
    made = slider({
      range: { name: "target", ...range },
      value: target,
      label: t("seeds.target"),
      hint: t("seeds.target.hint"),
      pointer: "/target",
      id: "study-target",
      log: true,
      move: look,
      change: look,
    });
    place.replaceChildren(made.input);
  }

  /** @param {number} target @param {{minimum: number, maximum: number}} range */
  function drawSlider(target, range) {
    const key = `${range.minimum} ${range.maximum} ${language()}`;
    const held = made !== null && document.activeElement === made.input;
    // A slider that is being dragged stays the one that is held.
    if (key !== madeFor && !held) {
      madeFor = key;
      build(target, range);
    }
    if (!held || state.study.target === null) made?.show(target);
  }

  function draw() {
    const { study } = state;
    const cell = cellOf(study);
    const target = targetOf(study);
    const range = cell && target !== null ? targetRange(cell, target) : null;
    element.hidden = range === null || range.minimum === range.maximum;
    if (target === null || !range || element.hidden) return;
    const chosen = study.target === null && isTold(state) ? study.result : null;
    setText(name, t("seeds.target"));
    setText(value, format.plain(target));
    setText(own, t("seeds.target.own"));
    own.hidden = study.target === null;
    setText(why, chosen ? reasonInWords(chosen) : "");
    drawSlider(target, range);
  }

  return { element, draw };
}
