/** The ends of a row that is pushed aside fade where there is more of it. */

import { loadStyle } from "./lazy-style.js";

/** @param {HTMLElement} row  with `overflow-x: auto` where it has no room */
export function fadeEnds(row) {
  loadStyle("fade");
  function draw() {
    const { scrollLeft, scrollWidth, clientWidth } = row;
    row.classList.toggle("more-before", scrollLeft > 1);
    row.classList.toggle("more-after", scrollLeft + clientWidth < scrollWidth - 1);
  }
  row.addEventListener("scroll", draw, { passive: true });
  const watcher = new ResizeObserver(draw);
  function watch() {
    watcher.disconnect();
    for (const element of [row, ...row.children]) watcher.observe(element);
  }
  new MutationObserver(watch).observe(row, { childList: true });
  watch();
}
