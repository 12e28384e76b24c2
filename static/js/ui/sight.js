/** Which elements are in sight, and when their size has changed. */

/**
 * @param {Element[]} elements
 * @param {() => void} changed
 * @returns {Set<Element>} those in sight, or nearly; it follows
 */
export function watchSight(elements, changed) {
  /** @type {Set<Element>} */
  const seen = new Set(elements);
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      changed();
    },
    { rootMargin: "100px" },
  );
  for (const element of elements) watcher.observe(element);
  return seen;
}

/**
 * @param {Element[]} elements
 * @param {() => void} changed  once the size has stayed for a while
 * @param {number} [settled] how long, in milliseconds
 */
export function watchSize(elements, changed, settled = 120) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const watcher = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(changed, settled);
  });
  for (const element of elements) watcher.observe(element);
}
