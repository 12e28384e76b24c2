/** What a run is known by in lists: a piece of its curve. */

import { runColor, runDash } from "./theme.js";

/** A piece of the run's curve. @param {number} slot @param {import("./theme.js").Theme} theme */
export function swatch(slot, theme) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("viewBox", "0 0 20 18");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M1 9h18");
  path.setAttribute("stroke", runColor(slot, theme));
  path.setAttribute("stroke-width", "4");
  path.setAttribute("stroke-linecap", runDash(slot) === "solid" ? "round" : "butt");
  if (runDash(slot) !== "solid") path.setAttribute("stroke-dasharray", "7 2 2 2");
  svg.append(path);
  return svg;
}
