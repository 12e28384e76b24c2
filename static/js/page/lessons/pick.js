/** One of several answers, and the shape of a matrix: what is chosen or typed, then what is right. */

import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { plainly, rich } from "./markup.js";
import { numberOf } from "./order.js";

/**
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {import("./lesson.js").Measured} Measured
 */

/**
 * @param {Card} card
 * @param {number|null} guess
 * @param {(guess: number) => void} change
 */
export function choiceControl(card, guess, change) {
  const { options } = /** @type {import("./lesson.js").Choice} */ (card.predict);
  return el(
    "fieldset",
    { class: "lesson-choice" },
    el("legend", { class: "sr", text: plainly(card.question) }),
    ...options.map(({ text }, place) =>
      el(
        "label",
        {},
        el("input", {
          type: "radio",
          name: "lesson-choice",
          value: place,
          checked: guess === place,
          on: { change: () => change(place) },
        }),
        el("span", {}, ...rich(text)),
      ),
    ),
  );
}

/** @param {Card} card @param {number|null} guess @param {Measured} measured */
export function choiceOutcome(card, guess, { values, answer }) {
  const { options } = /** @type {import("./lesson.js").Choice} */ (card.predict);
  /** @param {number} place */
  const mark = (place) => (place === answer ? "✓" : place === guess ? "✗" : "");
  return el(
    "div",
    {},
    el(
      "ul",
      { class: "lesson-options" },
      ...options.map(({ text }, place) =>
        el(
          "li",
          { class: place === answer ? "right" : place === guess ? "wrong" : "" },
          el("span", { class: "mark", "aria-hidden": "true", text: mark(place) }),
          el(
            "span",
            {},
            ...rich(text),
            ...(place === answer
              ? [el("span", { class: "sr", text: ` ${t("lesson.is.right")}` })]
              : []),
            ...(place === guess
              ? [el("span", { class: "sr", text: ` ${t("lesson.is.yours")}` })]
              : []),
          ),
        ),
      ),
    ),
    el("p", {
      class: "lesson-told",
      text: t("lesson.choice.measured", {
        name: t(`lesson.quantity.${card.measure.quantity}`),
        value: numberOf(values[0]),
      }),
    }),
  );
}

/**
 * @param {Card} _card
 * @param {number[]|null} guess
 * @param {(guess: number[]|null) => void} change
 */
export function shapeControl(_card, guess, change) {
  /** @param {number} place */
  const box = (place) =>
    el("input", {
      type: "number",
      min: 1,
      max: 10_000,
      step: 1,
      class: "number",
      value: guess?.[place],
      "aria-label": t(place ? "lesson.shape.columns" : "lesson.shape.rows"),
    });
  const boxes = [box(0), box(1)];
  const told = () => {
    const numbers = boxes.map((one) => Number(one.value));
    change(numbers.every((one) => Number.isInteger(one) && one > 0) ? numbers : null);
  };
  for (const one of boxes) one.addEventListener("input", told);
  return el("div", { class: "lesson-shape" }, "(", boxes[0], ",", boxes[1], ")");
}

/** @param {number[]} shape */
const written = (shape) => `(${shape.join(", ")})`;

/** @param {Card} _card @param {number[]|null} guess @param {Measured} measured */
export function shapeOutcome(_card, guess, { answer }) {
  const right = written(/** @type {number[]} */ (answer));
  return el(
    "p",
    { class: "lesson-told large" },
    el("b", { text: t("lesson.shape.measured", { value: right }) }),
    ...(guess ? [` ${t("lesson.number.yours", { value: written(guess) })}`] : []),
  );
}
