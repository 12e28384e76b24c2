/**
 * The WebGL scene behind a 3-D figure of Plotly's, moved without having Plotly draw everything anew.
 *
 * `Plotly.restyle` of one path computes every trace of the scene again, the surface's mesh among them; each frame the
 * scene paints traces the surface's contour lines again, and paints everything a second time, into a picture that it
 * reads back to know what the mouse points at. That is up to 160 ms a frame. So paths and points are left out of what
 * the scene paints, and painted over it; contour lines are kept until there is another surface, and the picking picture
 * is made only when the figure rests.
 *
 * It leans on how plotly.js is built inside (`_fullLayout.scene._scene`); the version is pinned by its hash.
 */

import { createOver } from "./overlay.js";

/**
 * @typedef {{x: (number|null)[], y: (number|null)[], z: (number|null)[]}} Points
 * @typedef {any} Scene Plotly's own, which it does not describe
 */

/** @param {any} element @param {string} [id] @returns {Scene} */
export function sceneOf(element, id = "scene") {
  return element._fullLayout?.[id]?._scene ?? null;
}

/**
 * Takes note of where the learner stands now. Plotly does when the mouse is let go, but the scene coasts on a little
 * after that, and would jump back with the next drawing.
 * @param {any} element
 * @param {string} [id]
 */
export function keepCamera(element, id = "scene") {
  sceneOf(element, id)?.saveLayout(element.layout);
}

/**
 * What each scene was told last, and what lies over it.
 * @typedef {object} Mood
 * @property {boolean} moving
 * @property {number[]} carried the places of the traces that are painted over the scene instead of in it
 * @property {ReturnType<typeof createOver>} over
 */

/** @type {WeakMap<Scene, Mood>} */
const moods = new WeakMap();

/** @param {Scene} scene @param {any} element */
function moodOf(scene, element) {
  const mood = moods.get(scene) ?? { moving: false, carried: [], over: createOver(scene, element) };
  moods.set(scene, mood);
  return mood;
}

/**
 * Says which traces are painted over the scene instead of in it; right after the figure has been drawn.
 * @param {any} element
 * @param {number[]} places of the traces in the figure; the last lies on top
 * @param {string} [id] the scene's
 */
export function carry(element, places, id = "scene") {
  const scene = sceneOf(element, id);
  const mood = moodOf(scene, element);
  mood.carried = places;
  calm(scene, mood);
}

/**
 * Puts other points into traces that are painted over the scene.
 * @param {any} element
 * @param {Map<number, Points>} moved by the place of the trace in the figure
 * @param {string} [id] the scene's
 */
export function move(element, moved, id = "scene") {
  const scene = sceneOf(element, id);
  const mood = moodOf(scene, element);
  for (const [place, points] of moved) {
    Object.assign(element.data[place], points); // what exports and the next full drawing read
    Object.assign(element._fullData[place], points, { _length: points.x.length });
  }
  mood.over.paint(mood.carried);
  if (mood.moving) return;
  for (const place of moved.keys()) update(scene, element, place);
  calm(scene, mood);
}

/** Where the pointer finds a trace is known from the scene. @param {Scene} scene @param {any} element @param {number} place */
function update(scene, element, place) {
  const full = element._fullData[place];
  const trace = scene.traces[full.uid];
  if (!trace) throw new Error(`trace ${place} is not in the scene`);
  trace.update(full);
}

/**
 * Says whether the figure is being moved. While it is, no picking picture is made: nobody points at what runs.
 * @param {any} element
 * @param {boolean} moving
 * @param {string} [id]
 */
export function setMoving(element, moving, id = "scene") {
  const scene = sceneOf(element, id);
  if (!scene) return;
  const mood = moodOf(scene, element);
  const rests = mood.moving && !moving;
  mood.moving = moving;
  calm(scene, mood);
  if (!rests) return;
  for (const place of mood.carried) if (element._fullData[place]) update(scene, element, place);
  scene.glplot.update({}); // with a picking picture
}

