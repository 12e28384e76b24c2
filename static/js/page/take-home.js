/**
 * Everything to take away, and what is brought back: the door to both. What is behind it comes when it is opened, or
 * when a file is dropped on the page or a document pasted into it.
 */

import { byId } from "../ui/dom.js";

/**
 * @typedef {object} Context
 * @property {import("../experiment/state.js").State} state
 * @property {typeof import("../server/api.js").api} api
 * @property {import("../playback/conductor.js").Conductor} changes
 */

/** Whether something is being written to, where pasting is of its own. @param {EventTarget|null} target */
const writesTo = (target) =>
  target instanceof HTMLElement &&
  Boolean(target.closest("input, textarea, select, dialog, .sheet"));

/** @param {Context} context */
export function connectTakeHome(context) {
  const opener = byId("take-home-open");
  const dialog = () => import("./take-home/dialog.js");

  opener.addEventListener("click", async () => (await dialog()).openTakeHome(opener, context));
  addEventListener("dragover", (event) => {
    // What is dropped elsewhere, on a table or a file field, is theirs.
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", async (event) => {
    const file = event.dataTransfer?.files[0];
    if (event.defaultPrevented || !file) return;
    event.preventDefault();
    const { importFile } = await dialog();
    await importFile(opener, context, file);
  });
  addEventListener("paste", async (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (event.defaultPrevented || writesTo(event.target) || !/^\s*\{/.test(text)) return;
    event.preventDefault();
    const { importText } = await dialog();
    await importText(opener, context, text);
  });
}
