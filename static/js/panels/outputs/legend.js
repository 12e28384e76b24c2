/** What the colours and the points of the map mean, and where the inputs are that it does not show. */

import { classTable, groupColor } from "../../ui/theme.js";
import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { nice } from "../../experiment/features.js";
import { t } from "../../ui/i18n.js";
import { inOwnUnits } from "../../experiment/target-units.js";
import { targetRange } from "./target-range.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").DataSet} DataSet
 * @typedef {import("../../types.js").Outputs} Outputs
 */

/** Inputs that are held are told one by one up to so many; of more the first ones. */
const TOLD = 3;

/**
 * @param {HTMLElement} home @param {State} state
 * @param {{shown: Outputs|null, neuron: [number, number]|null}} map   of the colours of a neuron its range
 */
export function drawLegend(home, state, { shown, neuron }) {
  const { data, view } = state;
  if (!data) return home.replaceChildren();
  const keys = neuron ? neuronKeys(neuron, state) : outputKeys(data, view.theme);
  const points = el("span", { class: "points" });
  points.append(
    el("span", { class: "key" }, el("span", { class: "dot" }), t("learned.trainPoints")),
  );
  if (data.test?.x.length && view.showTest) {
    points.append(
      el("span", { class: "key" }, el("span", { class: "dot open" }), t("learned.testPoints")),
    );
  }
  keys.push(points);
  if (data.target_scale) {
    const scale = format.compact(data.target_scale.scale[0], 3);
    const target = data.target ?? "y";
    keys.push(el("span", { text: t("learned.units", { target, scale }) }));
  }
  const held = shown && heldInWords(data, shown);
  if (held) keys.push(held);
  home.replaceChildren(...keys);
}

/**
 * Where the inputs are that do not vary; null where all do.
 * @param {DataSet} data @param {Pick<Outputs, "axes"|"held">} shown
 */
export function heldInWords({ inputs }, { axes, held }) {
  const others = inputs
    .map((name, i) => ({ text: `${nice(name)} = ${format.compact(held[i], 3)}`, i }))
    .filter(({ i }) => !axes.includes(i))
    .map(({ text }) => text);
  if (!others.length || held.length !== inputs.length) return null;
  const more = others.length - TOLD;
  const told = others.slice(0, more > 1 ? TOLD : TOLD + 1).join(", ");
  const text = t("learned.held", { held: told });
  return el("span", {
    class: "held",
    text: more > 1 ? `${text} ${t("learned.held.more", { count: more })}` : text,
    hint: more > 1 ? others.join(", ") : undefined,
    tabindex: more > 1 ? 0 : null,
  });
}

/**
 * What the colours of one neuron's output mean: a range around 0.
 * @param {[number, number]} range @param {State} state
 */
function neuronKeys([low, high], { data, view }) {
  if ((data?.inputs.length ?? 2) < 2)
    return [
      el("span", { class: "key" }, el("span", { class: "stroke" }), t("learned.neuron.curve")),
    ];
  return [
    el("span", { text: t("learned.neuron") }),
    el(
      "span",
      { class: "ends" },
      el("span", { text: format.compact(low, 3) }),
      colourBar(view.theme),
      el("span", { text: format.compact(high, 3) }),
    ),
  ];
}

/**
 * What the colours of the output mean: classes, a range of numbers, or the curve of one input.
 * @param {DataSet} data @param {import("../../ui/theme.js").Theme} theme
 * @returns {HTMLElement[]}
 */
function outputKeys(data, theme) {
  const { classes } = data;
  if (classes && classes.length > 2) {
    const keys = classes.map((name, kind) => {
      const dot = el("span", { class: "dot" });
      dot.style.background = groupColor(kind, theme);
      return el("span", { class: "key" }, dot, t("learned.class", { name }));
    });
    return [el("span", { class: "classes" }, ...keys)];
  }
  if (data.inputs.length < 2)
    return [el("span", { class: "key" }, el("span", { class: "stroke" }), t("learned.curve"))];
  const [low, high] = targetRange(data);
  return [
    el("span", { text: t("learned.output") }),
    el(
      "span",
      { class: "ends" },
      el("span", { text: endName(data, 0, low) }),
      colourBar(theme),
      el("span", { text: endName(data, 1, high) }),
    ),
  ];
}

/** All colours of the map, from its lowest number to its highest. @param {import("../../ui/theme.js").Theme} theme */
function colourBar(theme) {
  const bar = el("canvas", { width: 256, height: 1, "aria-hidden": "true" });
  const context = /** @type {CanvasRenderingContext2D} */ (bar.getContext("2d"));
  const image = context.createImageData(256, 1);
  new Uint32Array(image.data.buffer).set(classTable(theme));
  context.putImageData(image, 0, 0);
  return bar;
}

/** What an end of the colours means: a class that the learner has named, else a number. @param {DataSet} data @param {0|1} end @param {number} value */
export function endName(data, end, value) {
  const name = data.classes?.length === 2 ? data.classes[end] : "";
  if (name && Number.isNaN(Number(name))) return name;
  return format.compact(inOwnUnits(data)(value), 3);
}
