/** What of the page is seen in a lesson, and what is locked until the answer is known. */

import { byId, el } from "../../ui/dom.js";

const PANELS = ["network", "learned", "loss", "surface"];
const LOCKED = ["train", "step"];
const KEYS = ["r", "R", " ", "ArrowRight"];

/** The style of the lessons, which the page does without until there is one. */
export function addStyle() {
  if (document.getElementById("lesson-style")) return;
  const href = new URL("../../../css/lazy/lessons.css", import.meta.url).href;
  document.head.append(el("link", { rel: "stylesheet", id: "lesson-style", href }));
}

/**
 * @param {{show: string[]|null, open: boolean, locked: boolean}|null} how   null: no lesson; `show` null: every panel;
 *   `open`: the set-up, too
 */
export function arrange(how) {
  const { body } = document;
  const show = how?.show ?? PANELS;
  body.classList.toggle("in-lesson", how !== null);
  body.classList.toggle("lesson-open", how?.open ?? false);
  body.dataset.lessonPanels = String(show.length);
  for (const id of PANELS) byId(id).classList.toggle("of-lesson", show.includes(id));
  for (const id of LOCKED) byId(id, HTMLButtonElement).disabled = how?.locked ?? false;
  // The figures have another size now.
  requestAnimationFrame(() => dispatchEvent(new Event("resize")));
}

/** The keys of what is locked are locked, too. @param {() => boolean} isLocked */
export function lockKeys(isLocked) {
  addEventListener(
    "keydown",
    (event) => {
      if (!KEYS.includes(event.key) || !isLocked()) return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest("dialog, button, input, select, textarea, a, summary")) return;
      event.stopPropagation();
      event.preventDefault();
    },
    true,
  );
}
