/** The keyboard: space trains, → steps, ← goes back, R resets, Ctrl+Z undoes. */

/**
 * @param {object} acts
 * @param {() => void} acts.toggle
 * @param {() => void} acts.step
 * @param {() => void} acts.back
 * @param {() => void} acts.reset
 * @param {() => void} acts.undo
 * @param {() => void} acts.redo
 * @param {() => void} acts.help
 */
export function listen(acts) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": acts.toggle,
    ArrowRight: acts.step,
    ArrowLeft: acts.back,
    r: acts.reset,
    "?": acts.help,
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.ctrlKey || event.metaKey) {
      const letter = event.key.toLowerCase();
      if (
        (letter !== "z" && letter !== "y") ||
        target.closest("textarea, input:not([type=range], [type=radio])")
      )
        return;
      event.preventDefault();
      if (letter === "y" || event.shiftKey) acts.redo();
      else acts.undo();
      return;
    }
    if (event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = keys[key];
    // A control that has the focus keeps the keys that mean something to it.
    if (!act || target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]"))
      return;
    if (key === " " && target.closest("button, input, a, summary")) return;
    if (
      key.startsWith("Arrow") &&
      target.closest("#layers")?.scrollWidth !== target.closest("#layers")?.clientWidth
    )
      return;
    event.preventDefault();
    act();
  });
}
