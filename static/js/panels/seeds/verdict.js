/** What the numbers of a cell support, in words: only what the server's statistics conclude. */

import * as format from "../../ui/number-format.js";
import { list, t } from "../../ui/i18n.js";
import { bySeed } from "../../experiment/study.js";

/**
 * @typedef {import("../../types.js").StudyCell} StudyCell
 * @typedef {import("../../types.js").StudyRecipe} StudyRecipe
 * @typedef {import("../../types.js").StudyPair} StudyPair
 * @typedef {NonNullable<StudyCell["verdict"]>} Verdict
 * @typedef {Verdict["recipes"][number]} Share
 * @typedef {Verdict["against"][number]} Finding
 * @typedef {{cell: StudyCell, names: string[], target: number, steps: number, vary: "init"|"all"}} Subject
 * @typedef {{run: number|null, text: string}} Line   `run`: whose colour stands before it
 */

/**
 * What can be said: the best recipe first, then the others, the most efficient first.
 * @param {Subject} subject
 * @returns {Line[]}
 */
export function verdictInWords(subject) {
  const { cell, names } = subject;
  const { verdict, recipes } = cell;
  if (!verdict) return recipes[0]?.seeds ? [] : [{ run: null, text: t("seeds.words.waiting") }];
  return [
    ...conclusions(subject, verdict),
    ...recipes
      .filter(({ diverged }) => diverged)
      .map(({ run, diverged, seeds }) => ({
        run,
        text: t("seeds.words.diverged", { name: names[run], count: diverged, seeds }),
      })),
    ...whatIsFixed(subject),
  ];
}

/** @param {Subject} subject @param {Verdict} verdict @returns {Line[]} */
function conclusions(subject, verdict) {
  const { cell, names, target, steps } = subject;
  const { seeds } = cell.recipes[0];
  const goal = {
    target: format.plain(target),
    steps: format.count(steps),
    seeds: format.count(seeds),
  };
  if (cell.recipes.every((recipe) => arrivesAtStart(recipe)))
    return [{ run: null, text: t("seeds.words.start", goal) }];
  if (cell.recipes.every((recipe) => !recipe.steps_to_target?.reached))
    return [{ run: null, text: t("seeds.words.none", goal) }];
  const few = verdict.enough ? [] : [{ run: null, text: t("seeds.words.few", { seeds }) }];
  const { best } = verdict;
  if (best === null)
    return [
      ...verdict.recipes.map((share) => ({
        run: share.run,
        text: t("seeds.words.reaches", { ...goal, ...shareInWords(share, subject) }),
      })),
      ...few,
    ];
  const others = ranked(verdict.against);
  const rivals = others
    .filter(({ conclusion }) => conclusion !== "sooner" && conclusion !== "neither")
    .map(({ pair }) => names[pair.b]);
  const first = verdict.recipes[best];
  const key = rivals.length ? "seeds.words.among" : "seeds.words.best";
  const values = { ...goal, ...shareInWords(first, subject), rivals: list(rivals) };
  return [
    { run: best, text: t(key, values) },
    ...others.map((finding) => ({
      run: finding.pair.b,
      text: findingInWords(finding, verdict.recipes[finding.pair.b], subject),
    })),
  ];
}

/** The most efficient first; who never arrives comes last. @param {Finding[]} against */
export function ranked(against) {
  /** @param {Finding} finding */
  const slowness = ({ pair }) =>
    pair.factor.median ?? (pair.b_sooner + pair.tied ? 1e6 : 1e9 + pair.a_only);
  return [...against].sort((one, other) => slowness(one) - slowness(other));
}

/** @param {Finding} finding @param {Share} share @param {Subject} subject */
function findingInWords({ pair, conclusion }, share, subject) {
  const { names } = subject;
  const values = {
    ...shareInWords(share, subject),
    seeds: format.count(subject.cell.recipes[0].seeds),
    best: names[pair.a],
    sooner: format.count(pair.a_sooner),
    later: format.count(pair.b_sooner),
    factor: factorInWords(pair),
  };
  if (!share.share) return t("seeds.words.never", values);
  if (conclusion === "sooner")
    return t(pair.factor.median === null ? "seeds.words.sooner" : "seeds.words.factor", values);
  return t(`seeds.words.${conclusion}`, values);
}

/** How many times as many steps, with its interval: "3.2 (3.1–3.6)". @param {StudyPair} pair */
export function factorInWords({ factor }) {
  const { median, low, high } = factor;
  if (median === null) return "–";
  const middle = format.plain(median, 2);
  return low === null || high === null ? middle : `${middle} (${span(low, high)})`;
}

/** @param {number} low @param {number} high */
const span = (low, high) => `${format.plain(low, 2)}–${format.plain(high, 2)}`;

/** A share's interval in percent: "93–99%". @param {{low: number, high: number}} share */
export function intervalInWords({ low, high }) {
  return `${Math.round(100 * low)}–${format.percent(high)}`;
}

/** The interval of a median number of steps, open where it has no end: "42–47", "590–never". @param {number|null} low @param {number|null} high */
export function stepsInWords(low, high) {
  const end = high === null ? t("seeds.never") : format.count(high);
  return low === null ? t("seeds.never") : `${format.count(low)}–${end}`;
}

/** @param {Share} share @param {Subject} subject */
function shareInWords(share, { cell, names }) {
  const { reached = 0 } = cell.recipes[share.run].steps_to_target ?? {};
  return {
    name: names[share.run],
    reached: format.count(reached),
    interval: intervalInWords(share),
    median: share.median === null ? t("seeds.never") : format.plain(share.median),
    stepsInterval: stepsInWords(share.steps_low, share.steps_high),
  };
}

/** @param {StudyRecipe} recipe */
function arrivesAtStart({ steps_to_target: steps, seeds }) {
  return (
    steps !== null && steps.reached === seeds && bySeed(steps.values).every((step) => step === 0)
  );
}

/** Who is the same on every seed. @param {Subject} subject @returns {Line[]} */
function whatIsFixed({ cell, names, vary }) {
  const fixed = cell.recipes.filter(({ final, seeds }) => {
    const [first, ...rest] = bySeed(final.train);
    return seeds > 1 && rest.every((value) => value === first);
  });
  if (vary !== "init" || !fixed.length) return [];
  return [
    {
      run: null,
      text: t("seeds.words.fixed", { names: list(fixed.map(({ run }) => names[run])) }),
    },
  ];
}
