/** What the chosen run has learned: its output over the data. */

import { classTable, groupColor, palette } from "../../ui/theme.js";
import { byId, setText, sharp } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { nice } from "../../experiment/features.js";
import { inputPlane } from "../../experiment/input-plane.js";
import { isTold } from "../../experiment/access.js";
import { toldStatus } from "../../experiment/run-names.js";
import { t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { decode } from "../../server/typed-array.js";
import { colourOf } from "./sample-colour.js";
import { targetRange } from "./target-range.js";
import { inOwnUnits } from "../../experiment/target-units.js";
import { drawAxes, labelRoom, likeSquare, scales } from "../../ui/canvas-axes.js";
import { paint, paintClasses } from "../../ui/heatmap.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").DataSet} DataSet
 * @typedef {import("../../types.js").Points} Points
 *
 * @typedef {{box: import("../../ui/canvas-axes.js").Box, x: [number, number], y: [number, number],
 *   axes: [number, number]}} Frame   where a map is drawn, and what its ends are
 */

const MARGIN = { left: 34, top: 8, right: 8, bottom: 24 };
const scratch = document.createElement("canvas");

/**
 * What the vertical axis shows: an input, or of one input the target, in its own units, or a neuron.
 * @param {DataSet} data @param {[number, number]} targets @param {number} up @param {Shown["neuron"]} neuron
 * @returns {[number, number]}
 */
function verticalRange(data, targets, up, neuron) {
  if (data.inputs.length > 1) return /** @type {[number, number]} */ (data.extent[up]);
  const [low, high] = neuron?.range ?? targets.map(inOwnUnits(data));
  const margin = 0.12 * (high - low);
  return [low - margin, high + margin];
}

/**
 * What is drawn over the data: the network's output, or the map of one neuron between the ends of its colours.
 * @typedef {{outputs: import("../../types.js").Outputs|null,
 *   neuron: {values: ArrayLike<number>, range: [number, number], name: string}|null}} Shown
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {State} state
 * @param {Shown} shown
 * @returns {Frame|null} where it is drawn
 */
export function drawMap(canvas, state, shown) {
  const { data, view } = state;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!data || !width || !height) return null;
  const context = sharp(canvas, width, height);
  const range = targetRange(data);
  const axes = inputPlane(state);
  const y = verticalRange(data, range, axes[1], shown.neuron);
  const left = Math.max(MARGIN.left, labelRoom(context, y));
  const planar = data.inputs.length > 1;
  const room = {
    left,
    top: MARGIN.top,
    width: width - left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
  const box = planar ? likeSquare(room) : room;
  const x = /** @type {[number, number]} */ (data.extent[planar ? axes[0] : 0]);
  const frame = { box, x, y, axes };
  if (!planar) {
    drawCurve(context, frame, state, range, shown);
    return frame;
  }
  paintPlane(context, frame, shown, range, view.theme);
  const names = /** @type {[string, string]} */ (axes.map((axis) => nice(data.inputs[axis])));
  drawAxes(context, box, { x, y, names, theme: view.theme });
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  const [px, py] = scales(box, x, y);
  const colour = colourOf(data, range, view.theme);
  const count = data.train.x.length;
  const dot = count > 400 ? 2 : count > 30 ? 2.6 : 4.5;
  if (view.showTest && data.test) {
    context.lineWidth = 1.2;
    data.test.x.forEach((point, i) => {
      context.strokeStyle = colour(/** @type {Points} */ (data.test).y[i]);
      ring(context, px(point[axes[0]]), py(point[axes[1]]), dot);
      context.stroke();
    });
  }
  context.lineWidth = 0.8;
  context.strokeStyle = palette(view.theme).rim;
  data.train.x.forEach((point, i) => {
    context.fillStyle = colour(data.train.y[i]);
    ring(context, px(point[axes[0]]), py(point[axes[1]]), dot);
    context.fill();
    context.stroke();
  });
  context.restore();
  return frame;
}

