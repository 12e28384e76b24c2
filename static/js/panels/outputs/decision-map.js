/** What the chosen run has learned: its output over the data. */

import { classColor, classTable, css, groupColor, palette } from "../../ui/theme.js";
import { byId, el, setText, sharp } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { subscript } from "../../experiment/features.js";
import { statusInWords } from "../../experiment/run-names.js";
import { t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { decode, extent } from "../../server/typed-array.js";
import { inOwnUnits } from "../../experiment/target-units.js";
import { drawAxes, labelRoom, scales } from "../../ui/canvas-axes.js";
import { paint, paintClasses } from "../../ui/heatmap.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").DataSet} DataSet
 * @typedef {import("../../types.js").Points} Points
 */

const MARGIN = { left: 34, top: 8, right: 8, bottom: 24 };
const scratch = document.createElement("canvas");

/** @param {Points["y"][number]} target */
const first = (target) => (Array.isArray(target) ? target[0] : target);

/** The lowest and the highest target, which the two ends of the colours mean. @param {DataSet} data @returns {[number, number]} */
function targetRange(data) {
  const all = [...data.train.y, ...(data.test?.y ?? [])].map(first);
  const [low, high] = extent(all) ?? [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/**
 * What the vertical axis shows: the second input, or of one input the target, in its own units.
 * @param {DataSet} data @param {[number, number]} targets @returns {[number, number]}
 */
function verticalRange(data, targets) {
  if (data.inputs.length > 1) return /** @type {[number, number]} */ (data.extent[1]);
  const [low, high] = targets.map(inOwnUnits(data));
  const margin = 0.12 * (high - low);
  return [low - margin, high + margin];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {State} state
 */
export function drawMap(canvas, state) {
  const { data, outputs, view } = state;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!data || !width || !height) return;
  const context = sharp(canvas, width, height);
  const range = targetRange(data);
  const left = Math.max(MARGIN.left, labelRoom(context, verticalRange(data, range)));
  const box = {
    left,
    top: MARGIN.top,
    width: width - left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
  if (data.inputs.length === 1) return drawCurve(context, box, state, range);
  const [x, y] = /** @type {[number, number][]} */ (data.extent);
  if (outputs?.y) {
    const side = outputs.x.length;
    if (scratch.width !== side) scratch.width = scratch.height = side;
    const inner = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
    const values = decode(outputs.output);
    if (values.length > side * side) paintClasses(inner, values, side, view.theme);
    else paint(inner, values, side, ...range, classTable(view.theme));
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(scratch, box.left, box.top, box.width, box.height);
  }
  const names = /** @type {[string, string]} */ (data.inputs.slice(0, 2).map(nice));
  drawAxes(context, box, { x, y, names, theme: view.theme });
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  const [px, py] = scales(box, x, y);
  const colour = colourOf(data, range, view.theme);
  const dot = data.train.x.length > 400 ? 2 : 2.6;
  if (view.showTest && data.test) {
    context.lineWidth = 1.2;
    data.test.x.forEach((point, i) => {
      context.strokeStyle = colour(/** @type {Points} */ (data.test).y[i]);
      ring(context, px(point[0]), py(point[1]), dot);
      context.stroke();
    });
  }
  context.lineWidth = 0.8;
  context.strokeStyle = palette(view.theme).rim;
  data.train.x.forEach((point, i) => {
    context.fillStyle = colour(data.train.y[i]);
    ring(context, px(point[0]), py(point[1]), dot);
    context.fill();
    context.stroke();
  });
  context.restore();
}

/**
 * The colour of a sample's target: its class's, or for a number one between the two ends.
 * @param {DataSet} data
 * @param {[number, number]} range
 * @param {import("../../ui/theme.js").Theme} theme
 * @returns {(target: Points["y"][number]) => string}
 */
function colourOf(data, [low, high], theme) {
  if (data.task === "regression") {
    const table = classTable(theme, 1);
    return (target) => css(table[Math.round((255 * (first(target) - low)) / (high - low))]);
  }
  return (target) =>
    Array.isArray(target)
      ? groupColor(target.indexOf(Math.max(...target)), theme)
      : classColor(target > (low + high) / 2 ? 1 : 0, theme);
}

/** An input's own name x1 as it is written, x₁. @param {string} name */
const nice = (name) => (/^x\d+$/.test(name) ? `x${subscript(Number(name.slice(1)))}` : name);

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
function ring(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * One input: the output as a curve through the points.
 * @param {CanvasRenderingContext2D} context
 * @param {import("../../ui/canvas-axes.js").Box} box
 * @param {State} state
 * @param {[number, number]} targets
 */
function drawCurve(context, box, state, targets) {
  const { outputs, view } = state;
  const data = /** @type {DataSet} */ (state.data);
  const y = verticalRange(data, targets);
  const own = inOwnUnits(data);
  const x = /** @type {[number, number]} */ (data.extent[0]);
  const [px, py] = scales(box, x, y);
  drawAxes(context, box, {
    x,
    y,
    names: [nice(data.inputs[0]), data.target ?? "y"],
    theme: view.theme,
  });
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
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
  setText(byId("run-status"), statusInWords(state.runs[chosen]));
}

/** What the colours and the points mean. @param {HTMLElement} home @param {State} state */
export function drawLegend(home, state) {
  const { data, view } = state;
  const keys = data ? outputKeys(data, view.theme) : [];
  const points = el("span", { class: "points" });
  points.append(
    el("span", { class: "key" }, el("span", { class: "dot" }), t("learned.trainPoints")),
  );
  if (data?.test?.x.length && view.showTest) {
    points.append(
      el("span", { class: "key" }, el("span", { class: "dot open" }), t("learned.testPoints")),
    );
  }
  keys.push(points);
  if (data?.target_scale) {
    const scale = format.compact(data.target_scale.scale[0], 3);
    const target = data.target ?? "y";
    keys.push(el("span", { text: t("learned.units", { target, scale }) }));
  }
  if (data && data.inputs.length > 2) keys.push(el("span", { text: t("learned.others") }));
  home.replaceChildren(...keys);
}

/**
 * What the colours of the output mean: classes, a range of numbers, or the curve of one input.
 * @param {DataSet} data @param {import("../../ui/theme.js").Theme} theme
 * @returns {HTMLElement[]}
 */
function outputKeys(data, theme) {
  const { classes } = data;
  if (classes && classes.length > 2) {
    const keys = classes.map((name, kind) => {
      const dot = el("span", { class: "dot" });
      dot.style.background = groupColor(kind, theme);
      return el("span", { class: "key" }, dot, t("learned.class", { name }));
    });
    return [el("span", { class: "classes" }, ...keys)];
  }
  if (data.inputs.length < 2)
    return [el("span", { class: "key" }, el("span", { class: "stroke" }), t("learned.curve"))];
  const [low, high] = targetRange(data);
  return [
    el("span", { text: t("learned.output") }),
    el(
      "span",
      { class: "ends" },
      el("span", { text: endName(data, 0, low) }),
      colourBar(theme),
      el("span", { text: endName(data, 1, high) }),
    ),
  ];
}

/** All colours of the map, from its lowest number to its highest. @param {import("../../ui/theme.js").Theme} theme */
function colourBar(theme) {
  const bar = el("canvas", { width: 256, height: 1, "aria-hidden": "true" });
  const context = /** @type {CanvasRenderingContext2D} */ (bar.getContext("2d"));
  const image = context.createImageData(256, 1);
  new Uint32Array(image.data.buffer).set(classTable(theme));
  context.putImageData(image, 0, 0);
  return bar;
}

/** What an end of the colours means: a class that the learner has named, else a number. @param {DataSet} data @param {0|1} end @param {number} value */
function endName(data, end, value) {
  const name = data.classes?.length === 2 ? data.classes[end] : "";
  if (name && Number.isNaN(Number(name))) return name;
  return format.compact(inOwnUnits(data)(value), 3);
}

/** The map in words. @param {State} state */
export function summarizeMap(state) {
  const { chosen } = state;
  return t("learned.summary", {
    name: runNames(state)[chosen],
    step: format.count(state.step),
    train: format.loss(state.train[chosen]),
    status: statusInWords(state.runs[chosen]),
  });
}
