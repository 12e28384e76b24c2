/** What lies over a WebGL scene: the scene's own traces, read from it and painted by `moving.js`. */

import { createMoving } from "./overlay-painter.js";
import { multiplied } from "./matrix.js";

/**
 * @typedef {import("./matrix.js").Point} Point
 * @typedef {import("./overlay-painter.js").Look} Look
 */

/** Plotly's widths in WebGL are not those on the screen: these factors make lines and circles as large as its own. */
const LINE = 0.55;
const CIRCLE = 1.35;

/** A run that walks off the picture stays in sight this far, as a share of it, until the picture has followed. */
const SPARE = 0.12;

/**
 * @param {any} scene Plotly's own, which it does not describe
 * @param {any} element the figure
 */
export function createOver(scene, element) {
  /** @type {{under: HTMLCanvasElement, canvas: HTMLCanvasElement, painter: ReturnType<typeof createMoving>}|null} */
  let over = null;
  /** The surface in the scene's coordinates, and what it was made of. @type {{of: unknown[], surface: Look["surface"]}|null} */
  let known = null;

  /** The canvas over the scene's own, under the words that appear there. @param {HTMLCanvasElement} under */
  function layer(under) {
    if (over?.under === under) return over.painter;
    over?.canvas.remove();
    const canvas = document.createElement("canvas");
    canvas.className = "moving";
    under.after(canvas);
    over = { under, canvas, painter: createMoving(canvas) };
    return over.painter;
  }

  /** How the scene is looked at, now. @returns {Look & {placed: (trace: any) => (Point|null)[]}} */
  function look() {
    const { glplot, dataScale, fullSceneLayout } = scene;
    const { model, view, projection } = glplot.cameraParams;
    const axes = ["x", "y", "z"].map((name) => fullSceneLayout[`${name}axis`]);
    const [atX, atY, atZ] = axes.map(
      (axis, i) => (/** @type {number} */ value) => axis.d2l(value) * dataScale[i],
    );
    const ends = axes.map((axis, i) =>
      axis.range.map((/** @type {any} */ end) => axis.r2l(end) * dataScale[i]),
    );
    const low = /** @type {any} */ (ends.map((pair) => Math.min(...pair)));
    const high = /** @type {any} */ (ends.map((pair) => Math.max(...pair)));
    const { x, y, z } = element._fullData.find(
      (/** @type {any} */ trace) => trace.type === "surface" && trace.scene === scene.id,
    );
    const of = [z, ...dataScale, ...low, ...high];
    if (!known || of.some((part, i) => part !== known?.of[i])) {
      /** Nothing where it is cut off. @param {number} value */
      const height = (value) => {
        const found = atZ(value);
        return found >= low[2] && found <= high[2] ? found : NaN;
      };
      const rows = [...z].map((row) => Array.from(row, height));
      known = { of, surface: { x: Array.from(x, atX), y: Array.from(y, atY), z: rows.flat() } };
    }
    const spare = [0, 1].map((i) => SPARE * (high[i] - low[i]));
    return {
      matrix: multiplied(projection, multiplied(view, model)),
      surface: known.surface,
      box: [
        [low[0] - spare[0], low[1] - spare[1], low[2]],
        [high[0] + spare[0], high[1] + spare[1], high[2]],
      ],
      width: glplot.canvas.width / glplot.pixelRatio,
      height: glplot.canvas.height / glplot.pixelRatio,
      placed: (trace) =>
        trace.x.map((/** @type {number|null} */ value, /** @type {number} */ i) => {
          const [other, loss] = [trace.y[i], trace.z[i]];
          if (value === null || other === null || loss === null) return null;
          return [atX(value), atY(other), atZ(loss)];
        }),
    };
  }

  return {
    /** @param {number[]} places of the traces in the figure; the last lies on top */
    paint(places) {
      const { placed, ...how } = look();
      const traces = places.map((place) => element._fullData[place]).filter(Boolean);
      const [lines, markers] = ["lines", "markers"].map((mode) =>
        traces.filter((trace) => trace.mode === mode),
      );
      layer(scene.glplot.canvas).paint(
        how,
        lines.map((trace) => ({
          points: placed(trace),
          color: trace.line.color,
          width: LINE * trace.line.width,
          dash: trace.line.dash !== "solid",
        })),
        markers.map((trace) => ({
          points: placed(trace),
          colors: trace.marker.color,
          sizes: trace.marker.size.map((/** @type {number} */ size) => CIRCLE * size),
          rim: trace.marker.line.color,
        })),
      );
    },
    /** Whether an object of the scene belongs to one of these traces. @param {any} object @param {number[]} places */
    carries: (object, places) =>
      places.some((place) => {
        const trace = scene.traces[element._fullData[place]?.uid];
        return trace && (trace.linePlot === object || trace.scatterPlot === object);
      }),
  };
}
