/** Comma-separated values (RFC 4180), as a spreadsheet reads them; the server's app/data/table/written.py does the same. */

/** @typedef {string|number|null} Cell */

/** What a spreadsheet takes for a formula, which may fetch an address: names came by a link perhaps. */
const FORMULA = /^[=+\-@\t\r\n]./s;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Rows as text. What is not a finite number or a text leaves its cell empty; a text that would be a formula has an
 * apostrophe before it.
 * @param {Cell[][]} rows the header first
 */
export function writeCsv(rows) {
  return rows.map((row) => `${row.map(written).join(",")}\r\n`).join("");
}

/** @param {Cell} cell */
function written(cell) {
  if (cell === null || (typeof cell === "number" && !Number.isFinite(cell))) return "";
  const isFormula = typeof cell === "string" && FORMULA.test(cell) && !NUMBER.test(cell);
  const text = isFormula ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
