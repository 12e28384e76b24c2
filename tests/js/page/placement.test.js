/** A bubble stands beside what it explains and covers neither it, nor an error, nor the next field. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeBeside } from "../../../static/js/page/placement.js";

const VIEW = { width: 1000, height: 600 };
const SIZE = { width: 200, height: 50 };
const box = (left, top, width, height) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const covers = (place, other) =>
  place.left < other.right &&
  place.left + SIZE.width > other.left &&
  place.top < other.bottom &&
  place.top + SIZE.height > other.top;

test("with room all round it stands below the middle", () => {
  assert.deepEqual(placeBeside(box(400, 100, 100, 20), SIZE, VIEW, []), { left: 350, top: 128 });
});

test("at the lower edge it stands above, and never outside", () => {
  const anchor = box(950, 570, 40, 20);
  const place = placeBeside(anchor, SIZE, VIEW, []);
  assert.ok(!covers(place, anchor));
  assert.ok(place.left + SIZE.width <= VIEW.width && place.top + SIZE.height <= VIEW.height);
});

test("a column of fields is explained from the side", () => {
  const fields = [0, 1, 2, 3].map((i) => box(400, 200 + 40 * i, 150, 30));
  const obstacles = fields.map((one) => ({ box: one, weight: 1 }));
  const place = placeBeside(fields[1], SIZE, VIEW, obstacles);
  assert.ok(fields.every((one) => !covers(place, one)));
});

test("an error above its field stays readable, the next field too", () => {
  const anchor = box(400, 300, 100, 24);
  const error = box(400, 270, 260, 24);
  const next = box(520, 300, 300, 24);
  const before = box(100, 300, 280, 24);
  const place = placeBeside(anchor, SIZE, VIEW, [
    { box: error, weight: 100 },
    { box: next, weight: 10 },
    { box: before, weight: 1 },
  ]);
  for (const one of [anchor, error, next]) assert.ok(!covers(place, one));
});
