/** A teacher's own lesson: from a file, dropped or pasted; checked with errors by line, previewed, sent as a link. */

import { ApiError } from "../../server/api.js";
import { lessonApi } from "../../server/lessons.js";
import { LONGEST } from "../../share/copy.js";
import { closeButton } from "../../ui/dialog.js";
import { el } from "../../ui/dom.js";
import { explain, t } from "../../ui/i18n.js";
import { plainly, rich } from "./markup.js";
import { packLesson } from "./pack.js";

/**
 * @typedef {import("./lesson.js").Lesson} Lesson
 * @typedef {import("../../types.js").LessonProblem} LessonProblem
 * @typedef {{room: import("./room.js").Room}} Parts
 */

/** A file of more bytes is no lesson. */
const MOST_BYTES = 1_000_000;
/** So many problems are listed; the rest are counted. */
const LISTED = 20;

/** What a lesson file may hold, as the server gives it to editors. */
const SCHEMA = "api/lesson-schema";

/** A button of the sheet. @param {string} key @param {() => void} click @param {{class?: string, id?: string}} [more] */
const button = (key, click, more = {}) =>
  el("button", { type: "button", class: "chip", text: t(key), ...more, on: { click } });

/** The sheet, with its text and its report. @param {Parts} parts */
function createDialog(parts) {
  const report = el("div", { id: "lesson-report", "aria-live": "polite" });
  const area = el("textarea", {
    id: "lesson-text",
    rows: 10,
    spellcheck: "false",
    "aria-label": t("lesson.own.text"),
    placeholder: t("lesson.own.text"),
  });
  const file = el("input", {
    type: "file",
    accept: ".json,application/json",
    hidden: true,
    id: "lesson-file",
  });
  const closer = closeButton(t("preset.close"), () => dialog.close());
  const dialog = el(
    "dialog",
    { id: "lesson-own", class: "sheet", "aria-labelledby": "lesson-own-title" },
    el(
      "header",
      {},
      el("h2", { id: "lesson-own-title", text: t("lesson.own.title") }),
      el("span", { class: "push" }),
      closer,
    ),
    el(
      "p",
      { class: "aside" },
      t("lesson.own.hint"),
      " ",
      el("a", { href: SCHEMA, target: "_blank", text: t("lesson.own.schema") }),
    ),
    el(
      "div",
      { class: "lesson-acts" },
      button("lesson.own.file", () => file.click()),
      button("lesson.own.check", () => check(area.value), { class: "primary", id: "lesson-check" }),
      file,
    ),
    area,
    report,
  );
  document.body.append(dialog);

  /** @param {File|undefined} chosen */
  async function take(chosen) {
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) return say(t("lesson.own.tooLarge"));
    area.value = await chosen.text();
    await check(area.value);
  }

  /** @param {string} words */
  const say = (words) => report.replaceChildren(el("p", { class: "problem", text: words }));

  /** How many texts have been checked: an answer about an earlier one may come after that about a later. */
  let asked = 0;

  /** @param {string} text */
  async function check(text) {
    const mine = ++asked;
    if (!text.trim()) return say(t("lesson.own.empty"));
    try {
      const { lesson, problems } = await lessonApi.check(text);
      if (mine !== asked) return;
      report.replaceChildren(
        ...(lesson
          ? previewOf(/** @type {Lesson} */ (lesson), text, { ...parts, dialog, report })
          : problemsOf(problems, area)),
      );
      /** @type {HTMLElement|null} */ (report.querySelector("#lesson-start"))?.focus();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine !== asked) return;
      say(error.errors.length ? error.errors.map(explain).join(" ") : t(`errors.${error.code}`));
    }
  }

  file.addEventListener("change", () => {
    take(file.files?.[0]);
    file.value = "";
  });
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files[0]);
  });
  dialog.addEventListener("close", () => dialog.remove(), { once: true });
  dialog.showModal();
}

/** Every problem, with the way to its line. @param {LessonProblem[]} problems @param {HTMLTextAreaElement} area */
function problemsOf(problems, area) {
  /** The line is selected in the text. @param {number} line */
  function toLine(line) {
    const lines = area.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }
  return [
    el("p", { class: "problem", text: t("lesson.own.problems", { count: problems.length }) }),
    el(
      "ol",
      { class: "lesson-problems" },
      ...problems
        .slice(0, LISTED)
        .map((problem) =>
          el(
            "li",
            {},
            el(
              "button",
              { type: "button", class: "link", on: { click: () => toLine(problem.line) } },
              t("lesson.own.line", { line: problem.line }),
            ),
            problem.pointer ? el("code", { text: problem.pointer }) : "",
            ` ${explain(problem)}`,
          ),
        ),
    ),
  ];
}

/**
 * The lesson as a teacher looks at it: every card, with its answer where answers are told, and the way in.
 * @param {Lesson} lesson
 * @param {string} text
 * @param {Parts & {dialog: HTMLDialogElement, report: HTMLElement}} parts
 */
function previewOf(lesson, text, { dialog, report, room }) {
  const start = button(
    "lesson.own.start",
    async () => {
      dialog.close();
      room.open(lesson, { packed: await packLesson(text) });
    },
    { class: "primary", id: "lesson-start" },
  );
  return [
    el("h3", {}, ...rich(lesson.title)),
    el("p", {}, ...rich(lesson.about)),
    el("p", {
      class: "aside",
      text: t("lesson.strip.minutes", { minutes: lesson.minutes }),
    }),
    el(
      "ol",
      { class: "lesson-preview" },
      ...lesson.cards.map((card) =>
        el("li", {}, el("b", {}, ...rich(card.question)), ...(room.isTold() ? answerOf(card) : [])),
      ),
    ),
    el(
      "div",
      { class: "lesson-acts" },
      start,
      button("lesson.own.link", () => copyLink(text, report), { id: "lesson-link" }),
    ),
  ];
}

/** What is right, and why. @param {import("./lesson.js").Card} card */
const answerOf = (card) => [
  el("p", {
    class: "aside",
    text: t(`lesson.kind.${card.predict.kind}`, { answer: statedAnswer(card) }),
  }),
  el("p", {}, ...rich(card.why)),
];

/** A link that carries the lesson goes into the clipboard. @param {string} text @param {HTMLElement} report */
async function copyLink(text, report) {
  const url = new URL(location.href);
  url.hash = `lesson=${await packLesson(text)}`;
  const told = el("p", { role: "status" });
  report.append(told);
  if (url.href.length > LONGEST) return void (told.textContent = t("lesson.own.linkLong"));
  try {
    await navigator.clipboard.writeText(url.href);
    told.textContent = t("lesson.own.linkCopied");
  } catch {
    // No permission, or no https: it stands there, to be copied by hand.
    told.append(
      el("input", { readonly: true, value: url.href, "aria-label": t("lesson.own.link") }),
    );
  }
}

/** The answer as its file states it. @param {import("./lesson.js").Card} card */
function statedAnswer({ predict }) {
  switch (predict.kind) {
    case "number":
      return String(predict.answer);
    case "shape":
      return `(${predict.answer.join(", ")})`;
    case "order":
      return predict.answer.map((place) => plainly(predict.items[place])).join(" < ");
    case "choice":
      return plainly(predict.options[predict.answer].text);
    default:
      return "";
  }
}

/** Opens the sheet for a lesson of one's own. @param {Parts} parts */
export const openOwn = (parts) => createDialog(parts);
