/** Says what is wrong beside the control that it concerns. */

import { el } from "./dom.js";
import { explain } from "./i18n.js";

/** @typedef {import("../types.js").Problem} Problem */

let count = 0;

/**
 * Marks one control and writes the message under it.
 * @param {HTMLElement} control
 * @param {string} message
 * @param {boolean} [told] whether it goes with the next problems
 */
export function mark(control, message, told = false) {
  unmark(control);
  const id = `problem-${++count}`;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-errormessage", id);
  control.setAttribute("aria-describedby", id); // what screen readers read out
  const home = control.closest(".field, .layer") ?? control;
  const text = el("p", { class: "problem", id, role: "alert", text: message, "data-told": told });
  if (home === control) control.after(text);
  else home.append(text);
}

/** @param {HTMLElement} control */
export function unmark(control) {
  const id = control.getAttribute("aria-errormessage");
  if (!id) return;
  document.getElementById(id)?.remove();
  control.removeAttribute("aria-invalid");
  control.removeAttribute("aria-errormessage");
  control.removeAttribute("aria-describedby");
}

/**
 * The control a pointer means: the one that has it, or the nearest that holds it.
 * @param {string} pointer
 * @returns {HTMLElement|null}
 */
function controlOf(pointer) {
  for (let path = pointer; path; path = path.slice(0, path.lastIndexOf("/"))) {
    const found = document.querySelector(`[data-pointer="${CSS.escape(path)}"]`);
    if (found instanceof HTMLElement && found.offsetParent !== null) return found;
  }
  return null;
}

/**
 * Shows the problems, but of no text that is typed anew; what was shown before goes.
 * @param {Problem[]} problems
 * @returns {Problem[]} those no control is there for
 */
export function showProblems(problems) {
  for (const { id } of document.querySelectorAll("[data-told]")) {
    const marked = document.querySelector(`[aria-errormessage="${id}"]`);
    if (marked) unmark(/** @type {HTMLElement} */ (marked));
  }
  return problems.filter((problem) => {
    const control = controlOf(problem.pointer);
    if (control && !control.matches("[data-typed]")) mark(control, explain(problem), true);
    return !control;
  });
}
