/** What lies over a WebGL scene: some of the figure's traces, painted by `overlay-painter.js`. */

import { createMoving } from "./overlay-painter.js";

/**
 * @typedef {import("./matrix.js").Point} Point
 * @typedef {import("./overlay-painter.js").Look} Look
 * @typedef {import("./plotly-scene.js").Sight} Sight
 * @typedef {import("./plotly-scene.js").Points} Points
 * @typedef {import("./axis-labels.js").Axes} Axes
 *
 * What no trace of the figure is, in the numbers of the axes.
 * @typedef {object} Extras
 * @property {number|null} lit  the run whose path stands out
 * @property {(Omit<import("./overlay-painter.js").Stroke, "points"> & {points: Points})[]} strokes  under all the rest
 * @property {(Omit<import("./overlay-painter.js").Ring, "point"> & {x: number, y: number, z: number})[]} rings
 * @property {(Omit<import("./overlay-painter.js").Arrow, "points"> & {points: Points})|null} arrow
 * @property {Axes|null} axes  with ticks in the numbers of the axes
 */

/** Plotly's widths in WebGL are not those on the screen: these factors make lines and circles as large as its own. */
const LINE = 0.55;
const CIRCLE = 1.35;

/** A run that walks off the picture stays in sight this far, as a share of it, until the picture has followed. */
const SPARE = 0.12;

/** @param {unknown[]} a @param {unknown[]} b */
const isSame = (a, b) => a.every((part, i) => part === b[i]);

/**
 * @param {object} figure
 * @param {() => Sight} figure.sight  how the scene is looked at, now
 * @param {(place: number) => PlotlyTrace|undefined} figure.trace
 * @param {() => {x: (number|null)[], y: (number|null)[], z: Iterable<ArrayLike<number>>|unknown}} figure.surface
 */
export function createOverlay({ sight, trace: traceAt, surface }) {
  /** @type {{under: HTMLCanvasElement, layers: HTMLCanvasElement[], painter: ReturnType<typeof createMoving>}|null} */
  let over = null;
  /** The axes in the scene's coordinates, and what they were made of. @type {{of: unknown[], axes: Axes|null}|null} */
  let named = null;
  /** The surface in the scene's coordinates, and what it was made of. @type {{of: unknown[], surface: Look["surface"]}|null} */
  let known = null;

  /** The canvases over the scene's own, under the words that appear there. @param {HTMLCanvasElement} under */
  function layer(under) {
    if (over?.under === under) return over.painter;
    for (const canvas of over?.layers ?? []) canvas.remove();
    const layers = ["axis-words", "moving"].map((name) => {
      const canvas = document.createElement("canvas");
      canvas.className = name;
      return canvas;
    });
    under.after(...layers);
    const [words, canvas] = layers;
    over = { under, layers, painter: createMoving(canvas, words) };
    return over.painter;
  }

  /** The axes in the scene's coordinates: the same ones as long as nothing of them changes. @param {Axes|null} axes @param {Sight} sight */
  function axesIn(axes, { box: [low, high], scale, at }) {
    const of = [axes, ...scale, ...low, ...high];
    if (named && isSame(of, named.of)) return named.axes;
    const inScene = axes?.of.map(({ title, ticks }, i) => ({
      title,
      ticks: ticks.map((tick) => ({ text: tick.text, at: at[i](tick.at) })),
    }));
    named = { of, axes: axes && { ...axes, of: /** @type {Axes["of"]} */ (inScene) } };
    return named.axes;
  }

  /** The surface in the scene's coordinates, found once for each look. @param {Sight} sight */
  function surfaceIn({ box: [low, high], scale, at: [atX, atY, atZ] }) {
    const { x, y, z } = surface();
    const of = [z, ...scale, ...low, ...high];
    if (known && isSame(of, known.of)) return known.surface;
    /** Nothing where it is cut off. @param {number} value */
    const height = (value) => {
      const found = atZ(value);
      return found >= low[2] && found <= high[2] ? found : NaN;
    };
    const rows = [.../** @type {Iterable<ArrayLike<number>>} */ (z)];
    known = {
      of,
      surface: {
        x: Array.from(x, (value) => atX(Number(value))),
        y: Array.from(y, (value) => atY(Number(value))),
        z: rows.flatMap((row) => Array.from(row, height)),
      },
    };
    return known.surface;
  }

  return {
    /**
     * @param {number[]} places of the traces in the figure; the last lies on top
     * @param {Extras|null} extras
     */
    paint(places, extras) {
      const now = sight();
      const [atX, atY, atZ] = now.at;
      const [low, high] = now.box;
      const spare = [0, 1].map((i) => SPARE * (high[i] - low[i]));
      /** @param {Points} points @returns {(Point|null)[]} */
      const placed = ({ x, y, z }) =>
        x.map((value, i) => {
          const [other, loss] = [y[i], z[i]];
          if (value === null || other === null || loss === null) return null;
          return [atX(value), atY(other), atZ(loss)];
        });
      const traces = places.flatMap((place) => traceAt(place) ?? []);
      const [lines, markers] = ["lines", "markers"].map((mode) =>
        traces.filter((trace) => trace.mode === mode),
      );
      const { lit = null, strokes = [], rings = [], arrow = null, axes = null } = extras ?? {};
      const whole = arrow && placed(arrow.points).filter((point) => point !== null);
      const painter = layer(now.canvas);
      painter.paint(
        {
          matrix: now.matrix,
          surface: surfaceIn(now),
          box: [
            [low[0] - spare[0], low[1] - spare[1], low[2]],
            [high[0] + spare[0], high[1] + spare[1], high[2]],
          ],
          width: now.width,
          height: now.height,
        },
        {
          strokes: [
            ...strokes.map((stroke) => ({ ...stroke, points: placed(stroke.points) })),
            ...lines.map((trace) => ({
              points: placed(trace),
              color: trace.line.color,
              width: LINE * trace.line.width * (lit !== null && trace.meta.run === lit ? 1.5 : 1),
              dash: trace.line.dash !== "solid",
              halo: trace.meta.halo,
              opacity: lit === null || trace.meta.run === lit ? 1 : 0.3,
            })),
          ],
          dots: markers.map((trace) => ({
            points: placed(trace),
            colors: trace.marker.color,
            sizes: trace.marker.size.map((size) => CIRCLE * size),
            rim: trace.marker.line.color,
          })),
          rings: rings.map(({ x, y, z, ...ring }) => ({
            ...ring,
            point: [atX(x), atY(y), atZ(z)],
          })),
          arrow: arrow && whole && whole.length > 1 ? { ...arrow, points: whole } : null,
          axes: axesIn(axes, now),
        },
      );
    },
  };
}
