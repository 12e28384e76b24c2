/** What dialogs share. */

import { el, icon } from "./dom.js";

/** The button in a dialog's corner. @param {string} name @param {() => void} close */
export const closeButton = (name, close) =>
  el(
    "button",
    { type: "button", class: "tool", "aria-label": name, on: { click: close } },
    icon("close"),
  );
