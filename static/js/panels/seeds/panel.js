/** The tab of seeds: what is asked for, how far it is, what can be concluded, and every seed to be opened. */

import { ApiError } from "../../server/api.js";
import { el, setText } from "../../ui/dom.js";
import { rebuild } from "../../ui/controls.js";
import { fadeEnds } from "../../ui/fade.js";
import { showProblems } from "../../ui/field-errors.js";
import * as format from "../../ui/number-format.js";
import { language, t } from "../../ui/i18n.js";
import { namesOf } from "../../experiment/run-names.js";
import { isTold } from "../../experiment/access.js";
import { cellOf, isOfStudy, isRunning, usualPlan } from "../../experiment/study.js";
import { withoutVerdict } from "./by-seed.js";
import { specWith } from "../../experiment/training-settings.js";
import { createBar } from "./bar.js";
import { createClient } from "./client.js";
import { createDots } from "./dots.js";
import { createFigures } from "./figures.js";
import { studyForm } from "./form.js";
import { gridInWords } from "./grid.js";
import { createKept } from "./kept.js";
import { drawNotes, notesOf } from "./notes.js";
import { titleOf } from "./picture.js";
import { recipeTable } from "./table.js";
import { createTargetSlider } from "./target.js";
import { verdictInWords } from "./verdict.js";

/**
 * @typedef {import("../panel.js").Context} Context
 * @typedef {import("../../experiment/study.js").Plan} Plan
 * @typedef {import("./client.js").StudyClient} StudyClient
 */

/** @param {{home: HTMLElement, context: Context}} parts */
export function createSeeds({ home, context }) {
  const { state, api, changes } = context;
  const kept = createKept();
  const client = createClient({ state, api, kept, refused });
  const form = createForm(context, { run, present });
  const found = createFindings(context, { client, openSeed });
  const notes = el("div", { class: "seeds-notes", role: "status" });
  home.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !state.study.wide || event.defaultPrevented) return;
    event.preventDefault();
    state.patch({ study: { wide: false } });
  });

  /** The experiment that is on the page, as it would be repeated. */
  function present() {
    return { spec: specWith(state.live, state.training), slots: state.live.slots };
  }

  /** Why the server did not do what was asked for: beside the control, or in the line of notices. @param {unknown} error */
  function refused(error) {
    if (!(error instanceof ApiError) || !error.errors.length || error.status === 404)
      return changes.recover(error);
    // What is wrong with the experiment is said where the experiment is set up.
    const problems = error.errors.map((problem) => ({
      ...problem,
      pointer: problem.pointer.replace(/^\/spec(?=\/|$)/, ""),
    }));
    if (problems.some(({ pointer }) => pointer)) form.open = true;
    form.draw();
    state.patch({ problems });
  }

  /** Repeats the experiment as the form says. @param {Plan} plan */
  async function run(plan) {
    const { offered, target } = state.study;
    const wanted = { ...present(), plan: structuredClone(plan) };
    const made = await client.start(wanted, { target: offered ? target : null });
    if (!made) return draw();
    form.open = false;
    state.patch({ study: { wide: true } });
    draw();
    bar.takeFocus(); // the form that had it is gone
  }

  /** Shows what the learner had: what a link brings, or the latest study. */
  function open() {
    const { entry, offered, target, starting } = state.study;
    if (offered && !entry) {
      form.plan = offered;
      const before = kept.find({ spec: present().spec, plan: offered });
      if (before) client.open(before, target);
    } else if (!entry && !starting && kept.entries.length) client.open(kept.entries[0]);
    draw();
  }

  /** Opens the very runs of one seed in the playground. @param {number} seed @param {boolean} trained */
  async function openSeed(seed, trained) {
    const { entry, cell } = state.study;
    if (!entry) return;
    const step = trained ? entry.plan.steps : 0;
    try {
      const spec = await api.studyExperiment(entry.id, { cell, seed });
      const values = { seed: format.plain(seed, 10), step: format.count(step) };
      const back = { key: "seeds.back", run: () => state.patchNow({ tab: "seeds" }) };
      const said = { key: "seeds.opened", values, action: back };
      const setup = { spec, slots: entry.slots };
      const done = await changes.open({ setup, step, part: "seeds" }, said);
      if (done) state.patchNow({ tab: "loss" });
    } catch (error) {
      refused(error);
    }
  }

  function remove() {
    const { entry } = state.study;
    const putBack = client.remove();
    if (!entry || !putBack) return;
    form.plan = structuredClone(entry.plan);
    if (kept.entries.length) client.open(kept.entries[0]);
    changes.say("seeds.removed", { action: { key: "seeds.putBack", run: putBack } });
  }

  const acts = {
    open: client.open,
    cancel: client.cancel,
    remove,
    settings() {
      form.open = !form.open;
      if (form.open) form.plan = structuredClone(state.study.entry?.plan ?? null);
      draw();
    },
    refused,
    picture: found.picture,
  };
  const remedies = {
    again: () => client.again(),
    retry: () => client.retry(),
    /** The experiment of the study comes back to the page. */
    experiment() {
      const { entry } = state.study;
      if (entry) changes.change({ spec: entry.spec, slots: entry.slots }, { training: null });
    },
  };

  const bar = createBar(context, { kept, acts });
  home.replaceChildren(bar.element, notes, form.element, found.element);

  const hold = createHold(home, () => draw());

  function draw() {
    if (home.hidden) return;
    if (hold.isLate()) return;
    const { entry } = state.study;
    bar.draw(form.open);
    const other = entry !== null && !isOfStudy(present().spec, entry);
    const lived = state.summary.events.length > 0 && !form.open; // which says it itself
    rebuild(notes, drawNotes(notesOf(state.study, { other, lived }), remedies));
    form.draw();
    found.draw();
  }

  return {
    draw,
    open,
    /** The repeat button: a hundred seeds of what is on the page. */
    repeat: () => run(usualPlan(present().spec, state.catalog)),
  };
}

