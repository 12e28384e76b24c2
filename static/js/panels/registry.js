/** The panels of the page, in the order in which they are drawn, and how they are loaded, drawn and reset. */

import { isHidden } from "../experiment/access.js";
import { diagramPanel } from "./diagram/index.js";
import { landscapePanel } from "./landscape/index.js";
import { layersPanel } from "./layers/index.js";
import { lossPanel } from "./loss/index.js";
import { outputsPanel } from "./outputs/index.js";
import { seedsPanel } from "./seeds/index.js";
import { shapesQuiz } from "./shapes-quiz/index.js";
import { workedStepPanel } from "./worked-step/index.js";

/**
 * @typedef {import("./panel.js").Panel} Panel
 */

/** @type {((context: import("./panel.js").Context) => Panel)[]} */
export const PANELS = [
  diagramPanel,
  outputsPanel,
  lossPanel,
  landscapePanel,
  layersPanel,
  workedStepPanel,
  seedsPanel,
  shapesQuiz,
];

/** The part of the page that a panel is, where that has another name. @type {Record<string, Part>} */
const PARTS = {
  diagram: "network",
  outputs: "learned",
  landscape: "surface",
  layers: "signals",
  "worked-step": "explain",
  "shapes-quiz": "network",
};

/** @typedef {import("../types.js").Part} Part */
/** @typedef {import("../types.js").Access} Access */

/** @param {Access} one @param {Access} other */
const sameSight = ({ hidden: a, answers }, { hidden: b, answers: others }) =>
  answers === others && a.size === b.size && [...a].every((part) => b.has(part));

/**
 * @param {import("./panel.js").Context} context
 * @param {object} page
 * @param {import("./panel.js").Scheduler} page.scheduler
 * @param {{busy: boolean}} page.loader
 */
export function createPanels(context, { scheduler, loader }) {
  const { state, want } = context;
  const panels = PANELS.map((make) => make(context));
  /** Says to whoever drives the page that every figure in sight has been drawn once. */
  function announce() {
    if (panels.every((panel) => !isShown(panel) || (panel.isDrawn?.() ?? true)))
      document.documentElement.dataset.plots = "true";
  }

  /** @param {Panel} panel */
  const isShown = ({ id, tab }) =>
    !isHidden(state, PARTS[id] ?? id) && !(tab && isHidden(state, "loss"));

  /** @param {Panel} panel */
  const isOpen = (panel) => (panel.tab === undefined || panel.tab === state.tab) && isShown(panel);

  const drawn = panels.map((panel) => {
    const due = scheduler.add({
      ...panel.pace,
      ready: () => isOpen(panel) && (panel.ready?.() ?? true),
      run: () => panel.draw({ rested: !state.hurried }),
      after: announce,
    });
    state.on(panel.watches, () => due.want(!state.hurried));
    if (panel.urgent) state.on(panel.urgent, () => due.want(true));
    return due;
  });

  for (const panel of panels) {
    const { live } = panel;
    if (!live) continue;
    const { views, wanted = () => true, bind, ...pace } = live;
    const due = scheduler.add({
      ...pace,
      ready: () => state.playing && !loader.busy,
      run() {
        if (state.playing && isShown(panel) && wanted()) want(...views);
      },
    });
    bind?.(due);
    state.on(["step"], () => {
      if (state.playing) due.want();
    });
  }

  state.on(["live", "setup", "data", "chosen"], () => {
    for (const panel of panels) panel.reset?.();
  });

  // What was hidden is asked for and drawn once it is seen, and what is told of it is told anew.
  let { access } = state;
  state.on(["access"], () => {
    if (sameSight(access, state.access)) return;
    access = state.access;
    panels.forEach((panel, i) => {
      if (!isOpen(panel)) return;
      drawn[i].want(true);
      want(...(panel.needs?.(state) ?? []));
    });
  });

  let { tab: open } = state;
  state.on(["tab"], () => {
    if (open === state.tab) return;
    for (const panel of panels) if (panel.tab === open) panel.close?.();
    open = state.tab;
    panels.forEach((panel, i) => {
      if (panel.tab !== open) return;
      panel.open?.();
      drawn[i].want(true);
      want(...(panel.needs?.(state) ?? []));
    });
  });

  return {
    /** How each view is asked for, by name. */
    loads: Object.assign({}, ...panels.map(({ load }) => load)),
    announce,
    /** The views of all panels in sight, of a moment that stands still. @returns {string[]} */
    needs: () => panels.filter(isOpen).flatMap((panel) => panel.needs?.(state) ?? []),
  };
}
