import assert from "node:assert/strict";
import { test } from "node:test";

import { createThrottle } from "../../../static/js/ui/throttle.js";

test("what is costly is done rarely, but never forgotten", () => {
  const pace = createThrottle({ every: 100, share: 0.5 });
  assert.ok(pace.due(0));
  pace.done(0, 10);
  assert.ok(!pace.due(99));
  assert.ok(pace.due(100));
  pace.done(100, 10000);
  assert.ok(!pace.due(450));
  assert.ok(pace.due(500));
});
