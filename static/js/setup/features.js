/** The sheet of features: chips that can be pressed, kind by kind. */

import { el } from "../ui/dom.js";
import * as edits from "../experiment/edits.js";
import { featuresOf, offered, rawInputs, toggled } from "../experiment/features.js";
import { hint, label, t } from "../ui/i18n.js";
import { openSheet } from "../ui/gallery.js";

/**
 * @param {HTMLElement} opener
 * @param {import("../experiment/state.js").State} state
 * @param {(setup: import("../types.js").Setup) => void} change
 */
export function openFeatures(opener, state, change) {
  const all = offered(state.catalog, rawInputs(state.setup.spec, state.catalog));
  const kinds = [...new Set(all.map((feature) => feature.kind))];
  /** @type {[string, HTMLButtonElement][]} */
  const chips = [];
  const show = () => {
    const present = featuresOf(state.setup.spec, state.catalog);
    for (const [name, chip] of chips) {
      chip.setAttribute("aria-pressed", String(present.includes(name)));
      chip.disabled = present.length === 1 && present[0] === name;
    }
  };
  const groups = kinds.map((kind) =>
    el(
      "div",
      { class: "features", role: "group", "aria-label": label("feature_kinds", { name: kind }) },
      ...all
        .filter((feature) => feature.kind === kind)
        .map(({ name, formula }) => {
          const chip = el("button", {
            type: "button",
            class: "chip",
            text: formula,
            hint: hint("feature_kinds", { name: kind }),
            "data-feature": name,
            on: {
              click: () => {
                const present = featuresOf(state.setup.spec, state.catalog);
                change(edits.setFeatures(state.setup, toggled(present, name, all)));
                show();
              },
            },
          });
          chips.push([name, chip]);
          return chip;
        }),
    ),
  );
  show();
  const scale = el("input", {
    type: "checkbox",
    id: "standardize-inputs",
    "data-pointer": "/data/standardize",
  });
  scale.checked = state.setup.spec.data.standardize ?? false;
  scale.addEventListener("change", () =>
    change(
      edits.withSpec(state.setup, {
        data: { ...state.setup.spec.data, standardize: scale.checked },
      }),
    ),
  );
  openSheet(opener, t("network.features"), [
    el("p", { class: "muted", text: t("network.features.about") }),
    ...groups,
    el("label", { class: "check", hint: t("data.standardize.hint") }, scale, t("data.standardize")),
  ]);
}
