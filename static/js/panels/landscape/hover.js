/** One moment in every picture: pointing at a path says which run and step, and what is said elsewhere is shown here. */

import { el } from "../../ui/dom.js";
import { axesOf } from "../../ui/plotly.js";
import { scaleOf } from "./contour.js";
import { placeOfHover } from "./shared-traces.js";
import { axisOf, heightOnCurve } from "./slice.js";
import { seenAt } from "./webgl/depth-buffer.js";
import { repaint, sight } from "./webgl/plotly-scene.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {(x: number, y: number, z: number) => [number, number]} ToPixels
 */

/** Who points this near to a path points at it, in pixels. */
const NEAR = 10;

/**
 * The moment whose place is nearest to a pixel, or null where none is near.
 * @param {import("../../experiment/trajectories.js").Paths} paths
 * @param {ToPixels} toPixels
 * @param {[number, number]} pointer
 * @param {number} [near]
 * @returns {import("../../experiment/state.js").Hover|null}
 */
export function nearest({ steps, x, y, z, began }, toPixels, [left, top], near = NEAR) {
  let best = near;
  /** @type {import("../../experiment/state.js").Hover|null} */
  let found = null;
  x.forEach((values, run) =>
    values.forEach((value, i) => {
      const [other, height] = [y[run][i], z[run][i]];
      if (value === null || other === null || height === null || steps[i] < began[run]) return;
      const [px, py] = toPixels(value, other, height);
      const away = Math.hypot(px - left, py - top);
      if (away >= best) return;
      best = away;
      found = { run, step: steps[i] };
    }),
  );
  return found;
}

/** From a place in the picture to its pixels, as the picture is drawn now. @param {State} state @param {HTMLElement} element @returns {ToPixels|null} */
function pixelsOf(state, element) {
  if (state.landscape.view === "contour") {
    const scale = scaleOf(element);
    return (x, y) => [scale.x(x), scale.y(y)];
  }
  const look = state.landscape.view === "surface" ? sight(element) : null;
  if (!look) return null;
  const [atX, atY, atZ] = look.at;
  return (x, y, z) => {
    const [left, top] = seenAt(look.matrix, [atX(x), atY(y), atZ(z)]);
    return [left * look.width, top * look.height];
  };
}

/**
 * Listens to the pointer over the pictures.
 * @param {State} state
 * @param {HTMLElement[]} figures
 */
export function watchPointing(state, figures) {
  let due = false;
  let mine = false;
  /** @param {import("../../experiment/state.js").Hover|null} hover */
  const say = (hover) => {
    const { hover: before } = state;
    if (hover === null && !mine) return; // another picture says it
    if (before?.run === hover?.run && before?.step === hover?.step) return;
    mine = hover !== null;
    state.patch({ hover });
  };
  for (const figure of figures) {
    figure.addEventListener("pointermove", (event) => {
      if (due || event.buttons || event.pointerType === "touch" || state.hurried) return;
      due = true;
      requestAnimationFrame(() => {
        due = false;
        const toPixels = figure.classList.contains("js-plotly-plot") && pixelsOf(state, figure);
        if (!state.paths || !toPixels) return;
        const box = figure.getBoundingClientRect();
        say(nearest(state.paths, toPixels, [event.clientX - box.left, event.clientY - box.top]));
      });
    });
    figure.addEventListener("pointerleave", () => say(null));
  }
}

/**
 * Shows the moment that is pointed at, in the picture that is open.
 * @param {State} state
 * @param {HTMLElement} figure
 * @param {() => void} paintContour
 */
export function showHover(state, figure, paintContour) {
  if (!figure.classList.contains("js-plotly-plot")) return;
  const { view } = state.landscape;
  if (view === "contour") paintContour();
  else if (view === "slice") ringOnSlice(state, figure);
  else for (const id of view === "surface" ? ["scene"] : ["scene", "scene2"]) repaint(figure, id);
}

/** Where on the slice's curve the moment is; null where it is of another run or beside it. @param {State} state */
function placeOnSlice(state) {
  const { slice } = state.landscape;
  const place = placeOfHover(state);
  const axis = slice && axisOf(slice, state);
  if (!place || !axis || state.hover?.run !== slice.run) return null;
  const height = heightOnCurve(slice, place[axis]);
  return height === null ? null : { value: place[axis], height };
}

/** A ring on the curve of the slice, where the parameter was then. @param {State} state @param {HTMLElement} figure */
function ringOnSlice(state, figure) {
  const place = placeOnSlice(state);
  figure.parentElement?.querySelector(".hover-ring")?.remove();
  if (!place) return;
  const { xaxis, yaxis } = axesOf(figure);
  const ring = el("div", { class: "hover-ring", "aria-hidden": "true" });
  const up = state.view.logSurface ? Math.log10(place.height) : place.height;
  ring.style.left = `${xaxis._offset + xaxis.l2p(place.value)}px`;
  ring.style.top = `${yaxis._offset + yaxis.l2p(up)}px`;
  figure.after(ring);
}
