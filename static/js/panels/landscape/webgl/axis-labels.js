/**
 * The words at a scene's axes, painted over it: numbers that never lie over each other, the right way up, and what each
 * axis is. Plotly would write them along the axes, one through the other where two axes meet.
 */

import { seenAt } from "./depth-buffer.js";

/**
 * @typedef {import("./matrix.js").Matrix} Matrix
 * @typedef {import("./matrix.js").Point} Point
 * @typedef {{at: number, text: string}} Tick   in the scene's coordinates
 * @typedef {{title: string, ticks: Tick[]}} Axis
 * @typedef {object} Axes
 * @property {[Axis, Axis, Axis]} of
 * @property {{family: string, size: number, muted: string, ink: string, ground: string}} style
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {{matrix: Matrix, box: [Point, Point], width: number, height: number}} Look
 */

/** How far a number stands from its axis, and a title beyond that, in pixels. */
const GAP = 9;
const TITLE = 24;
/** What is left free between two words. */
const FREE = 3;

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) =>
  a.left < b.right + FREE &&
  b.left < a.right + FREE &&
  a.top < b.bottom + FREE &&
  b.top < a.bottom + FREE;

/**
 * The edge of the box along which an axis is named: of those of the floor the one nearest to the eye, of the upright ones
 * the leftmost.
 * @param {(point: Point) => [number, number, number]} seen pixels from the left and the top, and how near it is
 * @param {[Point, Point]} box @param {0|1|2} axis
 * @returns {[Point, Point]}
 */
export function edgeOf(seen, [low, high], axis) {
  const ends = [low, high];
  /** @type {{edge: [Point, Point], rank: number}[]} */
  const edges = [];
  for (const a of axis === 2 ? [0, 1] : [0]) {
    for (const b of [0, 1]) {
      /** @param {0|1} end @returns {Point} */
      const corner = (end) => {
        if (axis === 0) return [ends[end][0], ends[b][1], low[2]];
        if (axis === 1) return [ends[b][0], ends[end][1], low[2]];
        return [ends[a][0], ends[b][1], ends[end][2]];
      };
      const edge = /** @type {[Point, Point]} */ ([corner(0), corner(1)]);
      const [from, to] = edge.map(seen);
      const rank = axis === 2 ? -(from[0] + to[0]) : Math.min(from[1] + to[1], Infinity);
      edges.push({ edge, rank });
    }
  }
  edges.sort((a, b) => b.rank - a.rank);
  return edges[0].edge;
}

/**
 * The words of one axis where they may stand: its numbers along its edge, then its name.
 * @param {Axis} axis @param {0|1|2} which
 * @param {{seen: (point: Point) => [number, number, number], look: Look, size: number, wide: (text: string) => number}} how
 */
export function wordsAlong({ title, ticks }, which, { seen, look, size, wide }) {
  const [from, to] = edgeOf(seen, look.box, which);
  const [a, b] = [seen(from), seen(to)];
  const middle = seen(
    /** @type {Point} */ ([0, 1, 2].map((i) => (look.box[0][i] + look.box[1][i]) / 2)),
  );
  // Away from the axis, on the side that the box is not on.
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  let out = [(b[1] - a[1]) / length, (a[0] - b[0]) / length];
  const centre = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  if (out[0] * (middle[0] - centre[0]) + out[1] * (middle[1] - centre[1]) > 0)
    out = [-out[0], -out[1]];
  /** @param {number[]} at @param {string} text @param {number} away */
  const word = (at, text, away) => {
    const half = [wide(text) / 2, size / 2];
    const reach = away + Math.abs(out[0]) * half[0] + Math.abs(out[1]) * half[1];
    const [x, y] = [at[0] + out[0] * reach, at[1] + out[1] * reach];
    return {
      text,
      box: { left: x - half[0], right: x + half[0], top: y - half[1], bottom: y + half[1] },
    };
  };
  const numbers = ticks.map(({ at, text }) => {
    const place = /** @type {Point} */ (from.slice());
    place[which] = at;
    return word(seen(place), text, GAP);
  });
  const widest = Math.max(0, ...numbers.map(({ text }) => wide(text)));
  const beyond = which === 2 ? GAP + widest + 8 : TITLE + Math.abs(out[0]) * 0.6 * widest;
  const name =
    which === 2 ? above(b[1] < a[1] ? b : a, title, { size, wide }) : word(centre, title, beyond);
  return { numbers, name };
}

/** The name of the height stands over its axis. @param {number[]} top @param {string} text @param {{size: number, wide: (text: string) => number}} how */
function above([x, y], text, { size, wide }) {
  const half = wide(text) / 2;
  return {
    text,
    box: { left: x - half, right: x + half, top: y - 2.1 * size, bottom: y - 1.1 * size },
  };
}

/**
 * Which words are written: all titles, and each number that lies over nothing written before and within the picture.
 * @param {{numbers: {text: string, box: Box}[], name: {text: string, box: Box}}[]} axes
 * @param {{width: number, height: number}} size
 */
export function placed(axes, { width, height }) {
  /** @type {{text: string, box: Box, title: boolean}[]} */
  const words = [];
  /** @param {{text: string, box: Box}} word @param {boolean} title */
  const put = ({ text, box }, title) => {
    const right = Math.max(0, box.right - width + 2) - Math.max(0, 2 - box.left);
    const down = Math.max(0, box.bottom - height + 2) - Math.max(0, 2 - box.top);
    if (!title && (right || down)) return;
    const moved = {
      left: box.left - right,
      right: box.right - right,
      top: box.top - down,
      bottom: box.bottom - down,
    };
    if (!words.some((other) => overlap(other.box, moved))) words.push({ text, box: moved, title });
  };
  for (const { name } of axes) if (name.text) put(name, true);
  for (const { numbers } of axes) for (const number of numbers) put(number, false);
  return words;
}

/** @param {CanvasRenderingContext2D} context @param {Look} look @param {Axes} axes */
export function paintAxes(context, look, { of, style }) {
  /** @param {Point} point @returns {[number, number, number]} */
  const seen = (point) => {
    const [left, top, near] = seenAt(look.matrix, point);
    return [left * look.width, top * look.height, near];
  };
  context.font = `${style.size}px ${style.family}`;
  /** @param {string} text */
  const wide = (text) => context.measureText(text).width;
  const axes = of.map((axis, which) =>
    wordsAlong(axis, /** @type {0|1|2} */ (which), { seen, look, size: style.size, wide }),
  );
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { text, box, title } of placed(axes, look)) {
    context.fillStyle = title ? style.ink : style.muted;
    context.fillText(text, box.left, (box.top + box.bottom) / 2);
  }
}
