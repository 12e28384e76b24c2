/** The keyboard: space trains, → steps, ← goes back, R resets, E enlarges a panel, P presents, Ctrl+Z undoes. */

/**
 * @param {object} acts
 * @param {() => void} acts.toggle
 * @param {() => void} acts.step
 * @param {() => void} acts.back
 * @param {() => void} acts.reset
 * @param {() => void} acts.undo
 * @param {() => void} acts.redo
 * @param {() => void} acts.help
 * @param {() => void} acts.enlarge
 * @param {() => void} acts.present
 */
export function listen(acts) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": acts.toggle,
    ArrowRight: acts.step,
    ArrowLeft: acts.back,
    r: acts.reset,
    "?": acts.help,
    e: acts.enlarge,
    p: acts.present,
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act =
      event.ctrlKey || event.metaKey
        ? ofHistory(key, event.shiftKey, target)
        : !event.altKey && !isTaken(key, target) && keys[key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** Undo or redo, but where text is typed, which has its own. @param {string} key @param {boolean} shift @param {Element} target */
  function ofHistory(key, shift, target) {
    if (key !== "z" && key !== "y") return null;
    if (target.closest("textarea, input:not([type=range], [type=radio])")) return null;
    return key === "y" || shift ? acts.redo : acts.undo;
  }
}

/** Whether the control that has the focus keeps a key, which means something to it. @param {string} key @param {Element} target */
function isTaken(key, target) {
  if (target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]"))
    return true;
  if (key === " ") return target.closest("button, input, a, summary") !== null;
  // In the network arrows walk over its parts, whichever of its frames has the focus.
  return key.startsWith("Arrow") && target.closest("#layers") !== null;
}
