/** The list of runs: each a recipe with its colour, its present loss, and how it fares. */

import { byId, el, icon, setText } from "../ui/dom.js";
import { isTold } from "../experiment/access.js";
import * as edits from "../experiment/edits.js";
import * as format from "../ui/number-format.js";
import { t } from "../ui/i18n.js";
import {
  apartInWords,
  plainNames,
  recipeInWords,
  startOf,
  toldStatus,
} from "../experiment/run-names.js";
import { ownSettings } from "../experiment/training-settings.js";
import { rebuild } from "../ui/controls.js";
import { openGallery } from "../ui/gallery.js";
import { createRoving } from "../ui/roving.js";
import { swatch } from "../ui/swatch.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {(setup: import("../types.js").Setup) => void} Change
 */

/** The run whose editor is open, or −1. */
let open = -1;

/** The editor's module: it comes when one is first opened. @type {typeof import("./run-editor.js")|null} */
let editor = null;

/** @type {{pick: HTMLElement, words: HTMLElement, loss: HTMLElement, status: HTMLElement, name: string}[]} */
let cells = [];

/** The list as one stop of the Tab key. @type {ReturnType<typeof createRoving>|null} */
let roving = null;

/**
 * @param {State} state
 * @param {Change} change
 * @param {(run: number) => void} choose
 */
export function drawRuns(state, change, choose) {
  const { setup, catalog } = state;
  const { runs } = setup.spec;
  const most = catalog.fields.runs?.maximum ?? 16;
  if (open >= runs.length) open = -1;
  drawTitle(runs);
  setText(byId("runs-count"), t("runs.count", { count: runs.length, most }));
  cells = [];
  rebuild(
    byId("runs"),
    runs.map((_, i) =>
      row(state, i, { change, choose, redraw: () => drawRuns(state, change, choose) }),
    ),
  );
  roving ??= createRoving(byId("runs"), { rows: ".run", cells: ".line button" });
  roving.comeTo(state.chosen);
  byId("runs").setAttribute("aria-description", t("runs.keys"));
  drawAdd(state, change, runs.length >= most);
  wordRuns(state);
  updateRuns(state);
}

/** What is compared: initialisations, where that is what the runs differ in. @param {import("../types.js").Run[]} runs */
function drawTitle(runs) {
  const begun = runs.map(({ recipe, parameters, seed }) =>
    JSON.stringify([recipe, parameters, seed]),
  );
  const key = new Set(begun).size > 1 ? "runs.title.initialisations" : "runs.title";
  const title = byId("runs-title").querySelector("span") ?? byId("runs-title");
  title.dataset.i18n = key;
  setText(title, t(key));
}

/**
 * @param {State} state
 * @param {number} index
 * @param {{change: Change, choose: (run: number) => void, redraw: () => void}} acts
 */
function row(state, index, { change, choose, redraw }) {
  const { setup, catalog } = state;
  const events = setup === state.live ? state.summary.events : [];
  const name = plainNames(setup.spec, catalog, events)[index];
  const words = el("span", { class: "words" });
  const loss = el("span", { class: "loss" });
  const status = el("span", { class: "status" });
  const pick = el(
    "button",
    {
      type: "button",
      class: "pick",
      "aria-pressed": String(state.chosen === index),
      "data-focus": `run/${index}`,
      on: { click: () => choose(index) },
    },
    swatch(setup.slots[index], state.view.theme),
    el("span", { class: "name", text: name, title: name }),
    words,
    loss,
    status,
  );
  cells.push({ pick, words, loss, status, name });
  const edit = tool("edit", t("runs.edit", { name }), `run/${index}/edit`, async () => {
    editor ??= await import("./run-editor.js");
    open = open === index ? -1 : index;
    redraw();
    if (open >= 0) byId("runs").children[open]?.scrollIntoView({ block: "nearest" });
  });
  edit.setAttribute("aria-expanded", String(open === index));
  const remove = tool("close", t("runs.remove", { name }), `run/${index}/remove`, () => {
    open = -1;
    change(edits.removeRun(state.setup, index));
  });
  remove.disabled = setup.spec.runs.length <= 1;
  const line = el("div", { class: "line" }, pick, el("div", { class: "acts" }, edit, remove));
  const item = el(
    "li",
    { class: "run", "data-run": index, "data-chosen": state.chosen === index },
    line,
  );
  if (open === index && editor) item.append(editor.runEditor(state, index, change));
  return item;
}

