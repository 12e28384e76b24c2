/** Numbers a learner types or pastes, and where exactly one of them is wrong. */

/** @typedef {import("./types.js").Range} Range */

/**
 * @typedef {{code: string, line: number, [detail: string]: string|number}} TableProblem
 * @typedef {{inputs: number[][], targets: number[]}} Table
 */

/**
 * A pasted table: numbers separated by commas, semicolons, tabs or blanks; the last column is the target.
 * A first line without any number is taken as a heading; blank lines and `#` lines do not count.
 * @param {string} text
 * @returns {{table: Table} | {problem: TableProblem}}
 */
export function parseTable(text) {
  /** @type {number[][]} */
  const rows = [];
  let columns = 0;
  const lines = text.split(/\r\n|\r|\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i].trim();
    if (line === "" || line.startsWith("#")) continue;
    const cells = line.split(/\s*[,;，；\t]\s*|\s+/).map((cell) => cell.replace("−", "-"));
    const row = cells.map((cell) => (cell === "" ? NaN : Number(cell)));
    if (rows.length === 0 && columns === 0 && row.every(Number.isNaN)) {
      columns = -1; // a heading: seen once, and only before the first row
      continue;
    }
    const bad = row.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) return { problem: { code: "not_a_number", line: i + 1, cell: cells[bad] } };
    if (row.length < 2) return { problem: { code: "too_few_columns", line: i + 1 } };
    if (rows.length && row.length !== columns) {
      const problem = { code: "uneven", line: i + 1, expected: columns, found: row.length };
      return { problem };
    }
    columns = row.length;
    rows.push(row);
  }
  if (rows.length < 2) return { problem: { code: "too_few_rows", line: lines.length } };
  const inputs = rows.map((row) => row.slice(0, -1));
  return { table: { inputs, targets: rows.map((row) => row[columns - 1]) } };
}

/**
 * @param {Table} table
 * @returns {string} the table as it would be pasted
 */
export function writeTable({ inputs, targets }) {
  return inputs.map((row, i) => [...row, targets[i]].join(", ")).join("\n");
}

/**
 * A number within a range, or the rule it breaks, as the server would say it.
 * @param {string} text
 * @param {Range} range
 * @returns {{value: number} | {code: string, allowed: Record<string, any>}}
 */
export function parseNumber(text, range) {
  const value = Number(text.trim().replace("−", "-").replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(value)) {
    return { code: "wrong_type", allowed: { type: range.integer ? "integer" : "number" } };
  }
  if (range.integer && !Number.isInteger(value)) {
    return { code: "wrong_type", allowed: { type: "integer" } };
  }
  const { minimum, maximum, exclusive_minimum } = range;
  const low = exclusive_minimum ? value <= minimum : value < minimum;
  if (low || value > maximum) {
    return { code: "out_of_range", allowed: { minimum, maximum, exclusive_minimum } };
  }
  return { value };
}
