/** The tabs that look inside: their modules come when they are first opened. */

import { byId, setText } from "../ui/dom.js";
import { t } from "../ui/i18n.js";
import { createPace } from "../ui/throttle.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {"loss"|"signals"|"explain"} Tab
 * @typedef {"surface"|"outputs"|"inside"|"diagnostics"|"metrics"|"norms"|"trace"} Wish   what the server is asked for
 */

/**
 * @param {object} options
 * @param {State} options.state
 * @param {{want: (...wishes: Wish[]) => void}} options.lens
 * @param {(run: number) => void} options.choose
 * @param {() => void} options.step does the step that is explained
 * @param {() => void} options.redraw draws the diagram
 */
export function createPanels({ state, lens, choose, step, redraw }) {
  /** @type {Tab} */
  let open = "loss";
  const pace = createPace({ every: 400, share: 0.1 });
  /** @type {typeof import("./layers/layers.js")|null} */
  let signals = null;
  /** @type {ReturnType<typeof import("./worked-step/panel.js").createExplain>|null} */
  let explain = null;

  /** What the open tab needs to know at a new moment. @returns {Wish[]} */
  function wishes() {
    if (open === "signals") return ["diagnostics", "norms"];
    return open === "explain" ? ["trace"] : [];
  }

  function draw() {
    const home = byId(`${open}-view`);
    if (open === "signals" && signals) signals.drawSignals(home, state, choose);
    if (open === "explain" && explain) explain.draw();
  }

  state.on(["diagnostics", "norms", "trace", "chosen", "view", "playing"], () => {
    const now = performance.now();
    if (state.playing && !pace.due(now)) return;
    draw();
    pace.done(now, performance.now() - now);
  });
  /** @type {ReturnType<typeof import("./shapes-quiz/quiz.js").createQuiz>|null} */
  let quiz = null;
  byId("quiz-open").addEventListener("click", async () => {
    const { createQuiz } = await import("./shapes-quiz/quiz.js");
    quiz ??= createQuiz({ state, redraw });
    quiz.open();
  });
  state.on(["setup", "data"], () => quiz?.refresh());
  state.on(["chosen"], () => lens.want(...wishes()));

  return {
    wishes,
    draw,
    /** A parameter was clicked in the diagram: it is the one that is explained. @param {string} parameter */
    follow(parameter) {
      state.traced = { ...state.traced, parameter };
      if (open === "explain") lens.want("trace");
    },
    /** @param {Tab} tab */
    async show(tab) {
      open = tab;
      if (tab !== "explain" && state.network.phase) {
        state.network.phase = null;
        redraw();
      }
      if (tab === "loss") return;
      const home = byId(`${tab}-view`);
      try {
        if (tab === "signals") signals ??= await import("./layers/layers.js");
        else if (!explain) {
          const { createExplain } = await import("./worked-step/panel.js");
          explain = createExplain({ home, state, redraw, step, look: () => lens.want("trace") });
        }
      } catch {
        return setText(home, t("errors.offline"));
      }
      if (open !== tab) return;
      draw();
      lens.want(...wishes());
    },
  };
}
