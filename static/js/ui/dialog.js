/** What dialogs share. */

import { el, icon } from "./dom.js";

/**
 * A click beside a dialog closes it. One that begins or ends in it is none: whoever selects text in a box and lets go
 * outside, or clicks between two cards, would lose what there was.
 * @param {HTMLDialogElement} dialog
 */
export function closeByClickBeside(dialog) {
  let beganBeside = false;
  /** @param {MouseEvent} event */
  const isBeside = ({ target, clientX, clientY }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const inside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    return target === dialog && !inside;
  };
  // Not as listeners: a dialog that is opened again has them once.
  dialog.onpointerdown = (event) => {
    beganBeside = isBeside(event);
  };
  dialog.onclick = (event) => {
    if (beganBeside && isBeside(event)) dialog.close();
  };
}

/**
 * A dialog that is made for once: a click beside it closes it, and whoever opened it has the focus again.
 * @param {HTMLElement} opener @param {{id: string, class: string, "aria-labelledby": string}} attributes
 */
export function addDialog(opener, attributes) {
  const dialog = el("dialog", attributes);
  document.querySelector("main")?.append(dialog);
  closeByClickBeside(dialog);
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
