/** Which two of more than two inputs the maps show: the name of each axis is its picker. */

import { choice } from "../../ui/controls.js";
import { nice } from "../../experiment/features.js";
import { inputPlane } from "../../experiment/input-plane.js";
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
    return choice({
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
  });
}

/**
 * Puts the pickers where the axes' names would stand.
 * @param {HTMLElement} home @param {HTMLElement} map @param {import("./decision-map.js").Frame|null} frame
 */
export function placePickers(home, map, frame) {
  if (!frame || !home.firstChild) return;
  const { left, top, width, height } = frame.box;
  home.style.left = `${map.offsetLeft + left}px`;
  home.style.top = `${map.offsetTop + top}px`;
  home.style.width = `${width}px`;
  home.style.height = `${height}px`;
}
