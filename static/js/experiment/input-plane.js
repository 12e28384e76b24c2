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
 * The pair of inputs that tells most about the targets: of which a linear fit to them explains the largest share of
 * their variance, with classes counted as one target each.
 * @param {Pick<DataSet, "train"|"classes">} data
 * @returns {Axes}
 */
export function tellingPair({ train, classes }) {
  const rows = train.x.slice(0, SAMPLES);
  const inputs = rows[0].length;
  const targets = columnsOf(train.y.slice(0, SAMPLES), Boolean(classes)).map(centred);
  const columns = Array.from({ length: inputs }, (_, i) => centred(rows.map((row) => row[i])));
  const inner = columns.map((a) => columns.map((b) => dot(a, b)));
  const outer = targets.map((y) => columns.map((a) => dot(a, y)));
  const spread = targets.map((y) => dot(y, y));
  /** @type {Axes} */
  let best = [0, 1];
  let most = -1;
  for (let i = 0; i < inputs; i++)
    for (let j = i + 1; j < inputs; j++) {
      const share = targets.reduce((sum, _, k) => {
        if (!spread[k]) return sum;
        const fit = explained(inner[i][i], inner[i][j], inner[j][j], outer[k][i], outer[k][j]);
        return sum + fit / spread[k];
      }, 0);
      if (share > most + 1e-9) [most, best] = [share, [i, j]];
    }
  return best;
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

/** @param {number[]} values */
function centred(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** @param {number[]} a @param {number[]} b */
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/**
 * How much of a target's spread two centred columns explain: cᵀ M⁻¹ c, with M their inner products and c those with
 * the target; of columns that are one and the same, what the first explains.
 * @param {number} aa @param {number} ab @param {number} bb @param {number} ay @param {number} by
 */
function explained(aa, ab, bb, ay, by) {
  const determinant = aa * bb - ab * ab;
  if (determinant > 1e-9 * aa * bb)
    return (bb * ay * ay - 2 * ab * ay * by + aa * by * by) / determinant;
  if (aa > 0) return (ay * ay) / aa;
  return bb > 0 ? (by * by) / bb : 0;
}