/**
 * Answers what the painter asks the graphics card on every frame. The card would answer only after it has painted all
 * it has been given, and the page would stand still until then. For the same reason the picking picture is not read
 * back while the figure is moved.
 * @param {any} gl
 * @param {Mood} mood
 */
function answerAtOnce(gl, mood) {
  if (Object.hasOwn(gl, "isBuffer")) return;
  gl.isBuffer = (/** @type {unknown} */ it) => it instanceof WebGLBuffer && !gl.isContextLost();
  gl.isProgram = (/** @type {unknown} */ it) => it instanceof WebGLProgram && !gl.isContextLost();
  const { readPixels } = gl;
  gl.readPixels = (/** @type {unknown[]} */ ...where) => {
    if (!mood.moving) readPixels.apply(gl, where);
  };
  gl.isShader = (/** @type {unknown} */ it) => it instanceof WebGLShader && !gl.isContextLost();
}

/** Shaders that are held on to. */
const kept = new WeakSet();

/**
 * Axes with other ticks are made anew, and their shaders with them: compiled, which takes longer than all the rest.
 * One more holder of each, and they are found instead.
 * @param {any} axes
 */
function keepShaders(axes) {
  for (const { shader } of [axes._lines, axes._text, axes._background].filter(Boolean)) {
    for (const reference of [shader?._vref, shader?._fref]) {
      if (!reference || kept.has(reference)) continue;
      kept.add(reference);
      reference.count += 1;
    }
  }
}

/** Takes hold of what the scene has by now. @param {Scene} scene @param {Mood} mood */
function calm(scene, mood) {
  keepShaders(scene.glplot.axes);
  answerAtOnce(scene.glplot.gl, mood);
  paintOverEach(scene.glplot, mood);
  for (const trace of Object.values(scene.traces)) {
    if (!trace.setContourLevels) continue;
    levelOnce(trace);
    trace.refineData = false; // four times the triangles, and all of them between the points that are known
  }
  for (const object of scene.glplot.objects) quieten(object, mood);
}

/** Painters of scenes that are looked after. */
const followed = new WeakSet();

/** Whenever the scene is painted, for another surface or another look at it, so is what lies over it. @param {any} glplot @param {Mood} mood */
function paintOverEach(glplot, mood) {
  if (followed.has(glplot)) return;
  followed.add(glplot);
  const { onrender } = glplot;
  glplot.onrender = () => {
    onrender();
    if (mood.carried.length) mood.over.paint(mood.carried);
  };
}

/** Traces whose contour lines are looked after. */
const levelled = new WeakSet();

/** The contour lines of a surface are found once for each surface, not once for each frame. @param {any} trace */
function levelOnce(trace) {
  if (levelled.has(trace)) return;
  levelled.add(trace);
  const { update, setContourLevels } = trace;
  let due = false; // the frame that drew it first has found them
  trace.update = (/** @type {any} */ data) => {
    due = true;
    update.call(trace, data);
  };
  trace.setContourLevels = () => {
    if (due) setContourLevels.call(trace);
    due = false;
  };
}

/** Objects of the scene that are looked after. */
const quiet = new WeakSet();

/**
 * An object that changed has the scene paint its picking picture; not so while it is moved, when that picture is of
 * another moment and tells nothing.
 * @param {any} object
 * @param {Mood} mood
 */
function quieten(object, mood) {
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
  object.pick = (/** @type {unknown} */ where) => {
    const found = mood.moving ? null : pick.call(object, where);
    // A line's very end is found without it, and whatever marks the place then fails.
    if (found) found.dataCoordinate ??= found.position;
    return found;
  };
  const painted = () => !mood.over.carries(object, mood.carried);
  object.draw = (/** @type {unknown[]} */ ...how) => painted() && draw.apply(object, how);
  object.drawTransparent = (/** @type {unknown[]} */ ...how) =>
    painted() && drawTransparent.apply(object, how);
}
