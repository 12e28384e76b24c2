/** The landscape in words, for who does not see it. */

import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { extent } from "../../server/typed-array.js";
import { axisNames, gridOf } from "./shared-traces.js";
import { otherRun } from "../../experiment/landscape-settings.js";

/** @param {import("../../experiment/state.js").State} state */
export function summarizeSurface(state) {
  const { surface, landscape, chosen } = state;
  if (!surface) return "";
  const names = runNames(state);
  const reach = extent(gridOf(surface).z) ?? [0, 0];
  const { x, y } = axisNames(surface, names, otherRun(landscape, chosen, names.length));
  return t("surface.summary", {
    name: names[surface.run] ?? "",
    x,
    y,
    low: format.loss(reach[0]),
    high: format.loss(reach[1]),
    step: format.count(surface.step),
  });
}
