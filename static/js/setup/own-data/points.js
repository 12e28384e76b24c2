/** Points that a learner draws, with the memory of how they came about. */

/**
 * @typedef {{x: number, y: number, kind: number}} Point
 */

/** Where points can be drawn, on both axes: where the built-in data lie. @type {[number, number]} */
export const DOMAIN = [-6, 6];

/** A sheet of points. A stroke is undone as a whole. */
export function createSketchpad() {
  /** @type {Point[]} */
  let points = [];
  /** @type {Point[][]} */
  let past = [];
  return {
    get points() {
      return points;
    },
    get canUndo() {
      return past.length > 0;
    },
    /** A stroke begins: what comes until the next one is undone together. */
    begin() {
      past = [...past, points].slice(-100);
    },
    /** @param {[number, number]} place @param {number} kind its class, from 0 */
    add([x, y], kind) {
      points = [...points, { x: rounded(x), y: rounded(y), kind }];
    },
    /** Takes away what lies within a radius. @param {[number, number]} place @param {number} radius */
    erase([x, y], radius) {
      points = points.filter((point) => Math.hypot(point.x - x, point.y - y) > radius);
    },
    undo() {
      points = past.pop() ?? points;
    },
    clear() {
      past = [...past, points].slice(-100);
      points = [];
    },
  };
}

/** @param {number} value */
const rounded = (value) => Math.round(value * 100) / 100;

/**
 * The data that points make; null while there are not two classes. Classes without points do not count.
 * @param {Point[]} points
 * @returns {import("../../types.js").DataSpec|null}
 */
export function drawnData(points) {
  const kinds = [...new Set(points.map((point) => point.kind))].sort((a, b) => a - b);
  if (kinds.length < 2) return null;
  return {
    name: "custom",
    inputs: points.map(({ x, y }) => [x, y]),
    targets: points.map(({ kind }) => kinds.indexOf(kind)),
    input_names: ["x1", "x2"],
    classes: kinds.map((kind) => String(kind + 1)),
  };
}
