/**
 * One step played slowly: forward, loss, backward, the chain rule of one parameter, the update. Each phase
 * is written as a formula, with shapes and with numbers, and lit up in the diagram.
 */

import { partOf } from "../diagram/geometry.js";
import { byId, el, icon, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { label, t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { choice, numberBox } from "../../ui/controls.js";
import { formulasOf, phasesOf } from "./formulas.js";
import { draw as drawMath } from "./mathml.js";

/** @typedef {import("../../experiment/state.js").State} State */

/** How long a phase is shown while the step is played. */
const PACE = 2600;
/** More parameters than this are not listed; they are chosen in the diagram. */
const LISTED = 400;
const GROUPS = /** @type {const} */ (["forward", "loss", "backward", "update"]);

/**
 * @param {object} options
 * @param {HTMLElement} options.home
 * @param {State} options.state
 * @param {() => void} options.redraw draws the diagram
 * @param {() => void} options.step does the step
 * @param {() => void} options.look asks for the trace anew
 */
export function createExplain({ home, state, redraw, step, look }) {
  let at = 0;
  /** @type {"sample"|"batch"} */
  let which = "sample";
  let clock = 0;

  const controls = el("div", { class: "explain-controls" });
  const rail = el("div", { class: "rail", role: "group", "aria-label": t("explain.phases") });
  const body = el("div", {
    class: "explain-body",
    tabindex: 0,
    role: "group",
    "aria-label": t("inside.tab.explain"),
  });
  const live = el("p", { class: "sr", "aria-live": "polite" });
  home.replaceChildren(controls, rail, body, live);

  const phases = () => phasesOf(state.live.spec.layers.length);

  /** @param {number} to */
  function go(to) {
    at = Math.min(phases().length - 1, Math.max(0, to));
    draw();
    setText(live, title(phases()[at]));
    body.scrollTop = 0;
  }

  function stop() {
    clearInterval(clock);
    clock = 0;
    drawRail();
  }

  function play() {
    if (clock) return stop();
    if (at === phases().length - 1) at = 0;
    go(at);
    clock = window.setInterval(() => {
      if (home.hidden || at === phases().length - 1) stop();
      else go(at + 1);
    }, PACE);
    drawRail();
  }

  /** @param {import("./formulas.js").Phase} phase */
  function title({ kind, layer }) {
    return kind === "forward" || kind === "backward"
      ? t(`explain.${kind}.layer`, { layer })
      : t(`explain.${kind}`);
  }

  /** @param {string} name @param {string} picture @param {() => void} click @param {boolean} [off] */
  const tool = (name, picture, click, off = false) =>
    el(
      "button",
      {
        type: "button",
        class: "tool",
        id: `explain-${picture}`,
        "aria-label": t(name),
        hint: t(name),
        disabled: off,
        on: { click },
      },
      icon(picture),
    );

  function drawRail() {
    const all = phases();
    const group = all[at].kind === "chain" ? "backward" : all[at].kind;
    const held = document.activeElement?.id;
    rail.replaceChildren(
      tool("explain.previous", "back", () => go(at - 1), at === 0),
      tool(clock ? "explain.pause" : "explain.play", clock ? "pause" : "play", play),
      tool("explain.next", "step", () => go(at + 1), at === all.length - 1),
      ...GROUPS.map((name) =>
        el("button", {
          type: "button",
          class: "phase",
          id: `phase-${name}`,
          "aria-current": name === group ? "step" : false,
          text: t(`explain.group.${name}`),
          on: {
            click: () => {
              stop();
              go(all.findIndex(({ kind }) => kind === name));
            },
          },
        }),
      ),
    );
    if (held && rail.querySelector(`#${CSS.escape(held)}`))
      /** @type {HTMLElement} */ (rail.querySelector(`#${CSS.escape(held)}`)).focus();
  }

  function drawControls() {
    const names = state.summary.parameter_names;
    const { parameter, sample } = state.traced;
    const samples = state.data?.train.x.length ?? 1;
    const listed = names.length <= LISTED ? names : [parameter];
    const key = JSON.stringify([
      state.summary.id,
      parameter,
      sample,
      which,
      t("explain.parameter"),
    ]);
    if (controls.dataset.of === key) return;
    controls.dataset.of = key;
    const parameters = choice({
      options: listed.map((value) => ({ value, text: value })),
      value: parameter,
      label: t("explain.parameter"),
      hint: t("explain.parameter.hint"),
      pointer: "/parameter",
      id: "explain-parameter",
      change: (value) => {
        state.traced = { ...state.traced, parameter: value };
        look();
      },
    });
    const whose = choice({
      options: [
        { value: "sample", text: t("explain.sample") },
        { value: "batch", text: t("explain.batch") },
      ],
      value: which,
      label: t("explain.which"),
      hint: t("explain.which.hint"),
      pointer: "/which",
      id: "explain-which",
      change: (value) => {
        which = value === "batch" ? "batch" : "sample";
        draw();
      },
    });
    const box = numberBox({
      range: { name: "sample", minimum: 0, maximum: samples - 1, integer: true },
      value: sample ?? state.trace?.sample.index ?? 0,
      label: t("explain.number"),
      hint: t("explain.number.hint"),
      pointer: "/sample",
      id: "explain-sample",
      change: (value) => {
        state.traced = { ...state.traced, sample: value };
        look();
      },
    });
    controls.replaceChildren(
      el("label", { class: "inline" }, t("explain.parameter"), parameters),
      el("label", { class: "inline" }, whose),
      el("label", { class: "inline field" }, t("explain.number"), box),
    );
  }

  function draw() {
    if (home.hidden) return;
    const { parameter_names: names } = state.summary;
    if (!names.includes(state.traced.parameter)) {
      state.traced = { parameter: names[0], sample: null };
      return look();
    }
    drawControls();
    drawRail();
    const { trace } = state;
    const phase = phases()[at] ?? phases()[(at = 0)];
    if (state.playing) return body.replaceChildren(el("p", { text: t("explain.training") }));
    if (!trace || trace.layers.length !== state.live.spec.layers.length)
      return body.replaceChildren(el("p", { text: t("signals.waiting") }));
    light(phase);
    body.replaceChildren(
      el("h3", {}, title(phase), el("span", { class: "aside", text: ` ${subject(trace)}` })),
      ...notes(trace, phase).map((text) => el("p", { class: "note", text })),
      el(
        "dl",
        { class: "formulas" },
        ...formulasOf(trace, phase, which).flatMap((part) => [
          el("dt", { text: t(`explain.part.${part.label}`) }),
          el("dd", { class: "formula", tabindex: 0 }, ...part.lines.map((line) => drawMath(line))),
        ]),
      ),
      ...after(trace, phase),
    );
  }

  /** Whose numbers these are. @param {any} trace */
  function subject(trace) {
    const values = {
      name: runNames(state)[trace.run],
      step: format.count(trace.step),
      next: format.count(trace.step + 1),
      sample: format.count(trace.sample.index),
      size: format.count(trace.batch.size),
    };
    return which === "sample" ? t("explain.of.sample", values) : t("explain.of.batch", values);
  }

  /** Lights the phase up in the diagram, and the parameter that is followed. @param {import("./formulas.js").Phase} phase */
  function light({ kind, layer }) {
    const part = partOf(state.traced.parameter);
    const of = kind === "chain" || kind === "update" ? (part?.layer ?? 0) : layer;
    state.network.phase = { kind: kind === "chain" ? "backward" : kind, layer: of };
    if (document.activeElement?.id !== "diagram") state.network.selected = null;
    state.network.followed = part;
    showLayer(of);
    redraw();
  }

  /** A deep network is wider than its place: the layer of the phase comes into sight. @param {number} layer */
  function showLayer(layer) {
    const layers = byId("layers");
    const column = layers.querySelectorAll(".layer")[layer];
    if (!column || !layer) return;
    const [box, its] = [layers.getBoundingClientRect(), column.getBoundingClientRect()];
    if (its.left - its.width < box.left) layers.scrollLeft += its.left - its.width - box.left;
    else if (its.right > box.right) layers.scrollLeft += its.right - box.right;
  }

  /** What has to be said beside the formulas. @param {any} trace @param {import("./formulas.js").Phase} phase */
  function notes(trace, { kind, layer }) {
    const said = [t(`explain.note.${kind}`)];
    const top = trace.layers[trace.layers.length - 1];
    if (kind === "backward" && layer === top.layer) {
      if (trace.loss.on_logits) said.push(t("explain.note.fused"));
      else if (trace.loss.name === "half_mse" && top.activation === "sigmoid")
        said.push(t("explain.note.article"));
      else if (trace.loss.name === "mse" && top.activation === "sigmoid")
        said.push(t("explain.note.plateau"));
    }
    if (kind === "chain" && !trace.chain.paths) said.push(t("explain.note.many"));
    if (kind === "update") {
      if (!trace.update) return [t("explain.note.diverged")];
      const { optimizer, dying } = trace.update;
      if (optimizer.name !== "gradient_descent")
        said.push(t("explain.note.method", { name: label("optimizers", optimizer) }));
      if (dying) said.push(t(dying.dead ? "explain.note.dead" : "explain.note.shrink"));
      if (trace.update.diverges) said.push(t("explain.note.diverges"));
    }
    return said;
  }

  /** What can be done after the last phase. @param {any} trace @param {import("./formulas.js").Phase} phase */
  function after(trace, { kind }) {
    if (kind !== "update" || !trace.update || state.past) return [];
    return [
      el("button", {
        type: "button",
        class: "primary outline",
        id: "explain-do",
        text: t("explain.do"),
        on: {
          click: () => {
            step();
            go(0);
          },
        },
      }),
    ];
  }

  return { draw };
}
