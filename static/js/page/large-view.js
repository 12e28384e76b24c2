/** What stands over a panel that fills the window: which other panel could, and the runs as its legend. */

import { byId, el, setText } from "../ui/dom.js";
import { t } from "../ui/i18n.js";
import * as format from "../ui/number-format.js";
import { isPanelHidden } from "../experiment/access.js";
import { ENLARGED, chooseRun, runNames } from "../experiment/state.js";
import { swatch } from "../ui/swatch.js";
import { LARGE } from "./enlarge.js";

/** @typedef {import("../experiment/state.js").State} State */

/** What the legend was last made of. */
let made = "";

/**
 * Draws the line over the large panel, or takes it away.
 * @param {State} state
 * @param {(panel: import("../experiment/state.js").Enlarged) => void} show makes another panel large
 */
export function drawLegend(state, show) {
  const home = document.getElementById("large-legend") ?? addHome();
  const { large, theme } = state.view;
  home.hidden = large === "";
  if (!large) return;
  const names = runNames(state);
  const panels = ENLARGED.filter((panel) => !isPanelHidden(state, panel));
  const now = JSON.stringify([names, panels, state.live.slots, theme, state.language]);
  if (now !== made) {
    made = now;
    home.replaceChildren(
      el(
        "div",
        { class: "large-panels", role: "group", "aria-label": t("large.panels") },
        ...panels.map((panel) =>
          el("button", {
            type: "button",
            class: "chip",
            "data-panel": panel,
            text: t(LARGE[panel]),
            hint: t("large.open.hint"),
            on: { click: () => show(panel) },
          }),
        ),
      ),
      el("ul", { class: "large-runs" }, ...names.map((name, run) => entry(state, name, run))),
    );
  }
  follow(home, state);
}

function addHome() {
  const home = el("div", { id: "large-legend" });
  document.querySelector("main")?.prepend(home);
  return home;
}

/** One run: its colour, its name, its loss; a click shows it in detail. @param {State} state @param {string} name @param {number} run */
function entry(state, name, run) {
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        "data-run": run,
        title: name,
        hint: t("large.run.hint"),
        on: { click: () => chooseRun(state, run) },
      },
      swatch(state.live.slots[run], state.view.theme),
      el("span", { class: "name", text: name }),
      el("output"),
    ),
  );
}

/** What changes while training goes on. @param {HTMLElement} home @param {State} state */
function follow(home, state) {
  const { large } = state.view;
  for (const button of home.querySelectorAll("[data-panel]")) {
    // The panel of the curves has tabs: it is called by the open one.
    if (button.getAttribute("data-panel") === "loss") setText(button, t(`inside.tab.${state.tab}`));
    button.setAttribute("aria-pressed", String(button.getAttribute("data-panel") === large));
  }
  byId("large-legend")
    .querySelector("ul")
    ?.toggleAttribute("hidden", large === "comparison");
  // A lesson may ask for J before there is any training.
  const asked = state.step === 0 && state.access.locked.has("train");
  home.querySelectorAll("[data-run]").forEach((button, run) => {
    button.setAttribute("aria-pressed", String(run === state.chosen));
    const output = button.querySelector("output");
    if (output) setText(output, asked ? "" : format.loss(state.train[run]));
  });
}
