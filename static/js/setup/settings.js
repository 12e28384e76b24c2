/** What holds for all runs: learning rate, optimizer, batch, loss, seed; undo; and more, one click away. */

import { byId, el, icon } from "../ui/dom.js";
import * as edits from "../experiment/edits.js";
import * as format from "../ui/number-format.js";
import { hint, label, t } from "../ui/i18n.js";
import { find, lossFits, outputActivation } from "../experiment/spec.js";
import { curvatureOf, settingAtBound } from "../experiment/rate-bound.js";
import { PARTS } from "../experiment/training-settings.js";
import { choice, field, numberBox, rebuild, seedRow, slider } from "../ui/controls.js";
import { about, openGallery } from "../ui/gallery.js";
import { formulas, methodBlock, methodChoice, methodNumbers } from "./method.js";
import { drawFunction } from "../ui/mini-plot.js";
import { remember, remembered } from "../ui/storage.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../experiment/changes.js").Changes["setTraining"]} SetTraining
 */

const OPEN = "basin.more";

/**
 * @param {State} state
 * @param {Pick<import("../experiment/changes.js").Changes, "change"|"setTraining"|"undo"|"redo">} changes
 */
export function drawSettings(state, changes) {
  const { change, setTraining, undo, redo } = changes;
  const { canUndo, canRedo } = state.history;
  const redraw = () => drawSettings(state, changes);
  rebuild(byId("training-more"), isOpen() ? moreBlocks(state, setTraining) : []);
  rebuild(byId("settings-bar"), [
    rateField(state, setTraining),
    field(t("choices.optimizer"), [
      methodChoice({ ...optionsOf(state, "optimizer", setTraining), id: "optimizer" }),
    ]),
    ...anew(state, change),
    el("button", {
      type: "button",
      id: "more-training",
      class: "chip",
      text: t(isOpen() ? "settings.less" : "settings.more"),
      hint: t("settings.more.hint"),
      "aria-expanded": String(isOpen()),
      "aria-controls": "training-more",
      on: {
        click: () => {
          setOpen(!isOpen());
          redraw();
        },
      },
    }),
    el(
      "div",
      { class: "row undo" },
      tool("undo", t("settings.undo"), t("settings.undo.hint"), undo, !canUndo),
      tool("redo", t("settings.redo"), t("settings.redo.hint"), redo, !canRedo),
    ),
  ]);
}

/** Whether the panel is open, at first as on the last visit. */
let opened = remembered(OPEN) === "true";

const isOpen = () => opened;

/** @param {boolean} open */
function setOpen(open) {
  opened = open;
  remember(OPEN, String(open));
}

/**
 * How one part of training is shown and changed: at once, from the present step on.
 * @param {State} state
 * @param {keyof import("../types.js").Training} part
 * @param {SetTraining} setTraining
 */
function optionsOf(state, part, setTraining) {
  return {
    state,
    part,
    value: /** @type {import("../types.js").Rule|null} */ (state.training[part]),
    pointer: `/${part}`,
    /** @param {import("../types.js").Rule} value @param {string} [only] its number that is another one */
    set: (value, only) =>
      setTraining((now) => ({
        [part]: only ? { ...(now[part] ?? value), [only]: value[only] } : value,
      })),
  };
}

/** What is rarely touched. @param {State} state @param {SetTraining} setTraining */
function moreBlocks(state, setTraining) {
  const numbers = methodNumbers(optionsOf(state, "optimizer", setTraining));
  return [
    ...(numbers.length
      ? [
          el(
            "div",
            { class: "method", "data-part": "optimizer" },
            el("h3", { text: label("optimizers", { name: state.training.optimizer?.name ?? "" }) }),
            ...numbers,
          ),
        ]
      : []),
    ...PARTS.filter((part) => part !== "optimizer").map((part) =>
      methodBlock(optionsOf(state, part, setTraining)),
    ),
  ];
}

/** @param {string} id @param {string} name @param {string} tip @param {() => void} click @param {boolean} disabled */
function tool(id, name, tip, click, disabled) {
  return el(
    "button",
    { type: "button", id, class: "tool", "aria-label": name, hint: tip, disabled, on: { click } },
    icon(id),
  );
}

/** @param {State} state @param {SetTraining} setTraining */
function rateField(state, setTraining) {
  const text = label("parameters", { name: "learning_rate" });
  const { optimizer } = state.training;
  const none = optimizer === null;
  const common = {
    range: state.catalog.fields.learning_rate,
    value: optimizer?.learning_rate ?? null,
    label: text,
    hint: none ? t("settings.rate.own") : hint("parameters", { name: "learning_rate" }),
    pointer: "/optimizer/learning_rate",
    disabled: none,
    /** @param {number} rate */
    change: (rate) =>
      optimizer &&
      setTraining((now) => ({
        optimizer: { ...(now.optimizer ?? optimizer), learning_rate: rate },
      })),
  };
  const box = numberBox({
    ...common,
    id: "learning-rate",
    placeholder: none && t("settings.rate.differs"),
  });
  const { input, toShare } = slider({
    ...common,
    id: "learning-rate-slider",
    log: true,
    move: (value) => (byId("learning-rate", HTMLInputElement).value = String(value)),
  });
  input.removeAttribute("data-pointer");
  const bound = none ? null : boundMark(state, toShare);
  return field(text, [bound ? el("span", { class: "marked" }, input, bound) : input, box], {
    class: "rate",
  });
}

/**
 * Where the bound on the learning rate is on the slider, once the curvature has been measured: beyond it the
 * chosen run's steps swing outward. None where the slider is not that of the chosen run.
 * @param {State} state @param {ReturnType<typeof slider>["toShare"]} toShare
 */
