/** How an experiment is to be repeated: seeds, what follows them, steps, and values of one or two settings. */

import { el, setText } from "../../ui/dom.js";
import { choice, field, numberBox, typed } from "../../ui/controls.js";
import { mark } from "../../ui/field-errors.js";
import { parseNumber } from "../../ui/number-input.js";
import * as format from "../../ui/number-format.js";
import { explain, t } from "../../ui/i18n.js";
import {
  AXES,
  MOST_AXES,
  presentValue,
  rangeOf,
  usualValues,
} from "../../experiment/study-axes.js";

/**
 * @typedef {import("../../experiment/study.js").Plan} Plan
 * @typedef {import("../../experiment/study.js").AxisName} AxisName
 * @typedef {import("../../experiment/study.js").Grid} Grid
 * @typedef {import("../../types.js").Spec} Spec
 * @typedef {import("../../types.js").Catalog} Catalog
 * @typedef {import("../../types.js").Range} Range
 */

/**
 * Numbers in a list as learners write it: "0.1, 0.3, 1", or with semicolons "0,1; 0,3; 1".
 * @param {string} text
 * @param {Range} range
 * @returns {{values: number[]} | {code: string, allowed: Record<string, unknown>}}
 */
export function parseValues(text, range) {
  const parts = text.split(/[;；]/.test(text) ? /[;；]/ : /[\s,，、]+/).map((part) => part.trim());
  const values = [];
  for (const part of parts.filter(Boolean)) {
    const read = parseNumber(part, range);
    if ("code" in read) return read;
    values.push(read.value);
  }
  if (!values.length)
    return { code: "wrong_type", allowed: { type: range.integer ? "integer" : "number" } };
  return { values: [...new Set(values)] };
}

/** @param {number[]} values */
const written = (values) =>
  values.join(values.some((value) => String(value).includes(",")) ? "; " : ", ");

/**
 * @param {object} how
 * @param {Plan} how.plan      what is in it at first
 * @param {Spec} how.spec      the experiment that would be repeated
 * @param {Catalog} how.catalog
 * @param {() => void} how.change   it has to have other fields
 * @param {() => void} how.touch    something in it is another one
 * @param {() => void} how.run
 * @param {boolean} how.busy   whether a study is being asked for
 * @returns {HTMLElement}
 */
export function studyForm({ plan, spec, catalog, change, touch, run, busy }) {
  const { fields } = catalog;
  const text = () =>
    t(busy ? "seeds.asking" : "seeds.run", { runs: format.count(runsOf(plan, spec)) });
  const go = el("button", {
    type: "submit",
    class: "primary",
    id: "study-run",
    disabled: busy,
    text: text(),
  });
  /** @param {Partial<Plan>} part */
  const put = (part) => {
    const before = Object.keys(plan.grid).join();
    Object.assign(plan, part);
    touch();
    setText(go, text());
    if (Object.keys(plan.grid).join() !== before) change();
  };
  const form = el(
    "form",
    {
      class: "seeds-form",
      "aria-label": t("seeds.form"),
      on: {
        submit(/** @type {Event} */ event) {
          event.preventDefault();
          if (document.activeElement instanceof HTMLElement) document.activeElement.blur(); // takes what is typed
          if (!form.querySelector("[aria-invalid]")) run();
        },
      },
    },
    field(t("seeds.count"), [
      numberBox({
        range: fields.study_seeds,
        value: plan.count,
        label: t("seeds.count"),
        hint: t("seeds.count.hint"),
        pointer: "/seeds/count",
        change: (count) => put({ count }),
      }),
    ]),
    field(t("seeds.first"), [
      numberBox({
        range: fields.seed,
        value: plan.first,
        label: t("seeds.first"),
        hint: t("seeds.first.hint"),
        pointer: "/seeds/first",
        change: (first) => put({ first }),
      }),
    ]),
    field(t("seeds.steps"), [
      numberBox({
        range: fields.study_steps,
        value: plan.steps,
        label: t("seeds.steps"),
        hint: t("seeds.steps.hint"),
        pointer: "/steps",
        change: (steps) => put({ steps }),
      }),
    ]),
    field(t("seeds.vary"), [
      choice({
        options: ["init", "all"].map((value) => ({ value, text: t(`seeds.vary.${value}`) })),
        value: plan.vary,
        label: t("seeds.vary"),
        hint: t("seeds.vary.hint"),
        pointer: "/vary",
        change: (vary) => put({ vary: vary === "all" ? "all" : "init" }),
      }),
    ]),
    ...axisRows({ plan, spec, catalog, put }),
    el("div", { class: "seeds-go" }, go),
  );
  return form;
}

