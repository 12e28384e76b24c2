/** The strip of lessons above the guided experiments: how far each is, and the way to a lesson of one's own. */

import { ApiError } from "../../server/api.js";
import { lessonApi } from "../../server/lessons.js";
import { el } from "../../ui/dom.js";
import { fadeEnds } from "../../ui/fade.js";
import { language, list, t } from "../../ui/i18n.js";
import { progressOf } from "./record.js";

/** @typedef {import("../../types.js").LessonEntry} LessonEntry */

/** How far a lesson is, in words. @param {LessonEntry} entry */
function stateOf({ id, cards }) {
  const { done } = progressOf(id);
  const count = Object.keys(done).length;
  if (!count) return "";
  return count >= cards ? t("lesson.strip.done") : t("lesson.strip.begun", { count, cards });
}

/** How far it is, how long it takes, and which it builds on, by their numbers. @param {LessonEntry} entry @param {LessonEntry[]} lessons */
function aboutOf(entry, lessons) {
  const numbers = entry.builds_on.map((id) => lessons.findIndex((each) => each.id === id) + 1);
  return [
    stateOf(entry),
    t("lesson.strip.minutes", { minutes: entry.minutes }),
    numbers.length ? t("lesson.strip.builds", { numbers: list(numbers.map(String)) }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What a lesson is called where its place in the order counts. @param {LessonEntry} entry @param {number} place from 0 */
export const numbered = ({ title }, place) =>
  t("lesson.strip.numbered", { number: place + 1, title });

/**
 * @param {HTMLElement} home
 * @param {{room: import("./room.js").Room, close: () => void}} parts
 */
export async function drawStrip(home, { room, close }) {
  const title = el("h3", { id: "lesson-strip-title", text: t("lesson.strip") });
  home.replaceChildren(title);
  try {
    const { lessons } = await lessonApi.list(language());
    const own = el("button", {
      type: "button",
      class: "chip",
      id: "lesson-own-open",
      text: t("lesson.own.open"),
      hint: t("lesson.own.hint"),
      on: {
        async click() {
          close();
          (await import("./own.js")).openOwn({ room });
        },
      },
    });
    const cards = el(
      "ol",
      { class: "lesson-cards", tabindex: 0, "aria-label": t("lesson.strip") },
      ...lessons.map((entry, place) =>
        el(
          "li",
          {},
          el(
            "button",
            {
              type: "button",
              class: "card",
              "data-lesson": entry.id,
              on: {
                click() {
                  close();
                  room.start(entry.id);
                },
              },
            },
            el("span", { class: "name", text: numbered(entry, place) }),
            el("span", { class: "words", text: entry.about }),
            el("span", { class: "aside", text: aboutOf(entry, lessons) }),
          ),
        ),
      ),
    );
    home.replaceChildren(
      el("header", {}, title, el("p", { class: "aside", text: t("lesson.strip.hint") }), own),
      cards,
    );
    fadeEnds(cards);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    home.replaceChildren(title, el("p", { class: "aside", text: t("errors.offline") }));
  }
}
