/** The diagram of the network: every weight and neuron, and the card in which one can be set. */

import { byId } from "../../ui/dom.js";
import { watchSize } from "../../ui/sight.js";
import { planeQuery } from "../../experiment/input-plane.js";
import { mapSize, takeInside } from "../../experiment/network-state.js";
import { DRAWN_PLAYING } from "../../experiment/sync.js";
import { shownRuns } from "./diagram.js";
import { drawNetworkOptions } from "./options.js";
import { createParts } from "./parts.js";

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function diagramPanel({ state, changes, want, diagram }) {
  const parts = createParts({
    canvas: diagram,
    state,
    set: changes.setParameters,
    chosen(parameter) {
      state.patch({ traced: { ...state.traced, parameter } });
    },
  });
  watchSize([byId("layers")], parts.draw, 60);
  const drawOptions = () => drawNetworkOptions(state, () => want("inside"));
  state.on(["chosen", "live", "language", "summary"], drawOptions);
  /** The network and the run that the selection is on. */
  let of = "";

  return {
    id: "diagram",
    watches: ["inside", "diagnostics", "chosen", "setup", "network", "view/theme", "language"],
    needs: () => ["inside", "diagnostics"],
    load: { inside },
    live: {
      views: ["inside", "diagnostics"],
      every: 800,
      share: 0.25,
    },
    draw: parts.draw,
    reset() {
      const now = `${state.summary.id} ${state.chosen}`;
      if (now !== of) parts.leave();
      of = now;
    },
  };
}

/** @type {import("../panel.js").Load} */
async function inside(state, api) {
  const { step, summary, playing } = state;
  // The chosen run comes with the blocks, unless it is large.
  const brought =
    playing &&
    shownRuns(state).length === 1 &&
    state.inside.has(state.chosen) &&
    summary.parameter_names.length <= DRAWN_PLAYING;
  if (brought) return () => {};
  const size = mapSize(state.live.spec);
  const found = await Promise.all(
    shownRuns(state).map(async (run) => {
      const asked = { run, step, size, neurons: true, gradients: true, ...planeQuery(state) };
      const [frame, before] = await Promise.all([
        api.frame(summary.id, asked),
        step && !playing ? api.parameters(summary.id, { run, step: step - 1 }) : null,
      ]);
      return { inside: frame.inside, before };
    }),
  );
  return () => {
    for (const { inside: one, before } of found) takeInside(state.inside, one, before);
    state.patchNow({ inside: state.inside });
  };
}
