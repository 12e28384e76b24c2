/**
 * Plotly, which the page begins to fetch at once but runs only when it is asked for: that takes up to a second, in
 * which nothing else happens, and the controls come first.
 */

import { palette } from "./theme.js";

export const PLOTLY = new URL("../../vendor/plotly.min.js", import.meta.url).href;

/** @type {Promise<PlotlyModule>|null} */
let loading = null;

/** Plotly, run when it is first asked for. @returns {Promise<PlotlyModule>} */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => reject(new Error("plotly.js did not load")));
    script.src = PLOTLY;
    document.head.append(script);
  });
  return loading;
}

/** What all plots share. */
export const CONFIG = {
  displayModeBar: false,
  responsive: false,
  doubleClick: "reset",
  // As many pixels as the screen has. Plotly would paint 3-D with twice as many on each side, at four times the cost.
  plotGlPixelRatio: Math.min(Math.max(globalThis.devicePixelRatio || 1, 1), 2),
};

export const FONT_FAMILY =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

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
