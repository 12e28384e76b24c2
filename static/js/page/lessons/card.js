/** A card of a lesson as it is drawn: the question, the prediction, what was measured, why, and what to try. */

import { isTold } from "../../experiment/access.js";
import { el, icon } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { drawFirstWeights } from "./first-weights.js";
import { isOfStudy } from "./lesson.js";
import { plainly, rich } from "./markup.js";
import { PREDICTIONS } from "./predictions.js";

/**
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {ReturnType<typeof import("./course.js").createCourse>} Course
 * @typedef {object} Acts
 * @property {(guess: import("./judge.js").Guess|null) => void} guess
 * @property {(skipped: boolean) => Promise<void>} submit
 * @property {() => void} train
 * @property {() => void} find
 * @property {() => void} again
 * @property {(place: number) => void} turnTo
 * @property {() => void} try
 * @property {() => Promise<void>} code   saves the set-up as a script
 * @property {() => void} leave
 * @property {(() => void)|null} next   opens the lesson that follows, where there is one
 * @typedef {{course: Course, land: import("./descend.js").Land|null, first: import("./first-weights.js").First[]|null,
 *   state: import("../../experiment/state.js").State, acts: Acts, trying: boolean}} Drawn
 */

/** @param {string} id @param {string} key @param {() => void} click @param {string} [kind] */
const button = (id, key, click, kind = "primary") =>
  el("button", { type: "button", id, class: kind, text: t(key), on: { click } });

/** The head: which lesson, which card, and the way out. @param {Drawn} drawn */
function headOf(drawn) {
  const { course, acts } = drawn;
  const { lesson, place } = course;
  return [
    el(
      "header",
      {},
      el("p", {
        class: "aside lesson-name",
        text: t("lesson.place", {
          title: plainly(lesson.title),
          place: Math.min(place + 1, lesson.cards.length),
          count: lesson.cards.length,
        }),
      }),
      el("span", { class: "push" }),
      el(
        "button",
        {
          type: "button",
          class: "tool",
          id: "lesson-leave",
          "aria-label": t("lesson.leave"),
          hint: t("lesson.leave.hint"),
          on: { click: acts.leave },
        },
        icon("close"),
      ),
    ),
    el(
      "ol",
      { class: "lesson-steps", "aria-hidden": "true" },
      ...lesson.cards.map((_, i) =>
        el("li", { class: `${i === place ? "here" : ""} ${stateOf(drawn, i)}`.trim() }),
      ),
    ),
  ];
}

/** What came of a card, as far as it is told, or "". @param {Drawn} drawn @param {number} place */
function stateOf({ course, state }, place) {
  const done = course.done(place);
  if (!done) return "";
  return state.access.answers ? done.verdict : "kept";
}

/** @param {Drawn} drawn @param {Card} card */
function predictionOf({ course, land, acts }, card) {
  if (card.predict.kind === "descend" && !land)
    return [el("p", { class: "aside", text: t("lesson.wait") })];
  const { control } = PREDICTIONS[card.predict.kind];
  const made = control(
    card,
    /** @type {never} */ (course.guess),
    acts.guess,
    /** @type {never} */ (land),
  );
  const submit = button("lesson-submit", "lesson.submit", () => acts.submit(false));
  submit.disabled = course.guess === null;
  return [
    made,
    el(
      "div",
      { class: "lesson-acts" },
      submit,
      button("lesson-skip", "lesson.skip", () => acts.submit(true), "link"),
    ),
  ];
}

/** What there is to do before the answer is known. @param {Drawn} drawn @param {Card} card */
function waitingOf({ course, state, acts }, card) {
  if (course.phase === "busy")
    return [
      el("p", {
        role: "status",
        text: t(isOfStudy(card) ? "lesson.studying" : "lesson.measuring"),
      }),
      el("progress", { max: 1, value: 0, "aria-label": t("lesson.measuring") }),
    ];
  const told = course.guess === null ? "lesson.skipped" : "lesson.predicted";
  if (isOfStudy(card))
    return [
      el("p", { role: "status", text: t(told) }),
      el("button", {
        type: "button",
        id: "lesson-study",
        class: "primary",
        text: t("lesson.study", { count: format.count(card.measure.seeds ?? 100) }),
        on: { click: acts.find },
      }),
    ];
  const key = state.playing ? "transport.pause" : "lesson.train";
  return [
    el("p", { role: "status", text: t(told) }),
    el(
      "div",
      { class: "lesson-acts" },
      el("button", {
        type: "button",
        id: "lesson-train",
        class: "primary",
        text: t(key, { steps: format.count(card.steps) }),
        on: { click: acts.train },
      }),
      button("lesson-find", isTold(state) ? "lesson.find" : "lesson.find.kept", acts.find, "link"),
    ),
  ];
}

