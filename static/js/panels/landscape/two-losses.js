/** The same plane in two losses, side by side, seen from the same place: what suits an activation, and what does not. */

import { palette } from "../../ui/theme.js";
import { label } from "../../ui/i18n.js";
import { CONFIG, FONT_FAMILY } from "../../ui/plotly.js";
import { carry, keepCamera, lookFrom, setMoving } from "./webgl/plotly-scene.js";
import { carried, sceneFigure } from "./surface-3d.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Surface} Surface
 */

/**
 * A state in which a surface tells of its own loss: its paths, and nothing of the height of another.
 * @param {State} state
 * @param {Surface} surface
 * @returns {State}
 */
function inLoss(state, surface) {
  const { paths } = state;
  const own = paths && {
    ...paths,
    steps: surface.path[0].steps,
    x: surface.path.map(({ x }) => x),
    y: surface.path.map(({ y }) => y),
    z: surface.path.map(({ z }) => z),
    off: surface.path.map(({ off }) => off?.[off.length - 1] ?? null),
  };
  const curves = { ...state.curves, train: surface.path.map(({ z }) => z) };
  const landscape = { ...state.landscape, height: null };
  return { ...state, paths: own, curves, landscape };
}

/**
 * The whole figure: two scenes beside each other, or on a narrow page above each other.
 * @param {State} state
 * @param {[Surface, Surface]} surfaces
 * @param {number} width
 */
export function lossesFigure(state, surfaces, width) {
  const { ink, muted } = palette(state.view.theme);
  const figures = surfaces.map((surface) =>
    sceneFigure(inLoss(state, surface), surface, width / 2),
  );
  const layout = {
    ...figures[0].layout,
    annotations: surfaces.map(({ loss }, i) => ({
      text: label("losses", { name: loss ?? "" }),
      x: 0.25 + 0.5 * i,
      y: 1,
      xref: "paper",
      yref: "paper",
      xanchor: "center",
      yanchor: "top",
      showarrow: false,
      font: { size: 14, color: i ? ink : ink, family: FONT_FAMILY },
    })),
    font: { family: FONT_FAMILY, size: 13, color: muted },
    scene: {
      ...figures[0].layout.scene,
      domain: { x: [0, 0.49], y: [0, 0.96] },
    },
    scene2: {
      ...figures[1].layout.scene,
      domain: { x: [0.51, 1], y: [0, 0.96] },
    },
  };
  const data = [
    ...figures[0].data,
    ...figures[1].data.map((trace) => ({ ...trace, scene: "scene2" })),
  ];
  return { data, layout };
}

/**
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 */
export async function drawLosses(Plotly, element, state) {
  const { surface, landscape } = state;
  if (!surface || !landscape.second) return;
  const { data, layout } = lossesFigure(state, [surface, landscape.second], element.clientWidth);
  for (const id of ["scene", "scene2"]) {
    setMoving(element, state.playing, id);
    keepCamera(element, id);
  }
  await Plotly.react(element, data, layout, CONFIG);
  for (const [i, id] of ["scene", "scene2"].entries()) {
    carry(element, carried(state, (i * data.length) / 2), id);
    setMoving(element, state.playing, id);
  }
  if (!element.dataset.linked) link(Plotly, /** @type {PlotlyElement} */ (element));
}

/** What turns one scene turns the other. @param {PlotlyModule} Plotly @param {PlotlyElement} element */
function link(Plotly, element) {
  element.dataset.linked = "true";
  /** @param {Record<string, PlotlyCamera|undefined>} event */
  const follow = (event) => {
    for (const [from, to] of [
      ["scene", "scene2"],
      ["scene2", "scene"],
    ]) {
      const camera = event[`${from}.camera`];
      // Only one of them turns by hand: where both are in the event, they are together already.
      if (!camera || event[`${to}.camera`]) continue;
      if (!lookFrom(element, to, camera))
        Plotly.relayout(element, { [`${to}.camera`]: camera, [`${from}.camera`]: camera });
    }
  };
  element.on("plotly_relayouting", follow);
  element.on("plotly_relayout", follow);
}
