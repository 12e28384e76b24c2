import assert from "node:assert/strict";
import { test } from "node:test";

import { reachAnew } from "../../../static/js/experiment/landscape-settings.js";

/**
 * @typedef {import("../../../static/js/experiment/state.js").State} State
 */

/** @param {string} data @param {string} plane */
function page(data, plane) {
  const live = { spec: { data: { name: data }, layers: [], seed: 1 }, slots: [] };
  const state = { live, landscape: { plane, pin: [0, 1, 0, 1], top: 0.05, height: [0, 1] } };
  return /** @type {State} */ (/** @type {object} */ (state));
}

test("a height and an extent set by hand stay with the network and the data that they were set for", () => {
  const other = page("sine", "pca").live;
  assert.deepEqual(reachAnew(page("sine", "pca"), other), {});
  assert.deepEqual(reachAnew(page("circle", "pca"), other), { pin: null, top: null, height: null });
  // Two parameters are numbers of their own, whatever the data.
  assert.deepEqual(reachAnew(page("circle", "parameters"), other).pin, [0, 1, 0, 1]);
});
