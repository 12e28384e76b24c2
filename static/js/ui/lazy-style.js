/** Styles of what the page does without at first. */

import { el } from "./dom.js";

/** Loads a style when it is first needed. @param {"class"|"fade"|"lessons"} name   of a file in css/lazy */
export function loadStyle(name) {
  const id = `${name}-style`;
  if (document.getElementById(id)) return;
  const href = new URL(`../../css/lazy/${name}.css`, import.meta.url).href;
  document.head.append(el("link", { rel: "stylesheet", id, href }));
}
