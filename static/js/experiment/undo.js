/** A memory of earlier states: push what was before each change, walk back and forth. */

/**
 * @template T
 * @param {{limit?: number}} [options]
 */
export function createUndo({ limit = 50 } = {}) {
  /** @type {T[]} */
  let past = [];
  /** @type {T[]} */
  let future = [];
  return {
    /** A change was made; `before` is what it replaced. @param {T} before */
    push(before) {
      past = [...past, before].slice(-limit);
      future = [];
    },
    /** The state before the present one, or null. @param {T} present @returns {T|null} */
    undo(present) {
      const state = past.pop();
      if (state === undefined) return null;
      future.push(present);
      return state;
    },
    /** The state that was undone last, or null. @param {T} present @returns {T|null} */
    redo(present) {
      const state = future.pop();
      if (state === undefined) return null;
      past.push(present);
      return state;
    },
    /** Forgets what `undo` or `redo` would give. @param {"undo"|"redo"} which */
    drop(which) {
      (which === "undo" ? past : future).pop();
    },
    /** What `undo` or `redo` would give. @param {"undo"|"redo"} which @returns {T|null} */
    peek: (which) => (which === "undo" ? past : future).at(-1) ?? null,
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
  };
}
