/** The network's layers, their units and activations, and the shapes that follow from them. */

import { byId, el, icon, setText } from "../dom.js";
import * as edits from "../edits.js";
import * as format from "../format.js";
import { hint, label, t } from "../i18n.js";
import { inputCount, parameterCount, shapes } from "../spec.js";
import { choice, numberBox, rebuild } from "./controls.js";

/**
 * @typedef {import("../state.js").State} State
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
    el(
      "div",
      { class: "layer inputs" },
      title(t("network.inputs")),
      el("span", { class: "fixed", text: format.count(inputs) }),
    ),
    ...layers.map((_, i) => layerColumn(state, i, change)),
    diagramCanvas(),
  ]);
  const focused = document.activeElement;
  if (focused?.closest("#layers > *"))
    focused.scrollIntoView({ block: "nearest", inline: "nearest" });
  diagramCanvas().style.gridColumn = `1 / span ${layers.length + 1}`;
  const all = shapes(setup.spec, inputs);
  setText(
    byId("parameter-count"),
    t("network.parameters", { count: format.count(parameterCount(all)) }),
  );
  drawShapes(all);
}

/** @param {(Node|string)[]} children */
function title(...children) {
  return el("div", { class: "title" }, ...children);
}

/** @param {State} state @param {number} index @param {Change} change */
function layerColumn(state, index, change) {
  const { setup, catalog } = state;
  const { layers } = setup.spec;
  const { units, activation } = layers[index];
  const last = index === layers.length - 1;
  const name = last ? t("network.output") : t("network.layer", { number: index + 1 });
  const heading = title(name);
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
  const functions = choice({
    options: catalog.activations.map((entry) => ({
      value: entry.name,
      text: label("activations", entry),
    })),
    value: activation,
    label: t("network.activation", { layer: name }),
    hint: hint("activations", { name: activation }),
    pointer: `/layers/${index}/activation`,
    change: (value) => change(edits.editLayer(state.setup, index, { activation: value }, catalog)),
  });
  const size = last
    ? el("span", { class: "fixed", text: String(units) })
    : stepper(state, index, name, change);
  return el("div", { class: "layer", "data-layer": index }, heading, size, functions);
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

/** @param {import("../types.js").Shape[]} all */
function drawShapes(all) {
  const rows = all.flatMap(({ layer, W, b }) => [
    shapeRow("W", layer, W, true),
    shapeRow("b", layer, b, false),
  ]);
  byId("shapes")
    .querySelector("tbody")
    ?.replaceChildren(...rows);
}

/** @param {string} letter @param {number} layer @param {number[]} shape @param {boolean} first */
function shapeRow(letter, layer, shape, first) {
  return el(
    "tr",
    { class: first ? "first" : false, "data-shape": `${letter}${layer}` },
    el("th", { scope: "row", text: `${letter}${layer}` }),
    el("td", { text: `(${shape.join(", ")})` }),
  );
}
