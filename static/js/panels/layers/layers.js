/**
 * What flows through each layer: activations forward, gradients backward, beside what the theory of the
 * recipe expects; and for every run one line in words with the number that says so.
 */

import { isTold } from "../../experiment/access.js";
import { palette, runColor } from "../../ui/theme.js";
import { diagnosisInWords } from "./diagnosis-words.js";
import { byId, el, setText, sharp } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { FONT } from "../../ui/canvas-axes.js";
import { toDigits } from "../../ui/round.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").LayerSignals} LayerSignals
 * @typedef {import("../../types.js").Histogram} Histogram
 */

const HISTOGRAM = 36;
const UNTOLD = { found: "", todo: "" };
const CHART = 132;

/**
 * @param {HTMLElement} home
 * @param {State} state
 * @param {(run: number) => void} choose
 */
export function drawSignals(home, state, choose) {
  const { diagnostics, live, view } = state;
  if (!diagnostics) return setText(home, t("signals.waiting"));
  const names = runNames(state);
  const key = JSON.stringify([names, live.spec.layers, t("signals.layer"), view.theme, live.slots]);
  if (home.dataset.of !== key || !home.firstElementChild) {
    home.dataset.of = key;
    build(home, state, names, choose);
  }
  const rows = home.querySelectorAll(".diagnoses li");
  diagnostics.runs.forEach(({ diagnosis }, run) => {
    const { found, todo } = isTold(state) ? diagnosisInWords(diagnosis) : UNTOLD;
    const [words, advice] = rows[run]?.querySelectorAll("span.said") ?? [];
    if (words) setText(words, found);
    if (advice) setText(advice, todo);
    rows[run]?.classList.toggle("chosen", run === state.chosen);
    rows[run]?.querySelector("button")?.setAttribute("aria-pressed", String(run === state.chosen));
  });
  const told = diagnostics.runs[state.chosen];
  setText(
    /** @type {HTMLElement} */ (home.querySelector(".signals-of")),
    t("signals.of", {
      name: names[state.chosen],
      step: format.count(diagnostics.step),
      samples: format.count(diagnostics.samples),
    }),
  );
  home.querySelectorAll("tbody tr").forEach((row, i) => fillRow(row, told?.layers[i], state));
  drawNorms(/** @type {HTMLCanvasElement} */ (home.querySelector("canvas.norms")), state);
}

/** @param {HTMLElement} home @param {State} state @param {string[]} names @param {(run: number) => void} choose */
function build(home, state, names, choose) {
  const { live, view } = state;
  const list = el(
    "ul",
    { class: "diagnoses" },
    ...names.map((name, run) => {
      const dot = el("i", { class: "dot", "aria-hidden": "true" });
      dot.style.background = runColor(live.slots[run], view.theme);
      return el(
        "li",
        {},
        el(
          "button",
          {
            type: "button",
            class: "name",
            "aria-pressed": "false",
            on: { click: () => choose(run) },
          },
          dot,
          name,
        ),
        el("p", {}, el("span", { class: "said" }), " ", el("span", { class: "said aside" })),
      );
    }),
  );
  const heads = ["layer", "activations", "gradients", "neurons"];
  const table = el(
    "table",
    {},
    el("caption", { class: "signals-of" }),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...heads.map((head) =>
          el("th", {
            scope: "col",
            text: t(`signals.${head}`),
            hint: t(`signals.${head}.hint`),
            tabindex: 0,
          }),
        ),
      ),
    ),
    el(
      "tbody",
      {},
      ...live.spec.layers.map((_, i) =>
        el(
          "tr",
          { "data-layer": i + 1 },
          el("th", { scope: "row", text: String(i + 1) }),
          el("td", {}, ...histogramPlace()),
          el("td", {}, ...histogramPlace()),
          el("td", { class: "neurons" }),
        ),
      ),
    ),
  );
  home.replaceChildren(
    list,
    el("div", { class: "signals-table" }, table),
    el("p", { class: "aside", id: "norms-title" }),
    el("canvas", { class: "norms", role: "img", "aria-labelledby": "norms-title" }),
  );
}

/** A histogram, its axis, and what is said of it. */
function histogramPlace() {
  const axis = el("div", { class: "axis", "aria-hidden": "true" }, el("span"), el("span"));
  return [el("canvas", { role: "img" }), axis, el("p", { class: "said" })];
}

/** @param {Element} row @param {LayerSignals|undefined} layer @param {State} state */
function fillRow(row, layer, state) {
  if (!layer) return;
  const { activation, gradient } = layer;
  const color = runColor(state.live.slots[state.chosen], state.view.theme);
  const [, activations, gradients, neurons] = row.children;
  const std = t("signals.std", { std: format.number(rounded(activation.std)) });
  const theory = t("signals.theory", { std: format.number(rounded(activation.expected_std)) });
  const spread = activation.expected_std === null ? [std] : [std, theory];
  fillHistogram(activations, activation.histogram, spread, color, state);
  const norm = t("signals.norm", { norm: format.number(rounded(gradient.norm)) });
  fillHistogram(gradients, gradient.histogram, [norm], color, state);
  const told = neuronsInWords(layer);
  if (neurons.childElementCount !== told.length)
    neurons.replaceChildren(...told.map(() => el("p")));
  told.forEach((text, i) => setText(neurons.children[i], text));
  neurons.firstElementChild?.classList.toggle("alike", layer.distinct < layer.units);
}

