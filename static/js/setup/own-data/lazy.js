/** The way to data of one's own: its modules come when the sheet is first opened. */

import { byId } from "../../ui/dom.js";

/** @typedef {ReturnType<typeof import("./sheet.js").createOwn>} Own */

/** @param {Parameters<typeof import("./sheet.js").createOwn>[0]} options */
export function createDoor(options) {
  /** @type {Promise<Own>|null} */
  let coming = null;
  /** @type {Own|null} */
  let own = null;

  function come() {
    coming ??= import("./sheet.js").then(({ createOwn }) => (own = createOwn(options)));
    return coming;
  }

  // A file may be dropped on the whole panel, too.
  const panel = byId("data");
  panel.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  panel.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    come().then((sheet) => sheet.drop(file));
  });

  return {
    /** @param {"table"|"formula"|"draw"} [way] */
    open(way) {
      come().then((sheet) => sheet.open(way));
    },
    edit() {
      come().then((sheet) => sheet.edit());
    },
    /** In another language, or another theme. */
    redraw() {
      own?.redraw();
    },
  };
}