/** The answer: measured, over what was predicted; why; what to try. @param {Drawn} drawn @param {Card} card */
function answerOf({ course, land, acts, trying, state }, card) {
  const done = course.done();
  if (!done) return [];
  if (!state.access.answers) return [el("p", { role: "status", text: t("lesson.kept") })];
  if (card.predict.kind === "descend" && !land)
    return [el("p", { class: "aside", text: t("lesson.wait") })];
  const { outcome } = PREDICTIONS[card.predict.kind];
  const kind = card.predict.kind === "descend" ? "descend." : "";
  return [
    el("p", {
      class: `lesson-verdict ${done.verdict}`,
      role: "status",
      text: t(`lesson.verdict.${kind}${done.verdict}`),
    }),
    el(
      "div",
      { class: "lesson-outcome" },
      outcome(card, /** @type {never} */ (done.guess), done.measured, /** @type {never} */ (land)),
    ),
    el("h3", { text: t("lesson.why") }),
    el("p", {}, ...rich(card.why)),
    ...(card.formula
      ? [el("p", { class: "expression lesson-formula" }, ...rich(card.formula))]
      : []),
    ...(card.try
      ? [
          el("h3", { text: t("lesson.try") }),
          el("p", {}, ...rich(card.try)),
          el(
            "div",
            { class: "lesson-acts" },
            button("lesson-open", trying ? "lesson.open.back" : "lesson.open", acts.try, "chip"),
            codeButton(acts),
          ),
        ]
      : [codeButton(acts)]),
  ];
}

/** The card's set-up as a script, in one click. @param {Acts} acts */
const codeButton = (acts) =>
  el("button", {
    type: "button",
    id: "lesson-code",
    class: "chip",
    text: t("lesson.code"),
    hint: t("lesson.code.hint"),
    on: { click: acts.code },
  });

/** The way to the other cards. @param {Drawn} drawn */
function footOf({ course, acts }) {
  const { place, lesson, phase } = course;
  const last = place === lesson.cards.length - 1;
  const next = button(
    "lesson-next",
    last ? "lesson.finish" : "lesson.next",
    () => acts.turnTo(place + 1),
    phase === "known" ? "primary" : "quiet",
  );
  const back = button("lesson-back", "lesson.back", () => acts.turnTo(place - 1), "quiet");
  back.disabled = place === 0;
  const again = button("lesson-again", "lesson.again", acts.again, "quiet");
  again.hidden = phase !== "known";
  return el("footer", {}, back, again, el("span", { class: "push" }), next);
}

/** After the last card: how it went. @param {Drawn} drawn */
function summaryOf(drawn) {
  const { course, acts, state } = drawn;
  const { lesson } = course;
  const count = lesson.cards.length;
  return [
    el("p", {
      text: state.access.answers
        ? t("lesson.summary", { right: course.right(), count })
        : t("lesson.kept"),
    }),
    el(
      "ol",
      { class: "lesson-summary" },
      ...lesson.cards.map((card, place) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", class: "link", on: { click: () => acts.turnTo(place) } },
            plainly(card.question),
          ),
          el("span", {
            class: "aside",
            text: t(`lesson.state.${stateOf(drawn, place) || "open"}`),
          }),
        ),
      ),
    ),
    el(
      "div",
      { class: "lesson-acts" },
      ...(acts.next ? [button("lesson-following", "lesson.following", acts.next)] : []),
      button("lesson-end", "lesson.end", acts.leave, acts.next ? "chip" : "primary"),
      button("lesson-back", "lesson.back", () => acts.turnTo(count - 1), "quiet"),
    ),
  ];
}

/** @param {HTMLElement} section @param {Drawn} drawn */
export function drawCard(section, drawn) {
  const { course } = drawn;
  const { card, phase } = course;
  /** What has the focus keeps it, where it is drawn anew. */
  const focus = section.contains(document.activeElement) ? document.activeElement?.id : "";
  const title = el("h2", { id: "lesson-title", tabindex: -1 });
  title.append(...(card ? rich(card.question) : [t("lesson.done")]));
  section.replaceChildren(
    ...headOf(drawn),
    title,
    ...(card
      ? [
          el(
            "div",
            { class: "lesson-body" },
            ...(drawn.first && phase !== "known"
              ? [drawFirstWeights(drawn.first, drawn.state)]
              : []),
            ...(phase === "ask"
              ? predictionOf(drawn, card)
              : phase === "known"
                ? answerOf(drawn, card)
                : waitingOf(drawn, card)),
          ),
          footOf(drawn),
        ]
      : summaryOf(drawn)),
  );
  const kept = focus ? section.querySelector(`#${CSS.escape(focus)}`) : null;
  if (kept instanceof HTMLElement) kept.focus({ preventScroll: true });
}
