/** The set-up column: data, network, runs and how they learn, as the learner wants them. */

import { byId } from "../ui/dom.js";
import { chooseRun } from "../experiment/state.js";
import { createOwnData, drawData } from "./data.js";
import { diagramCanvas, drawNetwork } from "./network.js";
import { drawRuns, lightRun, updateRuns, watchRuns } from "./runs.js";
import { drawSettings } from "./settings.js";
import { setSeed } from "../experiment/edits.js";

/**
 * @param {import("../experiment/state.js").State} state
 * @param {import("../experiment/changes.js").Changes} changes
 */
export function connectSetup(state, changes) {
  const { change } = changes;
  const own = createOwnData({ state, change });
  /** @param {number} run */
  const choose = (run) => chooseRun(state, run);
  const drawMethod = () => drawSettings(state, changes);

  function drawAll() {
    drawData(state, { change, own });
    drawNetwork(state, change);
    drawRuns(state, change, choose);
    drawMethod();
  }

  state.on(["setup", "view/theme"], drawAll);
  state.on(["language", "view/theme"], own.redraw);
  state.on(["language"], drawAll);
  state.on(["chosen"], () => drawRuns(state, change, choose));
  // A start that is set by hand gives its run another name.
  let moved = "";
  state.on(["summary"], () => {
    const now = state.summary.events.map(({ step, run }) => `${step} ${run}`).join();
    if (now !== moved) drawRuns(state, change, choose);
    moved = now;
  });
  state.on(["step", "summary", "history", "access"], () => updateRuns(state));
  state.on(["hover"], () => lightRun(state));
  watchRuns(state);
  state.on(["summary", "history", "data", "chosen", "landscape/curvature"], drawMethod);
  byId("new-draw").addEventListener("click", () => change(setSeed(state.setup)));
  return { drawAll, diagram: diagramCanvas() };
}