/**
 * The map of the output, or of a neuron, as a picture.
 * @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Shown} shown
 * @param {[number, number]} targets @param {import("../../ui/theme.js").Theme} theme
 */
function paintPlane(context, { box }, { outputs, neuron }, targets, theme) {
  const values = neuron ? neuron.values : outputs?.y && decode(outputs.output);
  if (!values) return;
  const side = outputs && !neuron ? outputs.x.length : Math.round(Math.sqrt(values.length));
  const range = neuron ? neuron.range : targets;
  if (scratch.width !== side) scratch.width = scratch.height = side;
  const inner = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
  if (values.length > side * side) paintClasses(inner, values, side, theme);
  else paint(inner, values, side, ...range, classTable(theme));
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(scratch, box.left, box.top, box.width, box.height);
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
function ring(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * One input: the output as a curve through the points.
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {State} state
 * @param {[number, number]} targets
 * @param {Shown} shown
 */
function drawCurve(context, { box, x, y }, state, targets, { outputs, neuron }) {
  const { view } = state;
  const data = /** @type {DataSet} */ (state.data);
  const own = inOwnUnits(data);
  const [px, py] = scales(box, x, y);
  drawAxes(context, box, {
    x,
    y,
    names: [nice(data.inputs[0]), neuron?.name ?? data.target ?? "y"],
    theme: view.theme,
  });
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  if (neuron) {
    const { values } = neuron;
    context.strokeStyle = palette(view.theme).ink;
    context.lineWidth = 2;
    context.beginPath();
    for (let i = 0; i < values.length; i++)
      context.lineTo(px(x[0] + (i / (values.length - 1)) * (x[1] - x[0])), py(values[i]));
    context.stroke();
    context.restore();
    return;
  }
  const { muted } = palette(view.theme);
  const ofClass = colourOf(data, targets, view.theme);
  /** @param {Points["y"][number]} target */
  const colour = (target) => (data.classes ? ofClass(target) : muted);
  /** @param {Points["y"][number]} target */
  const height = (target) => own(Array.isArray(target) ? Math.max(...target) : target);
  context.lineWidth = 1.2;
  if (view.showTest) {
    data.test?.x.forEach((point, i) => {
      const target = /** @type {Points} */ (data.test).y[i];
      context.strokeStyle = colour(target);
      ring(context, px(point[0]), py(height(target)), 2.5);
      context.stroke();
    });
  }
  data.train.x.forEach((point, i) => {
    context.fillStyle = colour(data.train.y[i]);
    ring(context, px(point[0]), py(height(data.train.y[i])), 2.5);
    context.fill();
  });
  if (outputs) {
    const values = decode(outputs.output);
    const count = outputs.x.length;
    const several = values.length > count;
    context.lineWidth = 2;
    for (let from = 0; from < values.length; from += count) {
      context.strokeStyle = several
        ? groupColor(from / count, view.theme)
        : palette(view.theme).ink;
      context.beginPath();
      outputs.x.forEach((at, i) => context.lineTo(px(at), py(own(values[from + i]))));
      context.stroke();
    }
  }
  context.restore();
}

/** The numbers beside the map. @param {State} state */
export function drawFacts(state) {
  const { chosen } = state;
  setText(byId("train-loss"), format.loss(state.train[chosen]));
  const test = state.test[chosen];
  setText(
    byId("test-loss"),
    test === null && !state.data?.test?.x.length ? t("learned.noTest") : format.loss(test),
  );
  setText(byId("run-status"), toldStatus(state, chosen));
}

/** The map in words. @param {State} state */
export function summarizeMap(state) {
  const { chosen } = state;
  return t(isTold(state) ? "learned.summary" : "learned.summary.numbers", {
    name: runNames(state)[chosen],
    step: format.count(state.step),
    train: format.loss(state.train[chosen]),
    status: toldStatus(state, chosen),
  });
}
