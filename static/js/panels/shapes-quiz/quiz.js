/** "What is the shape of W2?": the learner answers before the page shows it. */

import { byId, el, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { sizesOf } from "../diagram/diagram.js";
import { judge, nameOf, questionsOf, reasonOf } from "./questions.js";
import { bestScore, keepScore } from "./score.js";

/** @typedef {import("../../experiment/state.js").State} State */

/**
 * @param {object} options
 * @param {State} options.state
 */
export function createQuiz({ state }) {
  const home = byId("quiz");
  let at = 0;
  let right = 0;
  let of = "";

  const questions = () =>
    questionsOf(sizesOf(state), state.live.spec.batch_size ?? state.data?.train.x.length ?? 1);

  function close() {
    home.hidden = true;
    byId("network").classList.remove("asking");
    state.patchNow({ network: { asking: false } });
    byId("quiz-open").focus();
  }

  function draw() {
    const all = questions();
    of = JSON.stringify(all);
    if (at >= all.length) return finish(all.length);
    const question = all[at];
    const verdict = el("p", { id: "quiz-verdict", role: "status" });
    const next = nextButton();
    const { box, answer, show } = answerBox(question, verdict, (first) => {
      if (first) right += 1;
      next.hidden = false;
      next.focus();
    });
    const place = t("shapes.count", {
      number: format.count(at + 1),
      of: format.count(all.length),
    });
    home.replaceChildren(
      heading([place, best()].filter(Boolean).join(" · ")),
      el("p", { text: t(`shapes.about.${question.letter}`, { layer: question.layer }) }),
      el(
        "div",
        { class: "row" },
        el("label", { for: "quiz-answer", text: t("shapes.ask", { name: nameOf(question) }) }),
        box,
        el("button", {
          type: "button",
          class: "primary",
          id: "quiz-check",
          text: t("shapes.check"),
          on: { click: answer },
        }),
        el("button", {
          type: "button",
          class: "link",
          id: "quiz-show",
          text: t("shapes.show"),
          on: { click: show },
        }),
      ),
      verdict,
      next,
    );
    box.focus();
  }

  const nextButton = () =>
    el("button", {
      type: "button",
      class: "primary outline",
      id: "quiz-next",
      text: t("shapes.next"),
      hidden: true,
      on: {
        click: () => {
          at += 1;
          draw();
        },
      },
    });

  /** @param {string} aside */
  function heading(aside) {
    return el(
      "header",
      { class: "row" },
      el("h3", { text: t("shapes.title") }),
      el("span", { class: "aside", text: aside }),
      el("span", { class: "push" }),
      el("button", {
        type: "button",
        class: "link",
        id: "quiz-close",
        text: t("shapes.close"),
        on: { click: close },
      }),
    );
  }

  /** @param {number} count */
  function finish(count) {
    keepScore({ right, count });
    home.replaceChildren(
      heading(best()),
      el("p", { id: "quiz-verdict", role: "status", text: t("shapes.done", { right, count }) }),
    );
    byId("quiz-close").focus();
  }

  home.addEventListener("keydown", (event) => {
    event.stopPropagation(); // keys are for the answer, not for training
    if (event.key === "Escape") close();
  });

  return {
    open() {
      at = right = 0;
      state.patchNow({ network: { asking: true } });
      byId("network").classList.add("asking");
      home.hidden = false;
      draw();
    },
    /** The network has changed: so have the questions. */
    refresh() {
      if (home.hidden || JSON.stringify(questions()) === of) return;
      at = right = 0;
      draw();
    },
  };
}

/** The best score on this computer, in words. */
function best() {
  const score = bestScore();
  return score ? t("shapes.best", score) : "";
}

/**
 * The box for an answer, which says whether it is right.
 * @param {import("./questions.js").Question} question
 * @param {HTMLElement} verdict
 * @param {(first: boolean) => void} solved told when the answer is known, and whether it was so at the first try
 */
function answerBox(question, verdict, solved) {
  const box = el("input", {
    type: "text",
    autocomplete: "off",
    id: "quiz-answer",
    class: "number",
    "aria-label": t("shapes.ask", { name: nameOf(question) }),
    placeholder: t("shapes.example"),
  });
  let tried = false;
  const answer = () => {
    const { right, reason, values } = judge(question, box.value);
    if (right) setText(verdict, t("shapes.right", { why: t(`shapes.why.${reason}`, values) }));
    else setText(verdict, t(`shapes.wrong.${reason}`, values));
    verdict.className = right ? "right" : reason === "unread" ? "" : "wrong";
    if (reason === "unread") return;
    const first = !tried;
    tried = true;
    if (right) solved(first);
  };
  const show = () => {
    const { reason, values } = reasonOf(question);
    tried = true;
    box.value = String(values.shape);
    verdict.className = "";
    setText(verdict, t("shapes.shown", { ...values, why: t(`shapes.why.${reason}`, values) }));
    solved(false);
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the button that gets the focus is not pressed by the same key
    answer();
  });
  return { box, answer, show };
}
