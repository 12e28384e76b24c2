/** The picture of J in the view that is open: all of it, or only what moves on it. */

import { byId, el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { setMoving } from "./webgl/plotly-scene.js";
import { firstTurn } from "./camera.js";
import { drawScene, moveScene, watchTurning } from "./surface-3d.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {Record<import("../../experiment/landscape-settings.js").View, HTMLElement>} Figures
 */

/** @returns {Promise<void>} once the browser has drawn the next frame */
const nextFrame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

/**
 * @param {object} options
 * @param {State} options.state
 * @param {Figures} options.figures by view
 * @param {HTMLCanvasElement} options.overlay over the contour figure
 * @param {() => void} options.wake told when it is no longer turned by hand
 * @param {import("./surface-3d.js").Told} options.told
 */
export function createPicture({ state, figures, overlay, wake, told }) {
  const turning = [figures.surface, figures.losses].map((figure) => watchTurning(figure, wake));
  /** Once the contour view has been opened. @type {typeof import("./contour.js")|null} */
  let contour = null;

  const figure = () => figures[state.landscape.view];
  const isDrawn = () => figure().classList.contains("js-plotly-plot");
  const isFlat = () => figure().dataset.flat === "true";

  /** @param {PlotlyModule} Plotly */
  async function drawAll(Plotly) {
    const { view } = state.landscape;
    if ((view === "surface" || view === "losses") && !hasWebgl()) return sayFlat(figure());
    if (view === "surface") {
      await drawScene(Plotly, figures.surface, state, told);
      firstTurn(figures.surface);
      return;
    }
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
    if (isFlat()) return;
    if (view === "surface") await moveScene(Plotly, figures.surface, state, told);
    else if (view === "contour") contour?.paintPaths(figures.contour, overlay, state);
  }

  return {
    figure,
    isDrawn,
    /** Whether it has been drawn once, or is said not to be. */
    isShown: () => isDrawn() || isFlat(),
    /** Whether the server has sent what this view needs. */
    isKnown() {
      const { view, slice, second } = state.landscape;
      if (view === "slice") return slice !== null;
      return state.surface !== null && (view !== "losses" || second !== null);
    },
    isTurned: () => turning.some((held) => held()),
    /**
     * Draws it, whole or what moves only.
     * @param {PlotlyModule} Plotly
     * @param {boolean} whole
     * @returns {Promise<number>} what it cost, in milliseconds
     */
    async draw(Plotly, whole) {
      // The first picture takes long (WebGL wakes up): let the curves be seen before it.
      if (!isDrawn()) await nextFrame();
      const began = performance.now();
      await (whole ? drawAll(Plotly) : drawPaths(Plotly));
      const painted = performance.now() - began;
      if (!whole) return painted;
      // WebGL paints in the next frames; what it costs shows in when they come.
      await nextFrame();
      return Math.max(painted, performance.now() - began - 17);
    },
    /** Paints anew what moves on the contour view. */
    paintContour: () => contour?.paintPaths(figures.contour, overlay, state),
    /** Training goes on or has stopped. */
    rest() {
      if (!isDrawn()) return;
      if (state.landscape.view === "surface") setMoving(figures.surface, state.hurried);
      if (state.landscape.view === "losses")
        for (const id of ["scene", "scene2"]) setMoving(figures.losses, state.hurried, id);
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
