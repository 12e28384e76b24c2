/** Many controls in rows as one stop of the Tab key: arrows move among them, as in a table. */

/**
 * @param {HTMLElement} home  stays; what is in it may be made anew
 * @param {{rows: string, cells: string}} selectors  of the rows, and of the controls of one
 */
export function createRoving(home, { rows, cells }) {
  /** Where the focus was last: row and place in it. */
  let at = [0, 0];

  const grid = () =>
    [...home.querySelectorAll(rows)].map(
      (row) =>
        /** @type {HTMLElement[]} */ (
          [...row.querySelectorAll(cells)].filter((cell) => !cell.matches(":disabled"))
        ),
    );

  /** @param {number} value @param {number} count */
  const within = (value, count) => Math.max(0, Math.min(value, count - 1));

  /** One control can be reached by Tab. */
  function mark() {
    const table = grid();
    const row = table[within(at[0], table.length)] ?? [];
    const stop = row[within(at[1], row.length)];
    for (const cell of table.flat()) cell.tabIndex = cell === stop ? 0 : -1;
  }

  /** @param {Element} target @returns {[number, number]|null} */
  function placeOf(target) {
    const table = grid();
    const row = table.findIndex((line) => line.some((cell) => cell === target));
    return row < 0 ? null : [row, table[row].findIndex((cell) => cell === target)];
  }

  home.addEventListener("focusin", ({ target }) => {
    const place = target instanceof Element && placeOf(target);
    if (!place) return;
    at = place;
    mark();
  });
  home.addEventListener("keydown", (event) => {
    const place = event.target instanceof Element && placeOf(event.target);
    if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = place;
    const table = grid();
    const move = /** @type {Record<string, [number, number]>} */ ({
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      Home: [0, column],
      End: [table.length - 1, column],
    })[event.key];
    if (!move) return;
    event.preventDefault();
    const line = table[within(move[0], table.length)];
    line[within(move[1], line.length)]?.focus();
  });
  return {
    mark,
    /** The row whose first control Tab comes to. @param {number} row */
    comeTo(row) {
      if (!home.contains(document.activeElement)) at = [row, 0];
      mark();
    },
  };
}
