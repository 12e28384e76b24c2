/** The door to the lessons, which are loaded when somebody opens one. */

import { wholeWords } from "../ui/words.js";
import { holdFor } from "./arrangement.js";

/**
 * @typedef {object} Parts
 * @property {import("../experiment/state.js").State} state
 * @property {typeof import("../server/api.js").api} api
 * @property {Pick<import("../experiment/changes.js").Changes, "replace"|"present"|"restore"|"recover"> &
 *   {toggle: () => void, pause: () => Promise<void>}} conductor
 * @property {number[]} speeds   steps per second at each notch of the speed control
 * @property {{show: (tab: string) => void}} tabs
 * @property {(state: import("../experiment/state.js").State, look: Record<string, string|boolean>) => void} takeLook
 */

const LINK = "#lesson=";
/** Which lesson this tab is in, so that a reload comes back to it. */
export const KEPT = "basin.lesson";

/** @param {Parts} parts */
export function connectLessons(parts) {
  /** @type {ReturnType<typeof import("./lessons/room.js").createRoom>|null} */
  let room = null;

  async function enter() {
    const [{ createRoom }] = await Promise.all([
      import("./lessons/room.js"),
      wholeWords(parts.api),
    ]);
    room ??= createRoom(parts);
    return room;
  }

  return {
    /** Fills the strip of lessons in the gallery. @param {HTMLElement} home @param {() => void} close   closes the gallery */
    async strip(home, close) {
      const [inside, { drawStrip }] = await Promise.all([enter(), import("./lessons/strip.js")]);
      await drawStrip(home, { room: inside, close });
    },
    /** Leaves a lesson for another experiment, which takes the place of its own. */
    close: () => room?.close(),
    /**
     * The lesson that a link names, by its id or carried in it; or the one that this tab was in before it was reloaded.
     * @param {string} fragment "" for the latter
     */
    async resume(fragment) {
      const { state } = parts;
      try {
        await (await enter()).resume(fragment ? fragment.slice(LINK.length) : null);
      } finally {
        if (state.lesson) document.body.classList.remove("entering");
        else holdFor(parts, "lesson", false);
      }
    },
  };
}

/** @typedef {ReturnType<typeof connectLessons>} LessonDoor */
