/** The losses shown so far, and what of them is worth drawing. */

/**
 * @typedef {import("../types.js").Curves} Curves
 * @typedef {import("../types.js").Losses} Losses
 * @typedef {import("../types.js").Frame} Frame
 */

/** How many points one drawn curve may have. */
export const DRAWN = 2000;

/** How many moments are remembered; of a longer history the extremes stay. */
export const KEPT = 32_000;

/**
 * Curves that hold one moment.
 * @param {number} step
 * @param {{train: Losses, test: Losses, penalty?: Losses}} loss
 * @returns {Curves}
 */
export function startCurves(step, { train, test, penalty }) {
  return {
    steps: [step],
    train: train.map((j) => [j]),
    test: test.map((j) => [j]),
    penalty: train.map((_, run) => [penalty?.[run] ?? 0]),
  };
}

/**
 * Adds a moment at the end; moments not after the last one are ignored.
 * @param {Curves} curves
 * @param {{step: number, train: Losses, test: Losses, penalty?: Losses|null}} frame
 */
export function append(curves, { step, train, test, penalty }) {
  if (step <= curves.steps[curves.steps.length - 1]) return;
  curves.steps.push(step);
  for (let run = 0; run < train.length; run++) {
    curves.train[run].push(train[run]);
    curves.test[run].push(test[run]);
    curves.penalty?.[run]?.push(penalty?.[run] ?? 0);
  }
  if (curves.steps.length > KEPT) compact(curves, KEPT / 2);
}

/**
 * Curves that end with a moment as it is now: what happens at a step gives it other losses, or another penalty, than it
 * was reached with.
 * @param {Curves} curves
 * @param {number} step
 * @param {{train: Losses, test: Losses, penalty?: Losses}} loss
 * @returns {Curves}
 */
export function endAt(curves, step, loss) {
  if (!step) return startCurves(0, loss);
  truncate(curves, step - 1);
  append(curves, { step, ...loss });
  return curves;
}

/**
 * Forgets moments of a long history, evenly, but none at which any curve is highest or lowest for a while.
 * @param {Curves} curves
 * @param {number} limit about how many moments stay
 */
export function compact(curves, limit) {
  const { steps, train, test, penalty = [] } = curves;
  const all = [...train, ...test, ...penalty];
  const last = steps.length - 1;
  const width = Math.max(1, Math.ceil((last * 2 * all.length) / limit));
  const kept = new Set([0, last]);
  for (let from = 1; from < last; from += width) {
    const to = Math.min(from + width, last);
    kept.add(from);
    for (const values of all) {
      let low = -1;
      let high = -1;
      for (let i = from; i < to; i++) {
        const value = values[i];
        if (value === null) continue;
        if (low < 0 || value < /** @type {number} */ (values[low])) low = i;
        if (high < 0 || value > /** @type {number} */ (values[high])) high = i;
      }
      if (low >= 0) kept.add(low).add(high);
    }
  }
  const order = [...kept].sort((a, b) => a - b);
  for (const series of [steps, ...all]) {
    order.forEach((at, i) => (series[i] = series[at]));
    series.length = order.length;
  }
}

/**
 * Forgets what came after a step.
 * @param {Curves} curves
 * @param {number} step
 */
export function truncate(curves, step) {
  let keep = curves.steps.length;
  while (keep > 0 && curves.steps[keep - 1] > step) keep--;
  const { steps, train, test, penalty = [] } = curves;
  for (const series of [steps, ...train, ...test, ...penalty]) series.length = keep;
}

/**
 * The curves as they were at a step; the same object where they go no further.
 * @param {Curves} curves
 * @param {number} step
 * @returns {Curves}
 */
export function upTo(curves, step) {
  if (curves.steps[curves.steps.length - 1] <= step) return curves;
  let keep = curves.steps.findIndex((at) => at > step);
  if (keep < 1) keep = 1;
  return {
    steps: curves.steps.slice(0, keep),
    train: curves.train.map((values) => values.slice(0, keep)),
    test: curves.test.map((values) => values.slice(0, keep)),
    penalty: curves.penalty?.map((values) => values.slice(0, keep)),
  };
}

/** Whether any run pays for its weights. @param {Curves} curves */
export function hasPenalty({ penalty = [] }) {
  return penalty.some((values) => values.some((value) => value !== null && value > 0));
}

/**
 * The curves with what the weights cost added to every loss.
 * @param {Curves} curves
 * @returns {Curves}
 */
export function withPenalty(curves) {
  /** @param {Losses[]} series */
  const sums = (series) =>
    series.map((values, run) =>
      values.map((value, i) => (value === null ? null : value + (curves.penalty?.[run]?.[i] ?? 0))),
    );
  return { ...curves, train: sums(curves.train), test: sums(curves.test) };
}

/**
 * The training losses of all runs at the last known step that is not after this one.
 * @param {Curves} curves
 * @param {number} step
 * @returns {Losses}
 */
export function at(curves, step) {
  const after = curves.steps.findIndex((known) => known > step);
  const place = after < 0 ? curves.steps.length - 1 : Math.max(0, after - 1);
  return curves.train.map((values) => values[place]);
}

/**
 * At most `limit` points of a curve that keep every stretch's lowest and highest value.
 * @param {number[]} steps
 * @param {Losses} values
 * @param {number} [limit]
 * @returns {{x: number[], y: Losses}}
 */
export function thin(steps, values, limit = DRAWN) {
  const n = values.length;
  if (n <= limit) return { x: steps.slice(), y: values.slice() };
  const width = 2 ** Math.ceil(Math.log2((2 * n) / (limit - 2)));
  const x = [steps[0]];
  const y = [values[0]];
  for (let from = 1; from < n - 1; from += width) {
    for (const i of extremes(values, from, Math.min(from + width, n - 1))) {
      x.push(steps[i]);
      y.push(values[i]);
    }
  }
  x.push(steps[n - 1]);
  y.push(values[n - 1]);
  return { x, y };
}

/**
 * The places of the lowest and the highest value from `from` up to `to`, in order; one place where all are null.
 * @param {Losses} values @param {number} from @param {number} to
 */
function extremes(values, from, to) {
  let low = -1;
  let high = -1;
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value === null) continue;
    if (low < 0 || value < Number(values[low])) low = i;
    if (high < 0 || value > Number(values[high])) high = i;
  }
  if (low < 0) return [from];
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

/**
 * What is worth showing at most: four times the highest start. Above it a run is blowing up.
 * @param {Losses[]} series
 */
export function ceilingOf(series) {
  const start = Math.max(0, ...series.map((values) => values[0] ?? 0));
  return start > 0 ? 4 * start : Infinity;
}

/**
 * The heights worth showing. A run that blows up must not flatten the others, and one that has ended so with a start far
 * above theirs neither: what it starts at counts as at most twice what they do.
 * @param {Losses[]} series
 * @returns {{low: number, high: number}} the lowest positive value and the ceiling
 */
export function heights(series) {
  let low = Infinity;
  let peak = 0;
  for (const values of series) {
    for (const value of values) {
      if (value === null) continue;
      if (value > peak) peak = value;
      if (value > 0 && value < low) low = value;
    }
  }
  const others = 2 * ceilingOf(series.filter((values) => values[values.length - 1] !== null));
  const high = Math.min(peak, ceilingOf(series), others) || 1;
  return { low: Math.min(low, high), high };
}

/**
 * A round number not below `value`, so that an axis grows in calm leaps.
 * @param {number} value
 */
export function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  const leap = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find(
    (factor) => factor * unit >= value * (1 - 1e-12),
  );
  return (leap ?? 10) * unit;
}
