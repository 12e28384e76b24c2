/** A click on the picture puts the chosen run there: it begins anew at that point, and how it went before stays. */

import { byId } from "../../ui/dom.js";
import { heightAt } from "./grid.js";
import { gridOf } from "./shared-traces.js";
import { planeKey, trailsOf, wordsOf } from "../../experiment/landscape-settings.js";
import { meets, sightLine } from "./webgl/pick.js";
import { sight } from "./webgl/plotly-scene.js";
import { scaleOf } from "./contour.js";

/** @typedef {import("../../experiment/state.js").State} State */

/**
 * The place of the plane under the pointer, exactly; null where there is none.
 * @param {State} state
 * @param {{clientX: number, clientY: number}} event
 * @returns {[number, number]|null}
 */
export function placeUnder(state, { clientX, clientY }) {
  const { surface, landscape } = state;
  if (!surface) return null;
  const element = byId(`${landscape.view}-plot`);
  const box = element.getBoundingClientRect();
  if (landscape.view === "contour")
    return scaleOf(element).back(clientX - box.left, clientY - box.top);
  const look = sight(element);
  if (!look) return null;
  const canvas = look.canvas.getBoundingClientRect();
  const right = (2 * (clientX - canvas.left)) / canvas.width - 1;
  const up = 1 - (2 * (clientY - canvas.top)) / canvas.height;
  const line = sightLine(look.matrix, right, up);
  if (!line) return null;
  // The scene's own coordinates are those of the axes, each times a scale.
  /** @param {[number, number, number]} place @returns {[number, number, number]} */
  const unscaled = ([x, y, z]) => [x / look.scale[0], y / look.scale[1], z / look.scale[2]];
  const grid = gridOf(surface);
  return meets(
    [unscaled(line[0]), unscaled(line[1])],
    (x, y) => {
      const height = heightAt(grid, x, y);
      return height === null ? null : look.at[2](height) / look.scale[2];
    },
    [unscaled(look.box[0]), unscaled(look.box[1])],
  );
}

/**
 * Begins anew with the chosen run at a point of the plane in view.
 * @param {{state: State, changes: import("../../experiment/changes.js").Changes, x: number, y: number}} options
 */
export async function startAt({ state, changes, x, y }) {
  const { paths, live, chosen, landscape, surface, summary } = state;
  if (!surface) return false;
  const words = wordsOf(state);
  const key = planeKey(state);
  // Whose plane it is: the experiment's whose picture this is, at the step at which it was drawn.
  const home = words.of
    ? { key, of: words.of, of_step: words.of_step ?? 0 }
    : { key, of: summary.id, of_step: surface.step };
  /** @type {import("../../experiment/landscape-settings.js").Trail[]} */
  const left =
    paths && paths.axes === key
      ? paths.x.map((_, run) => ({
          key,
          run,
          slot: live.slots[run],
          x: paths.x[run].slice(),
          y: paths.y[run].slice(),
          z: paths.z[run].slice(),
        }))
      : [];
  const before = landscape.begun.get(summary.id)?.trails ?? [];
  const trails = [...before.filter((trail) => trailsOf(state).includes(trail)), ...left];
  const { of: _, of_step: __, ...plain } = words;
  const point = { plane: { ...plain, of: home.of, of_step: home.of_step }, x, y };
  return changes.startAt({
    run: chosen,
    point,
    begun: (id) => landscape.begun.set(id, { home, trails }),
  });
}
