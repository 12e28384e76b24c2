/**
 * The WebGL scene behind a 3-D figure of Plotly's, moved without having Plotly draw everything anew.
 *
 * `Plotly.restyle` of one path computes every trace of the scene again, the surface's mesh among them; each frame the
 * scene paints traces the surface's contour lines again, and paints everything a second time, into a picture that it
 * reads back to know what the mouse points at. That is up to 160 ms a frame. So paths and points are left out of what
 * the scene paints, and painted over it; contour lines are kept until there is another surface, and the picking picture
 * is made only when the figure rests.
 *
 * It leans on how plotly.js is built inside. What it leans on stands in `PRIVATE`; where a version of Plotly has something
 * else, `supported` says no, the scene paints everything itself, and paths move by `Plotly.restyle`, slower.
 */

import { multiplied } from "./matrix.js";
import { createOverlay } from "./overlay.js";

/**
 * @typedef {{x: (number|null)[], y: (number|null)[], z: (number|null)[]}} Points
 * @typedef {import("./matrix.js").Point} Point
 */

/** Fields of a scene that Plotly does not describe and that are used here, as paths from the scene. */
export const PRIVATE = [
  "glplot.gl",
  "glplot.axes",
  "glplot.objects",
  "glplot.canvas",
  "glplot.pixelRatio",
  "glplot.cameraParams",
  "glplot.onrender",
  "glplot.redraw",
  "glplot.update",
  "traces",
  "dataScale",
  "fullSceneLayout.xaxis",
  "fullSceneLayout.yaxis",
  "fullSceneLayout.zaxis",
  "camera.lookAt",
  "getCamera",
  "saveLayout",
];

/** Whether a scene is built as is expected here. @param {object} scene */
export function supported(scene) {
  return PRIVATE.every((path) => {
    /** @type {unknown} */
    let place = scene;
    for (const name of path.split(".")) {
      if (place === null || place === undefined) return false;
      place = /** @type {Record<string, unknown>} */ (place)[name];
    }
    return place !== null && place !== undefined;
  });
}

/**
 * The scene of a figure; null where there is none, or one that is not supported.
 * @param {HTMLElement} element
 * @param {string} [id]
 */
export function sceneOf(element, id = "scene") {
  const scene = asFigure(element)._fullLayout?.[id]?._scene;
  return scene && supported(scene) ? scene : null;
}

/** An element that Plotly has drawn into. @param {HTMLElement} element */
const asFigure = (element) => /** @type {PlotlyElement} */ (element);

/**
 * Takes note of where the learner stands now. Plotly does when the mouse is let go, but the scene coasts on a little
 * after that, and would jump back with the next drawing.
 * @param {HTMLElement} element
 * @param {string} [id]
 */
export function keepCamera(element, id = "scene") {
  sceneOf(element, id)?.saveLayout(asFigure(element).layout);
}

/**
 * Where the learner stands, or undefined if that is not known.
 * @param {HTMLElement} element
 * @param {string} [id]
 */
export const cameraOf = (element, id = "scene") => sceneOf(element, id)?.getCamera();

/**
 * Turns a scene to a camera at once; false if that is not supported.
 * @param {HTMLElement} element
 * @param {string} id
 * @param {PlotlyCamera} camera
 */
export function lookFrom(element, id, { eye, center, up }) {
  const scene = sceneOf(element, id);
  if (!scene) return false;
  /** @param {PlotlyPlace} place */
  const numbers = ({ x, y, z }) => [x, y, z];
  scene.camera.lookAt(numbers(eye), numbers(center), numbers(up));
  // What the next full drawing begins with is where the learner stands now.
  scene.saveLayout(asFigure(element).layout);
  return true;
}

/**
 * How a scene is looked at now: its axes in the scene's own coordinates, and from those to the picture's.
 * @typedef {object} Sight
 * @property {number[]} matrix
 * @property {HTMLCanvasElement} canvas   the scene's own
 * @property {number} width               of the picture, in CSS pixels
 * @property {number} height
 * @property {number[]} scale             of each axis
 * @property {[Point, Point]} box         the lowest and the highest corner of what is shown
 * @property {((value: number) => number)[]} at   from an axis's numbers to the scene's
 */

/** @param {PlotlyScene} scene @returns {Sight} */
function sightOf({ glplot, dataScale, fullSceneLayout }) {
  const { model, view, projection } = glplot.cameraParams;
  const { xaxis, yaxis, zaxis } = fullSceneLayout;
  const axes = [xaxis, yaxis, zaxis];
  const ends = axes.map((axis, i) => axis.range.map((end) => axis.r2l(end) * dataScale[i]));
  return {
    matrix: multiplied(projection, multiplied(view, model)),
    canvas: glplot.canvas,
    width: glplot.canvas.width / glplot.pixelRatio,
    height: glplot.canvas.height / glplot.pixelRatio,
    scale: dataScale,
    box: [
      /** @type {Point} */ (ends.map((pair) => Math.min(...pair))),
      /** @type {Point} */ (ends.map((pair) => Math.max(...pair))),
    ],
    at: axes.map((axis, i) => (value) => axis.d2l(value) * dataScale[i]),
  };
}

