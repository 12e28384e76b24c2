/** What the picture of J is of, in words over it: which run and step, which plane, and what its arrows and colours mean. */

import { byId, el, setHidden, setText } from "../../ui/dom.js";
import { palette } from "../../ui/theme.js";
import * as format from "../../ui/number-format.js";
import { label, t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { isOnRelief, isPicked } from "../../experiment/landscape-settings.js";
import { frameOf } from "./shared-traces.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 */

/**
 * Of which run and step the picture is, as it was drawn: not of what is chosen and still on its way.
 * @param {State} state
 */
export function subject(state) {
  const { surface, landscape, step } = state;
  const of = landscape.view === "slice" ? landscape.slice : surface;
  if (!of) return "";
  const name = runNames(state)[of.run] ?? "";
  const key = of.step === step ? "landscape.caption" : "landscape.caption.older";
  return t(`${key}`, { name, step: format.count(of.step), now: format.count(step) });
}

/**
 * How the arrow of the step is drawn.
 * @param {number|null} longer how many times its length; null: it is not drawn
 */
export function arrowWords(longer) {
  if (longer === null) return "";
  if (longer < 1.05) return t("landscape.arrow");
  return t("landscape.arrow.longer", { times: format.plain(longer, longer < 10 ? 2 : 1) });
}

/**
 * What is said besides, view by view.
 * @param {State} state @param {{longer: number|null, steepest: number|null}} drawn
 */
function remarks(state, { longer, steepest }) {
  const { landscape, surface } = state;
  const { view } = landscape;
  if (view === "slice") return [];
  // Of two parameters there is no other pair.
  const found = isOnRelief(state) && state.summary.parameter_names.length > 2;
  const relief = found ? [t("landscape.relief")] : [];
  if (view === "losses") return [t("landscape.losses.apart")];
  const loss =
    surface && surface.loss !== state.live.spec.loss
      ? [label("losses", { name: surface.loss })]
      : [];
  if (view === "surface") return [...relief, ...loss, arrowWords(longer)];
  const slope =
    steepest === null ? [] : [t("landscape.arrows", { slope: format.number(steepest) })];
  return [...relief, ...loss, ...slope];
}

/**
 * @param {object} options
 * @param {State} options.state
 * @param {() => void} options.look asks the server for the picture anew
 */
export function createCaption({ state, look }) {
  const home = byId("surface-caption");
  const words = el("span", { id: "surface-of" });
  const back = el("button", {
    type: "button",
    id: "relief-go",
    class: "link",
    hidden: true, // without a picture it has no words
    on: {
      click() {
        state.patch({ landscape: { picked: null, found: null } });
        look();
      },
    },
  });
  home.replaceChildren(words, back);
  const bar = byId("colour-bar");
  /** How much longer than it is the arrow was drawn last. @type {number|null} */
  let longer = null;

  const caption = {
    /** @param {number|null} times how many times its length the arrow of the step is drawn */
    told(times) {
      if (times === longer) return;
      longer = times;
      caption.draw();
    },
    draw() {
      const { view, plane } = state.landscape;
      const of = subject(state);
      const { steepest } = state.landscape;
      // Where there is no picture there is nothing to be said of it.
      const parts = of ? [of, ...remarks(state, { longer, steepest })] : [];
      setText(words, parts.filter(Boolean).join(" · "));
      setHidden(back, view === "slice" || plane !== "parameters" || !isPicked(state));
      setText(back, t("landscape.relief.go"));
      drawBar(bar, state);
    },
  };
  return caption;
}

/** What colour is what height. @param {HTMLElement} bar @param {State} state */
function drawBar(bar, state) {
  const { surface, landscape, view } = state;
  setHidden(bar, !surface || (landscape.view !== "surface" && landscape.view !== "contour"));
  if (!surface || bar.hidden) return;
  const ends = frameOf(state, surface).shades.map((end) => (view.logSurface ? 10 ** end : end));
  const [low, high] = ends.map((end) => format.plain(end, 3));
  const stops = palette(view.theme).surface.map(([at, color]) => `${color} ${100 * at}%`);
  const ramp = `linear-gradient(to top, ${stops.join()})`;
  const [top, middle, bottom] = bar.children;
  setText(top, high);
  setText(bottom, low);
  if (middle instanceof HTMLElement && middle.dataset.ramp !== ramp) {
    middle.dataset.ramp = ramp;
    middle.style.background = ramp;
  }
}