/** How many runs are trained. @param {Plan} plan @param {Spec} spec */
const runsOf = ({ count, grid }, { runs }) =>
  Object.values(grid).reduce((product, values) => product * values.length, count * runs.length);

/** One row for each setting that is varied, and one for the next. @param {{plan: Plan, spec: Spec, catalog: Catalog, put: (part: Partial<Plan>) => void}} how */
function axisRows({ plan, spec, catalog, put }) {
  const chosen = /** @type {AxisName[]} */ (Object.keys(plan.grid));
  const shown = chosen.length < MOST_AXES ? [...chosen, null] : chosen;
  return shown.map((axis, index) => {
    /** @param {string} name */
    const replace = (name) => {
      const kept = chosen
        .filter((other) => other !== axis)
        .map((other) => [other, plan.grid[other]]);
      const next = AXES.find((one) => one === name);
      if (next) kept.splice(index, 0, [next, beginning(next, spec, catalog)]);
      put({ grid: /** @type {Grid} */ (Object.fromEntries(kept)) });
    };
    const options = AXES.filter((name) => name === axis || !chosen.includes(name)).map((name) => ({
      value: name,
      text: t(`seeds.axis.${name}`),
      disabled: presentValue(name, spec, catalog) === null,
    }));
    const label = t(index ? "seeds.axis.second" : "seeds.axis.first");
    const select = choice({
      options: [{ value: "", text: t("seeds.axis.none") }, ...options],
      value: axis ?? "",
      label,
      hint: t("seeds.axis.hint"),
      pointer: index ? "/grid/second" : "/grid",
      change: replace,
    });
    /** @type {HTMLElement[]} */
    const parts = [select];
    if (axis) parts.push(valuesBox(axis, plan.grid[axis] ?? [], { spec, catalog, put, plan }));
    return field(label, parts, { class: "seeds-axis" });
  });
}

/** @param {AxisName} name @param {Spec} spec @param {Catalog} catalog */
function beginning(name, spec, catalog) {
  const present = presentValue(name, spec, catalog);
  const range = rangeOf(name, spec, catalog);
  return present === null || !range ? [] : usualValues(name, present, range);
}

/**
 * @param {AxisName} axis
 * @param {number[]} values
 * @param {{spec: Spec, catalog: Catalog, plan: Plan, put: (part: Partial<Plan>) => void}} how
 */
function valuesBox(axis, values, { spec, catalog, plan, put }) {
  const range = rangeOf(axis, spec, catalog);
  const label = t("seeds.values", { axis: t(`seeds.axis.${axis}`) });
  const input = el("input", {
    type: "text",
    autocomplete: "off",
    "aria-label": label,
    hint: t("seeds.values.hint"),
    "data-pointer": `/grid/${axis}`,
  });
  input.defaultValue = written(values);
  typed(input, (box) => {
    const read = parseValues(
      box.value,
      range ?? { name: axis, minimum: -Infinity, maximum: Infinity },
    );
    if ("code" in read) return mark(box, explain(read));
    box.defaultValue = box.value;
    put({ grid: { ...plan.grid, [axis]: read.values } });
  });
  return input;
}
