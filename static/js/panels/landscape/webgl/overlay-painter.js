/**
 * Paths and points of a 3-D scene, painted over it on a canvas of their own.
 *
 * WebGL can only paint a scene whole, surface and all. A graphics card does that in no time; a computer without one
 * (a virtual machine, a school's thin client) takes 30 ms, and the page waits. So what moves is painted flat, in its
 * place, fainter where the surface hides it, and the scene rests until there is another surface or another look at it.
 * It is also the better picture: lines that lie on a surface do not flicker in and out of it.
 */

import { sharp } from "../../../ui/dom.js";
import { faded } from "../../../ui/theme.js";
import { paintAxes } from "./axis-labels.js";
import { depthOf, hidden, seenAt } from "./depth-buffer.js";

/**
 * @typedef {import("./matrix.js").Matrix} Matrix
 * @typedef {import("./matrix.js").Point} Point
 * @typedef {import("./depth-buffer.js").Depth} Depth
 * @typedef {import("./axis-labels.js").Axes} Axes
 * @typedef {object} Stroke
 * @property {(Point|null)[]} points
 * @property {string} color
 * @property {number} width
 * @property {boolean} dash
 * @property {string} [halo]      a wider line under it, so that it is seen on any ground
 * @property {number} [opacity]
 * @property {number} [through]   how strongly what the surface hides shines through it
 *
 * @typedef {{points: (Point|null)[], colors: string[], sizes: number[], rim: string}} Dots  balls, one colour and diameter each
 * @typedef {{point: Point|null, size: number, color: string, halo: string}} Ring
 *
 * @typedef {object} Arrow   along the surface, from its first point to its last
 * @property {Point[]} points
 * @property {string} color
 * @property {string} halo
 * @property {number} least  how long it is at least on the screen, in pixels
 * @property {(longer: number|null) => void} told  how many times its length it is drawn; null: it is not
 *
 * @typedef {object} Look
 * @property {Matrix} matrix from the scene's coordinates to the picture's
 * @property {{x: number[], y: number[], z: ArrayLike<number>}} surface in the scene's coordinates, NaN for none
 * @property {[Point, Point]} box the lowest and the highest corner of what is shown
 * @property {number} width of the picture, in CSS pixels
 * @property {number} height
 */

/** Only what is seen of a line has a halo. */
const HALO = { dash: false, through: 0, opacity: 0.85 };

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

/** Whether a scene is looked at from the same place, in the same size. @param {Look} now @param {Look|undefined} before */
const isSameLook = (now, before) =>
  before !== undefined &&
  now.width === before.width &&
  now.height === before.height &&
  Array.prototype.every.call(now.matrix, (value, i) => value === before.matrix[i]);

/**
 * A painter of what moves over one scene.
 * @param {HTMLCanvasElement} canvas over the scene's own
 * @param {HTMLCanvasElement} words under it: what is written at the axes, which rests while paths move
 */
