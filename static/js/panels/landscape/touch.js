/**
 * Touch on the 3-D pictures: one finger scrolls the page, as everywhere, and two turn the picture. After a tap one finger
 * turns it too, until the page is touched elsewhere. A mouse, where there is one too, meets the picture itself.
 */

import { el, setText } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { cameraOf, lookFrom } from "./webgl/plotly-scene.js";

/** @typedef {import("../../experiment/state.js").State} State */

/** Degrees that a picture turns for each pixel. */
const TURN = 0.6;
/** How steep one may look down, in degrees. */
const STEEP = [4, 86];

/**
 * A camera that has gone around its centre.
 * @param {PlotlyCamera} camera @param {number} right in degrees @param {number} higher in degrees
 * @returns {PlotlyCamera}
 */
export function turnedCamera({ eye, center, up }, right, higher) {
  const [x, y, z] = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
  const away = Math.hypot(x, y, z);
  const radians = Math.PI / 180;
  const around = Math.atan2(y, x) - right * radians;
  const now = Math.asin(z / away) / radians + higher;
  const steep = Math.min(Math.max(now, STEEP[0]), STEEP[1]) * radians;
  return {
    eye: {
      x: center.x + away * Math.cos(steep) * Math.cos(around),
      y: center.y + away * Math.cos(steep) * Math.sin(around),
      z: center.z + away * Math.sin(steep),
    },
    center,
    up,
  };
}

/**
 * Lays a shield over the 3-D pictures that lets the page be scrolled.
 * @param {State} state
 * @param {HTMLElement} home of the pictures
 * @param {() => HTMLElement} figure the one that is open
 */
export function shieldFromTouch(state, home, figure) {
  const words = el("span");
  const shield = el("div", { class: "touch-shield", "aria-hidden": "true" }, words);
  home.append(shield);
  let open = false;
  /** @type {{x: number, y: number}|null} */
  let before = null;

  function draw() {
    const { view, starting, problem } = state.landscape;
    shield.hidden =
      open || starting || problem !== null || (view !== "surface" && view !== "losses");
    setText(words, t("landscape.touch"));
  }

  /** The middle between two fingers. @param {TouchList} touches */
  const middle = ([one, two]) => ({
    x: (one.clientX + two.clientX) / 2,
    y: (one.clientY + two.clientY) / 2,
  });

  home.addEventListener("pointerover", ({ pointerType }) =>
    shield.classList.toggle("through", pointerType === "mouse"),
  );
  home.addEventListener("pointerleave", () => shield.classList.remove("through"));
  shield.addEventListener("click", () => {
    open = true;
    draw();
  });
  document.addEventListener(
    "touchstart",
    ({ target }) => {
      if (!open || (target instanceof Node && home.contains(target))) return;
      open = false;
      draw();
    },
    { passive: true },
  );
  shield.addEventListener(
    "touchstart",
    (event) => {
      before = event.touches.length === 2 ? middle(event.touches) : null;
      if (before && event.cancelable) event.preventDefault();
    },
    { passive: false },
  );
  shield.addEventListener(
    "touchmove",
    (event) => {
      if (!before || event.touches.length !== 2) return;
      if (event.cancelable) event.preventDefault();
      const now = middle(event.touches);
      for (const id of ["scene", "scene2"]) {
        const camera = cameraOf(figure(), id);
        const [right, down] = [TURN * (now.x - before.x), TURN * (now.y - before.y)];
        if (camera) lookFrom(figure(), id, turnedCamera(camera, right, down));
      }
      before = now;
    },
    { passive: false },
  );
  state.on(["landscape/view", "landscape/starting", "landscape/problem", "language"], draw);
  draw();
}
