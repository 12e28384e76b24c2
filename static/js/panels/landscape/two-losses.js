/** The same plane in two losses, side by side, seen from the same place: what suits an activation, and what does not. */

import { palette } from "../../ui/theme.js";
import { label, t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { CONFIG, FONT_FAMILY } from "../../ui/plotly.js";
import { stance } from "./camera.js";
import { extrasOf } from "./scene-extras.js";
import { cameraOf, carry, lookFrom, setMoving } from "./webgl/plotly-scene.js";
import { carried, heightsOf, sceneFigure, standKey } from "./surface-3d.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Surface} Surface
 */

/** In a narrower figure the titles have two lines, in pixels. */
const WIDE = 600;

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
  // What is pointed at, and at which step, stays that of the page.
  return Object.assign(Object.create(state), { paths: own, curves, landscape });
}

/**
 * The whole figure: two scenes beside each other. Each has heights of its own, and says which.
 * @param {State} state
 * @param {[Surface, Surface]} surfaces
 * @param {number} width
 * @param {{alone?: boolean}} [how]
 */
export function lossesFigure(state, surfaces, width, how) {
  const { ink, muted } = palette(state.view.theme);
  const figures = surfaces.map((surface) =>
    sceneFigure(inLoss(state, surface), surface, width / 2, how),
  );
  const title = width < WIDE ? "landscape.losses.title.narrow" : "landscape.losses.title";
  const layout = {
    ...figures[0].layout,
    annotations: surfaces.map(({ loss }, i) => {
      const [low, high] = heightsOf(figures[i].frame).map((height) => format.plain(height, 2));
      return {
        text: t(title, { loss: label("losses", { name: loss }), low, high }),
        x: 0.25 + 0.5 * i,
        y: 1,
        xref: "paper",
        yref: "paper",
        xanchor: "center",
        yanchor: "top",
        showarrow: false,
        font: { size: 13, color: ink, family: FONT_FAMILY },
      };
    }),
    font: { family: FONT_FAMILY, size: 13, color: muted },
    scene: { ...figures[0].layout.scene, domain: { x: [0, 0.5], y: [0, 0.94] } },
    scene2: { ...figures[1].layout.scene, domain: { x: [0.5, 1], y: [0, 0.94] } },
  };
  const data = [
    ...figures[0].data,
    ...figures[1].data.map((trace) => ({ ...trace, scene: "scene2" })),
  ];
  return { data, layout, figures };
}

/**
 * @param {PlotlyModule} Plotly
 * @param {HTMLElement} element
 * @param {State} state
 */
export async function drawLosses(Plotly, element, state) {
  const { surface, landscape } = state;
  if (!surface || !landscape.second) return;
  const surfaces = /** @type {[Surface, Surface]} */ ([surface, landscape.second]);
  const width = element.clientWidth / 2;
  const { data, layout, figures } = lossesFigure(state, surfaces, element.clientWidth);
  for (const id of ["scene", "scene2"]) setMoving(element, state.playing, id);
  const heights = heightsOf(figures[0].frame);
  const camera = stance(element, { surface, heights, key: standKey(state), width });
  layout.scene.camera = layout.scene2.camera = camera;
  await Plotly.react(element, data, layout, CONFIG);
  for (const [i, id] of ["scene", "scene2"].entries()) {
    const { frame, paths } = figures[i];
    const extras = extrasOf(inLoss(state, surfaces[i]), surfaces[i], frame, {
      width,
      paths: () => paths,
      told: () => undefined,
    });
    carry(element, carried(state, (i * data.length) / 2), extras, id);
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
      else comeToRest(element, from, to);
    }
  };
  element.on("plotly_relayouting", follow);
  element.on("plotly_relayout", follow);
}

/** The most frames in which a scene that is let go of still turns. */
const LAST_FRAMES = 30;

/**
 * A scene turns a little behind the hand, and on after its last event: the further, the busier the machine is.
 * @param {HTMLElement} element @param {string} from @param {string} to
 */
async function comeToRest(element, from, to) {
  let before = "";
  for (let left = LAST_FRAMES; left > 0; left--) {
    await new Promise((done) => requestAnimationFrame(done));
    const camera = cameraOf(element, from);
    if (!camera || !lookFrom(element, to, camera)) return;
    const now = JSON.stringify(camera.eye);
    if (now === before) return;
    before = now;
  }
}
