/** The transport bar: what can be done now, and where in time we are. */

import { byId, setText } from "../ui/dom.js";
import * as format from "../ui/number-format.js";
import { t } from "../ui/i18n.js";
import { SPEEDS } from "./training.js";

/** @typedef {import("../experiment/state.js").State} State */

/** Where in time we are; runs on every drawn frame. @param {State} state */
function drawCounter(state) {
  setText(byId("step-count"), format.count(state.step));
  setText(
    byId("epoch-count"),
    format.count(Math.floor(state.step / (state.summary.batches_per_epoch || 1))),
  );
  const trained = state.playing || state.serverStep > 0;
  disable("reset", !trained);
  disable("back", !state.playing && state.step === 0);
}

/** @param {string} id @param {boolean} disabled */
function disable(id, disabled) {
  const button = byId(id, HTMLButtonElement);
  if (button.disabled !== disabled) button.disabled = disabled;
}

/** @param {State} state */
function drawTransport(state) {
  const key = state.playing ? "transport.pause" : "transport.train";
  const word = byId("train-word");
  word.dataset.i18n = key;
  setText(word, t(key));
  const train = byId("train");
  train.setAttribute("aria-pressed", String(state.playing));
  train.querySelector("use")?.setAttribute("href", state.playing ? "#icon-pause" : "#icon-play");
  drawCounter(state);
}

/** @param {State} state @param {number} now  steps per second, which a busy server may hold back */
function drawSpeed(state, now) {
  const input = byId("speed", HTMLInputElement);
  input.max = String(SPEEDS.length - 1);
  input.value = String(state.view.speed);
  input.style.setProperty("--share", `${(100 * state.view.speed) / (SPEEDS.length - 1)}%`);
  drawPace(SPEEDS[state.view.speed], now);
}

/** @param {number} chosen @param {number} now */
function drawPace(chosen, now) {
  const slower = Math.round(now) < chosen;
  const values = { count: format.count(chosen), now: format.count(Math.max(1, Math.round(now))) };
  const short = slower ? "transport.speed.held.short" : "transport.speed.short";
  setText(byId("speed-value"), t(short, values));
  const said = t(slower ? "transport.speed.held.value" : "transport.speed.value", values);
  if (said !== byId("speed").ariaValueText) byId("speed").ariaValueText = said;
}

/**
 * What the bar's buttons do.
 * @param {State} state
 * @param {import("./conductor.js").Conductor} conductor
 */
export function connectTransport(state, conductor) {
  for (const act of /** @type {const} */ (["step", "back", "reset"]))
    byId(act).addEventListener("click", () => conductor[act]());
  byId("train").addEventListener("click", () => conductor.toggle());
  byId("speed").addEventListener("input", (event) => {
    state.patch({ view: { speed: Number(/** @type {HTMLInputElement} */ (event.target).value) } });
  });
  state.on(["step", "summary"], () => {
    drawCounter(state);
    drawPace(SPEEDS[state.view.speed], conductor.speed());
  });
  state.on(["playing", "language"], () => drawTransport(state));
  state.on(["playing", "view/speed", "language"], () => drawSpeed(state, conductor.speed()));
}
