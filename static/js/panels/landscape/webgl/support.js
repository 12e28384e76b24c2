/** Whether this browser can draw in 3-D, and what is said where it can not. */

import { byId, el } from "../../../ui/dom.js";
import { t } from "../../../ui/i18n.js";

/** @type {boolean|null} */
let known = null;

/** Asked once: a browser has few contexts to give. */
export function hasWebgl() {
  if (known === null) {
    const context = document.createElement("canvas").getContext("webgl");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    known = context !== null;
  }
  return known;
}

/** Says so in the picture's place, and where the same is to be seen. @param {HTMLElement} element */
export function sayFlat(element) {
  element.dataset.flat = "true";
  const go = el("button", {
    type: "button",
    class: "chip",
    text: t("landscape.view.contour"),
    on: { click: () => byId("view-contour").click() },
  });
  element.replaceChildren(
    el("div", { class: "flat-words" }, el("p", { text: t("landscape.flat") }), go),
  );
}
