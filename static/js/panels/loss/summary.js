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
  const last = losses.length - 1;
  const start = losses[0] ?? 0;
  const now = losses[last] ?? 0;
  const gone = steps[last] - steps[0];
  if (gone < PATIENCE) return { kind: "moving" };
  const moved =
    losses.reduce((most, j) => Math.max(most ?? 0, Math.abs((j ?? start) - start)), 0) ?? 0;
  if (moved <= 1e-3 * Math.abs(start)) return { kind: "still" };
  // A floor: in the last third of the way less than one percent of the start was gained, after a real fall.
  let third = last;
  while (third > 0 && steps[last] - steps[third] < gone / 3) third--;
  const lately = Math.abs((losses[third] ?? now) - now);
  const fell = start - now;
  if (gone >= 5 * PATIENCE && lately < 0.01 * start && fell > 0.05 * start)
    return { kind: "floor", loss: now };
  return { kind: "moving" };
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
  if (below.length) {
    const [first, ...rest] = below;
    words.push(
      t(runs.length > 1 ? "reading.first" : "reading.alone", {
        name: first.name,
        goal,
        step: format.count(first.step ?? 0),
      }),
    );
    const others = rest.map(({ name, step: at }) =>
      t("reading.at", { name, step: format.count(at ?? 0) }),
    );
    const told = others.slice(0, TOLD);
    if (told.length < others.length) told.push(t("reading.more", { count: others.length - TOLD }));
    if (told.length) words.push(t("reading.then", { names: list(told) }));
  } else if (those("moving").length) {
    words.push(t("reading.none", { goal }));
  }
  for (const { name, loss } of those("floor")) {
    words.push(t("reading.floor", { name, loss: format.loss(loss) }));
  }
  const still = those("still").map(({ name }) => name);
  if (still.length === 1) words.push(t("reading.still.one", { names: still[0] }));
  if (still.length > 1) words.push(t("reading.still.other", { names: list(still) }));
  for (const { name, step: at } of those("diverged")) {
    words.push(t("reading.diverged", { name, step: format.count(at ?? 0) }));
  }
  if (!words.length) return t("reading.early");
  const sentence = t("reading.end", { words: words.join(t("reading.join")) });
  return sentence.replace(/^[a-z]/, (letter) => letter.toUpperCase()); // not α, which stays itself
}
