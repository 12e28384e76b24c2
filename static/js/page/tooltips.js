/** The short explanation of a control, on hover and on focus. One bubble serves the whole page. */

import { byId, setText } from "../ui/dom.js";

const DELAY = 450;

export function listenForHints() {
  const bubble = byId("hint");
  /** @type {HTMLElement|null} */
  let of = null;
  let timer = 0;
  /** The control just pressed needs no explanation. @type {HTMLElement|null} */
  let pressed = null;

  /** @param {HTMLElement} element */
  function show(element) {
    hide();
    of = element;
    setText(bubble, element.dataset.hint ?? "");
    bubble.showPopover();
    const box = element.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = bubble;
    const left = Math.max(
      8,
      Math.min(box.left + box.width / 2 - width / 2, innerWidth - width - 8),
    );
    const below = box.bottom + 8;
    bubble.style.left = `${left}px`;
    bubble.style.top = `${below + height > innerHeight - 4 ? Math.max(4, box.top - height - 8) : below}px`;
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
    if (element && event.target instanceof Element && event.target.matches(":focus-visible"))
      timer = window.setTimeout(() => show(element)); // a sheet that is being opened comes first
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerdown", (event) => {
    hide();
    pressed = hinted(event);
  });
  document.addEventListener("scroll", hide, true);
  addEventListener("resize", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}
