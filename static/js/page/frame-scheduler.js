/** When the Plotly figures are drawn: often enough to live, rarely enough to stay out of the way. */

import { createCanvas } from "../panels/landscape/draw-scheduler.js";
import { createPace } from "../ui/throttle.js";
import { drawLoss } from "../panels/loss/plot.js";
import { plotly } from "../ui/plotly.js";

/** @typedef {import("../experiment/state.js").State} State */

/**
 * @param {object} options
 * @param {State} options.state
 * @param {HTMLElement} options.loss
 * @param {Record<import("../experiment/landscape-settings.js").View, HTMLElement>} options.figures of the landscape, by view
 * @param {HTMLCanvasElement} options.overlay over its contour figure
 * @param {(began: number, took: number) => void} options.drewSurface
 */
export function createCharts({ state, loss, figures, overlay, drewSurface }) {
  /** @type {PlotlyModule|null} */
  let Plotly = null;
  let lossDue = false;
  let lossSeen = true;
  const lossPace = createPace({ every: 100, share: 0.12, longest: 350 });
  const landscape = createCanvas({
    state,
    figures,
    overlay,
    plotly: () => Plotly,
    drew: drewSurface,
    tick: () => charts.tick(performance.now(), true),
  });

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (target === loss) lossSeen = isIntersecting;
        else landscape.sees(target, isIntersecting);
      }
      charts.tick(performance.now(), true);
    },
    { rootMargin: "100px" },
  );
  for (const element of [loss, ...landscape.elements]) watcher.observe(element);

  let timer = 0;
  const resized = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (loss.classList.contains("js-plotly-plot")) Plotly?.Plots.resize(loss);
      landscape.resized();
    }, 120);
  });
  for (const element of [loss, ...landscape.elements]) resized.observe(element);

  /** @param {number} now */
  function paintLoss(now) {
    if (!Plotly || !lossDue || !lossSeen) return;
    lossDue = false;
    drawLoss(Plotly, loss, state);
    lossPace.done(now, performance.now() - now);
  }

  /** Says to whoever drives the page that every figure in sight has been drawn once. */
  function announce() {
    const drawn = !lossSeen || loss.classList.contains("js-plotly-plot");
    if (drawn && landscape.ready) document.documentElement.dataset.plots = "true";
  }

  const charts = {
    async start() {
      Plotly = await plotly();
      charts.tick(performance.now(), true);
    },
    /** @param {"loss"|"paths"|"surface"} what */
    want(what) {
      if (what === "loss") lossDue = true;
      else landscape.want(what);
    },
    /** Draws what is due. @param {number} now @param {boolean} [anyway] without regard to the pace */
    tick(now, anyway = false) {
      if (!Plotly) return;
      if (anyway || lossPace.due(now)) paintLoss(performance.now());
      if (landscape.due(now, anyway)) landscape.paint().then(announce);
    },
    /** Training goes on or has stopped. */
    rest: landscape.rest,
    get surfaceSeen() {
      return landscape.seen;
    },
  };
  return charts;
}
