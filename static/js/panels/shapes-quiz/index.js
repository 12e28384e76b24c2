/** The exercise "What is the shape of W2?", over the diagram. */

import { byId } from "../../ui/dom.js";
import { wholeWords } from "../../ui/words.js";

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function shapesQuiz({ state, api }) {
  /** @type {ReturnType<typeof import("./quiz.js").createQuiz>|null} */
  let quiz = null;
  byId("quiz-open").addEventListener("click", async () => {
    const words = wholeWords(api);
    const [{ createQuiz }] = await Promise.all([import("./quiz.js"), words]);
    quiz ??= createQuiz({ state });
    quiz.open();
  });
  return {
    id: "shapes-quiz",
    watches: [],
    draw() {},
    reset: () => quiz?.refresh(),
  };
}