export function createMoving(canvas, words) {
  /** What the surface hides, and from where it is looked at. @type {{look: Look, depth: Depth}|null} */
  let known = null;
  /** What is written at the axes. @type {{look: Look, ratio: number, axes: Axes|null}|null} */
  let written = null;

  /** @param {Look} look */
  function depthFrom(look) {
    const { matrix, surface, width, height } = look;
    if (known?.look.surface !== surface || !isSameLook(look, known.look))
      known = { look, depth: depthOf(matrix, surface.z, surface, height / width) };
    return known.depth;
  }

  /** @param {Look} look @param {Axes|null} axes */
  function write(look, axes) {
    const ratio = window.devicePixelRatio;
    const same = written?.axes === axes && written.ratio === ratio;
    if (same && isSameLook(look, written?.look)) return;
    const context = sharp(words, look.width, look.height);
    if (axes) paintAxes(context, look, axes);
    written = { look, ratio, axes };
  }

  return {
    /**
     * @param {Look} look
     * @param {object} what
     * @param {Stroke[]} what.strokes the last lies on top
     * @param {Dots[]} what.dots over all of them
     * @param {Ring[]} [what.rings]
     * @param {Arrow|null} [what.arrow]
     * @param {Axes|null} [what.axes]  another object whenever another thing is to be written
     */
    paint(look, { strokes, dots, rings = [], arrow = null, axes = null }) {
      const depth = depthFrom(look);
      write(look, axes);
      const context = sharp(canvas, look.width, look.height);
      context.lineJoin = context.lineCap = "round";
      for (const stroke of strokes) paintStroke(context, look, depth, stroke);
      if (arrow) paintArrow(context, look, arrow);
      for (const some of dots) paintDots(context, look, depth, some);
      for (const ring of rings) paintRing(context, look, ring);
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {Depth} depth
 * @param {Stroke} stroke
 */
function paintStroke(context, look, depth, stroke) {
  const { color, width, halo } = stroke;
  if (halo) {
    const under = { ...stroke, ...HALO, color: halo, halo: "", width: width + 3 };
    paintStroke(context, look, depth, under);
  }
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(stroke.dash ? [3 * width, 2 * width] : []);
  traceStroke(context, look, depth, stroke);
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {Depth} depth
 * @param {Stroke} stroke
 */
function traceStroke(context, look, depth, { points, opacity = 1, through = THROUGH.line }) {
  /** Whether the line that is being drawn is a hidden one; null when none is. @type {boolean|null} */
  let faint = null;
  const finish = () => {
    if (faint === null) return;
    context.globalAlpha = opacity * (faint ? through : 1);
    if (!faint || through) context.stroke();
    faint = null;
  };
  for (let i = 1; i < points.length; i++) {
    const piece = pieceOf(look, points[i - 1], points[i]);
    if (!piece) {
      finish();
      continue;
    }
    const { from, to } = piece;
    const behind = hidden(depth, from, SKIN.line) && hidden(depth, to, SKIN.line);
    if (behind !== faint || piece.enters) {
      finish();
      context.beginPath();
      context.moveTo(from[0] * look.width, from[1] * look.height);
      faint = behind;
    }
    context.lineTo(to[0] * look.width, to[1] * look.height);
    if (piece.leaves) finish();
  }
  finish();
}

/**
 * What of a line between two points is within the box and before the eye, as the picture shows it.
 * @param {Look} look @param {Point|null} before @param {Point|null} after
 */
function pieceOf({ matrix, box }, before, after) {
  const piece = before && after && within(before, after, box);
  if (!piece) return null;
  const [from, to] = piece.map((point) => seenAt(matrix, point));
  if (from[2] < 0 || to[2] < 0) return null;
  return { from, to, enters: piece[0] !== before, leaves: piece[1] !== after };
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
    paintBall(context, seen[0] * look.width, seen[1] * look.height, sizes[i] / 2, colors[i]);
    context.stroke();
  });
  context.globalAlpha = 1;
}

/**
 * A ball that is lit from above on the left; its outline is left as the path.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} radius @param {string} color
 */
export function paintBall(context, x, y, radius, color) {
  const light = context.createRadialGradient(
    x - 0.35 * radius,
    y - 0.4 * radius,
    0,
    x,
    y,
    1.1 * radius,
  );
  light.addColorStop(0, "rgba(255,255,255,0.75)");
  light.addColorStop(0.45, faded(color, 0));
  light.addColorStop(1, "rgba(0,0,0,0.35)");
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  for (const fill of [color, light]) {
    context.fillStyle = fill;
    context.fill();
  }
}

/**
 * The place that another picture points at.
 * @param {CanvasRenderingContext2D} context @param {Look} look @param {Ring} ring
 */
function paintRing(context, look, { point, size, color, halo }) {
  if (!point || !within(point, point, look.box)) return;
  const [left, top, near] = seenAt(look.matrix, point);
  if (near < 0) return;
  context.setLineDash([]);
  for (const [style, width] of /** @type {[string, number][]} */ ([
    [halo, 5],
    [color, 2.5],
  ])) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    context.arc(left * look.width, top * look.height, size / 2, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** A step that would have to be drawn longer than this many times is none that one could see: the run has come to rest. */
const FARTHEST = 1000;

/** Of 1, 2, 5, 10, 20, … the one below a value, and the one above it or equal to it. @param {number} value from 1 on */
function roundBeside(value) {
  const unit = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const steps = [0.5, 1, 2, 5, 10];
  const above = steps.findIndex((factor) => factor * unit >= value * (1 - 1e-9));
  return [Math.max(1, steps[above - 1] * unit), steps[above] * unit];
}

/**
 * An arrow along the surface. One that is too short to be seen goes on in its direction, and tells by how much.
 * @param {CanvasRenderingContext2D} context @param {Look} look @param {Arrow} arrow
 */
function paintArrow(context, look, { points, color, halo, least, told }) {
  const seen = points.map((point) => {
    const [left, top] = seenAt(look.matrix, point);
    return /** @type {[number, number]} */ ([left * look.width, top * look.height]);
  });
  const from = seen[0];
  const end = seen[seen.length - 1];
  const length = Math.hypot(end[0] - from[0], end[1] - from[1]);
  if (!(length > 0) || !Number.isFinite(length)) return;
  /** @param {number} times @returns {(place: [number, number]) => [number, number]} */
  const stretched =
    (times) =>
    ([x, y]) => [from[0] + times * (x - from[0]), from[1] + times * (y - from[1])];
  const [shorter, round] = roundBeside(Math.max(1, least / length));
  if (round > FARTHEST) return told(null);
  const [x, y] = stretched(round)(end);
  const isInside = x > 8 && y > 8 && x < look.width - 8 && y < look.height - 8;
  const longer = isInside ? round : shorter;
  told(longer);
  const line = seen.map(stretched(longer));
  const tip = line[line.length - 1];
  const before = line.findLast(([x, y]) => Math.hypot(tip[0] - x, tip[1] - y) > 5) ?? line[0];
  paintArrowLine(context, line, Math.atan2(tip[1] - before[1], tip[0] - before[0]), {
    color,
    halo,
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number][]} line in pixels
 * @param {number} angle of its end
 * @param {{color: string, halo: string}} colors
 */
export function paintArrowLine(context, line, angle, { color, halo }) {
  const tip = line[line.length - 1];
  const HEAD = 11;
  context.setLineDash([]);
  context.globalAlpha = 1;
  for (const [style, width] of /** @type {[string, number][]} */ ([
    [halo, 6],
    [color, 2.75],
  ])) {
    context.strokeStyle = context.fillStyle = style;
    context.lineWidth = width;
    context.beginPath();
    line.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
    context.beginPath();
    context.moveTo(tip[0] + 2 * Math.cos(angle), tip[1] + 2 * Math.sin(angle));
    for (const side of [-1, 1])
      context.lineTo(
        tip[0] - HEAD * Math.cos(angle + 0.42 * side),
        tip[1] - HEAD * Math.sin(angle + 0.42 * side),
      );
    context.closePath();
    context.fill();
    if (style === halo) context.stroke();
  }
}
