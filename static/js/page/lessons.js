/** The door to the lessons, which are loaded when somebody opens one. */

import { rememberedInTab } from "../ui/storage.js";

/**
 * @typedef {object} Parts
 * @property {import("../experiment/state.js").State} state
 * @property {typeof import("../server/api.js").api} api
 * @property {import("../playback/conductor.js").Conductor} conductor
 * @property {{show: (tab: string) => void}} tabs
 * @property {(state: import("../experiment/state.js").State, look: Record<string, string|boolean>) => void} takeLook
 */

const LINK = "#lesson=";
/** Which lesson this tab is in, so that a reload comes back to it. */
export const KEPT = "basin.lesson";

/** Whether a fragment means a lesson: a built-in one by its id, or one that it carries. @param {string} fragment */
export const isLessonLink = (fragment) => fragment.startsWith(LINK);

/** @param {Parts} parts */
export function connectLessons(parts) {
  /** @type {ReturnType<typeof import("./lessons/room.js").createRoom>|null} */
  let room = null;

  async function enter() {
    room ??= (await import("./lessons/room.js")).createRoom(parts);
    return room;
  }

  return {
    /** Fills the strip of lessons in the gallery. @param {HTMLElement} home @param {() => void} close   closes the gallery */
    async strip(home, close) {
      const [inside, { drawStrip }] = await Promise.all([enter(), import("./lessons/strip.js")]);
      await drawStrip(home, { ...parts, room: inside, close });
    },
    /** Leaves a lesson for another experiment, which takes the place of its own. */
    close: () => room?.close(),
    /** The lesson that a link names, or that this tab was in before it was reloaded. @param {string} fragment */
    async resume(fragment) {
      const asked = isLessonLink(fragment) ? fragment.slice(LINK.length) : null;
      if (asked === null && !rememberedInTab(KEPT)) return;
      await (await enter()).resume(asked);
    },
  };
}

/** @typedef {ReturnType<typeof connectLessons>} LessonDoor */
