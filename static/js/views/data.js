/** The choice of data: drawn thumbnails, and the numbers of the kind that is chosen. */

import { classColor, palette } from "../colors.js";
import { byId, el, setText, sharp } from "../dom.js";
import * as edits from "../edits.js";
import * as format from "../format.js";
import { hint, label } from "../i18n.js";
import { find } from "../spec.js";
import { rebuild, numberField, field, seedRow, sliderField } from "./controls.js";
import { drawCustom } from "./custom.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {(setup: import("../types.js").Setup) => void} Change
 */

/** @param {State} state @param {Change} change */
export function drawData(state, change) {
  const { catalog, setup } = state;
  const { data } = setup.spec;
  const chosen = find(catalog.data, data.name);
  setText(byId("data-name"), chosen ? label("data", chosen) : data.name);
  rebuild(
    byId("datasets"),
    catalog.data.map((entry) => thumb(entry, state, change)),
  );
  rebuild(byId("data-fields"), chosen ? parameters(chosen, state, change) : []);
  drawCustom(byId("custom"), state, change);
}

/** @param {Choice} entry @param {State} state @param {Change} change */
function thumb(entry, state, change) {
  const input = el("input", {
    type: "radio",
    name: "data",
    value: entry.name,
    "aria-label": label("data", entry),
    "data-focus": `data/${entry.name}`,
    on: { change: () => change(edits.chooseData(state.setup, entry.name, state.catalog)) },
  });
  input.checked = state.setup.spec.data.name === entry.name;
  const canvas = el("canvas", { "aria-hidden": "true" });
  drawThumbnail(canvas, entry, state.view.theme);
  const text = `${label("data", entry)}: ${hint("data", entry)}`;
  return el("label", { class: "thumb", hint: text, "data-data": entry.name }, input, canvas);
}

/** @param {HTMLCanvasElement} canvas @param {Choice} entry @param {import("../colors.js").Theme} theme */
function drawThumbnail(canvas, entry, theme) {
  const size = 44;
  const context = sharp(canvas, size, size);
  if (!entry.thumbnail) {
    // Brought by the learner: a small table.
    context.strokeStyle = palette(theme).muted;
    context.lineWidth = 1.2;
    context.strokeRect(11, 12, 22, 20);
    for (const y of [18.7, 25.3]) line(context, 11, y, 33, y);
    line(context, 22, 12, 22, 32);
    return;
  }
  const { x, y, target } = entry.thumbnail;
  const regression = entry.task === "regression" && entry.inputs === 1;
  const [left, width] = span(x);
  const [bottom, height] = span(y);
  const inner = size - 12;
  const middle = (Math.min(...target) + Math.max(...target)) / 2;
  for (let i = 0; i < x.length; i++) {
    context.fillStyle = regression
      ? palette(theme).muted
      : classColor(target[i] > middle ? 1 : 0, theme);
    context.beginPath();
    context.arc(
      6 + ((x[i] - left) / width) * inner,
      size - 6 - ((y[i] - bottom) / height) * inner,
      1.3,
      0,
      7,
    );
    context.fill();
  }
}

/** @param {CanvasRenderingContext2D} context @param {number[]} ends */
function line(context, ...[x1, y1, x2, y2]) {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** @param {number[]} values @returns {[number, number]} */
function span(values) {
  const low = Math.min(...values);
  return [low, Math.max(...values) - low || 1];
}

/** @param {Choice} chosen @param {State} state @param {Change} change */
function parameters(chosen, state, change) {
  const { setup } = state;
  const values = /** @type {Record<string, any>} */ (setup.spec.data);
  return [...chosen.parameters]
    .sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name))
    .map((range) => {
      const options = {
        range,
        value: values[range.name] ?? range.default ?? null,
        label: label("parameters", range),
        hint: hint("parameters", range),
        pointer: `/data/${range.name}`,
        id: `data-${range.name}`,
        /** @param {number} value */
        change: (value) =>
          change(edits.withSpec(setup, { data: { ...setup.spec.data, [range.name]: value } })),
      };
      if (range.name === "seed") return field(options.label, [seedRow(options)]);
      if (range.name === "train_fraction")
        return sliderField({ ...options, step: 0.05, read: format.percent });
      if (range.integer) return numberField(options);
      return sliderField({ ...options, step: 0.05 });
    });
}

const ORDER = ["noise", "train_fraction", "samples", "seed"];
