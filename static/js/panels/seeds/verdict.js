/** What the numbers of a cell support, in words: only what the server's statistics conclude. */

import * as format from "../../ui/number-format.js";
import { list, t } from "../../ui/i18n.js";
import { bySeed } from "./by-seed.js";

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

/** An interval of a share that whole percents would make a point of. */
const NARROW = 0.02;

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
        text: t("seeds.words.diverged", {
          name: names[run],
          count: format.count(diverged),
          seeds: seedsInWords(seeds),
        }),
      })),
    ...whoIsThere(subject),
    ...whatIsFixed(subject),
  ];
}

/** @param {Subject} subject @param {Verdict} verdict @returns {Line[]} */
function conclusions(subject, verdict) {
  const { recipes } = subject.cell;
  const { best, enough } = verdict;
  /** @param {string} key @returns {Line[]} */
  const only = (key) => [{ run: null, text: t(key, goalOf(subject)) }];
  if (recipes.every(({ diverged, seeds }) => diverged === seeds)) return only("seeds.words.lost");
  if (recipes.every((recipe) => arrivesAtStart(recipe))) return only("seeds.words.start");
  if (recipes.every(({ steps_to_target: steps }) => !steps?.reached))
    return only(isOfGrid(subject.cell) ? "seeds.words.none.cell" : "seeds.words.none");
  if (best === null)
    return [
      ...verdict.recipes.map((share, i) => ({
        run: share.run,
        text: shareInWords(share, subject, i ? "seeds.words.also" : "seeds.words.reaches"),
      })),
      ...(enough ? [] : only("seeds.words.few")),
    ];
  const others = ranked(verdict.against);
  const rivals = others
    .filter(({ conclusion }) => conclusion !== "sooner" && conclusion !== "neither")
    .map(({ pair }) => subject.names[pair.b]);
  const key = rivals.length ? "seeds.words.among" : "seeds.words.best";
  return [
    {
      run: best,
      text: shareInWords(verdict.recipes[best], subject, key, { rivals: list(rivals) }),
    },
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
  const values = {
    best: subject.names[pair.a],
    sooner: format.count(pair.a_sooner),
    later: format.count(pair.b_sooner),
    factor: factorInWords(pair),
    both: format.count(pair.factor.seeds),
    only: format.count(pair.a_only),
  };
  let key = `seeds.words.${conclusion}`;
  if (conclusion === "sooner" && pair.factor.median !== null)
    key = pair.a_only + pair.b_only ? "seeds.words.factor.some" : "seeds.words.factor";
  return shareInWords(share, subject, key, values);
}

/**
 * How many times as many steps: the median, and its interval or "". Two digits, or three where two hide the interval.
 * @param {StudyPair} pair
 */
export function factorParts({ factor }) {
  const { median, low, high } = factor;
  if (median === null) return { middle: "–", interval: "" };
  const ends = low === null || high === null ? [] : [low, high];
  const digits = new Set([median, ...ends].map((value) => format.plain(value, 2)));
  const precise = digits.size < 1 + ends.length ? 3 : 2;
  const [bottom, top] = ends.map((value) => format.plain(value, precise));
  return {
    middle: format.plain(median, precise),
    interval: ends.length ? between(bottom, top) : "",
  };
}

/** The same in words: "3.2 (3.1–3.6)". @param {StudyPair} pair */
export function factorInWords(pair) {
  const { middle, interval } = factorParts(pair);
  return interval ? t("seeds.interval", { value: middle, interval }) : middle;
}

/** An interval that no line breaks in. @param {string} low @param {string} high */
const between = (low, high) => `${low}–\u2060${high}`;

/** A share's interval in percent: "93–99%", or, where it is narrow, "99.5–100%". @param {{low: number, high: number}} share */
export function intervalInWords({ low, high }) {
  if (high - low < NARROW) return between(format.plain(100 * low, 3), format.percent1(high));
  return between(String(Math.round(100 * low)), format.percent(high));
}

/**
 * The interval of a median number of steps, open where it has no end: "42–47", "590–never"; "" where there is none.
 * @param {number|null} low @param {number|null} high
 */
export function stepsInWords(low, high) {
  if (low === null) return "";
  return between(format.count(low), high === null ? t("seeds.never") : format.count(high));
}

/** Whether there are other cells, in which the same target may be reached. @param {StudyCell} cell */
const isOfGrid = ({ grid }) => Object.keys(grid).length > 0;

/** @param {number} seeds */
export const seedsInWords = (seeds) => t("seeds.words.seeds", { count: format.count(seeds) });

/** What is to be reached. @param {Subject} subject */
function goalOf({ cell, target, steps }) {
  return {
    target: format.plain(target),
    steps: format.count(steps),
    seeds: seedsInWords(cell.recipes[0].seeds),
  };
}

/**
 * On how many seeds a recipe reached the target, in the words of a key; who never did has words of its own.
 * @param {Share} share
 * @param {Subject} subject
 * @param {string} key
 * @param {Record<string, string>} [more]
 */
function shareInWords(share, subject, key, more = {}) {
  const { cell, names } = subject;
  const { reached = 0 } = cell.recipes[share.run].steps_to_target ?? {};
  return t(share.share ? key : "seeds.words.never", {
    ...goalOf(subject),
    ...more,
    name: names[share.run],
    reached: format.count(reached),
    interval: intervalInWords(share),
    after: afterInWords(share),
  });
}

/** After how many steps, where half of the seeds arrive. @param {Share} share */
function afterInWords({ median, steps_low: low, steps_high: high }) {
  if (median === null) return "";
  const interval = stepsInWords(low, high);
  const key = interval ? "seeds.words.after.interval" : "seeds.words.after";
  return t(key, { median: format.plain(median), interval });
}

/** @param {StudyRecipe} recipe */
function arrivesAtStart({ steps_to_target: steps, seeds }) {
  return (
    steps !== null && steps.reached === seeds && bySeed(steps.values).every((step) => step === 0)
  );
}

/** Who has nothing to do, where others have. @param {Subject} subject @returns {Line[]} */
function whoIsThere(subject) {
  const { recipes } = subject.cell;
  const there = recipes.filter((recipe) => arrivesAtStart(recipe));
  if (!there.length || there.length === recipes.length) return [];
  const names = list(there.map(({ run }) => subject.names[run]));
  return [{ run: null, text: t("seeds.words.some", { ...goalOf(subject), names }) }];
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
