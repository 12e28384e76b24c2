/**
 * The short explanation of a control, on hover, and on focus that comes by the keyboard. One bubble serves the whole
 * page. It goes as soon as something is typed, pressed or opened.
 */

import { byId, setText } from "../ui/dom.js";
import { placeBeside } from "./placement.js";

const DELAY = 450;

/** What is used or read beside a control, and how bad it is to cover it; the first that fits counts. @type {[string, number][]} */
const AROUND = [
  [".problem, [role=alert]", 200],
  ["input, select, textarea, [role=slider]", 8],
  ["button, a, [tabindex='0'], summary", 4],
  [".figure", 6],
  ["h2, h3, output, label, .field > .top", 2],
];
const ALL = AROUND.map(([selector]) => selector).join(",");
const CONTROLS = "input, select, textarea, button, a, [tabindex='0'], summary";
/** The control that comes next may be read before it is used. */
const NEXT = 200;

/** @param {Element} element */
const weightOf = (element) => AROUND.find(([selector]) => element.matches(selector))?.[1] ?? 1;

/** Everything in sight that should not be covered. @param {HTMLElement} of @returns {import("./placement.js").Obstacle[]} */
function obstacles(of) {
  const found = [];
  let next = true;
  for (const element of document.querySelectorAll(ALL)) {
    if (element === of || element.contains(of) || of.contains(element)) continue;
    const box = element.getBoundingClientRect();
    if (!box.width || box.bottom < 0 || box.top > innerHeight) continue;
    let weight = weightOf(element);
    const after = of.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (next && after && isStop(element)) {
      next = false;
      weight = NEXT;
    }
    found.push({ box, weight });
  }
  return found;
}

/** Whether Tab comes to it. @param {Element} element */
const isStop = (element) =>
  element instanceof HTMLElement &&
  element.matches(CONTROLS) &&
  element.tabIndex >= 0 &&
  !element.matches(":disabled") &&
  element.checkVisibility({ visibilityProperty: true });

export function listenForHints() {
  const bubble = byId("hint");
  /** @type {HTMLElement|null} */
  let of = null;
  let timer = 0;
  /** The control just pressed needs no explanation. @type {HTMLElement|null} */
  let pressed = null;
  /** Whether the focus moves because a key moved it; where the page moves it, something else is being said. */
  let moved = false;

  /** @param {HTMLElement} element */
  function show(element) {
    hide();
    if (!element.isConnected || !element.dataset.hint) return;
    of = element;
    setText(bubble, element.dataset.hint);
    bubble.style.left = bubble.style.top = "0";
    bubble.showPopover();
    const { offsetWidth: width, offsetHeight: height } = bubble;
    const place = placeBeside(
      element.getBoundingClientRect(),
      { width, height },
      { width: innerWidth, height: innerHeight },
      obstacles(element),
    );
    bubble.style.left = `${place.left}px`;
    bubble.style.top = `${place.top}px`;
    if (!element.hasAttribute("aria-describedby")) element.setAttribute("aria-describedby", "hint");
  }

  function hide() {
    clearTimeout(timer);
    if (bubble.matches(":popover-open")) bubble.hidePopover();
    setText(bubble, "");
    if (of?.getAttribute("aria-describedby") === "hint") of.removeAttribute("aria-describedby");
    of = null;
  }

  /** @param {Event} event */
  const hinted = (event) =>
    event.target instanceof Element
      ? /** @type {HTMLElement|null} */ (event.target.closest("[data-hint]"))
      : null;

  document.addEventListener("pointerover", (event) => {
    const element = hinted(event);
    if (element !== pressed) pressed = null;
    if (element && (element === of || element === pressed)) return;
    hide();
    if (element && event.pointerType === "mouse")
      timer = window.setTimeout(() => show(element), DELAY);
  });
  document.addEventListener("focusin", (event) => {
    const element = hinted(event);
    hide();
    if (
      element &&
      moved &&
      event.target instanceof Element &&
      event.target.matches(":focus-visible")
    )
      timer = window.setTimeout(() => show(element)); // a sheet that is being opened comes first
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerdown", (event) => {
    hide();
    moved = false;
    pressed = hinted(event);
  });
  document.addEventListener("scroll", hide, true);
  document.addEventListener("input", hide, true);
  // A menu, a sheet or the gallery opens.
  document.addEventListener(
    "beforetoggle",
    (event) => {
      if (event.target !== bubble) hide();
    },
    true,
  );
  document.addEventListener(
    "keydown",
    ({ key, target }) => {
      if (["Shift", "Control", "Alt", "Meta"].includes(key)) return;
      const typed = target instanceof Element && target.matches("input, select, textarea");
      moved = key === "Tab" || (key.startsWith("Arrow") && !typed);
      hide();
    },
    true,
  );
  addEventListener("resize", hide);
}
