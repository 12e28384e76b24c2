/**
 * The plane of two inputs on which outputs are shown: the one that the learner chose, else of all pairs the one that
 * tells most about the target.
 */

/**
 * @typedef {import("../types.js").DataSet} DataSet
 * @typedef {[number, number]} Axes   raw inputs, counted from 0: across, and up
 */

/** So many samples tell a pair well enough. */
const SAMPLES = 2000;
/** Two inputs whose squared correlation is larger say the same. */
const SAME = 0.98;
/** @type {WeakMap<DataSet, Axes>} */
const found = new WeakMap();

/**
 * @param {{data: DataSet|null, network: {plane: Axes|null}}} state
 * @returns {Axes} the first two where the data are not known yet
 */
export function inputPlane({ data, network: { plane } }) {
  const inputs = data?.inputs.length ?? 2;
  if (plane && plane[0] !== plane[1] && Math.max(...plane) < inputs) return plane;
  if (!data || inputs <= 2) return [0, 1];
  let best = found.get(data);
  if (!best) found.set(data, (best = tellingPair(data)));
  return best;
}

/** The plane as the server is asked for it; nothing where there is no choice. @param {Parameters<typeof inputPlane>[0]} state */
export function planeQuery(state) {
  if ((state.data?.inputs.length ?? 2) <= 2) return {};
  const [across, up] = inputPlane(state);
  return { across, up };
}

/**
 * The two inputs that each tell most about the targets: of which the largest share of the variance lies between the
 * classes, or goes with a number; not two that say the same.
 * @param {Pick<DataSet, "train"|"classes">} data
 * @returns {Axes}
 */
export function tellingPair({ train, classes }) {
  const rows = train.x.slice(0, SAMPLES);
  const columns = rows[0].map((_, i) => standard(rows.map((row) => row[i])));
  const targets = columnsOf(train.y.slice(0, SAMPLES), Boolean(classes));
  const shares = columns.map((column) =>
    targets.reduce((sum, target) => sum + dot(column, standard(target)) ** 2 * rest(target), 0),
  );
  /** @type {Axes} */
  let best = [0, 1];
  let most = 0;
  columns.forEach((a, i) => {
    for (let j = i + 1; j < columns.length; j++) {
      const share = shares[i] + shares[j];
      if (share <= most + 1e-9 || dot(a, columns[j]) ** 2 > SAME) continue;
      [most, best] = [share, [i, j]];
    }
  });
  return best;

  /** Of a class its share of the others counts: so that all classes together are what lies between them. @param {number[]} target */
  function rest(target) {
    return targets.length > 1 && classes
      ? 1 - target.reduce((sum, value) => sum + value, 0) / target.length
      : 1;
  }
}

/** Targets column by column; a class that is told by its number has a column of its own. @param {DataSet["train"]["y"]} targets @param {boolean} classed */
function columnsOf(targets, classed) {
  if (Array.isArray(targets[0])) {
    const rows = /** @type {number[][]} */ (targets);
    return rows[0].map((_, k) => rows.map((row) => row[k]));
  }
  const plain = /** @type {number[]} */ (targets);
  const kinds = classed ? [...new Set(plain)] : [];
  return kinds.length > 2
    ? kinds.map((kind) => plain.map((value) => Number(value === kind)))
    : [plain];
}

/** Centred, and of length 1; zeros where all values are the same. @param {number[]} values */
function standard(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.sqrt(dot(centred, centred));
  return length > 1e-12 * Math.abs(mean) ? centred.map((value) => value / length) : centred.fill(0);
}

/** @param {number[]} a @param {number[]} b */
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The map of the run that is shown; null where it was asked for over other inputs. @param {import("./state.js").State} state */
export function presentOutputs(state) {
  const { outputs, data } = state;
  const choosable = (data?.inputs.length ?? 0) > 2;
  return choosable && outputs?.axes.join() !== inputPlane(state).join() ? null : outputs;
}
