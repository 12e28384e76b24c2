/** A number on an axis: set by a slider, then what was measured beside it. */

import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { placeOf, valueAt } from "./judge.js";
import { inWords, plainly } from "./markup.js";
import { numberOf } from "./order.js";
import { label, picture, svg } from "./svg.js";

/** @typedef {import("./lesson.js").Card} Card @typedef {import("./lesson.js").NumberAxis} NumberAxis */

const NOTCHES = 200;
const [LEFT, WIDTH] = [16, 288];

/** @param {NumberAxis} axis @param {number} value */
const withUnit = (axis, value) =>
  `${format.plain(value, 4)}${axis.unit ? ` ${inWords(axis.unit)}` : ""}`;

/**
 * @param {Card} card
 * @param {number|null} guess
 * @param {(guess: number) => void} change
 */
export function axisControl(card, guess, change) {
  const axis = /** @type {NumberAxis} */ (card.predict);
  const start = guess === null ? NOTCHES / 2 : Math.round(placeOf(axis, guess) * NOTCHES);
  const output = el("output", { class: "lesson-number" });
  const input = el("input", {
    type: "range",
    min: 0,
    max: NOTCHES,
    value: start,
    "aria-label": plainly(card.question),
  });
  const show = () => {
    const words = withUnit(axis, valueAt(axis, Number(input.value) / NOTCHES));
    output.textContent = words;
    input.setAttribute("aria-valuetext", words);
    input.style.setProperty("--share", `${(100 * Number(input.value)) / NOTCHES}%`);
  };
  input.addEventListener("input", () => {
    show();
    change(valueAt(axis, Number(input.value) / NOTCHES));
  });
  show();
  return el(
    "div",
    { class: "lesson-axis" },
    output,
    input,
    el(
      "div",
      { class: "ends aside", "aria-hidden": "true" },
      el("span", { text: format.plain(axis.low) }),
      el("span", { text: format.plain(valueAt(axis, 0.5)) }),
      el("span", { text: format.plain(axis.high) }),
    ),
  );
}

/**
 * @param {Card} card
 * @param {number|null} guess
 * @param {import("./lesson.js").Measured} measured
 */
export function axisOutcome(card, guess, { values: [value] }) {
  const axis = /** @type {NumberAxis} */ (card.predict);
  const found = value === null ? numberOf(null) : withUnit(axis, value);
  const words = [t("lesson.number.measured", { value: found })];
  if (guess !== null) words.push(t("lesson.number.yours", { value: withUnit(axis, guess) }));
  /** @param {number} number */
  const x = (number) => LEFT + WIDTH * Math.max(0, Math.min(1, placeOf(axis, number)));
  /** Words over or under a mark, kept within the picture. @param {number} number */
  const anchor = (number) => {
    const place = placeOf(axis, number);
    return place < 0.3 ? "start" : place > 0.7 ? "end" : "middle";
  };
  const marks = [];
  if (guess !== null)
    marks.push(
      svg("path", { d: `M${x(guess)} 46 l-7 12 h14 z`, class: "yours" }),
      label(x(guess), 74, withUnit(axis, guess), { "text-anchor": anchor(guess), class: "yours" }),
    );
  if (value !== null)
    marks.push(
      svg("circle", { cx: x(value), cy: 40, r: 6, class: "measured" }),
      label(x(value), 24, found, { "text-anchor": anchor(value), class: "measured" }),
    );
  return el(
    "div",
    {},
    picture(
      320,
      96,
      words.join(" "),
      svg("line", { x1: LEFT, x2: LEFT + WIDTH, y1: 40, y2: 40, class: "axis" }),
      ...marks,
      label(LEFT, 92, format.plain(axis.low), { class: "tick" }),
      label(LEFT + WIDTH, 92, format.plain(axis.high), { class: "tick", "text-anchor": "end" }),
    ),
    el("p", { class: "lesson-told", text: words.join(" ") }),
  );
}
