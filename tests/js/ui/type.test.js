// Type in pictures is as large as the page's.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { withType } from "../../../static/js/ui/plotly.js";
import * as theme from "../../../static/js/ui/theme.js";
import * as axes from "../../../static/js/ui/canvas-axes.js";

afterEach(() => theme.setTypeScale(1));

const layout = () => ({
  font: { size: 13, family: "serif" },
  xaxis: { tickfont: { size: 13 }, title: { text: "step", font: { size: 10 } }, range: [0, 1] },
  annotations: [{ text: "a", font: { size: 10 } }],
  scene: { zaxis: { tickfont: { size: 10 } } },
  marker: { size: 7 },
});

test("on a desk a figure is drawn as it was made", () => {
  const made = layout();
  assert.equal(withType(made), made);
});

test("in a presentation all fonts of a figure grow, and nothing else", () => {
  theme.setTypeScale(1.4);
  assert.deepEqual(withType(layout()), {
    font: { size: 18, family: "serif" },
    xaxis: { tickfont: { size: 18 }, title: { text: "step", font: { size: 14 } }, range: [0, 1] },
    annotations: [{ text: "a", font: { size: 14 } }],
    scene: { zaxis: { tickfont: { size: 11 } } },
    marker: { size: 7 },
  });
});

test("long lists of numbers are handed on as they are", () => {
  theme.setTypeScale(1.4);
  const x = new Float32Array(3);
  const y = [1, 2, null];
  const trace = withType({ x, y, colorbar: { tickfont: { size: 10 } } });
  assert.equal(trace.x, x);
  assert.equal(trace.y, y);
  assert.equal(trace.colorbar.tickfont.size, 14);
});

test("whoever writes on a canvas has the size that holds now", () => {
  assert.match(axes.FONT, /^13px /);
  theme.setTypeScale(1.4);
  assert.match(axes.FONT, /^18px /);
});
