/** What of the page is seen in a lesson, and what is locked until the answer is known. */

import { el } from "../../ui/dom.js";
import { withLayer } from "../arrangement.js";

/** @typedef {import("../../types.js").Part} Part */

/** @type {Part[]} */
const PANELS = ["network", "learned", "loss", "surface"];
/** @type {Part[]} */
const SETUP = ["data", "runs", "settings"];

/** The style of the lessons, which the page does without until there is one. */
export function addStyle() {
  if (document.getElementById("lesson-style")) return;
  const href = new URL("../../../css/lazy/lessons.css", import.meta.url).href;
  document.head.append(el("link", { rel: "stylesheet", id: "lesson-style", href }));
}

/**
 * @param {import("../../experiment/state.js").State} state
 * @param {{show: string[]|null, tells: Part[], open: boolean, locked: boolean}|null} how   null: no lesson; `show` null:
 *   every panel; `tells`: what would tell the answer, which is asked for; `open`: the set-up, too
 */
export function arrange(state, how) {
  const { body } = document;
  const tells = how?.tells ?? [];
  const show = PANELS.filter(
    (part) => (how?.show ?? PANELS).includes(part) && !tells.includes(part),
  );
  body.classList.toggle("in-lesson", how !== null);
  body.classList.toggle("lesson-open", how?.open ?? false);
  body.dataset.lessonPanels = String(show.length);
  const hidden = PANELS.filter((part) => !show.includes(part));
  const layer = how && {
    hidden: [...hidden, ...tells, ...(how.open ? [] : SETUP)],
    locked: how.locked ? /** @type {Part[]} */ (["train", "timeline"]) : [], // a branch trains, too
  };
  state.patchNow({ access: withLayer(state.access, "lesson", layer) });
}
