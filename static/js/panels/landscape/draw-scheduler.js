/** When the landscape is drawn: all of it rarely, paths and points on every frame, nothing while it is turned. */

import { byId, el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { createPace } from "../../ui/throttle.js";
import { setMoving } from "./webgl/plotly-scene.js";
import { drawScene, moveScene, watchTurning } from "./surface-3d.js";

/** @typedef {import("../../experiment/state.js").State} State */

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Record<import("../../experiment/landscape-settings.js").View, HTMLElement>} options.figures by view
 * @param {HTMLCanvasElement} options.overlay over the contour figure
 * @param {() => PlotlyModule|null} options.plotly
 * @param {(began: number, took: number) => void} options.drew told when all of it was drawn
 * @param {() => void} options.tick asks for another look at what is due
 */
export function createCanvas({ state, figures, overlay, plotly, drew, tick }) {
  /** What waits to be drawn: nothing, the paths, or all of it. */
  let due = 0;
  let busy = false;
  /** @type {Set<Element>} */
  const seen = new Set();
  // Each frame may take two thirds of the time; where the graphics card is slow, frames come more rarely.
  const pace = createPace({ every: 0, share: 0.66, longest: 1000 });
  const turning = [figures.surface, figures.losses].map((figure) => watchTurning(figure, tick));

  const figure = () => figures[state.landscape.view];
  const drawn = () => figure().classList.contains("js-plotly-plot");
  const told = () => figure().dataset.flat === "true";

  /** Once the contour view has been opened. @type {typeof import("./contour.js")|null} */
  let contour = null;

  /** @param {PlotlyModule} Plotly */
  async function drawAll(Plotly) {
    const { view } = state.landscape;
    if ((view === "surface" || view === "losses") && !hasWebgl()) return sayFlat(figure());
    if (view === "surface") return drawScene(Plotly, figures.surface, state);
    if (view === "slice")
      return (await import("./slice.js")).drawSlice(Plotly, figures.slice, state);
    if (view === "losses")
      return (await import("./two-losses.js")).drawLosses(Plotly, figures.losses, state);
    contour ??= await import("./contour.js");
    return contour.drawContour(Plotly, figures.contour, overlay, state);
  }

  /** @param {PlotlyModule} Plotly */
  async function drawPaths(Plotly) {
    const { view } = state.landscape;
    if (told()) return;
    if (view === "surface") await moveScene(Plotly, figures.surface, state);
    else if (view === "contour") contour?.paintPaths(figures.contour, overlay, state);
  }

  /** Whether the server has told what this view needs. */
  function known() {
    const { view, slice, second } = state.landscape;
    if (view === "slice") return slice !== null;
    return state.surface !== null && (view !== "losses" || second !== null);
  }

  /** Whether nothing can be drawn now: a picture is in work, unknown, out of sight, or being turned. */
  const mustWait = () => busy || !known() || !seen.has(figure()) || turning.some((held) => held());

  return {
    /** @param {"paths"|"surface"} what */
    want(what) {
      due = Math.max(due, what === "surface" ? 2 : 1);
    },
    /** @param {number} now @param {boolean} anyway */
    due: (now, anyway) => due === 2 || anyway || pace.due(now),
    /** Draws what is due. */
    async paint() {
      const Plotly = plotly();
      if (!Plotly || !due || mustWait()) return;
      const now = performance.now();
      const whole = due === 2 || !(drawn() || told());
      due = 0;
      busy = true;
      try {
        // The first picture takes long (WebGL wakes up): let the curves be seen before it.
        if (!drawn()) await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
        await (whole ? drawAll(Plotly) : drawPaths(Plotly));
        const painted = performance.now() - now;
        // WebGL paints in the next frames; what it costs shows in when they come.
        if (whole) await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
        pace.done(now, whole ? 0 : painted);
        if (whole) drew(now, Math.max(painted, performance.now() - now - 17));
      } finally {
        busy = false;
      }
    },
    /** Training goes on or has stopped. */
    rest() {
      if (!drawn()) return;
      if (state.landscape.view === "surface") setMoving(figures.surface, state.hurried);
      if (state.landscape.view === "losses")
        for (const id of ["scene", "scene2"]) setMoving(figures.losses, state.hurried, id);
    },
    /** @param {Element} element @param {boolean} visible */
    sees(element, visible) {
      if (visible) seen.add(element);
      else seen.delete(element);
    },
    get seen() {
      return seen.has(figure());
    },
    get ready() {
      return !busy && (!seen.has(figure()) || drawn() || told());
    },
    elements: Object.values(figures),
    /** A figure has another size. */
    async resized() {
      const Plotly = plotly();
      if (!Plotly || !drawn() || !figure().clientWidth) return;
      await Plotly.Plots.resize(figure());
      if (state.landscape.view === "contour") {
        due = 2;
        tick();
      }
    },
  };
}

/** Whether this browser can draw in 3-D. @type {boolean|null} */
let webgl = null;

/** Asked once: a browser has few contexts to give. */
function hasWebgl() {
  if (webgl === null) {
    const context = document.createElement("canvas").getContext("webgl");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    webgl = context !== null;
  }
  return webgl;
}

/** Says so in the picture's place, and where the same is to be seen. @param {HTMLElement} element */
function sayFlat(element) {
  element.dataset.flat = "true";
  const go = el("button", {
    type: "button",
    class: "chip",
    text: t("landscape.view.contour"),
    on: { click: () => byId("view-contour").click() },
  });
  element.replaceChildren(
    el("div", { class: "flat-words" }, el("p", { text: t("landscape.flat") }), go),
  );
}
