/** One step explained: forward, loss, backward, the chain rule of a parameter, the update. */

import { byId, setText } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { wholeWords } from "../../ui/words.js";
import { missing } from "./traced.js";

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function workedStepPanel({ state, api, step, want, wake }) {
  const home = byId("explain-view");
  /** @type {ReturnType<typeof import("./panel.js").createExplain>|null} */
  let explain = null;

  state.on(["traced"], () => {
    if (!home.hidden) want("trace");
  });

  return {
    id: "worked-step",
    tab: "explain",
    watches: ["trace", "chosen", "view", "playing", "language"],
    pace: { every: 400, share: 0.1 },
    needs: () => ["trace"],
    load: { trace },
    async open() {
      try {
        const [{ createExplain }] = await Promise.all([import("./panel.js"), wholeWords(api)]);
        explain ??= createExplain({ home, state, step });
        wake();
      } catch {
        setText(home, t("errors.offline"));
      }
    },
    close() {
      if (state.network.phase) state.patch({ network: { phase: null } });
    },
    ready: () => explain !== null,
    draw: () => explain?.draw(),
  };
}

/** @type {import("../panel.js").Load} */
async function trace(state, api) {
  if (missing(state)) return () => {}; // another is chosen as it is drawn
  const { chosen: run, step } = state;
  const { parameter, sample } = state.traced;
  const found = await api.trace(state.summary.id, { run, step, parameter, sample });
  return () => {
    if (run === state.chosen && parameter === state.traced.parameter)
      state.patchNow({ trace: found });
  };
}
