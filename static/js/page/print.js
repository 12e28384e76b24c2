/**
 * What a printer gets: the page as it stands on the screen, on one sheet; a phone's column of panels as two on each
 * of several. Plots are drawn for the width that they have now, and there is no time to draw them for the paper's: so
 * the sheet is made as large as the page, and the browser fits it to the paper.
 */

import { sceneOf } from "../panels/landscape/webgl/plotly-scene.js";
import { el } from "../ui/dom.js";
import { loadStyle } from "../ui/lazy-style.js";

/** From this height over its width on, a page is not legible on one sheet. */
const TALL = 2;
/** Height of one of several sheets over its width: about that of Letter, a little less than that of A4. */
const UPRIGHT = 1.3;

const root = document.documentElement;
const sheet = new CSSStyleSheet();

/** Gets the page ready for paper whenever the visitor prints, and gives it back as it was. */
export function connectPrint() {
  void loadStyle("print");
  document.adoptedStyleSheets.push(sheet);
  /** @type {(() => void)[]} */
  let undo = [];
  const restore = () => {
    for (const act of undo) act();
    undo = [];
  };
  addEventListener("beforeprint", () => {
    restore();
    // Each is known before the next begins: whatever happens then, the page is given back.
    for (const prepare of [cutSheets, holdConditions, showScenes]) undo.push(...prepare());
  });
  addEventListener("afterprint", restore);
}

/** Sets the size of the sheets; returns how to undo it, as the next two do. */
function cutSheets() {
  const { clientWidth: width, scrollHeight: height } = root;
  const tall = height > TALL * width;
  const [across, down] = tall ? [2 * width, UPRIGHT * 2 * width] : [width, height];
  sheet.replaceSync(`@page { size: ${across}px ${Math.ceil(down)}px; margin: 0; }`);
  root.classList.toggle("on-sheets", tall);
  return [
    () => {
      sheet.replaceSync("");
      root.classList.remove("on-sheets");
    },
  ];
}

/** Has every rule that depends on the window hold, or not, as it does now: the paper is no window. */
function holdConditions() {
  const rules = Array.from(document.styleSheets).flatMap((style) => Array.from(style.cssRules));
  return rules.flatMap((rule) => {
    if (!(rule instanceof CSSMediaRule) || !/width|height/.test(rule.media.mediaText)) return [];
    const { media } = rule;
    const { mediaText } = media;
    media.mediaText = matchMedia(mediaText).matches ? "all" : "not all";
    return [() => void (media.mediaText = mediaText)];
  });
}

/** Lays a copy on every scene: of WebGL, a printer gets nothing that was shown before. */
function showScenes() {
  /** @type {NodeListOf<PlotlyElement>} */
  const figures = document.querySelectorAll(".js-plotly-plot");
  return Array.from(figures).flatMap((element) =>
    (element._fullLayout?._subplots.gl3d ?? []).flatMap((id) => {
      const scene = sceneOf(element, id);
      if (!scene?.glplot.canvas.width || !element.checkVisibility()) return []; // it is in another tab
      const copy = pictureOf(scene.glplot);
      return [() => copy.remove()];
    }),
  );
}

/** @param {PlotlyPainter} glplot */
function pictureOf(glplot) {
  const { canvas, onrender } = glplot;
  const copy = el("canvas", { width: canvas.width, height: canvas.height });
  copy.style.cssText = canvas.style.cssText;
  // What lies over the scene stays as it is: a canvas that is painted anew now is printed white, and covers all.
  glplot.onrender = () => {};
  glplot.redraw();
  glplot.onrender = onrender;
  copy.getContext("2d")?.drawImage(canvas, 0, 0); // before the browser has shown it, and has cleared it
  canvas.after(copy);
  return copy;
}
