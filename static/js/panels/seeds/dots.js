/** The strip of final losses: pointed at, walked through with the keyboard, clicked to open the very runs of a seed. */

import { el, setText } from "../../ui/dom.js";
import { choice, rebuild } from "../../ui/controls.js";
import { watchSize } from "../../ui/sight.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { isTold } from "../../experiment/access.js";
import { isRunning } from "../../experiment/study.js";
import { byRank, bySeed } from "./by-seed.js";
import { dotAt, dotsOf, frameOf, isWide, paintMarks, paintStrip, stripHeight } from "./strip.js";

/**
 * @typedef {import("../../types.js").StudyCell} StudyCell
 * @typedef {import("../../experiment/study.js").Entry} Entry
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("./strip.js").Row} Row
 * @typedef {{cell: StudyCell, names: string[], entry: Entry}} Subject
 * @typedef {{frame: import("./strip.js").Frame, dots: import("./strip.js").Dot[],
 *   theme: import("../../ui/theme.js").Theme}} Picture
 *
 * @typedef {object} Strip   what is shown, and what is pointed at
 * @property {Subject} subject
 * @property {Row[]} rows
 * @property {{seeds: number[], reached: number[][]}} known   the seeds, and for each run when they reached the target
 * @property {boolean} told   whether it is said that a run diverged
 * @property {number} ranked   the row whose seeds are in order
 * @property {number|null} pointed   the place of a seed
 */

/**
 * The rows of a cell: where every seed of every recipe ended.
 * @param {StudyCell} cell @param {string[]} names @param {number[]} slots
 * @returns {Row[]}
 */
export function rowsOf({ recipes }, names, slots) {
  return recipes.map(({ run, final }) => ({
    run,
    name: names[run],
    slot: slots[run] ?? run,
    losses: bySeed(final.train),
  }));
}

/** One seed of a recipe in words: J, and when it reached the target. @param {Strip} strip @param {number} row @param {number} place */
function seedInWords({ rows, known, told }, row, place) {
  const loss = rows[row].losses[place];
  const reached = known.reached[row][place];
  const values = {
    name: rows[row].name,
    seed: format.plain(known.seeds[place], 10),
    loss: format.loss(loss),
    step: Number.isFinite(reached) ? format.count(reached) : "",
  };
  if (told && !Number.isFinite(loss)) return t("seeds.dot.diverged", values);
  return t(Number.isFinite(reached) ? "seeds.dot.reached" : "seeds.dot", values);
}

/**
 * @param {object} parts
 * @param {State} parts.state
 * @param {(seed: number, trained: boolean) => void} parts.open
 */
export function createDots({ state, open }) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const marks = el("canvas", {
    class: "marks",
    tabindex: 0,
    role: "application",
    id: "study-dots",
    "aria-describedby": "study-dots-keys",
  });
  const tip = el("div", { class: "seeds-tip", hidden: true });
  const place = el("div", { class: "figure seeds-strip" }, canvas, marks, tip);
  const live = el("p", { class: "sr", "aria-live": "polite" });
  const keys = el("p", { class: "sr", id: "study-dots-keys" });
  const title = el("h3", {});
  const opening = createOpening({ open, mark });
  const element = el("div", { class: "seeds-dots" }, title, place, opening.element, keys, live);

  /** @type {Strip|null} */
  let strip = null;
  /** @type {Picture|null} */
  let picture = null;

  /** Rings the seed with a place in every row, or the one that is pointed at. @param {number|null} [seed] */
  function mark(seed = strip?.pointed ?? null) {
    if (picture) paintMarks(marks, picture, seed);
  }

  function paint() {
    const width = place.clientWidth;
    if (!width || !strip?.rows.length) return;
    const { rows } = strip;
    const { theme, logLoss } = state.view;
    const frame = frameOf(rows, { width, log: logLoss || isWide(rows) });
    picture = { frame, dots: dotsOf(rows, frame), theme };
    place.style.height = `${stripHeight(rows.length)}px`;
    paintStrip(canvas, rows, picture, strip.told);
    mark();
  }
  watchSize([place], paint, 60);

  /** @param {import("./strip.js").Dot|null} dot */
  function point(dot) {
    if (!strip) return;
    strip.pointed = dot ? dot.seed : null;
    mark();
    tip.hidden = !dot;
    marks.style.cursor = dot ? "pointer" : "default";
    if (!dot || !picture) return;
    const { run, seed, x, y } = dot;
    const row = strip.rows.findIndex((one) => one.run === run);
    setText(tip, seedInWords(strip, row, seed));
    const most = picture.frame.width - tip.offsetWidth;
    tip.style.top = `${y + 12}px`;
    tip.style.left = `${Math.max(0, Math.min(x - tip.offsetWidth / 2, most))}px`;
  }

  /** @param {number|null} seed */
  function openPlace(seed) {
    if (seed !== null && strip) open(strip.known.seeds[seed], opening.trained);
  }

  /** @param {MouseEvent} event */
  const under = (event) => (picture ? dotAt(picture.dots, event.offsetX, event.offsetY) : null);
  marks.addEventListener("pointermove", (event) => point(under(event)));
  marks.addEventListener("pointerleave", () => point(null));
  marks.addEventListener("click", (event) => openPlace(under(event)?.seed ?? null));
  marks.addEventListener("blur", () => point(null));
  marks.addEventListener("keydown", (event) => {
    if (!strip || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") openPlace(strip.pointed);
    else if (!walk(strip, event.key)) return;
    else {
      const { rows, ranked, pointed } = strip;
      const { run } = rows[ranked];
      point(picture?.dots.find((dot) => dot.run === run && dot.seed === pointed) ?? null);
      if (pointed !== null) setText(live, seedInWords(strip, ranked, pointed));
      opening.draw(strip);
    }
    event.preventDefault();
    event.stopPropagation(); // elsewhere the arrows are steps of the training
  });

  return {
    element,
    /** @param {Subject} subject */
    draw(subject) {
      const { cell, names, entry } = subject;
      const rows = rowsOf(cell, names, entry.slots);
      const other = strip?.subject.entry.id !== entry.id || strip.ranked >= rows.length;
      const reached = cell.recipes.map(({ steps_to_target: steps }) =>
        steps ? bySeed(steps.values) : [],
      );
      strip = {
        subject,
        rows,
        known: { seeds: bySeed(cell.seeds), reached },
        told: isTold(state),
        ranked: other ? (cell.verdict?.best ?? 0) : (strip?.ranked ?? 0),
        pointed: other ? null : (strip?.pointed ?? null),
      };
      setText(title, t("seeds.strip.title"));
      setText(keys, t("seeds.strip.keys"));
      marks.setAttribute("aria-label", t("seeds.strip.name", { seeds: cell.recipes[0].seeds }));
      paint();
      // While seeds come in, the best one would change under the pointer.
      opening.element.hidden = isRunning(state.study.result);
      if (!opening.element.hidden) opening.draw(strip);
    },
  };
}

