/** What dialogs share. */

import { el, icon } from "./dom.js";

/**
 * A dialog that is made for once: a click beside it closes it, and whoever opened it has the focus again.
 * @param {HTMLElement} opener @param {{id: string, class: string, "aria-labelledby": string}} attributes
 */
export function addDialog(opener, attributes) {
  const dialog = el("dialog", attributes);
  document.querySelector("main")?.append(dialog);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus({ preventScroll: true });
  });
  return dialog;
}

/** The button in a dialog's corner. @param {string} name @param {() => void} close */
export const closeButton = (name, close) =>
  el(
    "button",
    { type: "button", class: "tool", "aria-label": name, on: { click: close } },
    icon("close"),
  );
