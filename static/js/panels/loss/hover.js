/** The moment that is pointed at: the nearest curve under the mouse, for all pictures. */

import { axesOf } from "../../ui/plotly.js";

/** @typedef {import("../../experiment/state.js").State} State */

/** A curve farther from the mouse than this is not meant, in pixels. */
const NEAR = 60;

/**
 * The run whose curve is nearest to a height.
 * @param {(number|null|undefined)[]} losses of every run at the step
 * @param {(loss: number) => number} toPixels
 * @param {number} height of the pointer
 */
export function nearestRun(losses, toPixels, height) {
  let [best, found] = [NEAR, -1];
  losses.forEach((loss, run) => {
    if (loss === null || loss === undefined) return;
    const away = Math.abs(toPixels(loss) - height);
    if (away < best) [best, found] = [away, run];
  });
  return found;
}

/** The place of the step that is nearest; what is written beside the curves takes the same. @param {number[]} steps @param {number} wanted */
export function nearest(steps, wanted) {
  const after = steps.findIndex((step) => step >= wanted);
  if (after < 0) return steps.length - 1;
  return after && wanted - steps[after - 1] < steps[after] - wanted ? after - 1 : after;
}

/**
 * @param {State} state
 * @param {HTMLElement} figure
 * @returns {() => boolean}   whether the mouse is over this very picture
 */
export function watchPointing(state, figure) {
  let mine = false;
  let due = false;
  /** @param {import("../../experiment/state.js").Hover|null} hover */
  function say(hover) {
    const { hover: before } = state;
    if ((hover === null && !mine) || (before?.run === hover?.run && before?.step === hover?.step))
      return;
    mine = hover !== null;
    state.patch({ hover });
  }

  /** @param {PointerEvent} event */
  function point(event) {
    const { xaxis, yaxis } = axesOf(figure);
    const box = figure.getBoundingClientRect();
    const { curves } = state;
    const wanted = Number(xaxis.p2d(event.clientX - box.left - xaxis._offset));
    const last = curves.steps.length - 1;
    const at = nearest(curves.steps, wanted);
    const step = curves.steps[at];
    if (wanted < -1 || step === undefined || wanted > curves.steps[last] * 1.02) return say(null);
    const losses = curves.train.map((values) => values[at]);
    const height = event.clientY - box.top - yaxis._offset;
    const run = nearestRun(losses, (loss) => yaxis.d2p(loss), height);
    say(run < 0 ? null : { run, step });
  }

  figure.addEventListener("pointermove", (event) => {
    if (due || event.buttons || event.pointerType === "touch" || state.hurried) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      if (figure.classList.contains("js-plotly-plot")) point(event);
    });
  });
  figure.addEventListener("pointerleave", () => say(null));
  return () => mine;
}
