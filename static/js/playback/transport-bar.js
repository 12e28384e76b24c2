/** The transport bar: what can be done now, and where in time we are. */

import { byId, setText } from "../ui/dom.js";
import * as format from "../ui/number-format.js";
import { label, language, t } from "../ui/i18n.js";
import { SPEEDS } from "./transport.js";

/** @typedef {import("../experiment/state.js").State} State */

/** Where in time we are; runs on every drawn frame. @param {State} state */
export function drawCounter(state) {
  setText(byId("step-count"), format.count(state.step));
  setText(
    byId("epoch-count"),
    format.count(Math.floor(state.step / (state.summary.batches_per_epoch || 1))),
  );
  const start = state.step === 0 && !state.playing;
  for (const id of ["reset", "back"]) {
    const button = byId(id, HTMLButtonElement);
    if (button.disabled !== start) button.disabled = start;
  }
}

/** @param {State} state */
export function drawTransport(state) {
  const key = state.playing ? "transport.pause" : "transport.train";
  const word = byId("train-word");
  word.dataset.i18n = key;
  setText(word, t(key));
  const train = byId("train");
  train.setAttribute("aria-pressed", String(state.playing));
  train.querySelector("use")?.setAttribute("href", state.playing ? "#icon-pause" : "#icon-play");
  drawCounter(state);
}

/** @param {State} state */
export function drawSpeed(state) {
  const input = byId("speed", HTMLInputElement);
  input.max = String(SPEEDS.length - 1);
  input.value = String(state.view.speed);
  input.style.setProperty("--share", `${(100 * state.view.speed) / (SPEEDS.length - 1)}%`);
  input.setAttribute(
    "aria-valuetext",
    t("transport.speed.value", { count: format.count(SPEEDS[state.view.speed]) }),
  );
}

/** The presets; the first line says that the learner has gone on from them. @param {HTMLSelectElement} select @param {State} state */
export function drawPresets(select, state) {
  const own = state.preset === "" ? [new Option(t("preset.own"), "")] : [];
  const names = state.catalog.presets.map(
    (preset) => new Option(label("presets", preset), preset.name),
  );
  select.replaceChildren(...own, ...names);
  select.value = state.preset;
}

/** @param {"auto"|"light"|"dark"} choice */
export function drawTheme(choice) {
  const button = byId("theme");
  button.querySelector("use")?.setAttribute("href", `#icon-${choice}`);
  button.dataset.i18nName = `tools.theme.${choice}`;
  button.setAttribute("aria-label", t(`tools.theme.${choice}`));
  byId("language").lang = language() === "en" ? "zh-CN" : "en";
}
