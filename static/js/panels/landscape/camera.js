/** From where a landscape is looked at: from above its lowest rim, into the basin; and a first, gentle turn around it. */

import { gridOf } from "./shared-traces.js";
import { cameraOf, keepCamera, lookFrom } from "./webgl/plotly-scene.js";

/** @typedef {import("../../experiment/state.js").State} State */

/** Directions to stand in, counter-clockwise from the x axis, in degrees; the first where none shows more. */
const STANDS = [231, 309, 129, 51];
/** A stand is better than the usual one when its rim is lower by this share of the picture's height. */
const BETTER = 0.08;
/** How far the first turn goes, in degrees, and how long it takes, in milliseconds. */
const TURN = { by: 32, takes: 2600 };
/** A frame that takes longer, in milliseconds, ends it: then it would only be in the way. */
const SLOW = 40;

/**
 * A camera at a direction; further away where there is little room.
 * @param {number} angle in degrees @param {number} width of the picture, in pixels
 */
export function cameraAt(angle, width) {
  const far = width < 300 ? 1.16 : width < 420 ? 1.1 : 1;
  const [x, y] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return {
    eye: { x: 1.62 * far * x, y: 1.62 * far * y, z: 1.34 * far },
    center: { x: 0, y: 0, z: -0.16 },
    up: { x: 0, y: 0, z: 1 },
  };
}

/**
 * The direction from which the rim in front of the basin is lowest, so that one looks into it.
 * @param {import("./grid.js").Grid} grid
 * @param {[number, number]} heights the lowest and the highest that are drawn
 */
export function facing({ x, y, z }, [low, high]) {
  const [columns, rows] = [x.length, y.length];
  const span = high - low || 1;
  /** How high the rim is on one side, from 0 to 1. @param {number} angle */
  const rim = (angle) => {
    const [toX, toY] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    let [sum, weight] = [0, 0];
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        if (i && j && i < columns - 1 && j < rows - 1) continue;
        const height = z[j * columns + i];
        const near = toX * ((2 * i) / (columns - 1) - 1) + toY * ((2 * j) / (rows - 1) - 1);
        if (near <= 0 || !Number.isFinite(height)) continue;
        sum += (near * Math.min(Math.max(height - low, 0), span)) / span;
        weight += near;
      }
    }
    return weight ? sum / weight : 1;
  };
  const usual = rim(STANDS[0]) - BETTER;
  const best = STANDS.map((angle) => ({ angle, height: rim(angle) })).sort(
    (a, b) => a.height - b.height,
  )[0];
  return best.height < usual ? best.angle : STANDS[0];
}

/** Where a figure is looked at from by itself, and for which picture that was found. @type {WeakMap<HTMLElement, {key: string, angle: number}>} */
const stands = new WeakMap();
/** Where a figure was last said to be seen from. @type {WeakMap<HTMLElement, ReturnType<typeof cameraAt>>} */
const given = new WeakMap();

/**
 * Where a figure is to be seen from: where the learner has turned it to, else as suits its plane and its width. It is said
 * with every drawing, since two that overlap would make Plotly forget that it was turned.
 * @param {HTMLElement} element
 * @param {object} picture
 * @param {import("../../types.js").Surface} picture.surface
 * @param {[number, number]} picture.heights
 * @param {string} picture.key another plane is looked at from where it shows most
 * @param {number} [picture.width]
 * @param {string} [picture.id] the scene's
 */
export function stance(element, { surface, heights, key, width = element.clientWidth, id }) {
  keepCamera(element, id);
  let stand = stands.get(element);
  if (stand?.key !== key) {
    stand = { key, angle: facing(gridOf(surface), heights) };
    stands.set(element, stand);
  }
  const usual = cameraAt(stand.angle, width);
  const [before, now] = [given.get(element), cameraOf(element, id)];
  given.set(element, usual);
  if (!before || !now) return usual;
  return isElsewhere(before, now) ? now : usual;
}

/** @param {PlotlyCamera} one @param {PlotlyCamera} other */
const isElsewhere = ({ eye: a }, { eye: b }) => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) > 1e-6;

/** Whether anybody has done anything on this page yet. */
let touched = false;
for (const type of ["pointerdown", "keydown", "wheel", "touchstart"])
  globalThis.addEventListener?.(type, () => (touched = true), { capture: true, passive: true });

/** How much of the first turn is still to come, from 1 to 0, after a share of its time. @param {number} share */
export const ahead = (share) => (1 - Math.min(1, Math.max(0, share))) ** 3;

/** Whether the page has had its first turn. */
let turned = false;

/**
 * Turns the first picture of the page a little, so that it is seen to be one that turns. Any input ends it, who does not
 * like motion sees none of it, and where a picture takes long to paint it is left out.
 * @param {HTMLElement} element
 */
export async function firstTurn(element) {
  const stand = stands.get(element);
  if (turned || !stand) return;
  turned = true;
  if (touched || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  /** @param {number} angle */
  const look = (angle) => {
    const camera = cameraAt(angle, element.clientWidth);
    given.set(element, camera);
    return lookFrom(element, "scene", camera);
  };
  const frame = () =>
    new Promise((/** @type {(now: number) => void} */ done) => requestAnimationFrame(done));
  const began = await frame();
  let before = began;
  for (let late = 0; late < 2 && !touched && before - began < TURN.takes;) {
    if (!look(stand.angle - TURN.by * ahead((before - began) / TURN.takes))) return;
    const now = await frame();
    late = now - before > SLOW ? late + 1 : 0;
    before = now;
  }
  // Who has taken hold of it is not turned away.
  if (!touched) look(stand.angle);
}