/**
 * How a figure's scene is looked at, or null if that is not known.
 * @param {HTMLElement} element
 * @param {string} [id]
 */
export function sight(element, id = "scene") {
  const scene = sceneOf(element, id);
  return scene && sightOf(scene);
}

/**
 * What each scene was told last, and what lies over it.
 * @typedef {object} Mood
 * @property {boolean} moving
 * @property {number[]} carried the places of the traces that are painted over the scene instead of in it
 * @property {() => import("./overlay.js").Extras|null} extras what else is painted over it
 * @property {ReturnType<typeof createOverlay>} over
 */

/** @type {WeakMap<PlotlyScene, Mood>} */
const moods = new WeakMap();

/** @param {PlotlyScene} scene @param {PlotlyElement} element */
function moodOf(scene, element) {
  const mood = moods.get(scene) ?? {
    moving: false,
    carried: [],
    extras: () => null,
    over: createOverlay({
      sight: () => sightOf(scene),
      trace: (place) => element._fullData[place],
      surface: () =>
        /** @type {PlotlyTrace} */ (
          element._fullData.find(({ type, scene: of }) => type === "surface" && of === scene.id)
        ),
    }),
  };
  moods.set(scene, mood);
  return mood;
}

/**
 * Says which traces are painted over the scene instead of in it; right after the figure has been drawn.
 * @param {HTMLElement} element
 * @param {number[]} places of the traces in the figure; the last lies on top
 * @param {() => import("./overlay.js").Extras|null} extras what else is painted over it, asked for whenever it is
 * @param {string} [id] the scene's
 */
export function carry(element, places, extras, id = "scene") {
  const scene = sceneOf(element, id);
  if (!scene) return false; // it paints them itself
  const mood = moodOf(scene, asFigure(element));
  mood.carried = places;
  mood.extras = extras;
  calm(scene, mood, asFigure(element));
  // Plotly has painted the scene before this was known.
  mood.over.paint(places, extras());
  return true;
}

/** Paints anew what lies over a scene. @param {HTMLElement} element @param {string} [id] the scene's */
export function repaint(element, id = "scene") {
  const scene = sceneOf(element, id);
  const mood = scene && moods.get(scene);
  if (mood?.carried.length) mood.over.paint(mood.carried, mood.extras());
}

/**
 * Puts other points into traces that are painted over the scene; false if that is not supported.
 * @param {HTMLElement} element
 * @param {Map<number, Points>} moved by the place of the trace in the figure
 * @param {string} [id] the scene's
 */
export function move(element, moved, id = "scene") {
  const scene = sceneOf(element, id);
  if (!scene) return false;
  const figure = asFigure(element);
  const mood = moodOf(scene, figure);
  for (const [place, points] of moved) {
    Object.assign(figure.data[place], points); // what exports and the next full drawing read
    Object.assign(figure._fullData[place], points, { _length: points.x.length });
  }
  mood.over.paint(mood.carried, mood.extras());
  if (mood.moving) return true;
  for (const place of moved.keys()) update(scene, figure, place);
  calm(scene, mood, figure);
  return true;
}

/**
 * Puts other words beside the points of a trace; they are said when one is pointed at.
 * @param {HTMLElement} element @param {number} place @param {string[]} text
 */
export function relabel(element, place, text) {
  const { data, _fullData: full } = asFigure(element);
  data[place].text = text;
  if (full?.[place]) full[place].text = text;
}

/** Where the pointer finds a trace is known from the scene. @param {PlotlyScene} scene @param {PlotlyElement} element @param {number} place */
function update(scene, element, place) {
  const full = element._fullData[place];
  const trace = scene.traces[full.uid];
  if (!trace) throw new Error(`trace ${place} is not in the scene`);
  trace.update(full);
}

/**
 * Says whether the figure is being moved. While it is, no picking picture is made: nobody points at what runs.
 * @param {HTMLElement} element
 * @param {boolean} moving
 * @param {string} [id]
 */
export function setMoving(element, moving, id = "scene") {
  const scene = sceneOf(element, id);
  if (!scene) return;
  const figure = asFigure(element);
  const mood = moodOf(scene, figure);
  const rests = mood.moving && !moving;
  mood.moving = moving;
  calm(scene, mood, figure);
  if (!rests) return;
  for (const place of mood.carried) if (figure._fullData[place]) update(scene, figure, place);
  scene.glplot.update({}); // with a picking picture
}

