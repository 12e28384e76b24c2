/** What a recipe draws, against its theory: a histogram for every layer. */

import { api } from "../server/api.js";
import { palette, runColor } from "../ui/theme.js";
import { el } from "../ui/dom.js";
import * as format from "../ui/number-format.js";
import { t } from "../ui/i18n.js";
import { drawSketch } from "../ui/mini-plot.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").Drawn} Drawn
 */

/** What the server has told already, by what was asked. @type {Map<string, import("../types.js").Preview>} */
const told = new Map();

/** @param {State} state @param {number} index */
export function recipeFigures(state, index) {
  const { spec, slots } = state.setup;
  const run = spec.runs[index];
  const home = el("div", { class: "recipe-plots" });
  if (!run.recipe) {
    home.append(el("p", { class: "muted", text: t("runs.given") }));
    return home;
  }
  const body = { recipe: run.recipe, spec: { ...spec, runs: [] }, seed: run.seed ?? spec.seed };
  const key = JSON.stringify(body);
  /** @param {import("../types.js").Preview} preview */
  const draw = (preview) =>
    home.replaceChildren(
      ...preview.layers.flatMap(({ layer, weights, biases }) => [
        figure(`W${layer}`, weights, state, slots[index]),
        figure(`b${layer}`, biases, state, slots[index]),
      ]),
      el("p", { class: "muted", text: t("runs.draws.about") }),
    );
  const known = told.get(key);
  if (known) draw(known);
  else {
    home.append(el("p", { class: "muted", text: t("choices.wait") }));
    api.recipe(body).then(
      (preview) => {
        told.set(key, preview);
        draw(preview);
        home.scrollIntoView({ block: "nearest" });
      },
      () => home.replaceChildren(el("p", { class: "muted", text: t("choices.noPicture") })),
    );
  }
  return home;
}

/** @param {string} name @param {Drawn} drawn @param {State} state @param {number} slot */
function figure(name, { edges, counts, count, density, std, theory_std: theory }, state, slot) {
  const { theme } = state.view;
  const canvas = el("canvas", { "aria-hidden": "true" });
  const middles = counts.map((_, i) => (edges[i] + edges[i + 1]) / 2);
  const heights = counts.map((n, i) => n / count / (edges[i + 1] - edges[i]));
  drawSketch(canvas, {
    width: 104,
    height: 52,
    theme,
    lines: density ? [{ x: middles, y: density, color: palette(theme).ink, width: 1.3 }] : [],
    bars: { edges, heights, color: `${runColor(slot, theme)}99` },
  });
  const words =
    theory === null
      ? t("runs.draws.std", { std: format.plain(std, 3) })
      : t("runs.draws.both", { std: format.plain(std, 3), expected: format.plain(theory, 3) });
  return el("figure", {}, canvas, el("figcaption", {}, el("strong", { text: name }), ` ${words}`));
}
