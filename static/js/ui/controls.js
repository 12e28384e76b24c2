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

/** What becomes of the text of a box. @type {WeakMap<Element, (box: HTMLInputElement) => void>} */
const takes = new WeakMap();

/**
 * Has what is typed in a box be left alone until it is entered, or given up; `defaultValue` is what was taken last.
 * @param {HTMLInputElement} box @param {(box: HTMLInputElement) => void} take
 */
export function typed(box, take) {
  takes.set(box, take);
  const tell = () => box.toggleAttribute("data-typed", box.value !== box.defaultValue);
  const enter = () => {
    if (box.value === box.defaultValue || box.matches("[aria-invalid]")) return;
    box.removeAttribute("data-typed");
    takes.get(box)?.(box);
    tell();
  };
  const change = () => {
    unmark(box);
    tell();
  };
  box.addEventListener("input", change);
  box.addEventListener("change", enter);
  box.addEventListener("blur", () => {
    enter();
    box.removeAttribute("data-typed");
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") enter();
    if (event.key !== "Escape" || !box.matches("[data-typed]")) return;
    event.preventDefault(); // another Escape closes what the box is in
    event.stopPropagation();
    box.value = box.defaultValue;
    change();
  });
}

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
  let known = value;
  typed(input, (box) => {
    const read = parseNumber(box.value, range);
    if ("code" in read) return mark(box, explain(read));
    box.defaultValue = box.value;
    if (read.value === known) return; // other words for the same number, a space behind it
    known = read.value;
    change(read.value);
  });
  input.addEventListener("keydown", (event) => {
    if ((event.key !== "ArrowUp" && event.key !== "ArrowDown") || !range.integer) return;
    event.preventDefault();
    const next = Number(input.value) + (event.key === "ArrowUp" ? 1 : -1);
    if (!(next >= range.minimum && next <= range.maximum)) return;
    input.value = String(next);
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new Event("change"));
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
    move: (value) => Object.assign(input.nextElementSibling ?? box, { value }),
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
 * Builds a part of the page anew; the control that had the focus has it again, a box that is typed in
 * stays itself, a button that is pressed stays pressed, and scrolling stays.
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
  const fresh = new DocumentFragment();
  fresh.append(...children);
  /** @type {HTMLElement|null} */
  const heir = selector ? fresh.querySelector(selector) : null;
  const stays = held && hold(held, heir, home, fresh);
  if (!stays) home.replaceChildren(fresh);
  built();
  if (scrollTop) home.scrollTop = scrollTop;
  if (scrollLeft) home.scrollLeft = scrollLeft;
  if (!stays) heir?.focus({ preventScroll: true });
}

/**
 * Has a box stay where all around it is built anew, with its selection and what an input method composes, and take
 * over what its heir is.
 * @param {Element} held @param {Element|null} heir @param {Element} home @param {DocumentFragment} fresh
 * @returns {boolean} whether it stayed
 */
function hold(held, heir, home, fresh) {
  const take = heir && takes.get(heir);
  // What is half typed is not taken when the box goes: browsers then have it change.
  if (!takes.delete(held) || !take) return false;
  const [box, { value }] = /** @type {HTMLInputElement[]} */ ([held, heir]);
  const isTyped = box.matches("[data-typed]");
  const isWrong = box.matches("[aria-invalid]");
  const isWhole = !box.selectionStart && box.selectionEnd === box.value.length;
  if (!graft(box, heir, home, fresh)) return false;
  takes.set(box, take);
  box.toggleAttribute("data-typed", isTyped);
  if (isTyped && isWrong) take(box); // says so again
  if (isTyped || box.value === value) return true;
  box.value = value;
  if (isWhole) box.select();
  return true;
}

/**
 * Puts what is around an element in the place of what is around another, as far up as its home.
 * @param {Element} old @param {Element} young @param {Element} home @param {DocumentFragment} fresh
 * @returns {boolean} whether they are as far down
 */
function graft(old, young, home, fresh) {
  const [above, over] = [old.parentElement, young.parentElement];
  if (!above || (above === home) !== !over) return false;
  if (over && !graft(above, over, home, fresh)) return false;
  for (const node of [...above.childNodes]) if (node !== old) node.remove();
  const nodes = [...(over ?? fresh).childNodes];
  const place = nodes.indexOf(young);
  old.before(...nodes.slice(0, place));
  old.after(...nodes.slice(place + 1));
  for (const name of old.getAttributeNames())
    if (!young.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of young.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  return true;
}

/** How a control is found again among those that take its place. @param {HTMLElement} control */
function selectorOf({ id, dataset: { focus, pointer } }) {
  if (id) return `#${CSS.escape(id)}`;
  if (focus) return `[data-focus="${CSS.escape(focus)}"]`;
  return pointer ? `[data-pointer="${CSS.escape(pointer)}"]` : null;
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
