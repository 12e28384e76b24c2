/** Which panel fills the window, where some are hidden. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { OPEN } from "../../../static/js/experiment/access.js";
import { isBare } from "../../../static/js/page/arrangement.js";
import { panelFor } from "../../../static/js/page/enlarge.js";

/** @param {...import("../../../static/js/types.js").Part} hidden */
const without = (...hidden) => ({ access: { ...OPEN, hidden: new Set(hidden) } });

test("a panel that is hidden is not made large, and another one is", () => {
  assert.equal(panelFor(without(), "network", "surface"), "network");
  assert.equal(panelFor(without(), "", "surface"), "surface");
  assert.equal(panelFor(without("network"), "network", "surface"), "surface");
  assert.equal(panelFor(without("surface"), "", "surface"), "loss");
  assert.equal(
    panelFor(without("loss", "surface", "network", "learned"), "", "surface"),
    "comparison",
  );
  assert.equal(panelFor(without("runs"), "comparison", "surface"), "surface");
  assert.equal(panelFor(without("loss", "surface", "network", "learned", "runs"), "", "loss"), "");
});

test("a page is bare once all of its panels are hidden", () => {
  /** @type {import("../../../static/js/types.js").Part[]} */
  const panels = ["data", "runs", "network", "learned", "loss", "surface"];
  assert.ok(isBare(new Set([...panels, "settings"])));
  for (const seen of panels) assert.ok(!isBare(new Set(panels.filter((part) => part !== seen))));
});
