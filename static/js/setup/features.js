/** The sheet of features: chips that can be pressed, kind by kind. */

import { byId, el } from "../ui/dom.js";
import * as edits from "../experiment/edits.js";
import {
  featureMap,
  featuresOf,
  offered,
  rawInputs,
  rawNames,
  toggled,
} from "../experiment/features.js";
import { hint, label, t } from "../ui/i18n.js";
import { openSheet } from "../ui/gallery.js";
import { classTable } from "../ui/theme.js";
import { extent } from "../server/typed-array.js";
import { paint } from "../ui/heatmap.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../experiment/features.js").Feature} Feature
 * @typedef {(setup: import("../types.js").Setup) => void} Change
 */

/** How much of two lines of a column chips may take, in letters, and how long the name on one may be. */
const LETTERS = 18;
const LONGEST = 6;
const SIDE = 14;

/**
 * The features that there is room for beside the layers, each a picture to press: those that are chosen and the first
 * others. None where their names are long.
 * @param {State} state @param {Change} change
 */
export function featureChips(state, change) {
  const { spec } = state.setup;
  const all = featuresInWords(state);
  const present = featuresOf(spec, state.catalog);
  const inUse = all.filter(({ name }) => present.includes(name));
  if (inUse.some(({ formula }) => formula.length > LONGEST)) return [];
  let room = LETTERS;
  const shown = new Set();
  for (const feature of [...inUse, ...all]) {
    if (shown.has(feature)) continue;
    room -= Math.max(3, feature.formula.length);
    if (room < 0) break;
    shown.add(feature);
  }
  if (inUse.some((feature) => !shown.has(feature))) return [];
  return all
    .filter((feature) => shown.has(feature))
    .map((feature) => {
      const chip = featureChip(feature, state, change, () => {});
      chip.dataset.focus = `feature/${feature.name}`;
      return chip;
    });
}

/** Every feature there is, by the names of the data. @param {State} state */
const featuresInWords = ({ setup: { spec }, catalog }) =>
  offered(catalog, rawInputs(spec, catalog), rawNames(spec, catalog));

/**
 * A feature as a picture with its formula, pressed where the network is given it.
 * @param {Feature} feature @param {State} state @param {Change} change @param {() => void} changed
 */
function featureChip(feature, state, change, changed) {
  const { name, formula, kind } = feature;
  const present = featuresOf(state.setup.spec, state.catalog);
  const picture = featurePicture(feature, state);
  return el(
    "button",
    {
      type: "button",
      class: "chip feature",
      hint: `${formula}: ${hint("feature_kinds", { name: kind })}`,
      "aria-pressed": String(present.includes(name)),
      disabled: present.length === 1 && present[0] === name,
      on: {
        click: () => {
          const now = featuresOf(state.setup.spec, state.catalog);
          change(edits.setFeatures(state.setup, toggled(now, name, featuresInWords(state))));
          changed();
        },
      },
    },
    ...(picture ? [picture] : []),
    el("span", { text: formula }),
  );
}

/** A feature over the plane of the first inputs that it is made of. @param {Feature} feature @param {State} state */
function featurePicture(feature, state) {
  const { spec } = state.setup;
  const inputs = rawInputs(spec, state.catalog);
  if (inputs < 2) return null;
  const known = state.data?.extent;
  const ranges = /** @type {[number, number][]} */ (
    known?.length === inputs ? known : Array.from({ length: inputs }, () => [-6, 6])
  );
  const first = Math.min(feature.inputs[0], inputs - 2);
  const map = featureMap(feature, {
    ranges,
    axes: [first, feature.inputs[1] ?? first + 1],
    held: ranges.map(([low]) => low),
    side: SIDE,
  });
  const [low, high] = (map && extent(map)) ?? [0, 1];
  const most = Math.max(1e-9, Math.abs(low), Math.abs(high));
  if (!map) return null;
  const canvas = el("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  paint(context, map, SIDE, -most, most, classTable(state.view.theme));
  return canvas;
}

/**
 * The sheet of all features.
 * @param {HTMLElement} opener @param {State} state @param {Change} change
 */
export function openFeatures(opener, state, change) {
  const all = featuresInWords(state);
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
        .map((feature) => {
          const chip = featureChip(feature, state, change, show);
          chip.dataset.feature = feature.name;
          chips.push([feature.name, chip]);
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
  byId("gallery").dataset.size = "small";
  openSheet(opener, t("network.features"), [
    el("p", { class: "muted", text: t("network.features.about") }),
    ...groups,
    el("label", { class: "check", hint: t("data.standardize.hint") }, scale, t("data.standardize")),
  ]);
}
