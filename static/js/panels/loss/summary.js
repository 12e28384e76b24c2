/** What the race shows, in one line of words, from the measured curves and nothing else. */

import * as format from "../../ui/number-format.js";
import { list, t } from "../../ui/i18n.js";
import { toDigits } from "../../ui/round.js";

/**
 * @typedef {import("../../types.js").Curves} Curves
 * @typedef {import("../../types.js").Losses} Losses
 * @typedef {import("../../types.js").RunState} RunState
 */

/** How many steps it takes before standing still means something. */
const PATIENCE = 20;

/** How many runs are named after the first one. */
const TOLD = 4;

/** Losses that start further apart than this are compared each with its own start. */
const ALIKE = 2.5;

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
 * Facts about one run.
 * @param {number[]} steps
 * @param {Losses} losses
 * @param {number} target
 * @param {RunState} state
 * @returns {{kind: "diverged"|"below"|"still"|"floor"|"moving", step?: number, loss?: number}}
 */
export function readRun(steps, losses, target, state) {
  if (state.status === "diverged")
    return { kind: "diverged", step: state.diverged_at ?? undefined };
  const below = losses.findIndex((j) => j !== null && j < target);
  if (below >= 0) return { kind: "below", step: steps[below] };
  return readSlope(
    steps,
    losses.map((j) => j ?? NaN),
  );
}

/**
 * Whether a run that has not reached its goal stands still, has come to a floor, or is on its way.
 * @param {number[]} steps
 * @param {number[]} losses NaN where there is none
 * @returns {{kind: "still"|"floor"|"moving", loss?: number}}
 */
function readSlope(steps, losses) {
  const last = losses.length - 1;
  const [start, now] = [losses[0] || 0, losses[last] || 0];
  const gone = steps[last] - steps[0];
  if (gone < PATIENCE) return { kind: "moving" };
  const moved = losses.reduce((most, j) => Math.max(most, Math.abs(j - start) || 0), 0);
  if (moved <= 1e-3 * Math.abs(start)) return { kind: "still" };
  // A floor: in the last third of the way less than one percent of the start was gained, after a real fall.
  let third = last;
  while (third > 0 && steps[last] - steps[third] < gone / 3) third--;
  const lately = Math.abs(losses[third] - now) || 0;
  const level = lately < 0.01 * start && start - now > 0.05 * start;
  return gone >= 5 * PATIENCE && level ? { kind: "floor", loss: now } : { kind: "moving" };
}

/** @typedef {ReturnType<typeof readRun> & {name: string}} Fact */

/**
 * Who was below the goal first, and who came after.
 * @param {Fact[]} below in the order in which they came
 * @param {string} goal
 * @param {boolean} alone whether there is one run only
 */
function winnersInWords([first, ...rest], goal, alone) {
  const words = [
    t(alone ? "reading.alone" : "reading.first", {
      name: first.name,
      goal,
      step: format.count(first.step ?? 0),
    }),
  ];
  const others = rest.map(({ name, step }) =>
    t("reading.at", { name, step: format.count(step ?? 0) }),
  );
  const named = others.slice(0, TOLD);
  if (named.length < others.length) named.push(t("reading.more", { count: others.length - TOLD }));
  if (named.length) words.push(t("reading.then", { names: list(named) }));
  return words;
}

/** Who came to a floor, who has not moved, and who diverged. @param {(kind: string) => Fact[]} those */
function othersInWords(those) {
  const words = those("floor").map(({ name, loss }) =>
    t("reading.floor", { name, loss: format.loss(loss) }),
  );
  const still = those("still").map(({ name }) => name);
  if (still.length === 1) words.push(t("reading.still.one", { names: still[0] }));
  if (still.length > 1) words.push(t("reading.still.other", { names: list(still) }));
  for (const { name, step } of those("diverged"))
    words.push(t("reading.diverged", { name, step: format.count(step ?? 0) }));
  return words;
}

/**
 * One line about the race, e.g. "Glorot fell first (J < 0.3 at step 31); all zeros has not moved."
 * @param {{curves: Curves, names: string[], runs: RunState[], sameLoss?: boolean}} race
 */
export function readRace({ curves, names, runs, sameLoss = true }) {
  const step = curves.steps[curves.steps.length - 1];
  if (!step) return t("reading.start");
  const { common, of } = goalOf(curves, sameLoss);
  const goal =
    common === null ? t("reading.tenth") : t("reading.below", { target: format.plain(common) });
  const facts = runs.map((run, i) => readRun(curves.steps, curves.train[i], of(i), run));
  /** @param {string} kind */
  const those = (kind) =>
    facts.flatMap((fact, i) => (fact.kind === kind ? [{ ...fact, name: names[i] }] : []));

  const words = [];
  const below = those("below").sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
  if (below.length) words.push(...winnersInWords(below, goal, runs.length === 1));
  else if (those("moving").length) words.push(t("reading.none", { goal }));
  words.push(...othersInWords(those));
  if (!words.length) return t("reading.early");
  const sentence = t("reading.end", { words: words.join(t("reading.join")) });
  return sentence.replace(/^[a-z]/, (letter) => letter.toUpperCase()); // not α, which stays itself
}
