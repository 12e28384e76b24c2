/** Data from a formula: checked while it is typed, the place of an error shown in it. */

import { ApiError, api } from "../../server/api.js";
import { el, setText, sharp } from "../../ui/dom.js";
import { explain, t } from "../../ui/i18n.js";
import { field, rebuild, choice } from "../../ui/controls.js";
import { mark, unmark } from "../../ui/field-errors.js";
import { drawPoints } from "../data-thumbnail.js";

const PAUSE = 250;
/** How many characters are shown on either side of an error. */
const AROUND = 40;
const EXAMPLES = ["x1^2 + x2^2 < 9", "sin(x1) > x2", "x1 * x2 / 10", "abs(x1) - abs(x2)"];
const EXAMPLES_OF_ONE = ["sin(3*x1)", "x1^3 - x1", "abs(x1) < 2"];

/** @param {{state: import("../../experiment/state.js").State, use: (data: import("../../types.js").DataSpec, aim: import("../../experiment/spec.js").Aim) => void}} options */
export function createFormula({ state, use }) {
  let text = EXAMPLES[0];
  let inputs = 2;
  /** @type {import("../../types.js").FoundFormula|null} */
  let found = null;
  let asked = 0;
  let timer = 0;

  const element = el("section", { class: "own-formula" });
  const box = el("input", {
    type: "text",
    id: "formula-text",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
  });
  const holder = el("div", { class: "field" }, box);
  const place = el("p", { class: "place", "aria-hidden": "true", hidden: true });
  const status = el("p", { class: "muted", role: "status" });
  const reading = el("p", { class: "formula-reading", role: "status", hidden: true });
  const examples = el("div", { class: "examples" });
  const picture = el("canvas", { "aria-hidden": "true" });
  const grammar = el("p", { class: "muted" });
  const take = el("button", { type: "button", id: "formula-use", class: "primary" });

  box.addEventListener("input", () => {
    text = box.value;
    clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    clearTimeout(timer);
    ask().then(choose);
  });
  take.addEventListener("click", choose);

  /** Whether it is known what is meant. */
  const isSettled = () => found !== null && !found.doubts.length;

  function choose() {
    if (!found || !isSettled()) return;
    const { samples, noise, train_fraction, seed } = state.setup.spec.data;
    const kept = Object.entries({ samples, noise, train_fraction, seed }).filter(
      ([, value]) => value !== undefined,
    );
    const { task, classes } = found;
    use({ name: "formula", ...Object.fromEntries(kept), formula: text, inputs }, { task, classes });
  }

  async function ask() {
    const mine = ++asked;
    try {
      const answer = await api.formula({ formula: text, inputs });
      if (mine !== asked) return;
      found = answer;
      unmark(box);
      const [doubt] = answer.doubts;
      if (doubt) mark(box, explain(asProblem(doubt)));
      point(doubt?.column ?? null);
    } catch (error) {
      if (mine !== asked) return;
      if (!(error instanceof ApiError)) throw error;
      found = null;
      const [first] = error.errors;
      mark(box, first ? explain(first) : t(`errors.${error.code}`));
      point(first?.allowed?.column ?? null);
    }
    drawFound();
  }

  /** @param {number|null} column */
  function point(column) {
    place.hidden = column === null;
    if (column !== null) place.replaceChildren(...marked(text, column));
  }

  function drawFound() {
    take.disabled = !isSettled();
    const task = found?.one_class ? "oneClass" : found?.task;
    setText(status, found ? t(`formula.is.${task}`) : "");
    reading.hidden = !found || plainly(found.reading) === plainly(text);
    setText(reading, found ? t("formula.reading", { reading: found.reading }) : "");
    const context = sharp(picture, 150, 150);
    if (found) drawPoints(context, 150, found, state.view.theme);
  }

  return {
    element,
    /** A formula that came by a link or an undo. @param {import("../../types.js").DataSpec} data */
    adopt(data) {
      if (data.name !== "formula" || data.formula === undefined) return;
      text = data.formula;
      inputs = Number(data.inputs ?? 2);
    },
    focus: () => box.focus(),
    draw() {
      box.setAttribute("aria-label", t("formula.label"));
      box.dataset.hint = t("formula.hint");
      if (box.value !== text) box.value = text;
      setText(take, t("own.use"));
      take.dataset.hint = t("own.use.hint");
      setText(grammar, t("formula.grammar"));
      rebuild(examples, [
        field(t("formula.inputs"), [
          inputsChoice(inputs, (count) => {
            inputs = count;
            if ([...EXAMPLES, ...EXAMPLES_OF_ONE].includes(text)) text = examplesOf(inputs)[0];
            this.draw();
          }),
        ]),
        ...exampleButtons(inputs, (example) => {
          text = box.value = example;
          ask();
        }),
      ]);
      if (!holder.isConnected || holder.parentElement !== element)
        element.append(
          holder,
          place,
          el(
            "div",
            { class: "columns" },
            el("div", {}, status, reading, examples, grammar),
            picture,
          ),
          el("div", { class: "row ends" }, el("span", { class: "push" }), take),
        );
      ask();
    },
  };
}

/** A doubt as the problem that it is until another formula is written. @param {import("../../types.js").FoundFormula["doubts"][number]} doubt */
const asProblem = ({ column, received, write }) => ({
  code: "ambiguous",
  received,
  allowed: { column, write },
});

/**
 * The text around the place of an error, counted from 1, which is marked.
 * @param {string} text @param {number} column
 */
function marked(text, column) {
  const characters = [...text]; // as the server counts them: 𝑥 is one
  const at = Math.max(0, column - 1);
  const [from, to] = [Math.max(0, at - AROUND), at + 1 + AROUND];
  const before = characters.slice(from, at).join("");
  const after = characters.slice(at + 1, to).join("");
  return [
    (from > 0 ? "…" : "") + before,
    el("mark", { text: characters[at] ?? "␣" }),
    after + (to < characters.length ? "…" : ""),
  ];
}

/** A formula without its blanks, which mean nothing. @param {string} formula */
const plainly = (formula) => formula.replace(/\s+/g, "");

/** @param {number} inputs */
const examplesOf = (inputs) => (inputs === 1 ? EXAMPLES_OF_ONE : EXAMPLES);

/** @param {number} inputs @param {(inputs: number) => void} change */
function inputsChoice(inputs, change) {
  return choice({
    options: [1, 2].map((n) => ({ value: String(n), text: t(`formula.inputs.${n}`) })),
    value: String(inputs),
    label: t("formula.inputs"),
    hint: t("formula.inputs.hint"),
    pointer: "/formula/inputs",
    change: (value) => change(Number(value)),
  });
}

/** @param {number} inputs @param {(example: string) => void} use */
function exampleButtons(inputs, use) {
  return examplesOf(inputs).map((example) =>
    el("button", {
      type: "button",
      class: "chip",
      text: example,
      hint: t("formula.example.hint"),
      on: { click: () => use(example) },
    }),
  );
}
