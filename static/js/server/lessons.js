/** The calls for lessons, apart from the others: the page asks for them with the first lesson. */

import { query, request } from "./api.js";

/** @typedef {{lessons: import("../types.js").LessonEntry[]}} Listed */

/** The lists that have been asked for, by language: they are the server's own, and stay. @type {Map<string, Promise<Listed>>} */
const lists = new Map();

export const lessonApi = {
  /** The built-in lessons, their titles in a language. @param {string} lang @returns {Promise<Listed>} */
  list(lang) {
    const known = lists.get(lang) ?? request("GET", `api/lessons${query({ lang })}`);
    lists.set(lang, known);
    known.catch(() => lists.delete(lang)); // next time, then
    return known;
  },
  /** A built-in lesson, with complete specs. @param {string} id @returns {Promise<object>} */
  read: (id) => request("GET", `api/lessons/${encodeURIComponent(id)}`),
  /** A lesson file as it is read. @param {string} text @returns {Promise<{lesson: object|null, problems: import("../types.js").LessonProblem[]}>} */
  check: (text) => request("POST", "api/lessons/check", { body: { text } }),
  /** What a card asks, measured. @param {{card: object, study?: string}} body @returns {Promise<import("../types.js").Measured>} */
  measure: (body) => request("POST", "api/lessons/measurements", { body }),
};
