import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { missing } from "../../../../static/js/page/take-home/figures.js";
import { decades } from "../../../../static/js/page/take-home/network-figures.js";
import { use } from "../../../../static/js/ui/i18n.js";
import { catalogue } from "../../catalogues.js";
import { createFakePage } from "../../fake-page.js";

beforeEach(() => use("en", catalogue("en")));

test("a figure that there is not is named with the reason, unless the page hides it", async () => {
  const { state } = await createFakePage();
  const problem = { code: "misfit", pointer: "/loss", in: "query" };
  state.patchNow({ landscape: { view: "losses", problem: /** @type {any} */ (problem) } });
  const [said] = missing(state);
  assert.match(said, /Two losses.*sigmoid/);
  state.patchNow({ landscape: { problem: null } });
  assert.match(missing(state)[0], /Two losses/);
  state.patchNow({ access: { ...state.access, hidden: new Set(["surface"]) } });
  assert.deepEqual(missing(state), []);
});

test("the numbers of a logarithmic axis are so few that they have room", () => {
  const near = decades([0.62, 0.68, null]);
  assert.equal(near.dtick, "D2");
  const [low, high] = near.range ?? [];
  assert.ok(high - low >= 0.5); // a label is among any so many
  const far = decades([1e-17, 1e4]);
  assert.ok(Number(far.dtick) > 1);
  assert.equal(decades([null]).range, undefined);
});
