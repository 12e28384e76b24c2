/** The small picture of a data set. */

import { classTable, css, groupColor, palette } from "../ui/theme.js";
import { sharp } from "../ui/dom.js";
import { groupOf } from "./data-groups.js";
import { extent } from "../server/typed-array.js";

/**
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {import("../ui/theme.js").Theme} Theme
 */

/** @param {HTMLCanvasElement} canvas @param {Choice} entry @param {Theme} theme @param {number} [size] */
export function drawThumbnail(canvas, entry, theme, size = 44) {
  const context = sharp(canvas, size, size);
  if (entry.thumbnail) {
    drawPoints(context, size, { ...entry, ...entry.thumbnail }, theme);
  } else if (entry.name === "formula") {
    context.fillStyle = palette(theme).muted;
    context.font = `italic 18px "Times New Roman", serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("f(x)", size / 2, size / 2);
  } else if (groupOf(entry) === "own") {
    context.strokeStyle = palette(theme).muted;
    context.lineWidth = 1.2;
    context.strokeRect(11, 12, 22, 20);
    for (const [x1, y1, x2, y2] of [
      [11, 18.7, 33, 18.7],
      [11, 25.3, 33, 25.3],
      [22, 12, 22, 32],
    ]) {
      context.beginPath();
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      context.stroke();
    }
  }
}

/**
 * Points in the colours of their classes, or between two colours by their number; one input is drawn against y.
 * @param {CanvasRenderingContext2D} context
 * @param {number} size
 * @param {{x: number[], y: number[], target: number[], task?: string|null, inputs?: number|null,
 *   classes?: number|null}} data
 * @param {Theme} theme
 */
export function drawPoints(context, size, { x, y, target, task, inputs, classes }, theme) {
  const room = size < 60 ? 6 : 10;
  const inner = size - 2 * room;
  const [left, right] = extent(x) ?? [0, 1];
  const [bottom, top] = extent(y) ?? [0, 1];
  const [low, high] = extent(target) ?? [0, 1];
  const table = classTable(theme, 0.95);
  /** @param {number} value */
  const color = (value) => {
    const share = (value - low) / (high - low || 1);
    if (task !== "regression")
      return groupColor((classes ?? 2) > 2 ? value : share > 0.5 ? 1 : 0, theme);
    return inputs === 1 ? palette(theme).muted : css(table[Math.round(255 * share)]);
  };
  for (let i = 0; i < x.length; i++) {
    context.fillStyle = color(target[i]);
    context.beginPath();
    context.arc(
      room + ((x[i] - left) / (right - left || 1)) * inner,
      size - room - ((y[i] - bottom) / (top - bottom || 1)) * inner,
      size < 60 ? 1.3 : 2,
      0,
      7,
    );
    context.fill();
  }
}
