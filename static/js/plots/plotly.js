/** Plotly, once its script has arrived. The page does not wait for it. */

/** @returns {Promise<PlotlyModule>} */
export function plotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  return new Promise((resolve, reject) => {
    const script = document.getElementById("plotly");
    script?.addEventListener("load", () => resolve(window.Plotly));
    script?.addEventListener("error", () => reject(new Error("plotly.js did not load")));
  });
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
