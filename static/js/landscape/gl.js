/**
 * The WebGL scene behind a 3-D figure of Plotly's, moved without having Plotly draw everything anew.
 *
 * `Plotly.restyle` of one path computes every trace of the scene again, the surface's 122 × 122 mesh among them; each
 * frame the scene paints traces the surface's contour lines again, and paints everything a second time, into a picture
 * that it reads back to know what the mouse points at. That is up to 160 ms a frame. So while training moves the
 * paths, this module hands the new points to the traces that moved, keeps contour lines until there is another
 * surface, and has the picking picture made only when the figure rests.
 *
 * It leans on how plotly.js is built inside (`_fullLayout.scene._scene`); the version is pinned by its hash.
 */

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
 * Puts other points into traces of a drawn figure and paints the scene once.
 * @param {any} element
 * @param {Map<number, Points>} moved by the place of the trace in the figure
 * @param {string} [id] the scene's
 */
export function move(element, moved, id = "scene") {
  const scene = sceneOf(element, id);
  for (const [place, points] of moved) {
    Object.assign(element.data[place], points); // what exports and the next full drawing read
    const full = element._fullData[place];
    Object.assign(full, points, { _length: points.x.length });
    const trace = scene.traces[full.uid];
    if (!trace) throw new Error(`trace ${place} is not in the scene`);
    trace.update(full);
  }
  calm(scene);
  scene.glplot.redraw();
}

/** What each scene was told last. @type {WeakMap<Scene, {moving: boolean}>} */
const moods = new WeakMap();

/**
 * Says whether the figure is being moved. While it is, no picking picture is made: nobody points at what runs.
 * @param {any} element
 * @param {boolean} moving
 * @param {string} [id]
 */
export function setMoving(element, moving, id = "scene") {
  const scene = sceneOf(element, id);
  if (!scene) return;
  const mood = moods.get(scene) ?? { moving: false };
  moods.set(scene, mood);
  if (mood.moving && !moving) scene.glplot.update({}); // now, with all that moved
  mood.moving = moving;
  calm(scene);
}

/**
 * Answers what the painter asks the graphics card on every frame. The card would answer only after it has painted all
 * it has been given, and the page would stand still until then. For the same reason the picking picture is not read
 * back while the figure is moved.
 * @param {any} gl
 * @param {{moving: boolean}} mood
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

/** Takes hold of the traces that the scene has by now. @param {Scene} scene */
function calm(scene) {
  keepShaders(scene.glplot.axes);
  const mood = moods.get(scene) ?? { moving: false };
  moods.set(scene, mood);
  answerAtOnce(scene.glplot.gl, mood);
  holdPlace(scene, mood);
  for (const trace of Object.values(scene.traces)) {
    if (!trace.setContourLevels) continue;
    levelOnce(trace);
    trace.refineData = false; // four times the triangles, and all of them between the points that are known
  }
  for (const object of scene.glplot.objects) quieten(object, mood);
}

/**
 * Where the figure is on the page does not change while it is moved. The painter would ask on every frame, and have
 * the whole page laid out anew each time, between the words that changed and those that are about to.
 * @param {Scene} scene
 * @param {{moving: boolean}} mood
 */
function holdPlace(scene, mood) {
  scene.glplot.autoResize = !mood.moving;
  const { container } = scene;
  if (Object.hasOwn(container, "getBoundingClientRect")) return;
  const measured = container.getBoundingClientRect.bind(container);
  let known = measured();
  container.getBoundingClientRect = () => {
    if (!mood.moving) known = measured();
    return known;
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
 * An object that changed has the scene paint its picking picture; not so while it is moved.
 * @param {any} object
 * @param {{moving: boolean}} mood
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
}
