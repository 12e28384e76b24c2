/** Numbers brought by the learner: pasted, checked line by line, used at a click. */

import { el } from "../dom.js";
import * as edits from "../edits.js";
import { t } from "../i18n.js";
import { parseTable, writeTable } from "../numbers.js";
import { mark, unmark } from "./problems.js";

/** The table the textarea was last filled from, so that typing is not lost when the page is drawn again. */
/** @type {unknown} */
let filledFrom = null;
let filledIn = "";

/**
 * @param {HTMLElement} home
 * @param {import("../state.js").State} state
 * @param {(setup: import("../types.js").Setup) => void} change
 */
export function drawCustom(home, state, change) {
  const { data } = state.setup.spec;
  home.hidden = data.name !== "custom";
  if (home.hidden) {
    filledFrom = null;
    home.replaceChildren();
    return;
  }
  const present = JSON.stringify([data.inputs, data.targets, data.standardize]);
  const fresh = t("custom.label");
  if (present === filledFrom && fresh === filledIn) return;
  const typed = home.querySelector("textarea")?.value;
  const table = {
    inputs: data.inputs ?? [],
    targets: /** @type {number[]} */ ((data.targets ?? []).flat()),
  };
  const text = el("textarea", {
    id: "custom-numbers",
    spellcheck: "false",
    "data-pointer": "/data/targets",
    "aria-label": fresh,
    hint: t("custom.hint"),
  });
  text.value = present === filledFrom && typed !== undefined ? typed : writeTable(table);
  filledFrom = present;
  filledIn = fresh;
  const scale = el("input", { type: "checkbox", id: "standardize" });
  scale.checked = data.standardize ?? false;
  const use = () => {
    const read = parseTable(text.value);
    if ("problem" in read) return mark(text, t(`custom.${read.problem.code}`, read.problem));
    unmark(text);
    change(edits.setTable(state.setup, read.table, scale.checked, state.catalog));
  };
  scale.addEventListener("change", use);
  home.replaceChildren(
    el("div", { class: "field", "data-pointer": "/data/inputs", tabindex: -1 }, text),
    el(
      "div",
      { class: "row" },
      el(
        "label",
        { class: "check", hint: t("custom.standardize.hint") },
        scale,
        t("custom.standardize"),
      ),
      el("button", {
        type: "button",
        id: "custom-use",
        class: "link",
        text: t("custom.use"),
        on: { click: use },
      }),
    ),
  );
}
