/** What the race shows, in one line of words, from the measured curves and nothing else. */

import * as format from "../../ui/number-format.js";
import { list, t } from "../../ui/i18n.js";
import { toDigits } from "../../ui/round.js";

/**
 * @typedef {import("../../types.js").Curves} Curves
 * @typedef {import("../../types.js").Event} Event
 * @typedef {import("../../types.js").Losses} Losses
 * @typedef {import("../../types.js").RunState} RunState
 * @typedef {import("../../types.js").Spec} Spec
 */

/** How many runs are named after the first one. */
const TOLD = 4;

/** Losses that start further apart than this are compared each with its own start. */
const ALIKE = 2.5;

/** Whose first step below the goal comes later by a smaller share of all steps, comes together for the eye. */
const APART = 0.02;

/** The same as a share of the first one's own steps. */
const SOONER = 0.1;

/** Statuses of runs that may be below a goal now and above it again at once. */
const SWINGING = ["oscillating", "unstable", "growing"];

/**
 * What every run has to get below: one round loss where all begin alike, else a tenth of each run's start.
 * @param {Curves} curves
 * @param {boolean} sameLoss whether all runs minimise the same loss
 * @returns {{common: number|null, of: (run: number) => number}}
 */
export function goalOf(curves, sameLoss = true) {
  const starts = curves.train.map((run) => run[0] ?? Infinity);
  if (sameLoss && Math.max(...starts) <= ALIKE * Math.min(...starts)) {
    const common = targetOf(curves);
    return { common, of: () => common };
  }
  return { common: null, of: (run) => starts[run] / 10 };
}

/**
 * A round loss about half of where the runs began, to see who gets below it first.
 * @param {Curves} curves
 * @returns {number}
 */
export function targetOf(curves) {
  const starts = curves.train.map((run) => run[0]).filter((j) => j !== null && j > 0);
  if (!starts.length) return 0;
  const sorted = /** @type {number[]} */ (starts).sort((a, b) => a - b);
  const half = sorted[sorted.length >> 1] / 2;
  const unit = 10 ** Math.floor(Math.log10(half));
  return toDigits(Math.floor(half / unit + 1e-9) * unit, 1);
}

/**
 * The first step from which on a run stays below its goal, or undefined.
 * @param {number[]} steps
 * @param {Losses} losses
 * @param {number} target
 */
export function arrival(steps, losses, target) {
  const above = losses.findLastIndex((j) => j === null || !(j < target));
  return above + 1 < losses.length ? steps[above + 1] : undefined;
}

/**
 * Facts about one run: since when it stays below its goal, else its status.
 * @param {number[]} steps
 * @param {Losses} losses
 * @param {number} target
 * @param {RunState} state
 * @returns {{kind: RunState["status"]|"below", step?: number, loss?: number}}
 */
export function readRun(steps, losses, target, { status, diverged_at: at }) {
  if (status === "diverged") return { kind: status, step: at ?? undefined };
  const step = SWINGING.includes(status) ? undefined : arrival(steps, losses, target);
  if (step !== undefined) return { kind: "below", step };
  return { kind: status, loss: losses[losses.length - 1] ?? undefined };
}

/** @typedef {ReturnType<typeof readRun> & {name: string}} Fact */

/**
 * Who was below the goal first, and who came after. Nobody was first where runs began elsewhere, or came together.
 * @param {Fact[]} below in the order in which they came
 * @param {string} goal
 * @param {{alone: boolean, fair: boolean, last: number}} race its last step, and whether all began alike
 */
function winnersInWords(below, goal, { alone, fair, last }) {
  const [first, ...rest] = below;
  const step = first.step ?? 0;
  if (alone) return [t("reading.alone", { name: first.name, goal, step: format.count(step) })];
  const behind = (rest[0]?.step ?? Infinity) - step;
  const won = fair && behind > Math.max(APART * last, SOONER * step);
  if (!won) return [t("reading.reached", { goal, names: arrivals(below) })];
  const words = [t("reading.first", { name: first.name, goal, step: format.count(step) })];
  if (rest.length) words.push(t("reading.then", { names: arrivals(rest) }));
  return words;
}

/** Who came when: "Glorot (46), LSUV (80) and 2 more". @param {Fact[]} facts */
function arrivals(facts) {
  const all = facts.map(({ name, step }) =>
    t("reading.at", { name, step: format.count(step ?? 0) }),
  );
  const named = all.slice(0, TOLD);
  if (named.length < all.length) named.push(t("reading.more", { count: all.length - TOLD }));
  return list(named);
}

/** Statuses that are told of runs together, in this order. */
const TOGETHER = /** @type {const} */ (["oscillating", "unstable", "growing", "plateau", "stuck"]);

/** By which share of the greatest loss the last ones may differ where all runs came to the same. */
const SAME = 0.01;

/**
 * The loss to which all runs came, or null.
 * @param {Curves} curves @param {RunState[]} runs
 */
function sameEnd({ train }, runs) {
  if (runs.length < 2 || runs.some(({ status }) => status !== "converged")) return null;
  const last = train.map((losses) => losses[losses.length - 1] ?? Infinity);
  const [low, high] = [Math.min(...last), Math.max(...last)];
  const greatest = Math.max(...train.map(([first]) => first ?? 0));
  return high - low <= SAME * greatest && high <= low + SAME * Math.abs(low) ? low : null;
}

