/** A lesson in a link: its text, deflated, behind a `~`, so that it needs no server of its own. */

import { ApiError } from "../../server/api.js";
import { lessonApi } from "../../server/lessons.js";
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

/**
 * The lesson that a link carries; null where it is none that this version reads. Who gets a link did not make the lesson,
 * so that its problems are not told.
 * @param {string} packed
 * @returns {Promise<import("./lesson.js").Lesson|null>}
 */
export async function carriedLesson(packed) {
  try {
    const { lesson } = await lessonApi.check(await unpackLesson(packed));
    return /** @type {import("./lesson.js").Lesson|null} */ (lesson);
  } catch (error) {
    if (error instanceof ApiError && error.errors.length) return null;
    throw error;
  }
}

/**
 * What a link names, and at which of its cards it opens, counted from 0: `xor&card=2`.
 * @param {string} asked
 * @returns {{name: string, place: number|null}} `place` null: where the learner was
 */
export function splitCard(asked) {
  const [, name = asked, card] = /^(.*)&card=([1-9]\d{0,2})$/.exec(asked) ?? [];
  return { name, place: card ? Number(card) - 1 : null };
}
