/** A curve drawn by hand: pulled by its handles, drawn over, or set by the arrow keys; then the real one over it. */

import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { HANDLES, along } from "./judge.js";
import { plainly } from "./markup.js";
import { label, line, picture, svg } from "./svg.js";

/** @typedef {import("./lesson.js").Card} Card @typedef {import("./lesson.js").Sketch} Sketch */

const [LEFT, TOP, WIDTH, HEIGHT] = [34, 8, 276, 150];
const NOTCHES = 20;

/** @param {number} i */
const xOf = (i) => LEFT + (WIDTH * i) / (HANDLES - 1);
/** @param {number} value @param {number} high */
const yOf = (value, high) => TOP + HEIGHT * (1 - Math.max(0, Math.min(1, value / high)));

/** The frame: J upwards from 0, steps to the right. @param {Card} card @param {number} high */
function frame(card, high) {
  return [
    svg("path", { d: `M${LEFT} ${TOP} v${HEIGHT} h${WIDTH}`, class: "axis" }),
    label(LEFT - 4, TOP + 9, format.plain(high), { "text-anchor": "end", class: "tick" }),
    label(LEFT - 4, TOP + HEIGHT, "0", { "text-anchor": "end", class: "tick" }),
    label(LEFT - 12, TOP + HEIGHT / 2, "J", { "text-anchor": "end", class: "tick" }),
    label(
      LEFT + WIDTH,
      TOP + HEIGHT + 14,
      t("lesson.sketch.step", { step: format.count(card.steps) }),
      {
        "text-anchor": "end",
        class: "tick",
      },
    ),
  ];
}

/**
 * @param {Card} card
 * @param {number[]|null} guess
 * @param {(guess: number[]) => void} change
 */
export function sketchControl(card, guess, change) {
  const { high } = /** @type {Sketch} */ (card.predict);
  const heights = guess ? [...guess] : Array.from({ length: HANDLES }, () => high / 2);
  const curve = svg("polyline", { class: "yours" });
  const handles = heights.map((_, i) =>
    svg("circle", {
      cx: xOf(i),
      r: 8,
      class: "handle",
      tabindex: 0,
      role: "slider",
      "aria-valuemin": 0,
      "aria-valuemax": high,
      "aria-orientation": "vertical",
      "aria-label": t("lesson.sketch.at", {
        step: format.count(Math.round((card.steps * i) / (HANDLES - 1))),
      }),
    }),
  );
  const drawing = svg(
    "svg",
    {
      viewBox: "0 0 320 178",
      class: "lesson-picture drawn",
      role: "group",
      "aria-label": plainly(card.question),
    },
    ...frame(card, high),
    curve,
    ...handles,
  );

  function show() {
    curve.setAttribute(
      "points",
      heights.map((value, i) => `${xOf(i)},${yOf(value, high)}`).join(" "),
    );
    for (const [i, handle] of handles.entries()) {
      handle.setAttribute("cy", String(yOf(heights[i], high)));
      handle.setAttribute("aria-valuenow", format.plain(heights[i], 3));
    }
  }

  /** @param {number} i @param {number} value */
  function set(i, value) {
    heights[i] = Math.max(0, Math.min(high, value));
    show();
    change([...heights]);
  }

  for (const [i, handle] of handles.entries())
    handle.addEventListener("keydown", (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
      if (!step) return;
      event.preventDefault();
      set(i, heights[i] + (step * high) / NOTCHES);
    });

  /** @param {PointerEvent} event */
  function follow(event) {
    const box = drawing.getBoundingClientRect();
    const scale = 320 / box.width;
    const x = (event.clientX - box.left) * scale;
    const y = (event.clientY - box.top) * scale;
    const i = Math.round(((x - LEFT) / WIDTH) * (HANDLES - 1));
    if (i >= 0 && i < HANDLES) set(i, high * (1 - (y - TOP) / HEIGHT));
  }
  drawing.addEventListener("pointerdown", (event) => {
    drawing.setPointerCapture(event.pointerId);
    follow(event);
    event.preventDefault();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (drawing.hasPointerCapture(event.pointerId)) follow(event);
  });
  show();
  return el("div", {}, drawing, el("p", { class: "aside", text: t("lesson.sketch.how") }));
}

/** @param {Card} card @param {number[]|null} guess @param {import("./lesson.js").Measured} measured */
export function sketchOutcome(card, guess, { values }) {
  const { high } = /** @type {Sketch} */ (card.predict);
  /** @type {[number, number][]} */
  const real = values.flatMap((value, i) =>
    value === null ? [] : [[LEFT + (WIDTH * i) / (values.length - 1), yOf(value, high)]],
  );
  const [from, to] = [0, 1].map((share) => along(values, share));
  const words = t("lesson.sketch.measured", {
    from: format.plain(from, 3),
    to: Number.isFinite(to) ? format.plain(to, 3) : t("lesson.never"),
  });
  return el(
    "div",
    {},
    picture(
      320,
      178,
      words,
      ...frame(card, high),
      ...(guess
        ? [
            line(
              guess.map((value, i) => [xOf(i), yOf(value, high)]),
              "yours",
            ),
          ]
        : []),
      line(real, "measured"),
    ),
    el("p", { class: "lesson-told", text: words }),
    el(
      "p",
      { class: "lesson-legend aside" },
      ...(guess ? [el("span", { class: "yours", text: t("lesson.legend.yours") })] : []),
      el("span", { class: "measured", text: t("lesson.legend.measured") }),
    ),
  );
}
