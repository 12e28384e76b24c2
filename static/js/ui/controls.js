/** The controls that set-up panels are made of: number boxes, sliders, choices. */

import { el, fillSelect, icon } from "./dom.js";
import * as format from "./number-format.js";
import { explain, t } from "./i18n.js";
import { parseNumber } from "./number-input.js";
import { mark, unmark } from "./field-errors.js";
import { holdPress } from "./press.js";
import { toDigits, toPlaces } from "./round.js";

/**
 * @typedef {import("../types.js").Range} Range
 * @typedef {{range: Range, value: number|null, label: string, hint?: string, pointer: string, id?: string,
 *   change: (value: number) => void, disabled?: boolean, placeholder?: string|false}} NumberOptions
 */

/** @param {Range} range */
const inputMode = (range) => (range.integer ? "numeric" : "decimal");

/**
 * A number box. What is not a number within the range is said beside it, and goes nowhere.
 * @param {NumberOptions} options
 */
export function numberBox(options) {
  const { range, value, label, hint, pointer, id, change, disabled, placeholder } = options;
  const input = el("input", {
    type: "text",
    inputmode: inputMode(range),
    autocomplete: "off",
    "aria-label": label,
    hint,
    id,
    disabled,
    placeholder,
    "data-pointer": pointer,
    class: "number",
  });
  input.defaultValue = value === null ? "" : String(value);
  let before = input.value;
  let known = value;
  const take = () => {
    if (input.value === before) return;
    before = input.defaultValue = input.value;
    const read = parseNumber(input.value, range);
    if ("code" in read) return mark(input, explain(read));
    unmark(input);
    if (read.value === known) return; // other words for the same number, a space behind it
    known = read.value;
    change(read.value);
  };
  input.addEventListener("change", take);
  input.addEventListener("blur", take); // text carried over by `rebuild` makes no change event
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") return take();
    if ((event.key !== "ArrowUp" && event.key !== "ArrowDown") || !range.integer) return;
    event.preventDefault();
    const next = Number(input.value) + (event.key === "ArrowUp" ? 1 : -1);
    if (next < range.minimum || next > range.maximum) return;
    input.value = String(next);
    take();
  });
  return input;
}

/**
 * A label above a control, a reading beside the label.
 * @param {string} label
 * @param {(Node|string)[]} controls
 * @param {{output?: HTMLOutputElement, class?: string}} [options]
 */
export function field(label, controls, { output, class: extra = "" } = {}) {
  const top = el("div", { class: "top" }, el("span", { text: label, "aria-hidden": "true" }));
  if (output) top.append(output);
  return el("div", { class: `field ${extra}`.trim() }, top, ...controls);
}

/** @param {NumberOptions} options */
export function numberField(options) {
  return field(options.label, [numberBox(options)]);
}

const NOTCHES = 1000;

/**
 * A slider over a range, straight or logarithmic. It tells while it is dragged and when it is let go.
 * @param {NumberOptions & {move?: (value: number) => void, log?: boolean, step?: number,
 *   read?: (value: number) => string}} options
 */
export function slider(options) {
  const {
    range,
    value,
    label,
    hint,
    pointer,
    id,
    change,
    disabled,
    move,
    read = format.plain,
  } = options;
  const { log = false, step = 0.01 } = options;
  const { minimum, maximum } = range;
  const ratio = log ? Math.log(maximum / minimum) : maximum - minimum;
  /** @param {number} at */
  const toValue = (at) => {
    if (!log) return toPlaces(minimum + Math.round(((at / NOTCHES) * ratio) / step) * step, 6);
    return toDigits(minimum * Math.exp((at / NOTCHES) * ratio), 2);
  };
  /** How far along the slider a value is, 0 … 1. @param {number} number */
  const toShare = (number) => {
    const share = log ? Math.log(number / minimum) / ratio : (number - minimum) / ratio;
    return Math.min(1, Math.max(0, share));
  };
  /** @param {number} number */
  const toNotch = (number) => Math.round(toShare(number) * NOTCHES);
  const input = el("input", {
    type: "range",
    min: 0,
    max: NOTCHES,
    step: log ? 10 : Math.max(1, Math.round((NOTCHES * step) / ratio)),
    "aria-label": label,
    hint,
    id,
    disabled,
    "data-pointer": pointer,
  });
  /** @param {number} number */
  const show = (number) => {
    input.value = String(toNotch(number));
    input.style.setProperty("--share", `${toNotch(number) / 10}%`);
    input.setAttribute("aria-valuetext", read(number));
  };
  show(value ?? range.default ?? minimum);
  input.addEventListener("input", () => {
    const number = legal(toValue(Number(input.value)));
    input.style.setProperty("--share", `${Number(input.value) / 10}%`);
    input.setAttribute("aria-valuetext", read(number));
    move?.(number);
  });
  input.addEventListener("change", () => change(legal(toValue(Number(input.value)))));
  /** @param {number} number */
  function legal(number) {
    return range.exclusive_minimum && number <= minimum ? toPlaces(minimum + step, 6) : number;
  }
  return { input, show, toShare };
}

