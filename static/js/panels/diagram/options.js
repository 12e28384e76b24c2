/** How the network is looked at: weights or gradients, and a second run below. */

import { byId, el, fillSelect } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { rebuild } from "../../ui/controls.js";

/**
 * @param {import("../../experiment/state.js").State} state
 * @param {() => void} changed told when another run has to be shown
 */
export function drawNetworkOptions(state, changed) {
  const { network } = state;
  const mode = el("select", {
    id: "network-mode",
    "aria-label": t("network.mode"),
    hint: t("network.mode.hint"),
  });
  fillSelect(
    mode,
    [
      { value: "weights", text: t("network.mode.weights") },
      { value: "gradients", text: t("network.mode.gradients") },
    ],
    network.mode,
  );
  mode.addEventListener("change", () => {
    state.patch({ network: { mode: mode.value === "gradients" ? "gradients" : "weights" } });
    changed();
  });
  const beside = el("select", {
    id: "network-beside",
    "aria-label": t("network.beside"),
    hint: t("network.beside.hint"),
  });
  const others = runNames(state)
    .map((name, run) => ({ value: String(run), text: t("network.beside.run", { name }), run }))
    .filter(({ run }) => run !== state.chosen);
  const held = others.some(({ run }) => run === network.other) ? String(network.other) : "";
  fillSelect(beside, [{ value: "", text: t("network.beside.none") }, ...others], held);
  beside.addEventListener("change", () => {
    state.patch({ network: { other: beside.value === "" ? null : Number(beside.value) } });
    changed();
  });
  rebuild(byId("network-options"), others.length ? [mode, beside] : [mode]);
}
