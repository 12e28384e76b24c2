/** The rail of a step's phases: back, play, on, and a button for each kind of phase. */

import { choice } from "../../ui/controls.js";
import { el, icon } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { language, t } from "../../ui/i18n.js";
import { remember, remembered } from "../../ui/storage.js";
import { PACES, isPace, onAnyInput, readingTime, usualPace } from "./pace.js";

const KEPT = "basin.pace";
const KINDS = /** @type {const} */ (["forward", "loss", "backward", "chain", "update"]);

/**
 * @typedef {import("./formulas.js").Phase} Phase
 * @typedef {import("./pace.js").Pace} Pace
 */

/**
 * @param {object} options
 * @param {HTMLElement} options.home  where the explanation is; playing ends when it is hidden
 * @param {() => Phase[]} options.phases
 * @param {() => string} options.text  what is to be read of the phase that is shown
 * @param {() => number} options.layer  the layer that was asked for, 0 for none
 * @param {() => void} options.show  told that another phase is to be seen
 */
export function createRail({ home, phases, text, layer, show }) {
  const element = el("div", { class: "rail", role: "group", "aria-label": t("explain.phases") });
  const kept = remembered(KEPT);
  /** @type {Pace} */
  let pace = isPace(kept) ? kept : usualPace();
  let at = 0;
  let playing = false;
  let clock = 0;
  let stopListening = () => {};
  /** The same buttons as long as they say the same: a hint knows by it that its control was just pressed. */
  const back = once(() => tool("explain.previous", "back", () => go(at - 1)));
  const toggle = once(() => tool("explain.play", "play", play));
  const next = once(() => tool("explain.next", "step", () => go(at + 1)));
  let drawn = "";

  /** @param {number} to */
  function go(to) {
    at = Math.min(phases().length - 1, Math.max(0, to));
    show();
  }

  function stop() {
    clearTimeout(clock);
    stopListening();
    playing = false;
    draw();
  }

  function play() {
    if (playing) return stop();
    playing = true;
    if (at === phases().length - 1) at = 0;
    stopListening = onAnyInput({ within: element, waits: () => pace === "wait", on, stop });
    show();
    wait();
  }

  /** The next phase of a step that is played; behind the last one it ends. */
  function on() {
    if (home.hidden || at === phases().length - 1) return stop();
    go(at + 1);
    wait();
  }

  /** As long as the phase takes to read. */
  function wait() {
    clearTimeout(clock);
    if (pace !== "wait") clock = window.setTimeout(on, time());
    draw();
  }

  const time = () => readingTime(text(), pace);

  /** @param {string} value */
  function change(value) {
    if (isPace(value)) pace = value;
    remember(KEPT, pace);
    wait();
  }

  /** @param {Phase["kind"]} kind @param {boolean} current */
  const chip = (kind, current) =>
    el("button", {
      type: "button",
      class: "phase",
      id: `phase-${kind}`,
      "aria-current": current ? "step" : false,
      text: t(`explain.group.${kind}`),
      on: {
        click: () => {
          const all = phases();
          const asked = all.findIndex((one) => one.kind === kind && one.layer === layer());
          go(asked < 0 ? all.findIndex((one) => one.kind === kind) : asked);
        },
      },
    });

  function draw() {
    const all = phases();
    if (!all[at]) at = 0;
    const now = JSON.stringify([at, all, playing, pace, t("explain.phases")]);
    if (now === drawn) return; // the bar of the reading time runs on
    drawn = now;
    const held = document.activeElement?.id;
    back().disabled = at === 0;
    const name = t(playing ? "explain.pause" : "explain.play");
    toggle().setAttribute("aria-label", name);
    toggle().dataset.hint = name;
    toggle().replaceChildren(icon(playing ? "pause" : "play"));
    next().disabled = at === all.length - 1;
    element.replaceChildren(
      back(),
      toggle(),
      next(),
      ...KINDS.map((kind) => chip(kind, kind === all[at].kind)),
      ...(playing ? [playRow({ at, count: all.length, pace, time: time(), change })] : []),
    );
    const again = held && element.querySelector(`#${CSS.escape(held)}`);
    if (again instanceof HTMLElement) again.focus();
  }

  return {
    element,
    draw,
    go,
    /** A button for every layer, where a phase has one for each. */
    layerButtons: () => layerButtons(phases(), at, go),
    /** The place of the phase that is shown. */
    get at() {
      return at;
    },
    /** The phase that is shown. */
    get phase() {
      return phases()[at] ?? phases()[(at = 0)];
    },
  };
}

/** @param {Phase[]} all @param {number} at @param {(at: number) => void} go */
function layerButtons(all, at, go) {
  const { kind } = all[at];
  const same = all.filter((one) => one.kind === kind);
  if (same.length < 2) return [];
  return same.map((one) =>
    el("button", {
      type: "button",
      class: "phase layer-chip",
      id: `phase-layer-${one.layer}`,
      "aria-current": one === all[at] ? "step" : false,
      "aria-label": t(`explain.${kind}.layer`, { layer: one.layer }),
      text: String(one.layer),
      on: { click: () => go(all.indexOf(one)) },
    }),
  );
}

/**
 * How far the step has been played, and how fast it goes on.
 * @param {{at: number, count: number, pace: Pace, time: number, change: (value: string) => void}} options
 */
function playRow({ at, count, pace, time, change }) {
  const bar = el("i", { class: "reading-time", "aria-hidden": "true" });
  if (pace === "wait") bar.hidden = true;
  else bar.style.animationDuration = `${time}ms`;
  return el(
    "div",
    { class: "row play-row" },
    el("span", {
      text: t("explain.played", { number: format.count(at + 1), of: format.count(count) }),
    }),
    bar,
    el(
      "label",
      { class: "inline" },
      t("explain.pace"),
      choice({
        options: PACES.map((value) => ({ value, text: t(`explain.pace.${value}`) })),
        value: pace,
        label: t("explain.pace"),
        hint: t("explain.pace.hint"),
        pointer: "/pace",
        id: "explain-pace",
        change,
      }),
    ),
  );
}

/** Makes a button once for a language. @param {() => HTMLButtonElement} make */
function once(make) {
  /** @type {HTMLButtonElement|undefined} */
  let made;
  let of = "";
  return () => {
    if (!made || of !== language()) made = make();
    of = language();
    return made;
  };
}

/** @param {string} name @param {string} picture @param {() => void} click */
function tool(name, picture, click) {
  return el(
    "button",
    {
      type: "button",
      class: "tool",
      id: `explain-${picture}`,
      "aria-label": t(name),
      hint: t(name),
      on: { click },
    },
    icon(picture),
  );
}
