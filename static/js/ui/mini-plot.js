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
export function drawSketch(canvas, { width, height, theme, lines, bars, y: fixed }) {
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = sharp(canvas, width, height);
  const xs = extent([...lines.flatMap((line) => line.x), ...(bars?.edges ?? [])]);
  const ys = fixed ?? extent([...lines.flatMap((line) => line.y), ...(bars ? [0] : [])]);
  const tops = extent(bars?.heights ?? []);
  if (!xs || !ys) return;
  const [left, right] = widened(xs);
  const [bottom, top] = widened([ys[0], Math.max(ys[1], tops?.[1] ?? ys[1])]);
  const pad = 3;
  /** @param {number} x */
  const px = (x) => pad + ((x - left) / (right - left)) * (width - 2 * pad);
  /** @param {number} y */
  const py = (y) => height - pad - ((y - bottom) / (top - bottom)) * (height - 2 * pad);
  context.lineJoin = "round";
  context.strokeStyle = palette(theme).line;
  context.lineWidth = 1;
  context.beginPath();
  if (left < 0 && right > 0) {
    context.moveTo(px(0), 0);
    context.lineTo(px(0), height);
  }
  if (bottom <= 0 && top >= 0) {
    context.moveTo(0, py(0));
    context.lineTo(width, py(0));
  }
  context.stroke();
  if (bars) {
    context.fillStyle = bars.color;
    bars.heights.forEach((value, i) => {
      const from = px(bars.edges[i]);
      context.fillRect(
        from,
        py(value),
        Math.max(1, px(bars.edges[i + 1]) - from - 0.5),
        py(0) - py(value),
      );
    });
  }
  for (const line of lines) {
    context.strokeStyle = line.color ?? palette(theme).ink;
    context.lineWidth = line.width ?? 1.6;
    context.setLineDash(line.dash ?? []);
    context.beginPath();
    line.x.forEach((x, i) => {
      const y = line.y[i];
      if (y !== null && Number.isFinite(y)) context.lineTo(px(x), py(y));
    });
    context.stroke();
  }
  context.setLineDash([]);
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
