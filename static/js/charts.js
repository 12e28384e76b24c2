/** When the two Plotly figures are drawn: often enough to live, rarely enough to stay out of the way. */

import { createPace } from "./pace.js";
import { drawLoss } from "./plots/loss.js";
import { plotly } from "./plots/plotly.js";
import { drawSurface, movePaths, watchTurning } from "./plots/surface.js";

/** @typedef {import("./state.js").State} State */

/**
 * @param {object} options
 * @param {State} options.state
 * @param {HTMLElement} options.loss
 * @param {HTMLElement} options.surface
 * @param {(began: number, took: number) => void} options.drewSurface
 */
export function createCharts({ state, loss, surface, drewSurface }) {
  /** @type {PlotlyModule|null} */
  let Plotly = null;
  /** What waits to be drawn on the surface: nothing, its paths, or all of it. */
  let due = 0;
  let lossDue = false;
  let busy = false;
  /** @type {Set<Element>} */
  const seen = new Set([loss, surface]);
  const lossPace = createPace({ every: 66, share: 0.12, longest: 500 });
  const pathPace = createPace({ every: 200, share: 0.12, longest: 3000 });
  const turning = watchTurning(surface, () => charts.tick(performance.now(), true));

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      charts.tick(performance.now(), true);
    },
    { rootMargin: "100px" },
  );
  watcher.observe(loss);
  watcher.observe(surface);

  let timer = 0;
  const resized = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      for (const element of [loss, surface])
        if (element.classList.contains("js-plotly-plot")) Plotly?.Plots.resize(element);
    }, 120);
  });
  resized.observe(loss);
  resized.observe(surface);

  /** @param {number} now */
  function paintLoss(now) {
    if (!Plotly || !lossDue || !seen.has(loss)) return;
    lossDue = false;
    drawLoss(Plotly, loss, state);
    lossPace.done(now, performance.now() - now);
  }

  /** @param {number} now */
  async function paintSurface(now) {
    if (!Plotly || !due || busy || !seen.has(surface) || !state.surface || turning()) return;
    const whole = due === 2;
    due = 0;
    busy = true;
    try {
      // The first picture takes long (WebGL wakes up): let the curves be seen before it.
      if (!surface.classList.contains("js-plotly-plot")) {
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
      }
      await (whole ? drawSurface : movePaths)(Plotly, surface, state);
      // WebGL paints in the next frames; what it costs shows in when they come.
      await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    } finally {
      busy = false;
    }
    const took = Math.max(0, performance.now() - now - 33);
    pathPace.done(now, took);
    if (whole) drewSurface(now, took);
  }

  /** Says to whoever drives the page that every figure in sight has been drawn once. */
  function announce() {
    const drawn = [loss, surface].every(
      (element) => !seen.has(element) || element.classList.contains("js-plotly-plot"),
    );
    if (drawn && !busy) document.documentElement.dataset.plots = "true";
  }

  const charts = {
    async start() {
      Plotly = await plotly();
      charts.tick(performance.now(), true);
    },
    /** @param {"loss"|"paths"|"surface"} what */
    want(what) {
      if (what === "loss") lossDue = true;
      else due = Math.max(due, what === "surface" ? 2 : 1);
    },
    /** Draws what is due. @param {number} now @param {boolean} [anyway] without regard to the pace */
    tick(now, anyway = false) {
      if (!Plotly) return;
      if (anyway || lossPace.due(now)) paintLoss(performance.now());
      if (due === 2 || anyway || pathPace.due(now)) paintSurface(performance.now()).then(announce);
    },
    get surfaceSeen() {
      return seen.has(surface);
    },
  };
  return charts;
}
