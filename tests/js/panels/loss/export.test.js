import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { use } from "../../../../static/js/ui/i18n.js";
import { figureOf } from "../../../../static/js/panels/loss/export.js";
import { catalogue } from "../../catalogues.js";
import { createFakePage } from "../../fake-page.js";

beforeEach(() => use("en", catalogue("en")));

/** The picture of so many runs with long names. @param {number} count @param {object} [more] */
async function pictured(count, more = {}) {
  const { state } = await createFakePage();
  const all = Array.from({ length: count }, (_, i) => i);
  const runs = all.map((i) => ({ label: `${"long name ".repeat(6)}${i}`, recipe: null }));
  const spec = /** @type {any} */ ({ ...state.live.spec, runs });
  const curves = /** @type {any} */ ({
    steps: [0, 1],
    train: all.map(() => [1, 0.5]),
    test: all.map(() => [null, null]),
    penalty: all.map(() => [0, 0]),
  });
  state.patchNow({ live: { spec, slots: all }, curves, train: all.map(() => 0.5), ...more });
  const { data, layout, size } = figureOf(state);
  const told = data.filter(({ showlegend }) => showlegend).map(({ name }) => name);
  return { told, layout, size };
}

test("the picture is as high as the names of its runs need, which are shortened", async () => {
  const few = await pictured(1);
  const many = await pictured(16);
  assert.equal(many.told.length, 16);
  assert.ok(many.told.every((name) => /^long.*…/.test(name ?? "")));
  const more = many.size.height - few.size.height;
  assert.ok(more > 100);
  assert.equal(many.layout.margin.b - few.layout.margin.b, more); // the curves keep their place
});

test("the legend says what faint and dashed lines are", async () => {
  const ghost = { steps: [0, 1], train: [[1, 0.7]], slots: [0] };
  const sharpness = { steps: [0, 1], largest: [[3, 4]], edge: [[2, 2]], complete: true };
  const plain = await pictured(1);
  assert.equal(plain.told.length, 1);
  const { told } = await pictured(1, { ghost, sharpness, view: { sharpness: true } });
  assert.deepEqual(told.slice(1), ["before the branch", "edge up to which steps settle"]);
});
