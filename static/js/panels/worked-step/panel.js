/**
 * One step played slowly: forward, loss, backward, the chain rule of one parameter, the update. Each phase
 * is written as equations, every factor with its shape and its numbers, and lit up in the diagram.
 */

import { isTold } from "../../experiment/access.js";
import { partOf } from "../diagram/geometry.js";
import { byId, el, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { drawChoices } from "./choices.js";
import { drawBlocks, fit } from "./draw.js";
import { formulasOf, phasesOf } from "./formulas.js";
import { notes } from "./notes.js";
import { createRail } from "./rail.js";
import { missing } from "./traced.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Trace} Trace
 * @typedef {import("./formulas.js").Phase} Phase
 * @typedef {import("./terms.js").Which} Which
 */

/**
 * @param {object} options
 * @param {HTMLElement} options.home
 * @param {State} options.state
 * @param {() => void} options.step does the step
 */
export function createExplain({ home, state, step }) {
  /** @type {Which} */
  let which = "sample";
  /** What is drawn, so that it is not drawn twice and stays where it was scrolled to. @type {unknown[]} */
  let drawn = [];
  /** Whether a parameter was asked for: the first one is only where it begins. */
  let asked = state.traced.parameter !== state.summary.parameter_names[0];
  const controls = el("div", { class: "explain-controls" });
  const body = el("div", {
    class: "explain-body",
    tabindex: 0,
    role: "group",
    "aria-label": t("inside.tab.explain"),
  });
  const live = el("p", { class: "sr", "aria-live": "polite" });
  const rail = createRail({
    home,
    phases: () => phasesOf(state.live.spec.layers.length),
    text: () => body.textContent ?? "",
    layer: () => (asked ? (partOf(state.traced.parameter)?.layer ?? 0) : 0),
    show() {
      draw();
      setText(live, title(rail.phase, state.traced.parameter));
      body.scrollTop = 0;
    },
  });
  state.on(["traced"], () => {
    asked ||= state.traced.parameter !== state.summary.parameter_names[0];
  });
  home.replaceChildren(controls, rail.element, body, live);
  new ResizeObserver(() => fit(body)).observe(body);

  /** Another parameter or sample is explained. @param {Partial<State["traced"]>} what */
  function trace(what) {
    state.patch({ traced: { ...state.traced, ...what } });
  }

  function draw() {
    if (home.hidden) return;
    const gone = missing(state);
    if (gone === "sample") return trace({ sample: null });
    if (gone === "parameter") {
      asked = false;
      return trace({ parameter: state.summary.parameter_names[0], sample: null });
    }
    drawChoices(controls, state, which, {
      parameter(parameter) {
        asked = true;
        trace({ parameter });
      },
      sample: (sample) => trace({ sample }),
      which(now) {
        which = now;
        draw();
      },
    });
    rail.draw();
    drawBody();
  }

  function drawBody() {
    const { phase } = rail;
    const { trace: found } = state;
    if (state.playing) return say(t("explain.training"));
    if (!found || found.layers.length !== state.live.spec.layers.length)
      return say(t("signals.waiting"));
    light(state, phase);
    const now = [found, rail.at, which, t("explain.loss"), state.past, runNames(state)[found.run]];
    if (now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    const [lead, ...others] = notes(found, phase, which, isTold(state)).map((text, i) =>
      el("p", { class: i ? "note" : "note lead", text }),
    );
    const about = phase.kind === "update" ? "batch" : which;
    body.replaceChildren(
      el(
        "header",
        { class: "row" },
        el("h3", { text: title(phase, found.parameter.name) }),
        ...rail.layerButtons(),
        el("span", { class: "aside", text: subject(state, found, about) }),
      ),
      lead,
      drawBlocks(formulasOf(found, phase, which)),
      ...others,
      ...(phase.kind === "update" && found.update && !state.past ? [doIt()] : []),
    );
    fit(body);
  }

  /** @param {string} text */
  function say(text) {
    drawn = [];
    body.replaceChildren(el("p", { text }));
  }

  /** After the last phase, the step itself can be done. */
  function doIt() {
    return el("button", {
      type: "button",
      class: "primary outline",
      id: "explain-do",
      text: t("explain.do"),
      on: {
        click: () => {
          step();
          rail.go(0);
        },
      },
    });
  }

  return { draw };
}

/** @param {Phase} phase @param {string} parameter */
function title({ kind, layer }, parameter) {
  return kind === "forward" || kind === "backward"
    ? t(`explain.${kind}.layer`, { layer })
    : t(`explain.${kind}`, { parameter });
}

/** Whose numbers these are. @param {State} state @param {Trace} trace @param {Which} which */
function subject(state, trace, which) {
  return t(`explain.of.${which}`, {
    name: runNames(state)[trace.run],
    step: format.count(trace.step),
    next: format.count(trace.step + 1),
    sample: format.count(trace.sample.index),
    size: format.count(trace.batch.size),
  });
}

/** Lights the phase up in the diagram, and the parameter that is followed. @param {State} state @param {Phase} phase */
function light(state, { kind, layer }) {
  const part = partOf(state.traced.parameter);
  const of = kind === "chain" || kind === "update" ? (part?.layer ?? 0) : layer;
  const focused = document.activeElement?.id === "diagram";
  state.patchNow({
    network: {
      phase: { kind: kind === "chain" ? "backward" : kind, layer: of },
      selected: focused ? state.network.selected : null,
      followed: part,
    },
  });
  showLayer(of);
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
