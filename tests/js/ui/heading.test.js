import assert from "node:assert/strict";
import { test } from "node:test";

import { heading, legendOf, shortened } from "../../../static/js/ui/heading.js";

test("a title that is too long for its picture goes on below, and keeps its end", () => {
  assert.equal(heading("Loss J up to step 20", 760).text, "Loss J up to step 20");
  const { text, font } = heading(`Output of ${"W".repeat(60)} at step 20`, 760);
  const lines = text.split("<br>");
  assert.equal(lines.length, 2);
  assert.ok(lines.every((line) => (line.match(/W/g) ?? []).length * font.size <= 760));
  assert.match(text, /at step 20$/);
});

test("a title that no size makes fit loses its middle", () => {
  const { text } = heading(`Output of ${"W".repeat(600)} at step 20`, 760);
  assert.ok(text.split("<br>").length <= 2);
  assert.match(text, /^Output of W+/);
  assert.match(text, /…/);
  assert.match(text, /at step 20$/);
});

test("words of a title stay whole, and are text", () => {
  const { text } = heading("one <b> two & three ".repeat(6).trim(), 760);
  assert.ok(text.includes("&lt;b> two &amp; three"));
  assert.ok(text.split("<br>").every((line) => !line.startsWith(" ")));
});

test("a long name keeps its beginning and its end", () => {
  assert.equal(shortened("Glorot"), "Glorot");
  assert.match(
    shortened(`Glorot uniform weights with zero biases, seed one of the 12`),
    /^Glorot u.+….+ 12$/,
  );
  assert.ok(shortened("名".repeat(60)).length < 25); // each as wide as it is high
});

test("a legend has as many rows as its names need", () => {
  const { height: one } = legendOf(["a", "b"], 900);
  const names = Array.from({ length: 16 }, (_, i) => shortened(`${"long name ".repeat(6)}${i}`));
  const { legend, height } = legendOf(names, 900);
  assert.ok(height >= one + 7 * 20); // two beside each other
  assert.ok(2 * legend.entrywidth < 900);
});
