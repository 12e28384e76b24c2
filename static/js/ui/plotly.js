/**
 * Plotly, which the page begins to fetch at once but runs only when it is asked for: that takes up to a second, in
 * which nothing else happens, and the controls come first.
 */

import { FONT_FAMILY, palette, typeSize } from "./theme.js";

export { FONT_FAMILY };

export const PLOTLY = new URL("../../vendor/plotly.min.js", import.meta.url).href;

/** Signs that no picture can hold: XML has none of them. */
const UNSEEN = /[\p{Cc}\ufffe\uffff]/gu;

/** Text that Plotly takes for what it is, not for markup or for the place of a value. @param {string} text */
export const literal = (text) =>
  text
    .replaceAll(UNSEEN, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("%{", "%&#123;");

/** @type {Promise<PlotlyModule>|null} */
let loading = null;

/** The size of its place when a figure was drawn: what is written in it depends on that. @type {WeakMap<Element, {width: number, height: number}>} */
const drawnFor = new WeakMap();

/** Plotly, run when it is first asked for and the page is ready. @returns {Promise<PlotlyModule>} */
export function plotly() {
  loading ??= ready().then(run);
  return loading;
}

/** Waits until everything but the plots is there. @returns {Promise<void>} */
function ready() {
  const { documentElement: page } = document;
  return new Promise((resolve) => {
    if (page.dataset.ready) return resolve();
    const watch = new MutationObserver(() => {
      watch.disconnect();
      resolve();
    });
    watch.observe(page, { attributeFilter: ["data-ready"] });
  });
}

/** @returns {Promise<PlotlyModule>} */
function run() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => resolve(inType(window.Plotly)));
    script.addEventListener("error", () => reject(new Error("plotly.js did not load")));
    script.src = PLOTLY;
    document.head.append(script);
  });
}

/**
 * Plotly, whose figures have type as large as the page's: figures are made as for a desk. Exports stay so.
 * @param {PlotlyModule} Plotly
 * @returns {PlotlyModule}
 */
function inType(Plotly) {
  return {
    ...Plotly,
    react(element, data, layout, config) {
      drawnFor.set(element, { width: element.clientWidth, height: element.clientHeight });
      return Plotly.react(
        element,
        data.map((trace) => withType(trace)),
        withType(layout ?? {}),
        config,
      );
    },
  };
}

/**
 * A trace or a layout with the size that type has now: all fonts in it, wherever they are.
 * @template {object} Part
 * @param {Part} part
 * @param {number} [share] how much of the difference is taken: in a scene, type is drawn larger than its size says
 * @returns {Part}
 */
export function withType(part, share = 1) {
  if (typeSize(100) === 100) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, sized(key, value, share)]);
  return /** @type {Part} */ (Object.fromEntries(entries));
}

/** @param {string} key @param {unknown} value @param {number} share @returns {unknown} */
function sized(key, value, share) {
  if (Array.isArray(value)) {
    // Of the long lists of a trace none has objects.
    const inner = typeof value[0] === "object" && value[0] !== null && !Array.isArray(value[0]);
    return inner ? value.map((one) => withType(one, share)) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const found = withType(value, /^scene\d*$/.test(key) ? 0.3 : share);
  if (!/font$/.test(key) || !("size" in found) || typeof found.size !== "number") return found;
  return { ...found, size: typeSize(found.size, share) };
}

/** What all plots share. */
export const CONFIG = {
  displayModeBar: false,
  responsive: false,
  doubleClick: "reset",
  // As many pixels as the screen has. Plotly would paint 3-D with twice as many on each side, at four times the cost.
  plotGlPixelRatio: Math.min(Math.max(globalThis.devicePixelRatio || 1, 1), 2),
};

/** The box that says what the pointer is on. @param {import("./theme.js").Theme} theme */
export function hoverStyle(theme) {
  const { ink, line, hover } = palette(theme);
  return {
    bgcolor: hover,
    bordercolor: line,
    font: { color: ink, size: 13, family: FONT_FAMILY },
    align: "left",
  };
}

/** What flat figures share. @param {import("./theme.js").Theme} theme */
export function flatLayout(theme) {
  return {
    autosize: true,
    font: { family: FONT_FAMILY, size: 13, color: palette(theme).ink },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    hoverlabel: hoverStyle(theme),
  };
}

/** An axis of a flat figure: hairlines, no ticks. @param {import("./theme.js").Theme} theme */
export function flatAxis(theme) {
  const { muted, line } = palette(theme);
  return {
    color: muted,
    gridcolor: line,
    linecolor: line,
    zeroline: false,
    ticks: "",
    tickfont: { size: 13 },
    automargin: true,
  };
}

/** The axes of a flat figure that has been drawn, which know its pixels. @param {HTMLElement} element */
export function axesOf(element) {
  const layout = /** @type {PlotlyElement} */ (element)._fullLayout;
  if (!layout) throw new Error("the figure has not been drawn");
  return layout;
}

/** Whether a figure is as large as its place, and was drawn for this size. @param {HTMLElement} element */
export function fills(element) {
  const { clientWidth, clientHeight } = element;
  const { width, height } = axesOf(element);
  return [drawnFor.get(element), { width, height }].every(
    (size) =>
      size && Math.abs(size.width - clientWidth) < 1 && Math.abs(size.height - clientHeight) < 1,
  );
}
