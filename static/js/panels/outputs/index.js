/** What the chosen run learned: its map over the inputs, what the colours mean, and how well it does. */

import { byId, fillSelect } from "../../ui/dom.js";
import { toggles } from "../../ui/controls.js";
import { chooseRun, runNames } from "../../experiment/state.js";
import { watchSize } from "../../ui/sight.js";
import { drawFacts, drawLegend, drawMap } from "./decision-map.js";
import { drawScores } from "./scores.js";

/** How fine the map is. */
const MAP = 100;

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function outputsPanel({ state }) {
  const map = byId("decision-map", HTMLCanvasElement);
  const run = byId("learned-run", HTMLSelectElement);
  /** What the map was last drawn from. @type {unknown[]} */
  let painted = [];

  toggles(state, { "show-test": "showTest" });
  run.addEventListener("change", () => chooseRun(state, Number(run.value)));
  watchSize([byId("layers")], () => drawMap(map, state), 60);

  return {
    id: "outputs",
    watches: ["step", "outputs", "data", "view", "metrics", "scores", "chosen", "live", "language"],
    needs: () => ["outputs", "metrics"],
    load: { outputs, metrics },
    draw() {
      const names = runNames(state).map((text, i) => ({ value: String(i), text }));
      fillSelect(run, names, String(state.chosen));
      drawFacts(state);
      drawScores(state);
      const { outputs: shown, data, chosen, language, view } = state;
      const now = [shown, data, chosen, language, view.theme, view.showTest];
      if (now.every((part, i) => part === painted[i])) return;
      painted = now;
      drawMap(map, state);
      drawLegend(byId("legend"), state);
    },
  };
}

/** @type {import("../panel.js").Load} */
async function outputs(state, api) {
  const of = { run: state.chosen, size: MAP, step: state.step, neurons: false };
  const found = await api.outputs(state.summary.id, of);
  return () => {
    if (found.run === state.chosen && !state.playing) state.patchNow({ outputs: found });
  };
}

/** @type {import("../panel.js").Load} */
async function metrics(state, api) {
  const { chosen: run, step } = state;
  const found = await api.metrics(state.summary.id, { run, step });
  return () => {
    if (run === state.chosen && !state.playing) state.patchNow({ metrics: found });
  };
}
