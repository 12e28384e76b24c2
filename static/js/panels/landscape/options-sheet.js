/** What is rarely needed, on a sheet over the picture: extent, height, a start by numbers, curvature, export. */

import { t } from "../../ui/i18n.js";
import { rebuild } from "../../ui/controls.js";
import { wordsOf } from "../../experiment/landscape-settings.js";
import { curvatureOf, measured, rateOf } from "../../experiment/rate-bound.js";
import { runNames } from "../../experiment/state.js";
import { curvatureSection } from "./curvature-section.js";
import {
  exportSection,
  extentSection,
  heightSection,
  shownEnds,
  startSection,
} from "./options-sections.js";

/** @typedef {import("../../experiment/state.js").State} State */

/**
 * @param {object} options
 * @param {HTMLElement} options.home
 * @param {State} options.state
 * @param {import("../../experiment/changes.js").Changes} options.changes
 * @param {typeof import("../../server/api.js").api} options.api
 * @param {() => void} options.look
 * @param {(x: number, y: number) => Promise<void>} options.start
 */
export function createOptionsSheet({ home, state, changes, api, look, start }) {
  const { landscape } = state;
  let measuring = false;
  /** What the sheet was last drawn from. */
  let drawnFrom = "";

  /** @type {import("./options-sections.js").Sheet} */
  const sheet = {
    home,
    state,
    look,
    start,
    redraw: () => view.draw(),
    place: [null, null],
    say: changes.say,
  };

  async function measure() {
    measuring = true;
    view.draw();
    const { id } = state.summary;
    const { step } = state;
    try {
      const found = await api.curvature(id, { ...wordsOf(state), step });
      if (state.summary.id === id)
        state.patch({ landscape: { curvature: measured(state, found) } });
    } catch (error) {
      changes.recover(error);
    } finally {
      measuring = false;
      view.draw();
      // All that is said, but rather its beginning than its end.
      const words = document.getElementById("curvature-words");
      for (const part of [words?.parentElement?.lastElementChild, words])
        part?.scrollIntoView({ block: "nearest" });
    }
  }

  const view = {
    draw() {
      if (home.hidden) return;
      const { surface, chosen, step, playing, axes } = state;
      const curvature = curvatureOf(state);
      const from = [
        JSON.stringify([
          shownEnds(state),
          landscape.pin,
          landscape.top,
          landscape.view,
          sheet.place,
        ]),
        JSON.stringify([curvature, measuring, chosen, step, playing, axes]),
        curvature && rateOf(state, curvature),
        surface?.plane,
        t("landscape.more"),
        runNames(state)[chosen],
      ].join();
      if (from === drawnFrom) return;
      drawnFrom = from;
      rebuild(home, [
        extentSection(sheet),
        heightSection(sheet),
        startSection(sheet),
        curvatureSection({ state, measuring, measure }),
        exportSection(sheet),
      ]);
    },
  };
  return view;
}