/**
 * What a pointer or a key is down on stays where it is, or it would not be clicked: it is drawn once that is let go.
 * @param {HTMLElement} home
 * @param {() => void} draw
 */
function createHold(home, draw) {
  let held = false;
  let late = false;
  for (const type of ["pointerdown", "keydown"])
    home.addEventListener(type, ({ target }) => {
      held = target instanceof Element && target.closest("button, canvas") !== null;
    });
  function letGo() {
    if (!held) return;
    // The click comes after this.
    setTimeout(() => {
      held = false;
      if (late) draw();
    });
  }
  for (const type of ["pointerup", "pointercancel", "keyup", "blur"]) addEventListener(type, letGo);
  return {
    /** Whether what is to be drawn now has to wait. */
    isLate: () => (late = held),
  };
}

/**
 * The form, shown while there is no study, or when it is opened.
 * @param {Context} context
 * @param {{run: (plan: Plan) => void, present: () => {spec: import("../../types.js").Spec}}} how
 */
function createForm({ state }, { run, present }) {
  const element = el("div", { class: "seeds-form-place" });
  /** What it was made for; it is made anew only for something else, for whoever types in it. */
  let madeFor = "";
  /** @type {Plan|null} */
  let holds = null;
  /** What the server refused may be right now: it depends on several fields. */
  function touch() {
    if (state.problems.length) state.patch({ problems: [] });
  }
  const form = {
    element,
    open: false,
    /** What it holds; null for what is usual. @type {Plan|null} */
    plan: null,
    draw() {
      const { entry, starting, offered } = state.study;
      element.hidden = !form.open && entry !== null;
      if (element.hidden) return void (madeFor = "");
      const { spec } = present();
      const plan = (form.plan ??= usualPlan(spec, state.catalog));
      const axes = Object.keys(plan.grid);
      const lived = state.summary.events.length > 0;
      const key = JSON.stringify([axes, spec, starting, offered, lived, language()]);
      if (key === madeFor && plan === holds) return;
      madeFor = key;
      holds = plan;
      const how = { plan, spec, catalog: state.catalog, busy: starting, change: form.draw, touch };
      rebuild(element, [
        el("p", { class: "note", text: t(offered ? "seeds.offered" : "seeds.intro") }),
        ...(lived ? [el("p", { class: "note", text: t("seeds.anew") })] : []),
        studyForm({ ...how, run: () => run(form.plan ?? plan) }),
      ]);
      if (state.problems.length) showProblems(state.problems);
    },
  };
  return form;
}

/**
 * Words, table and figures of the cell that is looked at.
 * @param {Context} context
 * @param {{client: StudyClient, openSeed: (seed: number, trained: boolean) => void}} how
 */
function createFindings({ state }, { client, openSeed }) {
  const first = el("p", { class: "first" });
  const words = el("div", { class: "seeds-words" });
  const table = el("div", { class: "seeds-table-place", tabindex: 0, role: "group" });
  fadeEnds(table);
  const live = el("p", { class: "sr", "aria-live": "polite" });
  const target = createTargetSlider({ state, look: client.look });
  const dots = createDots({ state, open: openSeed });
  const figures = createFigures({ state, choose: client.choose });
  const element = el(
    "div",
    { class: "seeds-main" },
    el("div", { class: "seeds-said" }, figures.grid, first, table, target.element, words, live),
    el("div", { class: "seeds-seen" }, figures.element, dots.element),
  );
  /** The study and the target that have been told to a screen reader. */
  let told = "";

  /** @param {import("../../experiment/study.js").Entry} entry @param {import("../../types.js").StudyCell} whole */
  function draw(entry, whole) {
    const answers = isTold(state);
    const cell = answers ? whole : withoutVerdict(whole);
    const { study, view, catalog } = state;
    // The words are of the target that their numbers were read at, while another one is asked for.
    const at = study.result?.target ?? null;
    const names = namesOf(entry.spec, catalog);
    const { steps, vary } = entry.plan;
    const lines =
      at === null
        ? [{ run: null, text: t("seeds.words.waiting") }]
        : answers
          ? verdictInWords({ cell, names, target: at, steps, vary })
          : [];
    setText(first, [gridInWords(cell.grid), lines[0]?.text].filter(Boolean).join(": "));
    first.hidden = !first.textContent;
    words.replaceChildren(...lines.slice(1).map(({ text }) => el("p", { text })));
    table.setAttribute("aria-label", t("seeds.table"));
    rebuild(table, [recipeTable(cell, { names, slots: entry.slots, theme: view.theme })]);
    target.draw();
    const spoken = lines.map(({ text }) => text);
    figures.draw({ cell, names, words: answers ? spoken : [], title: titleOf(entry) });
    dots.draw({ cell, names, entry });
    const running = isRunning(study.result);
    const key = `${entry.id} ${at} ${running}`;
    if (told === key) return;
    told = key;
    setText(live, running ? "" : spoken.join(" "));
  }

  return {
    element,
    picture: figures.picture,
    draw() {
      const { entry, result } = state.study;
      const cell = cellOf(state.study);
      const known = entry !== null && result !== null && Boolean(cell?.recipes[0]?.seeds);
      element.hidden = !known;
      if (known && cell) draw(entry, cell);
    },
  };
}
