import assert from "node:assert/strict";
import { test } from "node:test";

import { missing } from "../../../../static/js/panels/worked-step/traced.js";

test("what another network or other data have not is found missing", () => {
  /** @param {string} parameter @param {number|null} sample */
  const look = (parameter, sample) =>
    missing(
      /** @type {Parameters<typeof missing>[0]} */ (
        /** @type {object} */ ({
          summary: { parameter_names: ["W1[0,0]", "b1[0]"] },
          data: { train: { x: [[0], [1]] } },
          traced: { parameter, sample },
        })
      ),
    );
  assert.equal(look("b1[0]", null), null);
  assert.equal(look("b1[0]", 1), null);
  assert.equal(look("b1[0]", 2), "sample");
  assert.equal(look("b2[0]", 2), "parameter");
});
