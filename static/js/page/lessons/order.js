/** Things to be put in order: dragged, moved by the arrow keys, or by their buttons. */

import { el, icon } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { plainly, rich } from "./markup.js";

/** @typedef {import("./lesson.js").Card} Card @typedef {import("./lesson.js").Order} Order */

/** The order with one thing moved to another place. @param {number[]} order @param {number} from @param {number} to */
export function moved(order, from, to) {
  if (to < 0 || to >= order.length) return order;
  const next = order.filter((_, place) => place !== from);
  next.splice(to, 0, order[from]);
  return next;
}

/**
 * @param {Card} card
 * @param {number[]|null} guess
 * @param {(guess: number[]) => void} change
 */
export function orderControl(card, guess, change) {
  const { items } = /** @type {Order} */ (card.predict);
  // Not as they are listed: that may be the answer.
  let order = guess ?? items.map((_, i) => (i + 1) % items.length);
  const list = el("ol", { class: "lesson-order" });
  const live = el("p", { class: "sr", "aria-live": "polite" });

  /** @param {number} from @param {number} to @param {string} [focus] which button has the focus then */
  function move(from, to, focus) {
    const next = moved(order, from, to);
    if (next === order) return change(order); // it is meant as it stands
    order = next;
    draw();
    change(order);
    live.textContent = t("lesson.order.moved", {
      name: plainly(items[order[to]]),
      place: to + 1,
      count: order.length,
    });
    if (!focus) return;
    const buttons = list.children[to].querySelectorAll("button");
    /** @type {HTMLButtonElement|undefined} */
    const button =
      [...buttons].find((one) => one.dataset.act === focus && !one.disabled) ?? buttons[0];
    (button?.disabled ? buttons[1] : button)?.focus();
  }

  /** @param {number} item @param {number} place */
  function row(item, place) {
    const name = plainly(items[item]);
    /** @param {"up"|"down"} act @param {number} to */
    const button = (act, to) =>
      el(
        "button",
        {
          type: "button",
          class: "tool",
          "data-act": act,
          "aria-label": t(`lesson.order.${act}`, { name }),
          disabled: to < 0 || to >= order.length,
          on: {
            click: () => move(place, to, act),
            /** @param {KeyboardEvent} event */
            keydown(event) {
              const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
              if (!step) return;
              event.preventDefault();
              move(place, place + step, act);
            },
          },
        },
        icon(act === "up" ? "smaller" : "larger"),
      );
    const [up, down] = [button("up", place - 1), button("down", place + 1)];
    up.replaceChildren("▲");
    down.replaceChildren("▼");
    return el(
      "li",
      { "data-item": item },
      el("span", { class: "grip", "aria-hidden": "true", text: "⠿" }),
      el("span", { class: "name" }, ...rich(items[item])),
      up,
      down,
    );
  }

  function draw() {
    list.replaceChildren(...order.map(row));
  }
  // Whoever takes a row and leaves it where it is means the order as it stands; nobody does who has touched nothing.
  dragRows(list, move, () => change(order));
  draw();
  return el("div", {}, list, live);
}

/**
 * Rows follow the pointer.
 * @param {HTMLElement} list @param {(from: number, to: number) => void} move @param {() => void} taken
 */
function dragRows(list, move, taken) {
  let from = -1;
  list.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element) || event.target.closest("button")) return;
    const row = event.target.closest("li");
    if (!row) return;
    from = [...list.children].indexOf(row);
    list.setPointerCapture(event.pointerId);
    row.classList.add("dragged");
    taken();
    event.preventDefault();
  });
  list.addEventListener("pointermove", (event) => {
    if (from < 0) return;
    const to = [...list.children].findIndex((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return event.clientY >= top && event.clientY < bottom;
    });
    if (to < 0 || to === from) return;
    move(from, to);
    from = to;
    list.children[to].classList.add("dragged");
  });
  const end = () => {
    from = -1;
    for (const row of list.children) row.classList.remove("dragged");
  };
  for (const name of ["pointerup", "pointercancel"]) list.addEventListener(name, end);
}

/**
 * The right order, with the number of each, and where it was put.
 * @param {Card} card
 * @param {number[]|null} guess
 * @param {import("./lesson.js").Measured} measured
 */
export function orderOutcome(card, guess, { values, answer }) {
  const { items } = /** @type {Order} */ (card.predict);
  const order = /** @type {number[]} */ (answer ?? []);
  return el(
    "table",
    { class: "lesson-table" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col", text: t("lesson.order.measured") }),
        el("th", { scope: "col", text: t(`lesson.quantity.${card.measure.quantity}`) }),
        ...(guess ? [el("th", { scope: "col", text: t("lesson.order.yours") })] : []),
      ),
    ),
    el(
      "tbody",
      {},
      ...order.map((item, place) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, `${place + 1}. `, ...rich(items[item])),
          el("td", { text: numberOf(values[item]) }),
          ...(guess
            ? [
                el("td", {
                  class: guess[place] === item ? "right" : "wrong",
                  text: `${guess.indexOf(item) + 1}. ${guess[place] === item ? "✓" : "✗"}`,
                }),
              ]
            : []),
        ),
      ),
    ),
  );
}

/** A number that was measured, or that there is none. @param {number|null} value */
export const numberOf = (value) => (value === null ? t("lesson.never") : format.plain(value, 3));
