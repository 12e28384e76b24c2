import assert from "node:assert/strict";
import { test } from "node:test";

import {
  edgeOf,
  overlap,
  placed,
  wordsAlong,
} from "../../../../../static/js/panels/landscape/webgl/axis-labels.js";

const look = {
  box: [
    [-1, -1, -1],
    [1, 1, 1],
  ],
  width: 400,
  height: 300,
};

/** Seen from a direction around the box, 40 degrees from above, without perspective. @param {number} angle in degrees */
function seenFrom(angle) {
  const [s, c] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
  return ([x, y, z]) => {
    const [right, forth] = [-x * s + y * c, x * c + y * s];
    return [200 + 80 * right, 150 - 80 * (0.77 * z - 0.64 * forth), 1 + forth / 10];
  };
}

const axis = (title) => ({
  title,
  ticks: Array.from({ length: 9 }, (_, i) => ({ at: -0.96 + 0.24 * i, text: String(100 + i) })),
});

test("no two words lie over each other, from wherever the box is looked at", () => {
  for (let angle = 0; angle < 360; angle += 7) {
    const seen = seenFrom(angle);
    const how = { seen, look, size: 13, wide: (text) => 7 * text.length };
    const axes = [axis("W1[0,0]"), axis("b1[0]"), axis("J")].map((one, which) =>
      wordsAlong(one, which, how),
    );
    const words = placed(axes, look);
    assert.equal(words.filter(({ title }) => title).length, 3, `${angle}`);
    assert.ok(words.length > 8);
    words.forEach(({ box }, i) => {
      assert.ok(box.left >= 0 && box.right <= look.width && box.top >= 0);
      for (const other of words.slice(i + 1)) assert.ok(!overlap(box, other.box));
    });
  }
});

test("the floor's axes are named in front, the height at the left", () => {
  const seen = seenFrom(231);
  for (const which of [0, 1]) {
    const [from, to] = edgeOf(seen, look.box, which);
    assert.equal(from[2], -1);
    assert.equal(to[2], -1);
    assert.ok(seen(from)[1] + seen(to)[1] > 2 * seen([0, 0, -1])[1]);
  }
  const [low, high] = edgeOf(seen, look.box, 2);
  assert.ok(seen(low)[1] > seen(high)[1]);
  assert.ok(seen(low)[0] < 120);
});
