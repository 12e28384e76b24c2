import assert from "node:assert/strict";
import { test } from "node:test";

import {
  axisNames,
  ceilingFor,
  frameOf,
  heightAxis,
} from "../../../../static/js/panels/landscape/shared-traces.js";

test("a spike is cut off, a bowl is not", () => {
  const bowl = Array.from({ length: 100 }, (_, i) => i / 100);
  assert.equal(ceilingFor(bowl, 0.9), Infinity);
  assert.ok(ceilingFor([...bowl, 500], 0.9) < 2);
});

test("a height that J is above everywhere cuts nothing off", () => {
  const bdata = Buffer.from(new Float64Array([0.7, 0.8, 0.9, 1]).buffer).toString("base64");
  const z = { dtype: "f8", shape: "2, 2", bdata };
  const surface = { x: [0, 1], y: [0, 1], z };
  /** @param {number|null} top */
  const frame = (top) =>
    frameOf(
      /** @type {import("../../../../static/js/experiment/state.js").State} */ (
        /** @type {object} */ ({
          paths: null,
          curves: { train: [[0.8]] },
          view: { logSurface: false },
          landscape: { top, height: null },
        })
      ),
      /** @type {import("../../../../static/js/types.js").Surface} */ (
        /** @type {object} */ (surface)
      ),
    );
  assert.equal(frame(0.85).cut, 0.85);
  assert.deepEqual(frame(0.05), frame(null));
});

test("the height axis stays while what is shown fills it, and grows with it", () => {
  const first = heightAxis({ low: 0, high: 1 }, false, null);
  assert.deepEqual(heightAxis({ low: 0.1, high: 0.95 }, false, first), first);
  assert.deepEqual(heightAxis({ low: 0.4, high: 1 }, false, null), first);
  assert.ok(heightAxis({ low: 0, high: 2 }, false, first)[1] > 2);
  assert.ok(heightAxis({ low: 0, high: 0.2 }, false, first)[1] < 0.5);
  assert.ok(heightAxis({ low: 1e-4, high: 1 }, true, null)[0] < -4);
});

test("every plane names its axes, and a straight path says that its second one is random", () => {
  /** @param {string} y */
  const names = (y) =>
    axisNames(
      /** @type {import("../../../../static/js/types.js").Surface} */ (
        /** @type {object} */ ({ plane: "from_start", axes: { x: "to_present", y } })
      ),
      ["one"],
    );
  assert.deepEqual(names("bend"), { x: "landscape.axis.present", y: "landscape.axis.bend" });
  assert.deepEqual(names("random"), { x: "landscape.axis.present", y: "landscape.axis.across" });
});