/**
 * Who reached the goal, and who has not yet.
 * @param {(kind: string) => Fact[]} those @param {string} goal @param {Parameters<typeof winnersInWords>[2]} race
 */
function raceInWords(those, goal, race) {
  const below = those("below").sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
  const learning = those("training");
  if (!below.length) return learning.length ? [t("reading.none", { goal })] : [];
  const words = winnersInWords(below, goal, race);
  return learning.length ? [...words, laterInWords(learning)] : words;
}

/** Who is on the way to a goal that others have reached. @param {Fact[]} learning */
function laterInWords(learning) {
  const named = learning.slice(0, TOLD).map(({ name }) => name);
  if (named.length < learning.length)
    named.push(t("reading.more", { count: learning.length - TOLD }));
  return t("reading.later", { names: list(named), count: learning.length });
}

/** Who came to a floor, who swings or waits, and who diverged. @param {(kind: string) => Fact[]} those */
function othersInWords(those) {
  const words = those("converged").map(({ name, loss }) =>
    t("reading.floor", { name, loss: format.loss(loss) }),
  );
  for (const status of TOGETHER) {
    const names = those(status).map(({ name }) => name);
    const values = { names: list(names), count: names.length };
    if (names.length) words.push(t(`reading.${status}`, values));
  }
  for (const { name, step } of those("diverged"))
    words.push(t("reading.diverged", { name, step: format.count(step ?? 0) }));
  return words;
}

/**
 * What the runs differ in: "beginnings", "losses", "optimizers", "rates", …
 * @param {Spec} spec
 */
export function differencesOf({ runs, loss, optimizer, schedule, clipping, regularizer }) {
  /** @param {(run: Spec["runs"][0]) => unknown} of */
  const differ = (of) => new Set(runs.map((run) => JSON.stringify(of(run)))).size > 1;
  /** @param {Spec["runs"][0]} run */
  const optimizerOf = (run) => run.optimizer ?? optimizer;
  const found = {
    beginnings: differ(({ recipe, parameters, seed }) => [recipe, parameters, seed]),
    losses: differ((run) => run.loss ?? loss),
    optimizers: differ((run) => optimizerOf(run).name),
    rates: differ((run) => optimizerOf(run).learning_rate),
    schedules: differ((run) => run.schedule ?? schedule),
    clippings: differ((run) => run.clipping ?? clipping),
    penalties: differ((run) => run.regularizer ?? regularizer),
  };
  return Object.entries(found).flatMap(([what, is]) => (is ? [what] : []));
}

/** The same in words: "initialisations", "losses and learning rates". @param {Spec} spec */
export const differencesInWords = (spec) =>
  list(differencesOf(spec).map((what) => t(`reading.differ.${what}`)));

/**
 * Whether no run was put at a place of its own, then or on the way: they begin alike, but for chance.
 * @param {Spec} spec
 * @param {Event[]} events
 */
function beganAlike({ runs }, events) {
  if (events.some(({ parameters }) => parameters)) return false;
  const places = runs.map(({ parameters }) => JSON.stringify(parameters ?? null));
  return places.every((place) => place === places[0]);
}

/** How many runs are a mystery: they seem equal, since what they differ in is not told. @param {Spec} spec */
export const hiddenOf = ({ mystery, runs }) =>
  mystery ? runs.filter(({ recipe, parameters }) => !recipe && !parameters).length : 0;

/** What to do, and what is to be seen then. @param {Spec} spec */
export function startInWords(spec) {
  const hidden = hiddenOf(spec);
  if (hidden) return t("reading.start.mystery", { count: hidden });
  if (spec.runs.length === 1) return t("reading.start.alone");
  const what = differencesInWords(spec);
  return what ? t("reading.start", { what }) : t("reading.start.same");
}

/**
 * One line about the race, e.g. "Glorot fell first (J < 0.3 at step 31); all zeros is stuck."
 * @param {{curves: Curves, names: string[], runs: RunState[], spec: Spec, events?: Event[], start?: string}} race
 *   `start`: what is said before the first step, where that is known
 */
export function readRace({ curves, names, runs, spec, events = [], start = "" }) {
  const last = curves.steps[curves.steps.length - 1];
  if (!last) return start || startInWords(spec);
  const sameLoss = new Set(spec.runs.map((run) => run.loss ?? spec.loss)).size === 1;
  const { common, of } = goalOf(curves, sameLoss);
  const goal =
    common === null ? t("reading.tenth") : t("reading.below", { target: format.plain(common) });
  const facts = runs.map((run, i) => readRun(curves.steps, curves.train[i], of(i), run));
  /** @param {string} kind */
  const those = (kind) =>
    facts.flatMap((fact, i) => (fact.kind === kind ? [{ ...fact, name: names[i] }] : []));

  const fair = common !== null && beganAlike(spec, events);
  const race = raceInWords(those, goal, { alone: runs.length === 1, fair, last });
  const end = sameEnd(curves, runs);
  const others = othersInWords(those);
  // Where the rates differ, the question is which of them is too large.
  const words = differencesOf(spec).includes("rates") ? [...others, ...race] : [...race, ...others];
  if (end !== null)
    words.unshift(t("reading.same", { count: runs.length, loss: format.loss(end) }));
  if (!words.length) return t("reading.early");
  const sentence = t("reading.end", { words: words.join(t("reading.join")) });
  return sentence.replace(/^[a-z]/, (letter) => letter.toUpperCase()); // not α, which stays itself
}
