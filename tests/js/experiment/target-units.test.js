import assert from "node:assert/strict";
import { test } from "node:test";

import { inOwnUnits } from "../../../static/js/experiment/target-units.js";

test("a standardised target is shown in its own units, any other as it is", () => {
  const own = inOwnUnits({ target_scale: { center: [2e6, 5], scale: [5e5, 2] } });
  assert.deepEqual([-1, 0, 2].map(own), [1.5e6, 2e6, 3e6]);
  assert.equal(inOwnUnits({ target_scale: { center: [2e6, 5], scale: [5e5, 2] } }, 1)(1), 7);
  assert.equal(inOwnUnits({ target_scale: null })(0.25), 0.25);
});
