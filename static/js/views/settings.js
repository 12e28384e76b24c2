/** What holds for all runs: learning rate, batch, loss, seed; and undo. */

import { byId, el, icon } from "../dom.js";
import * as edits from "../edits.js";
import { hint, label, t } from "../i18n.js";
import { lossFits, outputActivation } from "../spec.js";
import { choice, field, numberBox, rebuild, seedRow, slider } from "./controls.js";

/** @typedef {import("../state.js").State} State */

/**
 * @param {State} state
 * @param {{change: (setup: import("../types.js").Setup) => void, setTraining: (parts: Partial<import("../types.js").Training>) => void,
 *   undo: () => void, redo: () => void, canUndo: boolean, canRedo: boolean}} acts
 */
export function drawSettings(state, { change, setTraining, undo, redo, canUndo, canRedo }) {
  rebuild(byId("settings"), [
    rateField(state, setTraining),
    batchField(state, change),
    lossField(state, change),
    field(t("settings.seed"), [
      seedRow({
        range: state.catalog.fields.seed,
        value: state.setup.spec.seed,
        label: t("settings.seed"),
        hint: t("settings.seed.hint"),
        pointer: "/seed",
        id: "seed",
        change: (seed) => change(edits.withSpec(state.setup, { seed })),
      }),
    ]),
    el(
      "div",
      { class: "row undo" },
      tool("undo", t("settings.undo"), t("settings.undo.hint"), undo, !canUndo),
      tool("redo", t("settings.redo"), t("settings.redo.hint"), redo, !canRedo),
    ),
  ]);
}

/** @param {string} id @param {string} name @param {string} tip @param {() => void} click @param {boolean} disabled */
function tool(id, name, tip, click, disabled) {
  return el(
    "button",
    { type: "button", id, class: "tool", "aria-label": name, hint: tip, disabled, on: { click } },
    icon(id),
  );
}

/** @param {State} state @param {(parts: Partial<import("../types.js").Training>) => void} setTraining */
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
      optimizer && setTraining({ optimizer: { ...optimizer, learning_rate: rate } }),
  };
  const box = numberBox({ ...common, id: "learning-rate" });
  const { input } = slider({
    ...common,
    id: "learning-rate-slider",
    log: true,
    move: (value) => (box.value = String(value)),
  });
  input.removeAttribute("data-pointer");
  return field(text, [input, box], { class: "rate" });
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

/** @param {State} state @param {(setup: import("../types.js").Setup) => void} change */
function lossField(state, change) {
  const { spec } = state.setup;
  const output = outputActivation(spec);
  const options = state.catalog.losses.map((entry) => {
    const fits = lossFits(entry, output);
    const name = label("losses", entry);
    const needed = (entry.outputs ?? [])
      .map((other) => label("activations", { name: other }))
      .join(" / ");
    return {
      value: entry.name,
      text: fits ? name : t("settings.loss.needs", { name, outputs: needed }),
      disabled: !fits,
    };
  });
  const select = choice({
    options,
    value: spec.loss,
    label: t("settings.loss"),
    hint: hint("losses", { name: spec.loss }),
    pointer: "/loss",
    id: "loss-choice",
    change: (loss) => {
      const runs = spec.runs.map((run) => (run.loss ? { ...run, loss: null } : run));
      change(edits.withSpec(state.setup, { loss, runs }));
    },
  });
  return field(t("settings.loss"), [select]);
}
