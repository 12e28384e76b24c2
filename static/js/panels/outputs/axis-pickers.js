/** Which two of more than two inputs the maps show. */

import { choice } from "../../ui/controls.js";
import { nice } from "../../experiment/features.js";
import { inputPlane } from "../../experiment/input-plane.js";
import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";

/**
 * A picker for each axis; none where there is no choice. An input that the other axis shows changes places with it.
 * @param {import("../../experiment/state.js").State} state
 * @param {(plane: [number, number]) => void} choose
 */
export function axisPickers(state, choose) {
  const { data } = state;
  if (!data || data.inputs.length < 3) return [];
  const plane = inputPlane(state);
  return /** @type {(0|1)[]} */ ([0, 1]).map((axis) => {
    const pick = choice({
      options: data.inputs.map((name, i) => ({ value: String(i), text: nice(name) })),
      value: String(plane[axis]),
      label: axis ? t("learned.up.name") : t("learned.across.name"),
      hint: t("learned.axes.hint"),
      pointer: `/map/${axis ? "up" : "across"}`,
      id: axis ? "map-up" : "map-across",
      change(value) {
        const other = plane[1 - axis] === Number(value) ? plane[axis] : plane[1 - axis];
        choose(axis ? [other, Number(value)] : [Number(value), other]);
      },
    });
    return el("div", {}, el("span", { text: axis ? "↕" : "↔", "aria-hidden": "true" }), pick);
  });
}
