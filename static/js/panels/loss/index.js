/** The loss curves of all runs. */

import { byId } from "../../ui/dom.js";
import { fills, plotly } from "../../ui/plotly.js";
import { toggles } from "../../ui/controls.js";
import { watchSight, watchSize } from "../../ui/sight.js";
import { drawLoss, hasBands } from "./plot.js";
import { POINTS } from "./sharpness.js";

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function lossPanel({ state, changes, want, wake }) {
  const figure = byId("loss-plot");
  /** @type {PlotlyModule|null} */
  let Plotly = null;
  plotly().then((loaded) => {
    Plotly = loaded;
    wake();
  });
  const seen = watchSight([figure], wake);
  /** Whether the mouse is over this very picture; what it means is found out once it comes. */
  let points = () => false;
  figure.addEventListener(
    "pointerenter",
    async () => {
      const { watchPointing } = await import("./hover.js");
      points = watchPointing(state, figure);
    },
    { once: true },
  );
  watchSize([figure], () => {
    if (!Plotly || !figure.classList.contains("js-plotly-plot") || fills(figure)) return;
    Plotly.Plots.resize(figure);
    drawLoss(Plotly, figure, state); // there may be room for names now, or none
  });
  toggles(state, {
    "loss-log": "logLoss",
    "loss-test": "testLoss",
    "loss-penalty": "penalty",
    "loss-bands": "bands",
    "loss-sharpness": "sharpness",
  });
  // What the mouse says here the figure shows itself; drawn anew it would lose its own words.
  state.on(["hover"], () => {
    const drawn = figure.classList.contains("js-plotly-plot");
    if (Plotly && drawn && seen.has(figure) && !points()) drawLoss(Plotly, figure, state);
  });
  state.on(["view/sharpness"], () => {
    if (state.view.sharpness) want("sharpness");
  });

  /** @type {import("../panel.js").Load} */
  async function sharpness(state, api) {
    const found = await api.sharpness(state.summary.id, { step: state.step, points: POINTS });
    return () => {
      state.patchNow({ sharpness: found });
      if (!found.complete && state.view.sharpness) want("sharpness");
    };
  }

  const kinds = byId("loss-export", HTMLSelectElement);
  kinds.addEventListener("change", async () => {
    const kind = /** @type {"png"|"svg"|"csv"} */ (kinds.value);
    kinds.value = "";
    const { save } = await import("./export.js");
    await save(state, kind).catch(() => changes.say("landscape.export.failed"));
  });

  const option = byId("bands-option");
  state.on(["study", "live", "training", "tab"], () => {
    option.hidden = state.tab !== "loss" || !hasBands(state);
  });

  return {
    id: "loss",
    tab: "loss",
    watches: [
      "step",
      "chosen",
      "view",
      "live",
      "curves",
      "ghost",
      "study",
      "sharpness",
      "language",
    ],
    pace: { every: 100, share: 0.12, longest: 350 },
    needs: () => (state.view.sharpness ? ["sharpness"] : []),
    load: { sharpness },
    live: { views: ["sharpness"], every: 1500, share: 0.15, wanted: () => state.view.sharpness },
    ready: () => Plotly !== null && seen.has(figure),
    draw() {
      if (Plotly) drawLoss(Plotly, figure, state);
    },
    isDrawn: () => !seen.has(figure) || figure.classList.contains("js-plotly-plot"),
  };
}