/** @param {string} picture @param {string} name @param {string} focus @param {() => void} click */
function tool(picture, name, focus, click) {
  const props = {
    type: "button",
    class: "tool",
    "aria-label": name,
    hint: name,
    "data-focus": focus,
    on: { click },
  };
  return el("button", props, icon(picture));
}

/**
 * What a run begins with, and what is its own of the training: now, where that was changed on the way.
 * @param {State} state @param {number} index @param {string} name
 */
function inWords({ setup, live, summary, catalog }, index, name) {
  const run = setup.spec.runs[index];
  const start = startOf(setup === live ? summary.events : [], index);
  const now = setup === live ? ownSettings(summary, index) : {};
  const parts = [recipeInWords(run, catalog, start), apartInWords(run, now)];
  return parts.filter((part) => part && part !== name).join(" · ");
}

/** Of how many changes on the way the words of the runs know. */
let worded = -1;

/** What the runs are made of and train with, in place. @param {State} state */
function wordRuns(state) {
  worded = state.summary.events.length;
  cells.forEach(({ pick, words, name }, i) => {
    setText(words, inWords(state, i, name));
    const whole = [name, words.textContent].filter(Boolean).join(": ");
    pick.dataset.hint = `${whole}. ${t("runs.choose.hint")}`;
  });
}

/** The present losses, states and settings, in place. @param {State} state */
export function updateRuns(state) {
  const same = state.live.spec.runs.length === cells.length;
  if (worded !== state.summary.events.length) wordRuns(state);
  cells.forEach(({ loss, status }, i) => {
    setText(loss, same ? format.loss(state.train[i]) : "–");
    const run = state.runs[i];
    if (!same || !run || !isTold(state)) {
      delete status.dataset.status;
      return setText(status, "");
    }
    if (status.dataset.status !== run.status || run.status === "diverged")
      status.dataset.status = run.status;
    setText(status, toldStatus(state, i));
  });
}

/** All recipes, those of the article first, with what they draw. @param {State} state @param {Change} change @param {HTMLElement} opener */
function openRecipes(state, change, opener) {
  const { recipes } = state.catalog;
  openGallery(opener, {
    title: t("runs.add.title"),
    value: "",
    items: recipes.map((entry) => ({
      name: entry.name,
      kind: "recipes",
      entry: { ...entry, formula: recipeInWords({ recipe: entry.recipe }, state.catalog) },
      group: t(entry.of_article ? "runs.add.article" : "runs.add.more"),
    })),
    choose(name) {
      const entry = recipes.find((one) => one.name === name);
      if (entry) change(edits.addRun(state.setup, entry.recipe));
    },
  });
}

/** The button that adds a run. @param {State} state @param {Change} change @param {boolean} full */
function drawAdd(state, change, full) {
  const button = byId("add-run", HTMLButtonElement);
  button.disabled = full;
  byId("runs-count").classList.toggle("sr", !full);
  button.onclick = () => openRecipes(state, change, button);
}

/** The row of the run that is pointed at, in whatever picture. @param {State} state */
export function lightRun({ hover }) {
  for (const row of byId("runs").querySelectorAll(".run"))
    row.classList.toggle(
      "lit",
      Number(/** @type {HTMLElement} */ (row).dataset.run) === hover?.run,
    );
}

/** Pointing at a row lights its run everywhere. @param {State} state */
export function watchRuns(state) {
  const list = byId("runs");
  /** @param {PointerEvent} event */
  const rowOf = ({ target }) =>
    target instanceof Element ? target.closest(/** @type {"li"} */ (".run")) : null;
  list.addEventListener("pointerover", (event) => {
    const row = rowOf(event);
    if (!row || event.pointerType === "touch") return;
    const run = Number(row.dataset.run);
    if (state.hover?.run !== run || state.hover.step !== null)
      state.patch({ hover: { run, step: null } });
  });
  list.addEventListener("pointerleave", () => state.patch({ hover: null }));
}
