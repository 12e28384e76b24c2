/** A lesson in a link: its text, deflated, behind a `~`, so that it needs no server of its own. */

import { pack, unpack } from "../../share/link.js";

/** @param {string} text @returns {Promise<string>} */
export const packLesson = async (text) => `~${await pack(text)}`;

/**
 * The text of a packed lesson; what cannot be unpacked is the text itself, which says so as no lesson.
 * @param {string} packed
 * @returns {Promise<string>}
 */
export async function unpackLesson(packed) {
  try {
    return await unpack(packed.slice(1));
  } catch {
    return packed;
  }
}
