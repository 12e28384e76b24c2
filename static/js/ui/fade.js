/** The ends of a row that is pushed aside fade where there is more of it. */

import { el } from "./dom.js";

function addStyle() {
  if (document.getElementById("fade-style")) return;
  const href = new URL("../../css/lazy/fade.css", import.meta.url).href;
  document.head.append(el("link", { rel: "stylesheet", id: "fade-style", href }));
}

/** @param {HTMLElement} row  with `overflow-x: auto` where it has no room */
export function fadeEnds(row) {
  addStyle();
  function draw() {
    const { scrollLeft, scrollWidth, clientWidth } = row;
    row.classList.toggle("more-before", scrollLeft > 1);
    row.classList.toggle("more-after", scrollLeft + clientWidth < scrollWidth - 1);
  }
  row.addEventListener("scroll", draw, { passive: true });
  const watcher = new ResizeObserver(draw);
  for (const element of [row, ...row.children]) watcher.observe(element);
}
