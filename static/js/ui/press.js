/**
 * The button that is being pressed. A part of the page may be built anew between a press and its release; browsers
 * then click nothing, as the button that was pressed is gone. So the press goes on with the button in its place.
 */

/** @type {{button: Element, replaced: boolean}|null} */
let press = null;

/** Follows presses of a pointer and of the space bar, on all buttons. */
export function followPresses() {
  listen(["pointerdown", "keydown"], (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    press = button && counts(event) ? { button, replaced: false } : null;
  });
  listen(["pointerup", "keyup"], ({ target }) => {
    const ended = press;
    press = null;
    if (ended?.replaced && target instanceof Node && ended.button.contains(target))
      /** @type {HTMLButtonElement} */ (ended.button).click();
  });
}

/** @param {string[]} types @param {(event: Event) => void} hear */
function listen(types, hear) {
  for (const type of types) document.addEventListener(type, hear, true);
}

/** Whether a press is one that clicks when it is let go. @param {Event} event */
function counts(event) {
  return event instanceof KeyboardEvent
    ? event.key === " "
    : /** @type {PointerEvent} */ (event).button === 0;
}

/**
 * Keeps a pressed button pressed while a part of the page is built anew.
 * @param {HTMLElement} home
 * @param {(button: HTMLElement) => string|null} selectorOf how it is found again among those that take its place
 * @returns {() => void} to be called when the part has been built
 */
export function holdPress(home, selectorOf) {
  const button = press?.button;
  if (!(button instanceof HTMLElement) || !home.contains(button)) return () => {};
  const selector = selectorOf(button);
  return () => {
    const heir = selector && home.querySelector(selector);
    press = heir ? { button: heir, replaced: true } : null;
  };
}
