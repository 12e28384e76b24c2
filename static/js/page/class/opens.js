/** What a link for a class opens: the experiment that is shown, a lesson that is built in, or the one that is open. */

import { ApiError } from "../../server/api.js";
import { lessonApi } from "../../server/lessons.js";
import { el } from "../../ui/dom.js";
import { language, t } from "../../ui/i18n.js";
import { rememberedInTab } from "../../ui/storage.js";
import { KEPT } from "../lessons.js";
import { plainly } from "../lessons/markup.js";
import { packLesson } from "../lessons/pack.js";
import { numbered } from "../lessons/strip.js";

/**
 * @typedef {import("../lessons/lesson.js").Lesson} Lesson
 * @typedef {import("../../types.js").LessonEntry} LessonEntry
 * @typedef {{id?: string, lesson?: Lesson}} Opened   a built-in lesson, one of its own, or neither
 */

/** In the list, the experiment, and the lesson of one's own that is open. */
const EXPERIMENT = "";
const OWN = "~";

/** The lesson that this tab is in. @returns {Opened} */
function openedNow() {
  try {
    const kept = JSON.parse(rememberedInTab(KEPT) ?? "{}");
    if (typeof kept.id === "string") return { id: kept.id };
    return kept.lesson?.cards?.length ? { lesson: kept.lesson } : {};
  } catch {
    return {};
  }
}

/**
 * The fragment by which a lesson is opened; null where it is the experiment.
 * @param {Opened} opened
 */
export async function lessonFragment({ id, lesson }) {
  if (id) return `lesson=${id}`;
  return lesson ? `lesson=${await packLesson(JSON.stringify(lesson))}` : null;
}

/**
 * @param {(opened: Opened) => void} choose   told at first, too
 */
export function opensPart(choose) {
  const now = openedNow();
  /** @type {Map<string, LessonEntry>} */
  const known = new Map();
  const about = el("p", { class: "aside", id: "class-opens-about" });
  const select = el(
    "select",
    { id: "class-opens", "aria-describedby": "class-opens-about", on: { change: chosen } },
    el("option", { value: EXPERIMENT, text: t("class.in.opens.experiment") }),
  );

  /** @param {string} value @param {string} text */
  const offer = (value, text) =>
    select.append(el("option", { value, text: t("class.in.opens.lesson", { title: text }) }));

  function chosen() {
    const entry = known.get(select.value);
    const own = select.value === OWN && now.lesson;
    about.textContent = entry
      ? t("class.in.opens.about", { about: entry.about, minutes: entry.minutes })
      : own
        ? plainly(own.about)
        : "";
    choose(entry ? { id: entry.id } : own ? { lesson: own } : {});
  }

  async function list() {
    try {
      const { lessons } = await lessonApi.list(language());
      for (const [place, entry] of lessons.entries()) {
        known.set(entry.id, entry);
        offer(entry.id, numbered(entry, place));
      }
      // What was chosen while the list was on its way stays.
      if (now.id && known.has(now.id) && select.value === EXPERIMENT) select.value = now.id;
      chosen();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      about.textContent = t(`errors.${error.code}`);
    }
  }

  if (now.lesson) {
    offer(OWN, plainly(now.lesson.title));
    select.value = OWN;
  }
  chosen();
  list();
  return el(
    "div",
    { class: "class-opens" },
    el("label", { class: "field wide" }, el("span", { text: t("class.in.opens") }), select),
    about,
  );
}
