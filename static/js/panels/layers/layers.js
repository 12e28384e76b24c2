/**
 * What flows through each layer: activations forward, gradients backward, beside what the theory of the
 * recipe expects; and for every run one line in words with the number that says so.
 */

import { palette, runColor } from "../../ui/theme.js";
import { diagnosisInWords } from "./diagnosis-words.js";
import { el, setText, sharp } from "../../ui/dom.js";
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

const CELL = { width: 56, height: 28 };
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
    const { found, todo } = diagnosisInWords(diagnosis);
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
  const heads = [
    "layer",
    "activations",
    "std",
    "gradients",
    "norm",
    "saturated",
    "dead",
    "distinct",
  ];
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
          el("td", {}, el("canvas", { role: "img" })),
          el("td"),
          el("td", {}, el("canvas", { role: "img" })),
          ...Array.from({ length: 4 }, () => el("td")),
        ),
      ),
    ),
  );
  home.replaceChildren(
    list,
    el("div", { class: "signals-table" }, table),
    el("p", { class: "aside", id: "norms-title", text: t("signals.norms") }),
    el("canvas", { class: "norms", role: "img", "aria-labelledby": "norms-title" }),
  );
}

/** @param {Element} row @param {LayerSignals|undefined} layer @param {State} state */
function fillRow(row, layer, state) {
  if (!layer) return;
  const [activations, gradients] = row.querySelectorAll("canvas");
  const color = runColor(state.live.slots[state.chosen], state.view.theme);
  drawHistogram(activations, layer.activation.histogram, color, state);
  drawHistogram(gradients, layer.gradient.histogram, color, state);
  const cells = row.querySelectorAll("td");
  const texts = [
    null,
    t("signals.std.value", {
      std: format.number(rounded(layer.activation.std)),
      expected: format.number(rounded(layer.activation.expected_std)),
    }),
    null,
    format.number(rounded(layer.gradient.norm)),
    layer.saturated === null ? "–" : format.percent(layer.saturated),
    layer.dead === null ? "–" : format.percent(layer.dead),
    layer.units < 2
      ? "1"
      : t("signals.distinct.value", {
          distinct: layer.distinct,
          units: layer.units,
          similarity: layer.similarity === null ? "–" : format.plain(layer.similarity, 2),
        }),
  ];
  texts.forEach((text, i) => text !== null && setText(cells[i], text));
  cells[6].classList.toggle("alike", layer.distinct < layer.units);
}

/** To three digits. @param {number|null} value */
const rounded = (value) => (value === null ? null : toDigits(value, 3));

/** @param {HTMLCanvasElement} canvas @param {Histogram|null} histogram @param {string} color @param {State} state */
function drawHistogram(canvas, histogram, color, state) {
  canvas.style.width = `${CELL.width}px`;
  canvas.style.height = `${CELL.height}px`;
  const context = sharp(canvas, CELL.width, CELL.height);
  const { line, muted } = palette(state.view.theme);
  context.fillStyle = line;
  context.fillRect(0, CELL.height - 1, CELL.width, 1);
  if (!histogram) return canvas.setAttribute("aria-label", t("signals.none"));
  const { low, high, counts } = histogram;
  const most = Math.max(...counts, 1);
  const width = CELL.width / counts.length;
  context.fillStyle = color;
  counts.forEach((count, i) => {
    // The root keeps a thin tail visible beside a tall peak.
    const height = Math.sqrt(count / most) * (CELL.height - 3);
    context.fillRect(i * width + 0.5, CELL.height - 1 - height, Math.max(1, width - 1), height);
  });
  if (low < 0 && high > 0) {
    context.fillStyle = muted;
    context.fillRect((-low / (high - low)) * CELL.width, 0, 1, CELL.height);
  }
  const range = { low: format.number(rounded(low)), high: format.number(rounded(high)) };
  canvas.setAttribute("aria-label", t("signals.histogram", range));
  canvas.dataset.hint = t("signals.histogram", range);
}

/** The length of the gradient of every layer over time, on a logarithmic scale. @param {HTMLCanvasElement} canvas @param {State} state */
function drawNorms(canvas, state) {
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
