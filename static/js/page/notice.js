/** The calm line under the bar: the reading of the race, and a word about what just happened. */

import { isTold } from "../experiment/access.js";
import { el, setText } from "../ui/dom.js";
import { upTo } from "../experiment/loss-history.js";
import { explain, t } from "../ui/i18n.js";
import { readRace, startInWords } from "../panels/loss/summary.js";
import { runNames } from "../experiment/state.js";

/** @typedef {import("../experiment/state.js").State} State */

/** How the race goes. @param {State} state */
const race = (state) =>
  readRace({
    curves: upTo(state.curves, state.step),
    names: runNames(state),
    runs: state.runs,
    spec: state.live.spec,
    start: state.preset && t(`catalog.presets.${state.preset}.look`),
    events: state.summary.events.filter(({ step }) => step <= state.step),
  });

/** What is said where nobody can press Train yet; null where one can, or something was trained. @param {State} state */
function lockedWords({ access, step }) {
  if (step > 0 || !access.locked.has("train")) return null;
  return t(document.body.classList.contains("in-lesson") ? "reading.asked" : "reading.locked");
}

/** What is said where the page does not tell how the race goes: what to do, then who tells it. @param {State} state */
function untoldWords(state) {
  if (isTold(state)) return null;
  return state.step > 0 ? t("reading.untold") : startInWords(state.live.spec);
}

/** @param {HTMLElement} element @param {State} state */
export function drawReading(element, state) {
  const words = lockedWords(state) ?? untoldWords(state) ?? race(state);
  setText(element, words);
  const title = words.length > 90 ? words : "";
  if (element.title !== title) element.title = title;
}

/**
 * @param {HTMLElement} element
 * @param {State} state
 * @param {import("../types.js").Problem[]} homeless problems that no control is there for
 */
export function drawNotice(element, state, homeless) {
  const parts = homeless.map((problem) => explain(problem));
  if (state.notice) parts.push(t(state.notice.key, state.notice.values));
  /** @type {(Node|string)[]} */
  const children = parts.length ? [el("span", { text: parts.join(" ") })] : [];
  if (state.notice?.action) {
    const { key, run } = state.notice.action;
    children.push(
      el("button", {
        type: "button",
        class: "link",
        id: "notice-action",
        text: t(key),
        on: { click: run },
      }),
    );
  }
  element.replaceChildren(...children);
}

/** What browsers say of a module that they could not fetch. */
const NOT_FETCHED = /dynamically imported module|importing a module script/i;

/** Says that something is wrong where nobody has caught an error. @param {(key: string) => void} say */
export function tellUncaught(say) {
  const tell = (/** @type {unknown} */ error) =>
    say(NOT_FETCHED.test(String(error)) ? "errors.offline" : "errors.page");
  addEventListener("unhandledrejection", ({ reason }) => tell(reason));
  addEventListener("error", ({ error }) => error && tell(error));
}
