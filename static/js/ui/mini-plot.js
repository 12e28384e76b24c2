/** Small pictures of choices: curves, and bars with a curve over them. Numbers are said in words beside them. */

import { palette } from "./theme.js";
import { sharp } from "./dom.js";
import { extent } from "../server/typed-array.js";

/**
 * @typedef {{x: number[], y: (number|null)[], color?: string, width?: number, dash?: number[]}} Line
 * @typedef {{edges: number[], heights: number[], color: string}} Bars
 */

/**
 * Draws lines, and bars under them, in one box that holds them all; hairlines where x or y is 0.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number, theme: import("./theme.js").Theme, lines: Line[], bars?: Bars,
 *   y?: [number, number]}} picture
 */
export function drawSketch(canvas, picture) {
  const { width, height, theme, lines, bars } = picture;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = sharp(canvas, width, height);
  const box = boxOf(picture);
  if (!box) return;
  context.lineJoin = "round";
  strokeZeros(context, box, picture);
  if (bars) fillBars(context, box, bars);
  for (const line of lines) strokeLine(context, box, line, palette(theme).ink);
  context.setLineDash([]);
}

/** @typedef {{x: (value: number) => number, y: (value: number) => number, left: number, right: number,
 *   bottom: number, top: number}} Box   the ends of what is drawn, and from numbers to pixels */

/**
 * The box that holds all lines and bars, or null where there is nothing to draw.
 * @param {Parameters<typeof drawSketch>[1]} picture
 * @returns {Box|null}
 */
function boxOf({ width, height, lines, bars, y: fixed }) {
  const xs = extent([...lines.flatMap((line) => line.x), ...(bars?.edges ?? [])]);
  const ys = fixed ?? extent([...lines.flatMap((line) => line.y), ...(bars ? [0] : [])]);
  if (!xs || !ys) return null;
  const highest = extent(bars?.heights ?? [])?.[1] ?? ys[1];
  const [left, right] = widened(xs);
  const [bottom, top] = widened([ys[0], Math.max(ys[1], highest)]);
  const pad = 3;
  return {
    left,
    right,
    bottom,
    top,
    x: (value) => pad + ((value - left) / (right - left)) * (width - 2 * pad),
    y: (value) => height - pad - ((value - bottom) / (top - bottom)) * (height - 2 * pad),
  };
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {Parameters<typeof drawSketch>[1]} picture */
function strokeZeros(context, { x, y, left, right, bottom, top }, { width, height, theme }) {
  context.strokeStyle = palette(theme).line;
  context.lineWidth = 1;
  context.beginPath();
  if (left < 0 && right > 0) {
    context.moveTo(x(0), 0);
    context.lineTo(x(0), height);
  }
  if (bottom <= 0 && top >= 0) {
    context.moveTo(0, y(0));
    context.lineTo(width, y(0));
  }
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {Bars} bars */
function fillBars(context, { x, y }, { edges, heights, color }) {
  context.fillStyle = color;
  heights.forEach((value, i) => {
    const from = x(edges[i]);
    context.fillRect(from, y(value), Math.max(1, x(edges[i + 1]) - from - 0.5), y(0) - y(value));
  });
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {Line} line @param {string} ink */
function strokeLine(context, box, line, ink) {
  context.strokeStyle = line.color ?? ink;
  context.lineWidth = line.width ?? 1.6;
  context.setLineDash(line.dash ?? []);
  context.beginPath();
  line.x.forEach((x, i) => {
    const y = line.y[i];
    if (y !== null && Number.isFinite(y)) context.lineTo(box.x(x), box.y(y));
  });
  context.stroke();
}

/** @param {[number, number]} ends @returns {[number, number]} */
function widened([low, high]) {
  const room = 0.04 * (high - low) || Math.abs(high) || 1;
  return [low - room, high + room];
}

/**
 * An activation f and, dashed, its slope f′.
 * @param {HTMLCanvasElement} canvas
 * @param {import("../types.js").Curve|null|undefined} curve
 * @param {import("./theme.js").Theme} theme
 * @param {{width?: number, height?: number, slope?: boolean}} [size]
 */
export function drawFunction(canvas, curve, theme, { width = 72, height = 44, slope = true } = {}) {
  if (!curve) return;
  /** @type {Line[]} */
  const lines = [{ x: curve.x, y: curve.y }];
  if (slope && curve.slope)
    lines.push({
      x: curve.x,
      y: curve.slope,
      color: palette(theme).muted,
      width: 1.2,
      dash: [3, 2],
    });
  drawSketch(canvas, { width, height, theme, lines });
}
