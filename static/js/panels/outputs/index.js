/** What the chosen run learned: its map over the inputs, what the colours mean, and how well it does. */

import { byId, fillSelect, setText } from "../../ui/dom.js";
import { rebuild, toggles } from "../../ui/controls.js";
import { chooseRun, runNames } from "../../experiment/state.js";
import { planeQuery, presentOutputs } from "../../experiment/input-plane.js";
import { watchSize } from "../../ui/sight.js";
import { axisPickers } from "./axis-pickers.js";
import { drawFacts, drawMap } from "./decision-map.js";
import { drawLegend } from "./legend.js";
import { drawScores } from "./scores.js";

/** How fine the map is. */
const MAP = 100;

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function outputsPanel({ state, api, want }) {
  const map = byId("decision-map", HTMLCanvasElement);
  const run = byId("learned-run", HTMLSelectElement);
  /** What the map was last drawn from. @type {unknown[]} */
  let painted = [];
  /** The inputs of the data that were here last. */
  let named = "";
  /** What is pointed at is looked up once something is. @type {ReturnType<typeof import("./looked.js").createLooked>|null} */
  let looked = null;
  /** @type {import("./decision-map.js").Frame|null} */
  let frame = null;
  /** The card of a data point comes with the first pointer. @type {ReturnType<typeof import("./point-card.js").createPointCard>|null} */
  let card = null;
  map.addEventListener(
    "pointerover",
    async () => {
      const { createPointCard } = await import("./point-card.js");
      card = createPointCard({ map, state, api });
      card.drawnAt(frame);
    },
    { once: true },
  );

  toggles(state, { "show-test": "showTest" });
  run.addEventListener("change", () => chooseRun(state, Number(run.value)));
  watchSize([byId("layers")], repaint, 60);
  state.on(["network/plane"], paint);
  state.on(["network/looked", "hover"], async () => {
    if (!looked && !state.hover && !state.network.looked) return;
    const { createLooked } = await import("./looked.js");
    looked ??= createLooked(state, api, paint);
    paint();
  });
  state.on(["data"], () => {
    const now = state.data?.inputs.join("\n") ?? "";
    // Another table has other axes.
    if (named && now !== named) state.patch({ network: { plane: null } });
    named = now;
  });
  state.on(["network/plane"], () => want("outputs", "inside"));
  state.on(["data", "language", "network/plane"], () => {
    const pickers = axisPickers(state, (plane) => state.patch({ network: { plane } }));
    rebuild(byId("map-axes"), pickers);
    repaint();
  });

  /** Draws the map again, if it would be another one. */
  function paint() {
    const { data, chosen, language, view, network, hover } = state;
    const here = { outputs: presentOutputs(state), neuron: null, title: "" };
    const { outputs, neuron, title } = looked?.now() ?? here;
    const now = [
      ...[outputs, neuron?.values, data, chosen, language, view.theme, view.showTest],
      ...[network.plane, hover, title],
    ];
    if (now.every((part, i) => part === painted[i])) return;
    painted = now;
    frame = drawMap(map, state, { outputs, neuron });
    card?.drawnAt(frame);
    drawLegend(byId("legend"), state, { shown: outputs, neuron: neuron?.range ?? null });
    byId("learned-of").hidden = !title;
    byId("learned-title").hidden = Boolean(title);
    // The numbers beside it are of the chosen run, now.
    byId("learned").classList.toggle("elsewhere", Boolean(title) && !neuron);
    setText(byId("learned-of"), title);
  }

  function repaint() {
    painted = [];
    paint();
  }

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
      paint();
      card?.redraw();
    },
  };
}

/** @type {import("../panel.js").Load} */
async function outputs(state, api) {
  const plane = planeQuery(state);
  const of = { run: state.chosen, size: MAP, step: state.step, neurons: false, ...plane };
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