/** A slider with its reading above it. @param {Parameters<typeof slider>[0]} options */
export function sliderField(options) {
  const read = options.read ?? format.plain;
  const output = el("output", {
    text: read(options.value ?? options.range.default ?? options.range.minimum),
  });
  const { input } = slider({ ...options, move: (value) => (output.textContent = read(value)) });
  return field(options.label, [input], { output });
}

/** Where a slider of small numbers begins; what is nearer to 0 goes into the box. */
const SMALLEST = 0.001;

/**
 * A slider and a box of the same number. Numbers from 0 to more than 1 lie on it by their logarithm.
 * @param {NumberOptions} options
 */
export function numberSlider(options) {
  const { range, hint } = options;
  const box = numberBox(options);
  const log = range.minimum === 0 && range.maximum > 1;
  const { input } = slider({
    ...options,
    id: undefined,
    range: log ? { ...range, minimum: SMALLEST } : range,
    log,
    hint,
    move: (value) => (box.value = String(value)),
  });
  input.dataset.focus = `${options.pointer}/slider`;
  delete input.dataset.pointer;
  return field(options.label, [el("div", { class: "row" }, input, box)], { class: "slide" });
}

/**
 * A seed: a number box and a button that draws another.
 * @param {NumberOptions & {draw?: () => void}} options
 */
export function seedRow(options) {
  const anySeed = () => options.change(crypto.getRandomValues(new Uint32Array(1))[0] % 10000);
  const draw = el(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-label": t("seed.draw", { label: options.label }),
      hint: t("seed.draw.hint"),
      "data-focus": `${options.pointer}/draw`,
      on: { click: options.draw ?? anySeed },
    },
    icon("dice"),
  );
  return el("div", { class: "row" }, numberBox(options), draw);
}

/**
 * A choice among names.
 * @param {{options: {value: string, text: string, disabled?: boolean}[], value: string, label: string, hint?: string,
 *   pointer: string, id?: string, change: (value: string) => void}} options
 */
export function choice({ options, value, label, hint, pointer, id, change }) {
  const select = el("select", { "aria-label": label, hint, id, "data-pointer": pointer });
  fillSelect(select, options, value);
  select.addEventListener("change", () => change(select.value));
  return select;
}

/**
 * Builds a part of the page anew; the control that had the focus has it again, with what is being
 * typed, a button that is pressed stays pressed, and scrolling stays.
 * @param {HTMLElement} home
 * @param {(Node|string)[]} children
 */
export function rebuild(home, children) {
  const active = document.activeElement;
  const held = active instanceof HTMLElement && home.contains(active) ? active : null;
  const selector = held && selectorOf(held);
  const built = holdPress(home, selectorOf);
  // To ask how far something is scrolled, or to scroll it, has the browser lay the page out.
  const { scrollTop, scrollLeft } = home.firstChild ? home : { scrollTop: 0, scrollLeft: 0 };
  home.replaceChildren(...children);
  built();
  if (scrollTop) home.scrollTop = scrollTop;
  if (scrollLeft) home.scrollLeft = scrollLeft;
  /** @type {HTMLElement|null} */
  const heir = selector ? home.querySelector(selector) : null;
  if (heir instanceof HTMLInputElement && held instanceof HTMLInputElement) keepTyped(held, heir);
  heir?.focus({ preventScroll: true });
}

/** How a control is found again among those that take its place. @param {HTMLElement} control */
function selectorOf({ id, dataset: { focus, pointer } }) {
  if (id) return `#${CSS.escape(id)}`;
  if (focus) return `[data-focus="${CSS.escape(focus)}"]`;
  return pointer ? `[data-pointer="${CSS.escape(pointer)}"]` : null;
}

/** What is being typed is not lost to an answer that arrives meanwhile. @param {HTMLInputElement} held @param {HTMLInputElement} heir */
function keepTyped(held, heir) {
  if (heir.type !== "text" || held.value === held.defaultValue) return;
  heir.value = held.value;
  heir.setSelectionRange(held.selectionStart, held.selectionEnd);
}

/**
 * Check boxes of the page's template that are settings of how it is viewed.
 * @template {string} Name
 * @param {{view: Record<Name, unknown>, patch: (changes: {view: object}) => void}} state
 * @param {Record<string, Name>} boxes the name of each setting, by the id of its box
 */
export function toggles(state, boxes) {
  for (const [id, name] of Object.entries(boxes)) {
    const box = /** @type {HTMLInputElement} */ (document.getElementById(id));
    box.checked = Boolean(state.view[name]);
    box.addEventListener("change", () => state.patch({ view: { [name]: box.checked } }));
  }
}