/**
 * Left and right through the seeds of a recipe by their loss, up and down through the recipes.
 * @param {Strip} strip
 * @param {string} key
 * @returns {boolean} whether the key means something here
 */
function walk(strip, key) {
  const { rows, pointed } = strip;
  const by = { ArrowDown: 1, ArrowUp: -1 }[key] ?? 0;
  strip.ranked = (strip.ranked + by + rows.length) % rows.length;
  const order = byRank(rows[strip.ranked].losses);
  const at = pointed === null ? -1 : order.indexOf(pointed);
  const to = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at,
    ArrowUp: at,
    Home: 0,
    End: order.length - 1,
  }[key];
  if (to === undefined) return false;
  strip.pointed = order[Math.max(0, Math.min(order.length - 1, to))];
  return true;
}

/**
 * The best, the median and the worst seed of a recipe, each opened with one click.
 * @param {{open: (seed: number, trained: boolean) => void, mark: (seed?: number|null) => void}} parts
 */
function createOpening({ open, mark }) {
  const element = el("div", { class: "seeds-open row" });

  /** @param {Strip} strip */
  function draw(strip) {
    const { rows, ranked, subject, known } = strip;
    const order = byRank(rows[ranked].losses);
    const places = { best: 0, median: (order.length - 1) >> 1, worst: order.length - 1 };
    const buttons = Object.entries(places).map(([kind, place]) => {
      const seed = order[place];
      return el("button", {
        type: "button",
        class: "chip",
        id: `study-${kind}`,
        text: t(`seeds.open.${kind}`),
        hint: seedInWords(strip, ranked, seed),
        on: {
          click: () => open(known.seeds[seed], opening.trained),
          pointerenter: () => mark(seed),
          pointerleave: () => mark(),
        },
      });
    });
    const recipe = choice({
      options: rows.map(({ name }, row) => ({ value: String(row), text: name })),
      value: String(ranked),
      label: t("seeds.open.of"),
      id: "study-ranked",
      pointer: "/ranked",
      change(value) {
        strip.ranked = Number(value);
        draw(strip);
      },
    });
    const step = format.count(subject.entry.plan.steps);
    const where = choice({
      options: [
        { value: "end", text: t("seeds.open.end", { step }) },
        { value: "start", text: t("seeds.open.start") },
      ],
      value: opening.trained ? "end" : "start",
      label: t("seeds.open.where"),
      id: "study-opened",
      pointer: "/opened",
      change: (value) => (opening.trained = value === "end"),
    });
    rebuild(element, [el("span", { text: t("seeds.open") }), ...buttons, recipe, where]);
  }

  const opening = { element, trained: true, draw };
  return opening;
}
