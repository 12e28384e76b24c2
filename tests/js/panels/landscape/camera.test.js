import assert from "node:assert/strict";
import { test } from "node:test";

import { ahead, cameraAt, facing } from "../../../../static/js/panels/landscape/camera.js";
import { turnedCamera } from "../../../../static/js/panels/landscape/touch.js";

const row = Array.from({ length: 11 }, (_, i) => -1 + i / 5);
/** @param {(x: number, y: number) => number} J */
const grid = (J) => ({
  x: row,
  y: row,
  z: Float64Array.from(row.flatMap((y) => row.map((x) => J(x, y)))),
});

test("one stands where the rim is lowest, and in the usual place where it is the same all round", () => {
  const usual = facing(
    grid((x, y) => x * x + y * y),
    [0, 2],
  );
  const [x, y] = [Math.cos((usual * Math.PI) / 180), Math.sin((usual * Math.PI) / 180)];
  // A slope that falls away from the usual place is looked at from the other side.
  const other = facing(
    grid((a, b) => 2 - x * -a - y * -b),
    [0, 4],
  );
  const [ox, oy] = [Math.cos((other * Math.PI) / 180), Math.sin((other * Math.PI) / 180)];
  assert.ok(x * ox + y * oy < 0);
  assert.equal(
    facing(
      grid(() => NaN),
      [0, 1],
    ),
    usual,
  );
});

test("from a direction one looks down at the basin, further off where there is little room", () => {
  const { eye } = cameraAt(231, 600);
  assert.ok(eye.x < 0 && eye.y < 0 && eye.z > 0);
  assert.ok(cameraAt(231, 250).eye.z > eye.z);
});

test("the first turn comes to rest, ever more slowly", () => {
  assert.equal(ahead(0), 1);
  assert.equal(ahead(1), 0);
  assert.equal(ahead(2), 0);
  assert.ok(ahead(0.25) - ahead(0.5) > ahead(0.5) - ahead(0.75));
});

test("two fingers go around the picture at the same distance, and never over its top", () => {
  const camera = cameraAt(231, 600);
  /** @param {PlotlyCamera} camera */
  const away = ({ eye, center }) =>
    Math.hypot(eye.x - center.x, eye.y - center.y, eye.z - center.z);
  const turned = turnedCamera(camera, 40, 500);
  assert.ok(Math.abs(away(turned) - away(camera)) < 1e-12);
  assert.ok(turned.eye.z < away(camera) + turned.center.z);
  const back = turnedCamera(turnedCamera(camera, 40, 5), -40, -5);
  for (const axis of ["x", "y", "z"])
    assert.ok(Math.abs(back.eye[axis] - camera.eye[axis]) < 1e-12);
});
