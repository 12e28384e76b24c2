/**
 * A study: an experiment repeated with many seeds. What the learner asks for is a plan; the numbers are the server's.
 */

/**
 * @typedef {import("../types.js").Spec} Spec
 * @typedef {import("../types.js").StudyResult} StudyResult
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {"init"|"all"} Vary   what follows the seed: the first parameters alone, or batches, dropout and data as well
 * @typedef {"learning_rate"|"units"|"depth"|"std"|"noise"|"samples"} AxisName
 * @typedef {Partial<Record<AxisName, number[]>>} Grid   values of at most two settings
 * @typedef {{count: number, first: number, vary: Vary, steps: number, grid: Grid}} Plan
 *
 * @typedef {object} Entry   a study that the learner has, wherever its numbers are
 * @property {string} id
 * @property {Spec} spec
 * @property {Plan} plan
 * @property {number[]} slots   the colour of each run
 * @property {number} made      when, in milliseconds since 1970
 *
 * @typedef {object} Study   the one that is looked at
 * @property {Entry|null} entry
 * @property {Plan|null} offered      a plan that a link has brought, for the experiment that the link has brought
 * @property {StudyResult|null} result
 * @property {"none"|"asking"|"known"|"gone"} phase   `asking`: it is read for the first time; `gone`: the server has forgotten it
 * @property {boolean} starting       whether the server is asked to make one
 * @property {boolean} away           whether the server does not answer for now
 * @property {number} cell            of the grid, the one whose curves are shown
 * @property {import("../types.js").StudyCell|null} detail   the same with its curves, where the result has none
 * @property {number|null} target     the loss to reach that is looked at, or null for the study's own
 * @property {boolean} wide           whether it has the place of the other figures as well
 */

/** @returns {Study} */
export function createStudy() {
  return {
    entry: null,
    offered: null,
    result: null,
    phase: "none",
    starting: false,
    away: false,
    cell: 0,
    detail: null,
    target: null,
    wide: false,
  };
}

/**
 * What is repeated if nothing else is asked for: the first parameters, with a hundred seeds.
 * @param {Spec} spec
 * @param {Catalog} catalog
 * @returns {Plan}
 */
export function usualPlan(spec, { fields }) {
  const count = fields.study_seeds.default ?? 100;
  // So many seeds in a row have to end before the last one there is.
  const first = Math.min(spec.seed, fields.seed.maximum - count + 1);
  return { count, first, vary: "init", steps: fields.study_steps.default ?? 600, grid: {} };
}

/**
 * The request of a study, as the server takes it.
 * @param {Spec} spec
 * @param {Plan} plan
 */
export function requestOf(spec, { count, first, vary, steps, grid }) {
  const axes = Object.keys(grid).length ? { grid } : {};
  return { spec, seeds: { first, count }, vary, steps, ...axes };
}

/**
 * A plan as a link has it: what is not usual.
 * @param {Plan} plan
 * @param {Plan} usual
 * @param {number|null} target
 */
export function planInLink(plan, usual, target) {
  const { grid, ...numbers } = plan;
  /** @type {Record<string, unknown>} */
  const said = Object.fromEntries(
    Object.entries(numbers).filter(
      ([name, value]) => value !== usual[/** @type {"count"} */ (name)],
    ),
  );
  if (Object.keys(grid).length) said.grid = grid;
  if (target !== null) said.target = target;
  return said;
}

/** Whether two specs or plans say the same, in whatever order. @param {unknown} a @param {unknown} b */
export function same(a, b) {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** @param {unknown} value @returns {unknown} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/**
 * Whether an experiment is that of a study, with whatever seed.
 * @param {Spec} spec
 * @param {Entry} entry
 */
export function isOfStudy(spec, { spec: own, plan }) {
  /** @param {Spec} one */
  const seedless = ({ seed: _, data, runs, ...rest }) => ({
    ...rest,
    data: plan.vary === "all" ? { ...data, seed: 0 } : data,
    runs: runs.map((run) => ({ ...run, seed: null })),
  });
  return same(seedless(spec), seedless(own));
}

/** Whether the server is still at work on a study. @param {StudyResult|null} result */
export function isRunning(result) {
  return result !== null && (result.status === "queued" || result.status === "running");
}

/** The loss to reach that is looked at, or null while there is none. @param {Study} study */
export function targetOf({ target, result }) {
  return target ?? result?.target ?? null;
}

/** What is known of the cell that is looked at. @param {Study} study @returns {import("../types.js").StudyCell|null} */
export function cellOf({ cell, detail, result }) {
  const known = result?.cells[cell] ?? null;
  const shown = detail && known && same(detail.grid, known.grid) ? detail : null;
  return known?.recipes[0]?.loss ? known : (shown ?? known);
}
