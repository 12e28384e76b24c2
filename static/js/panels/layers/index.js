/** Signals: what flows through each layer, beside what theory expects, and a diagnosis of every run. */

import { byId, setText } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { wholeWords } from "../../ui/words.js";
import { chooseRun } from "../../experiment/state.js";

/** How many points the gradients' curves have at most. */
const NORMS = 160;

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function layersPanel({ state, api, wake }) {
  const home = byId("signals-view");
  /** The module that draws it, once it has been opened. @type {typeof import("./layers.js")|null} */
  let module = null;

  return {
    id: "layers",
    tab: "signals",
    watches: ["diagnostics", "norms", "chosen", "view", "playing", "language"],
    pace: { every: 400, share: 0.1 },
    needs: () => ["norms"],
    load: { norms, diagnostics },
    async open() {
      try {
        const [loaded] = await Promise.all([import("./layers.js"), wholeWords(api)]);
        module = loaded;
        wake();
      } catch {
        setText(home, t("errors.offline"));
      }
    },
    ready: () => module !== null,
    draw: () => module?.drawSignals(home, state, (run) => chooseRun(state, run)),
  };
}

/** @type {import("../panel.js").Load} */
async function norms(state, api) {
  const found = await api.signalHistory(state.summary.id, { step: state.step, points: NORMS });
  return () => state.patchNow({ norms: found });
}

/** @type {import("../panel.js").Load} */
async function diagnostics(state, api) {
  const found = await api.diagnostics(state.summary.id, { step: state.step });
  return () => state.patchNow({ diagnostics: found });
}
