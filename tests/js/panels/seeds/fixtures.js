/** A study of two recipes in the shape of the server's answer: one arrives on every seed, the other on half of them. */

const STEPS = [0, 1, 2];

/** @param {number} level */
const curves = (level) => ({
  q05: [0.7, level * 0.8, level * 0.5],
  q25: [0.7, level * 0.9, level * 0.6],
  median: [0.7, level, level * 0.7],
  q75: [0.7, level * 1.1, level * 0.8],
  q95: [0.7, level * 1.2, level * 0.9],
});

/**
 * @param {number} run
 * @param {(number|null)[]} steps
 * @param {(number|null)[]} finals
 */
export function recipe(run, steps, finals) {
  const reached = steps.filter((step) => step !== null).length;
  return {
    run,
    label: null,
    seeds: steps.length,
    diverged: finals.filter((loss) => loss === null).length,
    loss: curves(run + 0.5),
    test_loss: null,
    reached: { share: [0, 0, reached / steps.length], low: [0, 0, 0.4], high: [0.1, 0.1, 1] },
    steps_to_target: {
      reached,
      median: reached > steps.length / 2 ? 2 : null,
      low: reached ? 1 : null,
      high: null,
      values: steps,
    },
    final: { train: finals, test: null, accuracy: null },
  };
}

const seeds = Array.from({ length: 20 }, (_, seed) => seed + 7);

export function cell() {
  const fast = seeds.map(() => 2);
  const slow = seeds.map((seed) => (seed % 2 ? 6 : null));
  const pair = {
    a: 0,
    b: 1,
    a_sooner: 20,
    b_sooner: 0,
    tied: 0,
    neither: 0,
    a_only: 10,
    b_only: 0,
    factor: { median: 3, low: 2.85, high: 3.12, seeds: 10, at_start: 0 },
    a_lower: 20,
    b_lower: 0,
  };
  const share = { low: 0.84, high: 1, median: 2, steps_low: 1, steps_high: 2 };
  return {
    grid: {},
    seeds,
    recipes: [
      recipe(
        0,
        fast,
        seeds.map((seed) => seed / 1000),
      ),
      recipe(
        1,
        slow,
        seeds.map((seed) => (seed % 2 ? 0.05 : 0.69)),
      ),
    ],
    pairs: [pair],
    verdict: {
      enough: true,
      best: /** @type {number|null} */ (0),
      recipes: [
        { run: 0, share: 1, ...share },
        { run: 1, share: 0.5, ...share, low: 0.3, high: 0.7, median: null, steps_high: null },
      ],
      against: [{ pair, conclusion: "sooner" }],
    },
  };
}

/** @param {object} [more] */
export function result(more = {}) {
  return {
    id: "study",
    status: "done",
    place: null,
    problem: null,
    done: 40,
    total: 40,
    seconds: 1,
    seeds: { first: 7, count: 20 },
    vary: "init",
    steps: 2,
    grid: {},
    target: 0.2,
    target_choice: null,
    target_seen: "every_step",
    steps_recorded: STEPS,
    failures: [],
    cells: [cell()],
    ...more,
  };
}
