/** The timeline under the bar: where we are in the history, what happened when, and flags to come back to. */

import { byId, el, icon, setText } from "../ui/dom.js";
import * as format from "../ui/number-format.js";
import { t } from "../ui/i18n.js";
import { eventInWords } from "../experiment/events.js";
import { toggled } from "../experiment/bookmarks.js";

/** @typedef {import("../experiment/state.js").State} State */

const TICKS = 200;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {import("./conductor.js").Conductor} options.conductor
 * @param {() => Promise<typeof import("./branch.js")>} options.branching the panel's module, on first use
 */
export function createTimeline({ state, conductor, branching }) {
  const { seek } = conductor;
  const home = byId("timeline");
  const input = byId("scrubber", HTMLInputElement);
  const panel = byId("branch-panel");
  const opener = byId("branch");
  /** What the ticks and flags were drawn for. */
  let drawn = "";

  /** @param {number} step */
  const place = (step) => `${(100 * step) / Math.max(1, state.serverStep)}%`;

  function drawTicks() {
    const { events } = state.summary;
    const flags = state.bookmarks.filter((step) => step <= state.serverStep);
    const now = JSON.stringify([events, flags, state.serverStep, t("time.title")]);
    if (now === drawn) return;
    drawn = now;
    byId("ticks").replaceChildren(
      ...events.slice(-TICKS).map((event) => {
        const tick = el("i");
        tick.style.left = place(event.step);
        return tick;
      }),
    );
    byId("marks").replaceChildren(
      ...flags.map((step) => {
        const flag = el(
          "button",
          {
            type: "button",
            "aria-label": t("time.flag", { step: format.count(step) }),
            hint: t("time.flag", { step: format.count(step) }),
            on: { click: () => seek.to(step) },
          },
          icon("bookmark"),
        );
        flag.style.left = place(step);
        return flag;
      }),
    );
  }

  function words() {
    const step = format.count(state.step);
    const at = state.past
      ? t("time.past", { step, of: format.count(state.serverStep) })
      : t("time.now", { step });
    const events = state.summary.events.filter((event) => event.step === state.step);
    return { at, happened: events.map((event) => eventInWords(event, state)).join(" · ") };
  }

  const timeline = {
    /** Runs on every drawn frame. */
    draw() {
      const most = state.playing ? state.step : state.serverStep;
      if (input.max !== String(most)) input.max = String(most);
      if (input.value !== String(state.step)) input.value = String(state.step);
      input.style.setProperty("--share", `${most ? (100 * state.step) / most : 100}%`);
      const begun = most > 0;
      if (input.disabled === begun) input.disabled = !begun;
      const { at, happened } = words();
      setText(byId("moment"), at);
      if (state.playing) return;
      input.setAttribute("aria-valuetext", happened ? `${at}. ${happened}` : at);
      byId("moment").title = happened;
      home.classList.toggle("past", state.past);
      byId("to-present").hidden = !state.past;
      byId("play-back", HTMLButtonElement).disabled =
        !begun || (state.step === 0 && !state.replaying);
      byId("play-forth", HTMLButtonElement).disabled = !state.past && !state.replaying;
      byId("play-back").setAttribute("aria-pressed", String(state.replaying === -1));
      byId("play-forth").setAttribute("aria-pressed", String(state.replaying === 1));
      byId("bookmark").setAttribute("aria-pressed", String(state.bookmarks.includes(state.step)));
      drawTicks();
    },
    closeBranch() {
      panel.hidden = true;
      opener.setAttribute("aria-expanded", "false");
    },
  };

  input.addEventListener("input", () => {
    seek.stop();
    seek.to(Number(input.value));
  });
  byId("play-back").addEventListener("click", () => seek.play(-1));
  byId("play-forth").addEventListener("click", () => seek.play(1));
  byId("to-present").addEventListener("click", () => {
    seek.toPresent();
    input.focus();
  });
  byId("bookmark").addEventListener("click", () => {
    state.patch({ bookmarks: toggled(state.bookmarks, state.step) });
  });
  opener.addEventListener("click", async () => {
    if (!panel.hidden) return timeline.closeBranch();
    seek.stop();
    const { drawBranch } = await branching();
    drawBranch(panel, { state, conductor, close: timeline.closeBranch });
    panel.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    panel.querySelector("select")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    timeline.closeBranch();
    opener.focus();
  });
  state.on(
    ["step", "playing", "replaying", "history", "summary", "setup", "bookmarks", "language"],
    timeline.draw,
  );
  state.on(["setup"], timeline.closeBranch);
  return timeline;
}
