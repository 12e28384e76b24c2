/** The door to what a class needs: a link made to measure, a mystery, a hand-in; loaded when there is one. */

import { byId } from "../ui/dom.js";
import { wholeWords } from "../ui/words.js";

/**
 * @typedef {object} Parts
 * @property {import("../experiment/state.js").State} state
 * @property {typeof import("../server/api.js").api} api
 * @property {import("../experiment/sync.js").Sync} sync
 * @property {{show: (tab: string) => void}} tabs
 */

/** @param {Parts} parts */
export function connectClass(parts) {
  const { state, api, sync } = parts;
  const words = () => wholeWords(api);

  byId("class-open").addEventListener("click", async () => {
    const [dialog] = await Promise.all([import("./class/dialog.js"), words()]).catch(() => []);
    if (!dialog) return sync.say("errors.offline");
    dialog.openClassDialog(byId("class-open"), parts);
  });

  /** Whether the page has a bar for its class already. */
  let begun = false;

  /** @param {object|null} made */
  async function take(made) {
    if (!made && (begun || !state.summary.mystery)) return;
    begun = true;
    const [{ openClass }] = await Promise.all([import("./class/bar.js"), words()]);
    await openClass(parts, made);
  }
  state.on(["summary"], () => void take(null));

  return {
    /** What a link says of the page, and the mystery of its experiment. @param {object|null} made */
    take,
  };
}
