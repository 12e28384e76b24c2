/**
 * Paths and points of a 3-D scene, painted over it on a canvas of their own.
 *
 * WebGL can only paint a scene whole, surface and all. A graphics card does that in no time; a computer without one
 * (a virtual machine, a school's thin client) takes 30 ms, and the page waits. So what moves is painted flat, in its
 * place, fainter where the surface hides it, and the scene rests until there is another surface or another look at it.
 * It is also the better picture: lines that lie on a surface do not flicker in and out of it.
 */

import { sharp } from "../../../ui/dom.js";
import { depthOf, hidden, seenAt } from "./depth-buffer.js";

/**
 * @typedef {import("./matrix.js").Matrix} Matrix
 * @typedef {import("./matrix.js").Point} Point
 * @typedef {import("./depth-buffer.js").Depth} Depth
 * @typedef {{points: (Point|null)[], color: string, width: number, dash: boolean}} Stroke
 * @typedef {{points: (Point|null)[], colors: string[], sizes: number[], rim: string}} Dots  circles, one colour and diameter each
 * @typedef {object} Look
 * @property {Matrix} matrix from the scene's coordinates to the picture's
 * @property {{x: number[], y: number[], z: ArrayLike<number>}} surface in the scene's coordinates, NaN for none
 * @property {[Point, Point]} box the lowest and the highest corner of what is shown
 * @property {number} width of the picture, in CSS pixels
 * @property {number} height
 */

/** How strongly what the surface hides shines through it. */
const THROUGH = { line: 0.3, dot: 0.55 };

/**
 * What lies this share of its distance behind the surface still counts as lying on it. The surface is a little older
 * than the points, which sink below it before there is another; and one must not lose sight of them.
 */
const SKIN = { line: 0.015, dot: 0.05 };

/**
 * The stretch of a line that is inside a box (Liang and Barsky, 1984); null when none is.
 * @param {Point} from
 * @param {Point} to
 * @param {[Point, Point]} box
 * @returns {[Point, Point]|null}
 */
export function within(from, to, [low, high]) {
  let [enter, leave] = [0, 1];
  for (let axis = 0; axis < 3; axis++) {
    const by = to[axis] - from[axis];
    const [below, above] = [low[axis] - from[axis], high[axis] - from[axis]];
    if (by === 0) {
      if (below > 0 || above < 0) return null;
      continue;
    }
    enter = Math.max(enter, Math.min(below / by, above / by));
    leave = Math.min(leave, Math.max(below / by, above / by));
  }
  if (enter > leave) return null;
  /** @param {number} share @returns {Point} */
  const at = (share) => /** @type {Point} */ (from.map((a, axis) => a + share * (to[axis] - a)));
  return [enter === 0 ? from : at(enter), leave === 1 ? to : at(leave)];
}

/**
 * A painter of what moves over one scene.
 * @param {HTMLCanvasElement} canvas over the scene's own
 */
export function createMoving(canvas) {
  /** What the surface hides, and from where it is looked at. @type {{look: Look, depth: Depth}|null} */
  let known = null;

  /** @param {Look} look */
  function depthFrom(look) {
    const { matrix, surface, width, height } = look;
    const before = known?.look;
    const same =
      before?.surface === surface &&
      before.width === width &&
      before.height === height &&
      Array.prototype.every.call(matrix, (value, i) => value === before.matrix[i]);
    if (!known || !same)
      known = { look, depth: depthOf(matrix, surface.z, surface, height / width) };
    return known.depth;
  }

  return {
    /** @param {Look} look @param {Stroke[]} strokes the last lies on top @param {Dots[]} dots over all of them */
    paint(look, strokes, dots) {
      const depth = depthFrom(look);
      const context = sharp(canvas, look.width, look.height);
      context.lineJoin = context.lineCap = "round";
      for (const stroke of strokes) paintStroke(context, look, depth, stroke);
      for (const some of dots) paintDots(context, look, depth, some);
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {Depth} depth
 * @param {Stroke} stroke
 */
function paintStroke(context, look, depth, { points, color, width, dash }) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash ? [3 * width, 2 * width] : []);
  /** Whether the line that is being drawn is a hidden one; null when none is. @type {boolean|null} */
  let faint = null;
  const finish = () => {
    if (faint === null) return;
    context.globalAlpha = faint ? THROUGH.line : 1;
    context.stroke();
    faint = null;
  };
  for (let i = 1; i < points.length; i++) {
    const [before, after] = [points[i - 1], points[i]];
    const piece = before && after && within(before, after, look.box);
    if (!piece) {
      finish();
      continue;
    }
    const [from, to] = piece.map((point) => seenAt(look.matrix, point));
    if (from[2] < 0 || to[2] < 0) {
      finish();
      continue;
    }
    const behind = hidden(depth, from, SKIN.line) && hidden(depth, to, SKIN.line);
    if (behind !== faint || piece[0] !== before) {
      finish();
      context.beginPath();
      context.moveTo(from[0] * look.width, from[1] * look.height);
      faint = behind;
    }
    context.lineTo(to[0] * look.width, to[1] * look.height);
    if (piece[1] !== after) finish();
  }
  finish();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {Depth} depth
 * @param {Dots} dots
 */
function paintDots(context, look, depth, { points, colors, sizes, rim }) {
  context.strokeStyle = rim;
  context.lineWidth = 1.5;
  context.setLineDash([]);
  points.forEach((point, i) => {
    if (!point || !within(point, point, look.box)) return;
    const seen = seenAt(look.matrix, point);
    if (seen[2] < 0) return;
    context.globalAlpha = hidden(depth, seen, SKIN.dot) ? THROUGH.dot : 1;
    context.fillStyle = colors[i];
    context.beginPath();
    context.arc(seen[0] * look.width, seen[1] * look.height, sizes[i] / 2, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  });
  context.globalAlpha = 1;
}
