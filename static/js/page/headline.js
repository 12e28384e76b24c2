/** The question that the page is about now, and the way to other experiments. */

import { byId, setText } from "../ui/dom.js";
import { isTold } from "../experiment/access.js";
import { label, t } from "../ui/i18n.js";
import { setupOf } from "../experiment/edits.js";
import { differencesOf, hiddenOf } from "../panels/loss/summary.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").Preset} Preset
 */

/** How the page opens where an experiment does not say otherwise. */
const USUAL = { tab: "loss", J: "surface", plane: "parameters" };

/**
 * The experiment's own question; of one that the learner has made, what its runs differ in. So it is where answers are
 * not told, since the experiment's own question may tell one. A mystery is its own question.
 * @param {Pick<State, "preset"|"live"|"access">} state
 */
export function questionOf(state) {
  const { preset, live } = state;
  if (preset && isTold(state)) return t(`catalog.presets.${preset}.question`);
  const hidden = hiddenOf(live.spec);
  if (hidden) return t("question.mystery", { count: hidden });
  if (live.spec.runs.length === 1) return t("question.alone");
  const [first, ...others] = differencesOf(live.spec);
  if (others.length) return t("question.several");
  return t(`question.${first ?? "same"}`);
}

/**
 * @param {object} parts
 * @param {State} parts.state
 * @param {import("../experiment/changes.js").Changes} parts.changes
 * @param {{show: (tab: string) => void}} parts.tabs
 * @param {(state: State, look: Record<string, string|boolean>) => void} parts.takeLook
 * @param {() => Promise<import("./lessons.js").LessonDoor>} parts.lessons
 */
export function connectHeadline({ state, changes, tabs, takeLook, lessons }) {
  const button = byId("preset");

  state.on(["live", "preset", "language", "access"], () => {
    const preset = state.catalog.presets.find(({ name }) => name === state.preset);
    button.dataset.value = state.preset;
    setText(byId("preset-name"), preset ? label("presets", preset) : t("preset.own"));
    setText(byId("question"), questionOf(state));
  });

  /** Opens an experiment with the pictures that show its point. @param {Preset} preset */
  function open(preset) {
    const look = { ...USUAL, ...preset.look };
    const also = () => {
      takeLook(state, look);
      tabs.show(look.tab);
    };
    changes.change(setupOf(preset.spec), { preset: preset.name, training: null, also });
  }

  button.addEventListener("click", async () => {
    const [{ openExperiments }, door] = await Promise.all([import("./experiments.js"), lessons()]);
    openExperiments(button, state, open, door);
  });
}
