/** The network's layers, their units and activations, and the shapes that follow from them. */

import { byId, el, icon, setText } from "../ui/dom.js";
import * as edits from "../experiment/edits.js";
import * as format from "../ui/number-format.js";
import { label, t } from "../ui/i18n.js";
import { featureNames, featuresOf } from "../experiment/features.js";
import { find, inputCount, parameterCount, shapes } from "../experiment/spec.js";
import { choice, numberBox, rebuild, sliderField } from "../ui/controls.js";
import { featureChips, openFeatures } from "./features.js";
import { about, openGallery, opener } from "../ui/gallery.js";
import { drawFunction } from "../ui/mini-plot.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {(setup: import("../types.js").Setup) => void} Change
 */

/** @type {HTMLCanvasElement|null} */
let diagram = null;

/** The canvas of the diagram, kept when the layers are built anew. */
export function diagramCanvas() {
  diagram ??= el("canvas", { id: "diagram", role: "img" });
  return diagram;
}

/** @param {State} state @param {Change} change */
export function drawNetwork(state, change) {
  const { setup, catalog } = state;
  const { layers } = setup.spec;
  const inputs = inputCount(setup.spec, catalog);
  rebuild(byId("layers"), [
    inputColumn(state, change),
    ...layers.map((_, i) => layerColumn(state, i, change)),
    diagramCanvas(),
  ]);
  const focused = document.activeElement;
  if (focused?.closest("#layers > *"))
    focused.scrollIntoView({ block: "nearest", inline: "nearest" });
  diagramCanvas().style.gridColumn = `1 / span ${layers.length + 1}`;
  byId("layers").style.setProperty("--layers", String(layers.length));
  const all = shapes(setup.spec, inputs);
  const count = t("network.parameters", { count: format.count(parameterCount(all)) });
  setText(byId("parameter-count"), count);
  byId("parameter-count").title = count; // where it has no room
  drawShapes(all, state);
}

/** What goes in: the first features to take or leave, and the sheet of all. @param {State} state @param {Change} change */
function inputColumn(state, change) {
  const chosen = featuresOf(state.setup.spec, state.catalog);
  const chips = featureChips(state, change);
  const words = t(chips.length ? "network.features.more" : "network.features.open");
  return el(
    "div",
    { class: "layer inputs", "data-pointer": "/features", tabindex: -1 },
    title(...inShort(t("network.inputs"), t("network.inputs.short"))),
    el("span", { class: chips.length ? "fixed few" : "fixed", text: format.count(chosen.length) }),
    el(
      "div",
      { class: "features" },
      ...chips,
      opener({
        name: `${words}: ${t("network.features")}`,
        hint: t("network.features.hint"),
        focus: "features",
        class: "chip",
        content: el("span", {}, ...inShort(words, "…")),
        open: (button) => openFeatures(button, state, change),
      }),
    ),
  );
}

/** A word, and what stands for it where a column is narrow. @param {string} word @param {string} short */
const inShort = (word, short) => [
  el("span", { class: "word", text: word }),
  el("span", { class: "short", text: short }),
];

/** @param {(Node|string)[]} children */
function title(...children) {
  return el("div", { class: "title" }, ...children);
}

/** @param {State} state @param {number} index @param {Change} change */
function layerColumn(state, index, change) {
  const { setup, catalog } = state;
  const { layers } = setup.spec;
  const { units } = layers[index];
  const last = index === layers.length - 1;
  const name = last ? t("network.output") : t("network.layer", { number: index + 1 });
  const heading = title(
    ...inShort(name, last ? t("network.output.short") : format.count(index + 1)),
  );
  if (!last) {
    heading.append(
      act("close", t("network.remove", { number: index + 1 }), `/layers/${index}/remove`, () =>
        change(edits.removeLayer(state.setup, index)),
      ),
    );
  } else {
    const most = catalog.fields.hidden_layers?.maximum ?? 6;
    const add = act(
      "plus",
      t("network.add"),
      "/layers/add",
      () => change(edits.addLayer(state.setup)),
      t("network.add.hint"),
    );
    add.id = "add-layer";
    add.disabled = layers.length - 1 >= most;
    heading.prepend(add);
  }
  const size = last
    ? el("span", { class: "fixed", text: String(units) })
    : stepper(state, index, name, change);
  const column = el(
    "div",
    {
      class: last ? "layer output" : "layer",
      "data-layer": index,
      "data-pointer": `/layers/${index}`,
      tabindex: -1,
    },
    heading,
    size,
    activationRow(state, index, name, change),
  );
  const { dropout } = layers[index];
  if (dropout) {
    const text = t("network.dropout.of", { share: format.percent(dropout) });
    column.append(el("span", { class: "aside", text }));
  }
  return column;
}

