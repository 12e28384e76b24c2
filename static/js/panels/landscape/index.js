/** J over the parameters, with the path of every run: surface, contour, slice, or two losses side by side. */

import { byId, fillSelect } from "../../ui/dom.js";
import { fills, plotly } from "../../ui/plotly.js";
import { toggles } from "../../ui/controls.js";
import { watchSight, watchSize } from "../../ui/sight.js";
import { chooseRun, runNames } from "../../experiment/state.js";
import { connectLandscape } from "./controls.js";
import { lookAtLandscape } from "./load.js";
import { createPicture } from "./picture.js";
import { createCaption } from "./caption.js";

/** @typedef {import("../../experiment/state.js").State} State */

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function landscapePanel({ state, api, changes, step, want, settled, wake }) {
  const figures = {
    surface: byId("surface-plot"),
    contour: byId("contour-plot"),
    slice: byId("slice-plot"),
    losses: byId("losses-plot"),
  };
  const elements = Object.values(figures);
  const overlay = byId("contour-paths", HTMLCanvasElement);
  const caption = createCaption({ state, look: () => want("surface") });
  const picture = createPicture({ state, figures, overlay, wake, told: caption.told });
  const seen = watchSight(elements, wake);
  /** @type {PlotlyModule|null} */
  let Plotly = null;
  plotly().then((loaded) => {
    Plotly = loaded;
    wake();
  });
  /** Whether all of it has to be drawn, and not only what moves. */
  let whole = true;
  /** What another surface costs is known from when it is drawn. @type {((began: number, took: number) => void)|null} */
  let cost = null;

  const controls = connectLandscape({ state, changes, api, look: () => want("surface"), settled });
  chooseAxes(state, () => want("surface"));
  toggles(state, { "surface-log": "logSurface" });
  const run = byId("surface-run", HTMLSelectElement);
  run.addEventListener("change", () => chooseRun(state, Number(run.value)));
  state.on(["chosen", "live", "language"], () => {
    const names = runNames(state).map((text, i) => ({ value: String(i), text }));
    fillSelect(run, names, String(state.chosen));
  });
  state.on(
    [
      "surface",
      "view",
      "language",
      "landscape/view",
      "landscape/top",
      "landscape/slice",
      "landscape/second",
    ],
    () => {
      whole = true;
      // What is on its way takes the place of a picture that is of something else.
      byId("landscape-figures").classList.toggle("waiting", !picture.isKnown());
      if (!picture.isKnown()) caption.draw();
    },
  );
  state.on(["playing", "seeking"], picture.rest);
  if (matchMedia("(any-pointer: coarse)").matches)
    import("./touch.js").then(({ shieldFromTouch }) =>
      shieldFromTouch(state, byId("landscape-figures"), picture.figure),
    );
  // What is pointed at matters once somebody points, here or elsewhere.
  /** @type {Promise<typeof import("./hover.js")>|null} */
  let hovering = null;
  const hover = () => (hovering ??= import("./hover.js"));
  for (const figure of [figures.surface, figures.contour])
    figure.addEventListener(
      "pointerenter",
      async () => (await hover()).watchPointing(state, [figure]),
      { once: true },
    );
  state.on(["hover"], async () =>
    (await hover()).showHover(state, picture.figure(), picture.paintContour),
  );
  /** Once something could not be drawn. @type {typeof import("./problem.js")|null} */
  let trouble = null;
  state.on(["landscape/problem", "chosen", "live", "language"], async () => {
    if (!trouble && !state.landscape.problem) return;
    trouble ??= await import("./problem.js");
    trouble.drawProblem({ state, changes, step, look: () => want("surface") });
    wake();
  });
  watchSize(elements, async () => {
    if (!Plotly || !picture.isDrawn() || !picture.figure().clientWidth) return;
    if (fills(picture.figure())) return;
    await Plotly.Plots.resize(picture.figure());
    if (state.landscape.view === "contour") state.patch({ surface: state.surface });
  });

  /** @param {boolean} rested */
  function say(rested) {
    caption.draw();
    if (rested) controls.drawWords();
  }

  return {
    id: "landscape",
    watches: ["step", "paths", "chosen", "live"],
    urgent: ["surface", "view", "language", "landscape/view", "landscape/top", "landscape/slice"],
    // Each frame may take two thirds of the time; where the graphics card is slow, frames come more rarely.
    pace: { every: 0, share: 0.66, longest: 1000 },
    needs: () => ["surface"],
    load: { surface: lookAtLandscape },
    live: {
      views: ["surface"],
      every: 600,
      share: 0.15,
      longest: 5000,
      wanted: () => seen.has(picture.figure()),
      bind: (due) => (cost = due.cost),
    },
    ready: () =>
      Plotly !== null && picture.isKnown() && seen.has(picture.figure()) && !picture.isTurned(),
    async draw({ rested }) {
      if (!Plotly) return 0;
      const all = whole || !picture.isShown();
      whole = false;
      // The words take their room first: the picture would be drawn twice.
      if (!picture.isShown()) say(rested);
      const began = performance.now();
      const took = await picture.draw(Plotly, all);
      say(rested);
      if (!all) return took;
      cost?.(began, took);
      return 0;
    },
    isDrawn: () =>
      !seen.has(picture.figure()) || picture.isShown() || state.landscape.problem !== null,
  };
}

/**
 * The lists of axes. A deep network has thousands of parameters, so all are listed only when somebody looks.
 * @param {State} state
 * @param {() => void} changed
 */
function chooseAxes(state, changed) {
  const axes = /** @type {("x"|"y")[]} */ (["x", "y"]);

  /** @param {"x"|"y"} axis @param {boolean} all */
  function draw(axis, all) {
    const names = state.summary.parameter_names;
    const { view, slice } = state.landscape;
    // A slice has one parameter, which may be the one along which the steps swing.
    const shown = (view === "slice" && slice?.parameter) || state.axes[axis];
    const listed = all || names.length <= 100 ? names : [shown];
    const other = view === "slice" ? null : state.axes[axis === "x" ? "y" : "x"];
    fillSelect(
      byId(`axis-${axis}`, HTMLSelectElement),
      listed.map((name) => ({ value: name, text: name, disabled: name === other })),
      shown,
    );
  }

  for (const axis of axes) {
    const select = byId(`axis-${axis}`, HTMLSelectElement);
    for (const type of ["pointerdown", "focus"])
      select.addEventListener(type, () => {
        if (select.options.length < state.summary.parameter_names.length) draw(axis, true);
      });
    select.addEventListener("change", () => {
      if (state.landscape.view === "slice") {
        state.patch({ landscape: { along: select.value } });
        return changed();
      }
      const axes = { ...state.axes, [axis]: select.value };
      state.patch({ axes, landscape: { picked: axes, along: null } });
      changed();
    });
  }
  state.on(["summary"], () => {
    const { along } = state.landscape;
    if (along && !state.summary.parameter_names.includes(along))
      state.patch({ landscape: { along: null } });
  });
  state.on(["axes", "summary", "chosen", "landscape/view", "landscape/slice"], () => {
    for (const axis of axes) draw(axis, false);
  });
}