function boundMark(state, toShare) {
  const curvature = curvatureOf(state);
  const at = curvature && settingAtBound(curvature);
  if (!curvature || at === null || state.summary.spec.runs[state.chosen]?.optimizer) return null;
  const { minimum, maximum } = state.catalog.fields.learning_rate;
  const mark = el("span", {
    id: "rate-bound",
    class: at < minimum || at > maximum ? "outside" : "",
    text: `${at < minimum ? "← " : ""}${markName(curvature)}${at > maximum ? " →" : ""}`,
    hint: markHint(curvature, at),
    tabindex: 0,
  });
  mark.style.setProperty("--at", String(toShare(at)));
  return mark;
}

/** A name below the slider must not be longer than the slider: a longer formula is told by the hint. */
const NAME = 12;

/** The formula of a bound, where it is short enough. @param {import("../types.js").Curvature} curvature */
function markName({ bound_kind: kind, bound_formula: formula }) {
  const short = kind !== "preconditioned" && formula !== null && formula.length <= NAME;
  return short ? formula : t("settings.rate.bound.mark");
}

/** @param {import("../types.js").Curvature} curvature @param {number} at the α that reaches the bound */
function markHint({ bound, bound_formula, optimizer, step, schedule_factor: factor }, at) {
  const key = factor === 1 ? "settings.rate.bound" : "settings.rate.bound.scheduled";
  return t(key, {
    formula: bound_formula ?? "",
    bound: format.plain(bound ?? 0, 3),
    step: format.count(step),
    optimizer: label("optimizers", { name: optimizer }),
    at: format.plain(at, 3),
  });
}

/** @param {State} state @param {(setup: import("../types.js").Setup) => void} change */
function batchField(state, change) {
  const { spec } = state.setup;
  const full = spec.batch_size === null;
  const sizes = [1, 2, 5, 10, 20, 50, 100, 250];
  const samples = state.data?.train.x.length ?? Infinity;
  const select = choice({
    options: [
      { value: "full", text: t("settings.batch.full") },
      { value: "mini", text: t("settings.batch.mini") },
    ],
    value: full ? "full" : "mini",
    label: t("settings.batch"),
    hint: t("settings.batch.hint"),
    pointer: full ? "/batch_size" : "/batch_size/kind",
    id: "batch",
    change: (value) => {
      const size = sizes.filter((n) => n <= Math.min(10, samples)).pop() ?? 1;
      change(edits.withSpec(state.setup, { batch_size: value === "full" ? null : size }));
    },
  });
  if (full) return field(t("settings.batch"), [select]);
  const box = numberBox({
    range: { ...state.catalog.fields.batch_size, integer: true },
    value: spec.batch_size,
    label: t("settings.batch.size"),
    hint: t("settings.batch.hint"),
    pointer: "/batch_size",
    id: "batch-size",
    change: (value) => change(edits.withSpec(state.setup, { batch_size: value })),
  });
  return field(t("settings.batch"), [select, box]);
}

/**
 * What makes another experiment. Of a mystery none can be made before it is revealed, and its seed is not told.
 * @param {State} state @param {(setup: import("../types.js").Setup) => void} change
 */
function anew(state, change) {
  const sealed = Boolean(state.setup.spec.mystery);
  const fields = [batchField(state, change), lossField(state, change)];
  if (!sealed) return [...fields, seedField(state, change)];
  for (const control of fields.flatMap((made) => [
    ...made.querySelectorAll("button, input, select"),
  ]))
    control.toggleAttribute("disabled", true);
  return fields;
}

/** @param {State} state @param {(setup: import("../types.js").Setup) => void} change */
const seedField = (state, change) =>
  field(t("settings.seed"), [
    seedRow({
      range: state.catalog.fields.seed,
      value: edits.sharedSeed(state.setup.spec),
      label: t("settings.seed"),
      hint: t("settings.seed.hint"),
      pointer: "/seed",
      id: "seed",
      placeholder: t("settings.rate.differs"),
      change: (seed) => change(edits.setSeed(state.setup, seed)),
      draw: () => change(edits.setSeed(state.setup)),
    }),
  ]);

/** @param {State} state @param {(setup: import("../types.js").Setup) => void} change */
function lossField(state, change) {
  const { spec } = state.setup;
  const output = outputActivation(spec);
  const entries = state.catalog.losses.map((entry) => {
    const needed = (entry.outputs ?? [])
      .map((other) => label("activations", { name: other }))
      .join(" / ");
    const name = label("losses", entry);
    const fits = lossFits(entry, output);
    return { entry, fits, needs: t("settings.loss.needs", { name, outputs: needed }) };
  });
  /** @param {string} loss */
  const set = (loss) => {
    const runs = spec.runs.map((run) => (run.loss ? { ...run, loss: null } : run));
    change(edits.withSpec(state.setup, { loss, runs }));
  };
  const title = t("settings.loss");
  const select = choice({
    options: entries.map(({ entry, fits, needs }) => ({
      value: entry.name,
      text: fits ? label("losses", entry) : needs,
      disabled: !fits,
    })),
    value: spec.loss,
    label: title,
    hint: about("losses", find(state.catalog.losses, spec.loss)),
    pointer: "/loss",
    id: "loss-choice",
    change: set,
  });
  const more = formulas(title, "/loss/all", (button) =>
    openGallery(button, {
      title,
      value: spec.loss,
      choose: set,
      items: entries.map(({ entry, fits, needs }) => ({
        name: entry.name,
        kind: "losses",
        entry,
        reason: fits ? undefined : needs,
        draw: entry.curve
          ? (canvas) => drawFunction(canvas, entry.curve, state.view.theme)
          : undefined,
      })),
    }),
  );
  return field(title, [el("div", { class: "row" }, select, more)]);
}