/**
 * The activation: its curve, which opens all of them, and its name. A narrow column has the curve alone.
 * @param {State} state @param {number} index @param {string} name @param {Change} change
 */
function activationRow(state, index, name, change) {
  const { catalog, view } = state;
  const { layers } = state.setup.spec;
  const { activation } = layers[index];
  const last = index === layers.length - 1;
  const entries = catalog.activations.filter((entry) => last || !entry.output_only);
  const text = t("network.activation", { layer: name });
  const present = find(catalog.activations, activation);
  /** @param {string} value */
  const set = (value) =>
    change(edits.editLayer(state.setup, index, { activation: value }, catalog));
  const select = choice({
    options: entries.map((entry) => ({ value: entry.name, text: label("activations", entry) })),
    value: activation,
    label: text,
    hint: about("activations", present),
    pointer: `/layers/${index}/activation`,
    change: set,
  });
  const curve = el("canvas", { "aria-hidden": "true" });
  drawFunction(curve, present?.curve, view.theme, { width: 22, height: 22, slope: false });
  const more = opener({
    name: `${present ? label("activations", present) : activation}: ${t("network.activations", { layer: name })}`,
    hint: t("network.activations.hint"),
    focus: `/layers/${index}/functions`,
    content: el(
      "span",
      { class: "curve" },
      curve,
      el("span", { class: "name", text: present ? label("activations", present) : activation }),
    ),
    open: (button) =>
      openGallery(button, {
        title: text,
        value: activation,
        choose: set,
        extra: last ? [] : [dropoutField(state, index, change)],
        items: entries.map((entry) => ({
          name: entry.name,
          kind: "activations",
          entry,
          draw: (canvas) => drawFunction(canvas, entry.curve, view.theme),
        })),
      }),
  });
  return el("div", { class: "row functions" }, more, select);
}

/** @param {State} state @param {number} index @param {Change} change */
function dropoutField(state, index, change) {
  const range = state.catalog.fields.dropout;
  return sliderField({
    range,
    value: state.setup.spec.layers[index].dropout ?? 0,
    label: t("network.dropout"),
    hint: t("network.dropout.hint"),
    pointer: `/layers/${index}/dropout`,
    step: 0.05,
    read: format.percent,
    change: (dropout) => change(edits.editLayer(state.setup, index, { dropout }, state.catalog)),
  });
}

/** @param {State} state @param {number} index @param {string} name @param {Change} change */
function stepper(state, index, name, change) {
  const { units } = state.setup.spec.layers[index];
  const range = { ...state.catalog.fields.units, integer: true };
  /** @param {number} value */
  const set = (value) =>
    change(edits.editLayer(state.setup, index, { units: value }, state.catalog));
  const fewer = act("minus", t("network.fewer", { layer: name }), `/layers/${index}/fewer`, () =>
    set(units - 1),
  );
  const more = act("plus", t("network.more", { layer: name }), `/layers/${index}/more`, () =>
    set(units + 1),
  );
  fewer.disabled = units <= range.minimum;
  more.disabled = units >= range.maximum;
  const box = numberBox({
    range,
    value: units,
    label: t("network.units", { layer: name }),
    hint: t("network.units.hint"),
    pointer: `/layers/${index}/units`,
    change: set,
  });
  return el("div", { class: "stepper" }, fewer, box, more);
}

/** @param {string} picture @param {string} name @param {string} focus @param {() => void} click @param {string} [tip] */
function act(picture, name, focus, click, tip = name) {
  const props = {
    type: "button",
    class: "tool",
    "aria-label": name,
    hint: tip,
    "data-focus": focus,
    on: { click },
  };
  return el("button", props, icon(picture));
}

/** @param {import("../types.js").Shape[]} all @param {State} state */
function drawShapes(all, { setup: { spec }, catalog }) {
  const names = featureNames(spec, catalog).join(", ");
  const rows = all.flatMap(({ layer, W, b }) => {
    const from = layer === 1 ? names : t("network.layer", { number: layer - 1 });
    return [
      shapeRow("W", layer, W, t("network.shapes.of", { rows: W[0], columns: W[1], from })),
      shapeRow("b", layer, b, ""),
    ];
  });
  byId("shapes")
    .querySelector("tbody")
    ?.replaceChildren(...rows);
}

/** @param {string} letter @param {number} layer @param {number[]} shape @param {string} hint */
function shapeRow(letter, layer, shape, hint) {
  return el(
    "tr",
    { class: letter === "W" ? "first" : false, "data-shape": `${letter}${layer}`, hint },
    el("th", { scope: "row", text: `${letter}${layer}` }),
    el("td", { text: `(${shape.join(", ")})` }),
  );
}
