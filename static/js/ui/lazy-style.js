/** Styles of what the page does without at first. */

import { el } from "./dom.js";

/** @type {Map<string, Promise<void>>} */
const styles = new Map();

/**
 * Loads a style when it is first needed; resolves once it is there, or will not come.
 * @param {"class"|"fade"|"gallery"|"lessons"|"own"|"print"|"seeds"} name   of a file in css/lazy
 */
export function loadStyle(name) {
  const known = styles.get(name);
  if (known) return known;
  const href = new URL(`../../css/lazy/${name}.css`, import.meta.url).href;
  const link = el("link", { rel: "stylesheet", href });
  const loaded = new Promise((/** @type {(done: void) => void} */ resolve) => {
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => resolve());
  });
  document.head.append(link);
  styles.set(name, loaded);
  return loaded;
}
