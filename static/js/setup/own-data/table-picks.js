/** What the learner has said of a table: how it is read, which columns are inputs, what becomes of gaps and of too much. */

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {{delimiter?: string, header?: boolean, decimal?: string, grouping?: string, dates?: string, years?: number, codes?: boolean, below?: boolean, totals?: boolean, joined?: number[], target?: string|number,
 *   task?: string, inputs?: (string|number)[], omit?: number[], encodings?: Record<string, string>,
 *   missing?: string, take?: string, seed?: number, reduce?: string}} Picks
 */

/** What was said of columns; with other columns it means nothing. */
const OF_COLUMNS = {
  target: undefined,
  task: undefined,
  inputs: undefined,
  omit: undefined,
  encodings: undefined,
};

/**
 * Picks with more said. Another delimiter or header makes other columns (as do numbers put together), and another target other inputs.
 * @param {Picks} picks @param {Picks} more @returns {Picks}
 */
export function withPicks(picks, more) {
  const cut = "delimiter" in more || "header" in more;
  const columns =
    cut || "joined" in more ? { ...OF_COLUMNS, ...(cut && { joined: undefined }) } : {};
  const inputs = "target" in more ? { ...OF_COLUMNS, encodings: picks.encodings } : {};
  const next = { ...picks, ...columns, ...inputs, ...more };
  if ("inputs" in more && next.encodings) {
    const kept = Object.entries(next.encodings).filter(([name]) => more.inputs?.includes(name));
    next.encodings = Object.fromEntries(kept);
  }
  return next;
}

/**
 * What is still true of a text that was changed by hand: all but the lines left out, as long as its first line is the
 * same; of another text nothing.
 * @param {Picks} picks @param {string} before @param {string} after @returns {Picks}
 */
export function kept(picks, before, after) {
  const first = /** @param {string} text */ (text) => text.split(/\r\n|\r|\n/, 1)[0];
  return first(before) && first(before) === first(after) ? { ...picks, omit: undefined } : {};
}

/** How the page itself writes a table of this data. @param {import("../../types.js").DataSpec} data @returns {Picks} */
export function ownPicks({ inputs, targets, classes }) {
  const width = Array.isArray(inputs) ? (inputs[0]?.length ?? 0) : 0;
  const said = { delimiter: ",", decimal: ".", grouping: "", header: true };
  if (!width || Array.isArray(targets?.[0])) return said;
  return {
    ...said,
    target: width,
    inputs: Array.from({ length: width }, (_, place) => place),
    task: classes ? "classification" : "regression",
  };
}

/** The columns that vary most: the largest standard deviation for their range. @param {FoundTable} found @param {number} most */
export function mostVarying({ columns, target }, most) {
  const offered = columns.filter(
    ({ name, variation, reason }) => name !== target && variation && reason !== "row_numbers",
  );
  const ranked = offered.toSorted((a, b) => (b.variation ?? 0) - (a.variation ?? 0));
  const chosen = new Set(ranked.slice(0, most));
  return columns.filter((column) => chosen.has(column)).map(({ name }) => name);
}

/** A table of which no column is an input yet. @param {FoundTable} found @returns {FoundTable} */
export function withoutInputs(found) {
  return {
    ...found,
    data: null,
    inputs: [],
    columns: found.columns.map((column) =>
      column.use === "input"
        ? { ...column, use: "unused", reason: "not_chosen", encoding: null }
        : column,
    ),
    problems: [{ line: null, column: null, code: "no_inputs", text: "" }],
    problem_count: 1,
    problem_lines: [],
  };
}
