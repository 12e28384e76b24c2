/** Points on a sheet, with undo, and the data they make. */

import { toPlaces } from "../../ui/round.js";

/** @typedef {{x: number, y: number, kind: number}} Point */

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
      points = [...points, { x: toPlaces(x, 2), y: toPlaces(y, 2), kind }];
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
