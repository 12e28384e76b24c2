/** The controls of how runs learn: optimizer, schedule, clipping, regularizer; for all runs or for one. */

import { api } from "../server/api.js";
import { el, setText } from "../ui/dom.js";
import * as format from "../ui/number-format.js";
import { hint, label, t } from "../ui/i18n.js";
import { complete, find } from "../experiment/spec.js";
import { choice, field, numberField } from "../ui/controls.js";
import { about, openGallery, opener } from "../ui/gallery.js";
import { drawSketch } from "../ui/mini-plot.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").Rule} Rule
 * @typedef {keyof import("../types.js").Training} Part
 * @typedef {{state: State, part: Part, value: Rule|null, pointer: string, id?: string,
 *   set: (value: Rule, only?: string) => void}} Options
 */

/** Where the catalogue keeps the choices of each part. @type {Record<Part, "optimizers"|"schedules"|"clippings"|"regularizers">} */
export const KINDS = {
  optimizer: "optimizers",
  schedule: "schedules",
  clipping: "clippings",
  regularizer: "regularizers",
};

/**
 * The choice of one part by name, and the button that lays all of them open with their formulas.
 * @param {Options} options
 */
export function methodChoice({ state, part, value, pointer, id, set }) {
  const kind = KINDS[part];
  const entries = state.catalog[kind];
  const title = t(`choices.${part}`);
  /** @param {string} name */
  const take = (name) => set(complete({ name }, entries));
  const options = entries.map((entry) => ({ value: entry.name, text: label(kind, entry) }));
  if (!value) options.unshift({ value: "", text: t("choices.each") });
  const select = choice({
    options,
    value: value?.name ?? "",
    label: title,
    hint: value ? about(kind, find(entries, value.name)) : t("choices.each.hint"),
    pointer: `${pointer}/name`,
    id,
    change: take,
  });
  select.disabled = !value;
  const more = formulas(title, `${pointer}/all`, (button) =>
    openGallery(button, {
      title,
      value: value?.name ?? "",
      choose: take,
      items: entries.map((entry) => ({ name: entry.name, kind, entry })),
    }),
  );
  more.disabled = !value;
  return el("div", { class: "row" }, select, more);
}

/** The button that lays a choice open. @param {string} title @param {string} focus @param {(opener: HTMLElement) => void} open */
export function formulas(title, focus, open) {
  return opener({
    name: `${t("choices.formulas")} ƒ(x): ${t("choices.all", { what: title })}`,
    hint: t("choices.all.hint"),
    focus,
    content: el(
      "span",
      { class: "formulas" },
      el("span", { class: "word", text: t("choices.formulas") }),
      el("span", { class: "expression short", "aria-hidden": "true", text: "ƒ(x)" }),
    ),
    open,
  });
}

/**
 * The numbers of the chosen entry, without the learning rate, which has its place in the bar.
 * @param {Options & {rate?: boolean}} options `rate` shows the learning rate as well
 */
export function methodNumbers({ state, part, value, pointer, set, rate = false }) {
  if (!value) return [];
  const entry = find(state.catalog[KINDS[part]], value.name);
  return (entry?.parameters ?? [])
    .filter(({ name }) => rate || name !== "learning_rate")
    .map((range) =>
      numberField({
        range,
        value: Number(value[range.name] ?? range.default ?? 0),
        label: label("parameters", range),
        hint: hint("parameters", range),
        pointer: `${pointer}/${range.name}`,
        change: (number) => set({ ...value, [range.name]: number }, range.name),
      }),
    );
}

/** One part in a block of its own: its name, its choice, its numbers. @param {Options} options */
export function methodBlock(options) {
  const { state, part, value } = options;
  const numbers = methodNumbers(options);
  const picture = part === "schedule" && value && value.name !== "constant";
  return el(
    "div",
    { class: "method", "data-part": part },
    field(t(`choices.${part}`), [methodChoice(options)]),
    ...numbers,
    ...(picture ? [scheduleFigure(state, value)] : []),
  );
}

/** Curves that the server has told already, by the schedule they are of. @type {Map<string, {steps: number[], factor: number[]}>} */
const told = new Map();

/** The factor on the learning rate over the steps, as the engine has it. @param {State} state @param {Rule} schedule */
function scheduleFigure(state, schedule) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const words = el("figcaption", {});
  const key = JSON.stringify(schedule);
  const draw = () => {
    const curve = told.get(key);
    if (!curve) return;
    const { steps, factor } = curve;
    drawSketch(canvas, {
      width: 132,
      height: 44,
      theme: state.view.theme,
      lines: [{ x: steps, y: factor }],
      y: [0, Math.max(...factor)],
    });
    setText(
      words,
      t("choices.schedule.ends", {
        from: format.plain(factor[0], 3),
        to: format.plain(factor[factor.length - 1], 3),
        step: format.count(steps[steps.length - 1]),
      }),
    );
  };
  draw();
  if (!told.has(key)) {
    api.schedule({ schedule }).then(
      (curve) => {
        told.set(key, curve);
        draw();
      },
      () => setText(words, t("choices.noPicture")),
    );
  }
  return el("figure", { class: "schedule" }, canvas, words);
}