/** What is to be said of a layer's neurons; only what a layer of its kind can have. @param {LayerSignals} layer */
export function neuronsInWords({ units, distinct, similarity, saturated, dead }) {
  const words = units < 2 ? [t("signals.one")] : [t("signals.distinct.value", { distinct, units })];
  if (units > 1 && similarity !== null)
    words.push(t("signals.similarity", { similarity: format.plain(similarity, 2) }));
  if (saturated !== null) words.push(t("signals.saturated", { share: format.percent(saturated) }));
  if (dead !== null) words.push(t("signals.dead", { share: format.percent(dead) }));
  return words;
}

/** To some digits. @param {number|null} value @param {number} [digits] */
const rounded = (value, digits = 3) => (value === null ? null : toDigits(value, digits));

/**
 * @param {Element} cell
 * @param {Histogram|null} histogram
 * @param {string[]} words
 * @param {string} color
 * @param {State} state
 */
function fillHistogram(cell, histogram, words, color, state) {
  const [canvas, axis, said] = cell.children;
  const [low, high] = axis.children;
  const count = histogram?.counts.reduce((sum, one) => sum + one, 0) ?? 0;
  setText(low, histogram ? format.number(rounded(histogram.low, 2)) : "");
  setText(high, histogram ? format.number(rounded(histogram.high, 2)) : "");
  setText(said, [...words, t("signals.count", { n: format.count(count) })].join("\n"));
  drawHistogram(/** @type {HTMLCanvasElement} */ (canvas), histogram, color, state);
}

/** @param {HTMLCanvasElement} canvas @param {Histogram|null} histogram @param {string} color @param {State} state */
function drawHistogram(canvas, histogram, color, state) {
  const across = canvas.clientWidth;
  if (!across) return;
  canvas.style.height = `${HISTOGRAM}px`;
  const context = sharp(canvas, across, HISTOGRAM);
  const { line, muted } = palette(state.view.theme);
  context.fillStyle = line;
  context.fillRect(0, HISTOGRAM - 1, across, 1);
  if (!histogram) return canvas.setAttribute("aria-label", t("signals.none"));
  const { low, high, counts } = histogram;
  const most = Math.max(...counts, 1);
  const width = across / counts.length;
  context.fillStyle = color;
  counts.forEach((count, i) => {
    // The root keeps a thin tail visible beside a tall peak.
    const height = Math.sqrt(count / most) * (HISTOGRAM - 3);
    context.fillRect(i * width + 0.5, HISTOGRAM - 1 - height, Math.max(1, width - 1), height);
  });
  if (low < 0 && high > 0) {
    const zero = (-low / (high - low)) * across;
    context.fillStyle = muted;
    context.fillRect(Math.round(zero), 0, 1, HISTOGRAM);
    context.font = FONT;
    context.textBaseline = "top";
    context.textAlign = zero < across / 2 ? "left" : "right";
    context.fillText("0", zero + (zero < across / 2 ? 4 : -3), 0);
  }
  const range = { low: format.number(rounded(low)), high: format.number(rounded(high)) };
  canvas.setAttribute("aria-label", t("signals.histogram", range));
}

/** The length of the gradient of every layer over time, on a logarithmic scale. @param {HTMLCanvasElement} canvas @param {State} state */
function drawNorms(canvas, state) {
  const begun = (state.norms?.steps.at(-1) ?? 0) > 0;
  canvas.hidden = !begun;
  setText(byId("norms-title"), t(begun ? "signals.norms" : "signals.norms.later"));
  const width = canvas.clientWidth;
  if (!width) return;
  canvas.style.height = `${CHART}px`;
  const context = sharp(canvas, width, CHART);
  const { line, muted } = palette(state.view.theme);
  const told = state.norms;
  const series = told?.norms[state.chosen] ?? [];
  const positive = series.flat().filter((v) => v !== null && v > 0);
  if (!told || !positive.length) return;
  const low = Math.floor(Math.log10(Math.min(.../** @type {number[]} */ (positive))));
  const high = Math.max(
    low + 1,
    Math.ceil(Math.log10(Math.max(.../** @type {number[]} */ (positive)))),
  );
  const box = { left: 46, top: 6, right: width - 22, bottom: CHART - 20 };
  const last = Math.max(1, told.steps[told.steps.length - 1]);
  /** @param {number} step */
  const px = (step) => box.left + (step / last) * (box.right - box.left);
  /** @param {number} norm */
  const py = (norm) =>
    box.bottom - ((Math.log10(norm) - low) / (high - low)) * (box.bottom - box.top);
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const every = Math.ceil((high - low) / 4);
  for (let power = low; power <= high; power += every) {
    context.fillStyle = line;
    context.fillRect(box.left, Math.round(py(10 ** power)), box.right - box.left, 1);
    context.fillStyle = muted;
    context.fillText(format.number(10 ** power), box.left - 6, py(10 ** power));
  }
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText("0", box.left, box.bottom + 4);
  context.textAlign = "right";
  context.fillText(t("signals.step", { step: format.count(last) }), box.right, box.bottom + 4);
  series.forEach((norms, layer) => {
    context.strokeStyle = runColor(state.live.slots[state.chosen], state.view.theme);
    context.globalAlpha = 0.4 + (0.6 * (layer + 1)) / series.length;
    context.lineWidth = 1.75;
    context.beginPath();
    let pen = false;
    /** @type {[number, number]|null} */
    let end = null;
    norms.forEach((norm, i) => {
      if (norm === null || norm <= 0) return void (pen = false);
      end = [px(told.steps[i]), py(norm)];
      if (pen) context.lineTo(...end);
      else context.moveTo(...end);
      pen = true;
    });
    context.stroke();
    context.globalAlpha = 1;
    if (!end) return;
    context.fillStyle = muted;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(String(layer + 1), end[0] + 5, end[1]);
  });
}
