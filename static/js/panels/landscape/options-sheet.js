/**
 * What is rarely needed, between the controls and the picture, which stays in sight: extent and height, a start by numbers,
 * curvature, export, one at a time.
 */

import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { rebuild } from "../../ui/controls.js";
import { wordsOf } from "../../experiment/landscape-settings.js";
import { curvatureOf, measured, rateOf } from "../../experiment/rate-bound.js";
import { runNames } from "../../experiment/state.js";
import { curvatureSection } from "./curvature-section.js";
import {
  canStart,
  exportSection,
  extentSection,
  heightSection,
  shownEnds,
  startSection,
} from "./options-sections.js";

/** @typedef {import("../../experiment/state.js").State} State */

const PARTS = /** @type {const} */ (["extent", "start", "curvature", "export"]);

/**
 * @param {object} options
 * @param {HTMLElement} options.home
 * @param {State} options.state
 * @param {import("../../experiment/changes.js").Changes} options.changes
 * @param {typeof import("../../server/api.js").api} options.api
 * @param {() => void} options.look
 * @param {import("./options-sections.js").Sheet["settled"]} options.settled
 * @param {(x: number, y: number) => Promise<void>} options.start
 */
export function createOptionsSheet({ home, state, changes, api, look, settled, start }) {
  const { landscape } = state;
  let measuring = false;
  /** What the sheet was last drawn from. */
  let drawnFrom = "";
  /** The part that is open. @type {typeof PARTS[number]} */
  let open = "extent";

  /** @type {import("./options-sections.js").Sheet} */
  const sheet = {
    home,
    state,
    look,
    settled,
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
      home.scrollTop = 0; // the verdict comes first
    }
  }

  /** Which part is open. @param {(typeof PARTS[number])[]} parts */
  function choice(parts) {
    const buttons = parts.map((part) =>
      el("button", {
        type: "button",
        id: `more-${part}`,
        "aria-pressed": String(part === open),
        text: t(`landscape.${part}`),
        on: {
          click() {
            open = part;
            view.draw();
          },
        },
      }),
    );
    return el(
      "div",
      { class: "parts", role: "group", "aria-label": t("landscape.more") },
      ...buttons,
    );
  }

  const view = {
    draw() {
      if (home.hidden) return;
      const { surface, chosen, step, playing, axes } = state;
      const curvature = curvatureOf(state);
      const parts = PARTS.filter((part) => part !== "start" || canStart(state));
      if (!parts.includes(open)) open = "extent";
      const from = [
        open,
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
      const sections = {
        extent: () => [extentSection(sheet), heightSection(sheet)],
        start: () => [startSection(sheet)],
        curvature: () => [curvatureSection({ state, measuring, measure })],
        export: () => [exportSection(sheet)],
      };
      rebuild(home, [choice(parts), ...sections[open]()]);
    },
  };
  return view;
}
