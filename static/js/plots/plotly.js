/** Plotly, once its script has arrived. The page does not wait for it. */

/** @typedef {HTMLElement & {data?: any[], layout?: any, on?: (event: string, listener: (event: any) => void) => void}} Plot */

/** @returns {Promise<any>} */
export function plotly() {
  const ready = () => /** @type {any} */ (window).Plotly;
  if (ready()) return Promise.resolve(ready());
  return new Promise((resolve, reject) => {
    const script = document.getElementById("plotly");
    script?.addEventListener("load", () => resolve(ready()));
    script?.addEventListener("error", () => reject(new Error("plotly.js did not load")));
  });
}

/** What all plots share. */
export const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset" };

export const FONT_FAMILY =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
