/** The door to what a class needs: a link made to measure, a mystery, a hand-in; loaded when there is one. */

import { byId } from "../ui/dom.js";
import { has, language } from "../ui/i18n.js";
import { speak } from "../ui/words.js";

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

  /** The words of classes come with the first of them. */
  async function fetchWords() {
    const tag = language();
    if (!has("class.in.title")) await speak(api, tag, () => tag === language());
  }

  byId("class-open").addEventListener("click", async () => {
    try {
      const [{ openClassDialog }] = await Promise.all([import("./class/dialog.js"), fetchWords()]);
      openClassDialog(byId("class-open"), parts);
    } catch {
      sync.say("errors.offline");
    }
  });

  /** Whether the page has a bar for its class already. */
  let begun = false;

  /** @param {object|null} made */
  async function take(made) {
    if (!made && (begun || !state.summary.mystery)) return;
    begun = true;
    const [{ openClass }] = await Promise.all([import("./class/bar.js"), fetchWords()]);
    await openClass(parts, made);
  }
  state.on(["summary"], () => void take(null));

  return {
    /** What a link says of the page, and the mystery of its experiment. @param {object|null} made */
    take,
  };
}