/**
 * Answers what the painter asks the graphics card on every frame. The card would answer only after it has painted all
 * it has been given, and the page would stand still until then. For the same reason the picking picture is not read
 * back while the figure is moved.
 * @param {WebGLRenderingContext} gl
 * @param {Mood} mood
 */
function answerAtOnce(gl, mood) {
  if (Object.hasOwn(gl, "isBuffer")) return;
  gl.isBuffer = (it) => it instanceof WebGLBuffer && !gl.isContextLost();
  gl.isProgram = (it) => it instanceof WebGLProgram && !gl.isContextLost();
  gl.isShader = (it) => it instanceof WebGLShader && !gl.isContextLost();
  const { readPixels } = gl;
  gl.readPixels = (...where) => {
    if (!mood.moving) readPixels.apply(gl, where);
  };
}

/** Shaders that are held on to. */
const kept = new WeakSet();

/**
 * Axes with other ticks are made anew, and their shaders with them: compiled, which takes longer than all the rest.
 * One more holder of each, and they are found instead.
 * @param {PlotlyPainter["axes"]} axes
 */
function keepShaders(axes) {
  for (const part of [axes._lines, axes._text, axes._background]) {
    for (const reference of [part?.shader?._vref, part?.shader?._fref]) {
      if (!reference || kept.has(reference)) continue;
      kept.add(reference);
      reference.count += 1;
    }
  }
}

/** Takes hold of what the scene has by now. @param {PlotlyScene} scene @param {Mood} mood @param {PlotlyElement} element */
function calm(scene, mood, element) {
  keepShaders(scene.glplot.axes);
  answerAtOnce(scene.glplot.gl, mood);
  paintOverEach(scene.glplot, mood);
  for (const trace of Object.values(scene.traces)) {
    if (!trace.setContourLevels) continue;
    levelOnce(trace);
    trace.refineData = false; // four times the triangles, and all of them between the points that are known
  }
  /** Whether an object of the scene belongs to a trace that is painted over it. @param {PlotlySceneObject} object */
  const carries = (object) =>
    mood.carried.some((place) => {
      const trace = scene.traces[element._fullData[place]?.uid];
      return trace && (trace.linePlot === object || trace.scatterPlot === object);
    });
  for (const object of scene.glplot.objects) quieten(object, mood, carries);
}

/** Painters of scenes that are looked after. */
const followed = new WeakSet();

/** Whenever the scene is painted, for another surface or another look at it, so is what lies over it. @param {PlotlyPainter} glplot @param {Mood} mood */
function paintOverEach(glplot, mood) {
  if (followed.has(glplot)) return;
  followed.add(glplot);
  const { onrender } = glplot;
  glplot.onrender = () => {
    onrender();
    if (mood.carried.length) mood.over.paint(mood.carried, mood.extras());
  };
}

/** Traces whose contour lines are looked after. */
const levelled = new WeakSet();

/** The contour lines of a surface are found once for each surface, not once for each frame. @param {PlotlySceneTrace} trace */
function levelOnce(trace) {
  if (levelled.has(trace)) return;
  levelled.add(trace);
  const { update, setContourLevels } = trace;
  let due = false; // the frame that drew it first has found them
  trace.update = (data) => {
    due = true;
    update.call(trace, data);
  };
  trace.setContourLevels = () => {
    if (due) setContourLevels?.call(trace);
    due = false;
  };
}

/** Objects of the scene that are looked after. */
const quiet = new WeakSet();

/**
 * An object that changed has the scene paint its picking picture; not so while it is moved, when that picture is of
 * another moment and tells nothing.
 * @param {PlotlySceneObject} object
 * @param {Mood} mood
 * @param {(object: PlotlySceneObject) => boolean} carries
 */
function quieten(object, mood, carries) {
  if (quiet.has(object)) return;
  quiet.add(object);
  let { dirty } = object;
  Object.defineProperty(object, "dirty", {
    get: () => dirty && !mood.moving,
    set(value) {
      dirty = value;
    },
    configurable: true,
  });
  const { pick, draw, drawTransparent } = object;
  object.pick = (where) => {
    const found = mood.moving ? null : pick.call(object, where);
    // A line's very end is found without it, and whatever marks the place then fails.
    if (found) found.dataCoordinate ??= found.position;
    return found;
  };
  object.draw = (...how) => {
    if (!carries(object)) draw.apply(object, how);
  };
  object.drawTransparent = (...how) => {
    if (!carries(object)) drawTransparent.apply(object, how);
  };
}
