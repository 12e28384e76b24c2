/** Hairline axes on a canvas: ticks at round numbers, and the names of what is shown. */

import { FONT, palette, typeSize } from "./theme.js";
import * as format from "./number-format.js";

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 * @typedef {(value: number) => number} Scale
 */

export { FONT };

/**
 * Round numbers from low to high, about as many as wanted.
 * @param {number} low
 * @param {number} high
 * @param {number} wanted
 */
export function ticks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5].find((factor) => factor * unit >= rough) ?? 10);
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) {
    found.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  }
  return found;
}

/**
 * A text as far as it fits, with an ellipsis for the rest; "" where not even three letters do.
 * @param {CanvasRenderingContext2D} context @param {string} text @param {number} width
 */
export function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  for (let length = text.length - 1; length > 2; length--) {
    const shorter = `${text.slice(0, length).trimEnd()}…`;
    if (context.measureText(shorter).width <= width) return shorter;
  }
  return "";
}

/**
 * The room that the numbers beside a vertical axis need, in CSS pixels.
 * @param {CanvasRenderingContext2D} context @param {[number, number]} y
 */
export function labelRoom(context, y) {
  context.font = FONT;
  const widths = ticks(...y, 4).map((value) => context.measureText(format.compact(value)).width);
  return Math.ceil(Math.max(0, ...widths)) + 10;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {{x: [number, number], y: [number, number], names: [string, string],
 *   theme: import("./theme.js").Theme}} options
 */
export function drawAxes(context, box, { x, y, names: whole, theme }) {
  const { ink, muted, line, ground } = palette(theme);
  context.font = FONT;
  const names = whole.map((name) => fitted(context, name, 0.7 * box.width));
  const [px, py] = scales(box, x, y);
  const bottom = box.top + box.height;
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
  context.font = FONT;
  context.fillStyle = muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(...x, 4)) {
    // The name stands at the end of the axis; a number that would run into it is left out.
    if (px(value) < box.left + box.width - 12 - context.measureText(names[0]).width)
      context.fillText(format.compact(value), px(value), bottom + 5);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const beside = 2 + context.measureText(names[1]).width;
  for (const value of ticks(...y, 4)) {
    const text = format.compact(value);
    // The name stands on the left of the highest number, or in its place.
    const free = box.left - 8 - context.measureText(text).width;
    if (beside < free || py(value) > box.top + 18) context.fillText(text, box.left - 6, py(value));
  }
  context.fillStyle = ink;
  context.textBaseline = "top";
  context.fillText(names[0], box.left + box.width, bottom + 5);
  context.textBaseline = "bottom";
  context.textAlign = "left";
  // A long name does not fit beside the axis: it stands inside, on the ground that makes it readable.
  const { width } = context.measureText(names[1]);
  if (width <= box.left - 4) return context.fillText(names[1], 2, box.top + typeSize(12));
  context.fillStyle = ground;
  context.fillRect(box.left, box.top, width + 8, typeSize(18));
  context.fillStyle = ink;
  context.fillText(names[1], box.left + 4, box.top + typeSize(16));
}

/**
 * @param {Box} box
 * @param {[number, number]} x
 * @param {[number, number]} y
 * @returns {[Scale, Scale]}
 */
export function scales(box, x, y) {
  return [
    (value) => box.left + ((value - x[0]) / (x[1] - x[0])) * box.width,
    (value) => box.top + box.height - ((value - y[0]) / (y[1] - y[0])) * box.height,
  ];
}

/** How much longer than wide a plane is drawn at most, or wider than long. */
const OBLONG = 1.15;

/**
 * As much of a box as is about a square, so that a circle is none the less one where there is more room.
 * @param {Box} box
 */
export function likeSquare(box) {
  const { width, height } = box;
  return {
    ...box,
    width: Math.min(width, height * OBLONG),
    height: Math.min(height, width * OBLONG),
  };
}
