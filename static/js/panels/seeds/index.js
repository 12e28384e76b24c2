/** Seeds: the experiment repeated with many seeds. Its parts come when they are first asked for. */

import { byId, setText } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { loadStyle } from "../../ui/lazy-style.js";
import { wholeWords } from "../../ui/words.js";

/** Where there is room for a study beside the list of runs. */
const ROOM = matchMedia("(min-width: 861px)");
/** What a wide study covers. */
const COVERED = ["network", "learned", "surface"];

/** @param {import("../panel.js").Context} context @returns {import("../panel.js").Panel} */
export function seedsPanel(context) {
  const { state, wake } = context;
  const home = byId("seeds-view");
  /** @typedef {ReturnType<typeof import("./panel.js").createSeeds>} Seeds */
  /** @type {Promise<Seeds>|null} */
  let coming = null;
  /** @type {Seeds|null} */
  let seeds = null;

  /** The parts, once they are here; null where the server is away. */
  async function loaded() {
    try {
      coming ??= Promise.all([
        import("./panel.js"),
        wholeWords(context.api),
        loadStyle("seeds"),
      ]).then(([{ createSeeds }]) => createSeeds({ home, context }));
      seeds = await coming;
      wake();
      return seeds;
    } catch {
      coming = null;
      setText(home, t("errors.offline"));
      return null;
    }
  }

  function cover() {
    const wide = state.study.wide && state.tab === "seeds" && ROOM.matches;
    byId("loss").toggleAttribute("data-wide", wide);
    for (const id of COVERED) byId(id).inert = wide;
  }
  ROOM.addEventListener("change", cover);
  state.on(["study/wide", "tab"], cover);

  byId("repeat").addEventListener("click", async () => {
    state.patchNow({ tab: "seeds", study: { wide: true } });
    if (!ROOM.matches) byId("loss").scrollIntoView(); // in one column it is far from the runs
    (await loaded())?.repeat();
  });

  return {
    id: "seeds",
    tab: "seeds",
    watches: ["study", "live", "summary", "training", "view", "language"],
    pace: { every: 200, share: 0.15 },
    async open() {
      (await loaded())?.open();
    },
    ready: () => seeds !== null,
    draw: () => seeds?.draw(),
  };
}
