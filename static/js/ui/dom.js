/** Small help with elements. Text goes in as text, never as markup. */

/**
 * @typedef {{text?: string, hint?: string, on?: Record<string, (event: any) => void>,
 *   [attribute: string]: any}} Props
 */

/**
 * Makes an element. `text` sets its text, `hint` its short explanation, `on` its listeners; the rest are
 * attributes (false and null leave them out, true sets them bare).
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {(Node|string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, { text, hint, on, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (hint) element.dataset.hint = hint;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [type, listener] of Object.entries(on ?? {})) element.addEventListener(type, listener);
  element.append(...children);
  return element;
}

/**
 * The element with an id, which the page's template promises to hold.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new (...args: any[]) => T} [type]
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!element || (type && !(element instanceof type))) throw new Error(`the page has no #${id}`);
  return /** @type {T} */ (element);
}

/**
 * Sets a text only when it differs, so that nothing is laid out in vain.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Shows or hides an element, which is touched only when that changes.
 * @param {HTMLElement} element
 * @param {boolean} hidden
 */
export function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * An icon of the page's own sprite.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Fills a select; one that holds the same already is left alone, for browsers look all of a form over whenever a choice
 * in it changes.
 * @param {HTMLSelectElement} select
 * @param {{value: string, text: string, disabled?: boolean}[]} options
 * @param {string} value
 */
export function fillSelect(select, options, value) {
  const held = select.options;
  const same =
    held.length === options.length &&
    select.childElementCount === options.length && // no groups
    options.every(
      (option, i) =>
        held[i].value === option.value &&
        held[i].textContent === option.text &&
        held[i].disabled === (option.disabled ?? false),
    );
  if (!same)
    select.replaceChildren(
      ...options.map(({ value, text, disabled = false }) =>
        el("option", { value, text, disabled }),
      ),
    );
  if (select.value !== value) select.value = value;
}

/**
 * Makes a canvas as sharp as the screen and gives its context in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function sharp(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const w = Math.round(width * ratio);
  const h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
