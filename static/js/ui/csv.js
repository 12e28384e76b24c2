/** Comma-separated values (RFC 4180), as a spreadsheet reads them. */

/** @typedef {string|number|null} Cell */

/**
 * Rows as text. What is not a finite number or a text leaves its cell empty.
 * @param {Cell[][]} rows the header first
 */
export function writeCsv(rows) {
  return rows.map((row) => `${row.map(written).join(",")}\r\n`).join("");
}

/** @param {Cell} cell */
function written(cell) {
  if (cell === null || (typeof cell === "number" && !Number.isFinite(cell))) return "";
  const text = String(cell);
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
