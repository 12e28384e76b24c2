/**
 * The course of a lesson: which card is open and what is known of it. It asks the server, and keeps what the learner
 * predicted; it draws nothing.
 */

import { lessonApi } from "../../server/lessons.js";
import { decode } from "../../server/typed-array.js";
import { isRunning, requestOf } from "../../experiment/study.js";
import { judge } from "./judge.js";
import { isOfStudy, planOf } from "./lesson.js";
import { keepProgress, progressOf } from "./record.js";
import { createTerrain } from "./terrain.js";

/**
 * @typedef {import("./lesson.js").Lesson} Lesson
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {import("./lesson.js").Measured} Measured
 * @typedef {import("./judge.js").Guess} Guess
 * @typedef {import("./record.js").Done} Done
 * @typedef {import("./descend.js").Land} Land
 * @typedef {"ask"|"ready"|"busy"|"known"} Phase   asked; to be trained; being measured; answered
 */

/** How often a study is looked at, in milliseconds, and into how many points a map is divided. */
const OFTEN = 250;
const GRID = 61;

/**
 * @param {Lesson} lesson
 * @param {string} key   by which its progress is known again
 */
export function createCourse(lesson, key) {
  const progress = progressOf(key);
  /** @type {Phase} */
  let phase = "ask";
  /** @type {Guess|null} */
  let guess = null;
  if (progress.card < 0 || progress.card > lesson.cards.length) progress.card = 0;

  const course = {
    lesson,
    key,
    get place() {
      return progress.card;
    },
    /** The open card; null after the last one. @returns {Card|null} */
    get card() {
      return lesson.cards[progress.card] ?? null;
    },
    get phase() {
      return phase;
    },
    set phase(next) {
      phase = next;
    },
    get guess() {
      return guess;
    },
    set guess(next) {
      guess = next;
    },
    /** What came of a card, or null. @param {number} [place] @returns {Done|null} */
    done: (place = progress.card) => progress.done[place] ?? null,
    /** How many predictions came true. */
    right: () => Object.values(progress.done).filter(({ verdict }) => verdict === "right").length,
    /** @param {number} place */
    turnTo(place) {
      progress.card = Math.max(0, Math.min(lesson.cards.length, place));
      const before = course.done();
      guess = before?.guess ?? null;
      phase = before ? "known" : "ask";
      keepProgress(key, progress);
    },
    /** What was measured answers the open card. @param {Measured} measured */
    answer(measured) {
      const { card } = course;
      if (!card) return;
      const verdict = guess === null ? "skipped" : judge(card, guess, measured);
      progress.done[progress.card] = { guess, verdict, measured };
      phase = "known";
      keepProgress(key, progress);
    },
    /** The open card is asked anew. */
    again() {
      delete progress.done[progress.card];
      course.turnTo(progress.card);
    },
  };
  course.turnTo(progress.card);
  return course;
}

/**
 * What a card asks, measured by the server: the set-up trained apart, or with many seeds.
 * @param {Card} card
 * @param {object} parts
 * @param {import("../../experiment/state.js").State} parts.state
 * @param {typeof import("../../server/api.js").api} parts.api
 * @param {(share: number) => void} parts.progress
 * @param {(ms: number) => Promise<void>} parts.sleep
 * @returns {Promise<Measured>}
 */
export async function measure(card, { state, api, progress, sleep }) {
  if (!isOfStudy(card)) return lessonApi.measure({ card });
  const { spec } = card.setup;
  const plan = planOf(card);
  const target = card.measure.target ?? null;
  let result = await api.createStudy({ ...requestOf(spec, plan), target });
  const entry = { id: result.id, spec, plan, slots: spec.runs.map((_, i) => i), made: Date.now() };
  const known = { offered: null, detail: null, cell: 0, away: false, target: null };
  state.patch({ study: { entry, result, phase: "known", ...known } });
  while (isRunning(result)) {
    await sleep(OFTEN);
    result = await api.study(entry.id, { target: null });
    if (state.study.entry?.id === entry.id) state.patch({ study: { result } });
    progress(result.total ? result.done / result.total : 0);
  }
  return lessonApi.measure({ card, study: entry.id });
}

/**
 * The map of a card on which the learner descends, and the way of −α·G if the experiment has gone it.
 * @param {Card} card
 * @param {string} id   of the experiment
 * @param {typeof import("../../server/api.js").api} api
 * @param {number} step
 * @returns {Promise<Land>}
 */
export async function landOf({ predict, setup: { spec } }, id, api, step) {
  if (predict.kind !== "descend") throw new Error("no map is asked for");
  const { x, y, reach } = predict;
  const [start, now] = await Promise.all([
    api.parameters(id, { run: 0, step: 0 }),
    step ? api.parameters(id, { run: 0, step }) : null,
  ]);
  const from = /** @type {[number, number]} */ ([valueOf(start, x), valueOf(start, y)]);
  const surface = await api.surface(id, {
    run: 0,
    step: now ? step : 0,
    plane: "parameters",
    x,
    y,
    size: GRID,
    x_min: from[0] - reach,
    x_max: from[0] + reach,
    y_min: from[1] - reach,
    y_max: from[1] + reach,
  });
  const heights = decode(surface.z);
  const z = surface.y.map((_, row) =>
    surface.x.map((_x, column) => heights[row * surface.x.length + column]),
  );
  const [way] = surface.path;
  const path = way.x.map(
    (at, i) => /** @type {[number, number, number]} */ ([at, way.y[i], way.z[i]]),
  );
  return {
    terrain: createTerrain({ x: surface.x, y: surface.y, z }),
    start: from,
    path: now && spec.runs.length ? path : null,
  };
}

/** A parameter by its name. @param {import("../../types.js").Parameters} parameters @param {string} name */
function valueOf({ W, b }, name) {
  const [, kind, layer, row, column] = /^([Wb])(\d+)\[(\d+)(?:,(\d+))?\]$/.exec(name) ?? [];
  const at = Number(layer) - 1;
  return kind === "W" ? Number(W[at][Number(row)][Number(column)]) : Number(b[at][Number(row)]);
}
