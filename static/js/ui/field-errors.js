/** Says what is wrong beside the control that it concerns. */

import { el } from "./dom.js";
import { explain } from "./i18n.js";

/** @typedef {import("../types.js").Problem} Problem */

let count = 0;

/**
 * Marks one control and writes the message under it.
 * @param {HTMLElement} control
 * @param {string} message
 */
export function mark(control, message) {
  unmark(control);
  const id = `problem-${++count}`;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-errormessage", id);
  control.setAttribute("aria-describedby", id); // what screen readers read out
  const home = control.closest(".field, .layer") ?? control;
  const text = el("p", { class: "problem", id, role: "alert", text: message });
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
 * Shows the problems; what was shown before goes.
 * @param {Problem[]} problems
 * @returns {Problem[]} those no control is there for
 */
export function showProblems(problems) {
  for (const marked of document.querySelectorAll("[aria-errormessage]"))
    unmark(/** @type {HTMLElement} */ (marked));
  return problems.filter((problem) => {
    const control = controlOf(problem.pointer);
    if (control) mark(control, explain(problem));
    return !control;
  });
}
