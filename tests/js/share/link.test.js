/** A whole experiment in a link: what goes in comes out, what is broken is said. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { applied, differences } from "../../../static/js/share/differences.js";
import {
  LinkError,
  MOST_UNPACKED,
  MOST_WORDS,
  fromFragment,
  plainFragment,
  toFragment,
} from "../../../static/js/share/link.js";
import { NotationError, read, write } from "../../../static/js/share/notation.js";

const SPEC = {
  data: { name: "circle", samples: 500, noise: 0, seed: 1 },
  layers: [
    { units: 4, activation: "tanh" },
    { units: 1, activation: "sigmoid" },
  ],
  seed: 7,
  batch_size: null,
  optimizer: { name: "gradient_descent", learning_rate: 1 },
  runs: [{ label: null, recipe: { weights: { name: "normal", std: 0.1 } } }],
};
const PRESETS = /** @type {any} */ ([
  { name: "opening", spec: SPEC },
  { name: "other", spec: { ...SPEC, data: { name: "line" }, seed: 3 } },
]);
const NOTHING = { events: [], step: 0, look: {} };

/** @param {any} shared */
const there = async (shared) => {
  const fragment = await toFragment({ ...NOTHING, spec: SPEC, ...shared }, PRESETS);
  return { fragment, back: await fromFragment(fragment || "v1", PRESETS) };
};

for (const value of [
  null,
  true,
  0,
  -1.5e-300,
  0.1 + 0.2,
  "",
  "tanh",
  "x1^2 + x2^2 < 9 & it's 100%!",
  "学习率",
  [],
  [1, [2, null]],
  {},
  { a: { "b c": "d" }, e: [false] },
])
  test(`${JSON.stringify(value)} is read as it was written`, () => {
    const text = write(value);
    assert.match(text, /^[\w.!()',:;~*+@$%-]*$/); // what may stand in a fragment
    assert.deepEqual(read(decodeURIComponent(text)), value);
  });

for (const text of ["", "(", "(a:1", "!(1,", "!z", "'open", "1 2", "(a)", "-"])
  test(`${text || "nothing"} is not a value`, () => assert.throws(() => read(text), NotationError));

test("how an experiment is repeated with many seeds travels along", async () => {
  const study = { count: 20, grid: { learning_rate: [0.1, 1] }, target: 0.3 };
  const { fragment, back } = await there({ study, look: { tab: "seeds" } });
  assert.equal(
    fragment,
    "v1&study=(count:20,grid:(learning_rate:!(0.1,1)),target:0.3)&see.tab=seeds",
  );
  assert.deepEqual(back.study, study);
  assert.equal(back.preset, "opening");
  assert.deepEqual((await there({ study: {} })).back.study, {});
});

test("a study that is no object is a broken link", async () => {
  await assert.rejects(fromFragment("v1&study=5", PRESETS), { reason: "broken" });
});

test("the opening experiment has an empty link", async () => {
  assert.equal((await there({})).fragment, "");
});

test("only what differs is said, readably", async () => {
  const spec = { ...SPEC, seed: 9, optimizer: { ...SPEC.optimizer, learning_rate: 0.5 } };
  const { fragment, back } = await there({ spec, step: 137, look: { tab: "signals" } });
  assert.equal(fragment, "v1&seed=9&optimizer.learning_rate=0.5&step=137&see.tab=signals");
  const rest = { study: null, made: null, look: { tab: "signals" } };
  assert.deepEqual(back, { preset: "", spec, events: [], step: 137, ...rest });
});

test("the nearest preset is what a link differs from", async () => {
  const { fragment, back } = await there({ spec: PRESETS[1].spec });
  assert.equal(fragment, "v1&preset=other");
  assert.equal(back.preset, "other");
});

test("fields that came and went travel too", async () => {
  const { seed: _, ...rest } = SPEC;
  const spec = { ...rest, schedule: { name: "step", gamma: 0.5 }, layers: [SPEC.layers[1]] };
  assert.deepEqual((await there({ spec })).back.spec, spec);
});

test("numbers that events carry come back to the last bit", async () => {
  const W = Array.from({ length: 300 }, (_, i) => Math.sin(i + 1) / 3);
  const events = [{ step: 3, run: 0, parameters: { W, b: [Number.MIN_VALUE] } }];
  const { fragment, back } = await there({ events });
  assert.match(fragment, /^v1&events=~[\w-]+$/);
  assert.deepEqual(back.events, events);
});

for (const [fragment, reason] of [
  ["v2&seed=1", "version"],
  ["hello", "broken"],
  ["", "broken"],
  ["v1&seed", "broken"],
  ["v1&seed=(", "broken"],
  ["v1&seed=%E0%A4%A", "broken"],
  ["v1&preset=nobody", "broken"],
  ["v1&step=-1", "broken"],
  ["v1&events=~!!!", "broken"],
  ["v1&data.deep.down=1", "broken"],
  ["v1&__proto__.polluted=1", "broken"],
])
  test(`the link #${fragment} is ${reason}`, async () => {
    await assert.rejects(fromFragment(fragment, PRESETS), (error) => {
      assert.ok(error instanceof LinkError);
      assert.equal(error.reason, reason);
      return true;
    });
    assert.equal(/** @type {any} */ ({}).polluted, undefined);
  });

test("differences leave their documents alone", () => {
  const before = structuredClone(SPEC);
  const changed = applied(SPEC, differences(SPEC, { ...SPEC, seed: 1 }));
  assert.equal(changed.seed, 1);
  assert.deepEqual(SPEC, before);
});

test("a page that is being left writes the same link at once, however long it is", async () => {
  const inputs = Array.from({ length: 300 }, (_, i) => [i / 7, 9 - 2 * i]);
  const spec = { ...SPEC, data: { name: "custom", inputs, targets: inputs.map(([x]) => x) } };
  const shared = /** @type {any} */ ({
    spec,
    events: [{ step: 2, optimizer: { name: "gradient_descent", learning_rate: 0.3 } }],
    step: 41,
    look: { tab: "signals", flags: [4, 9] },
    study: null,
    made: null,
  });
  const back = await fromFragment(plainFragment(shared, PRESETS), PRESETS);
  assert.deepEqual({ ...back, preset: "" }, { ...shared, preset: "" });
  assert.equal(
    plainFragment({ ...shared, spec: SPEC, events: [], step: 0, look: {} }, PRESETS),
    "",
  );
});

test("a spec is compared with the presets once, and again when it is another one", async () => {
  const other = { ...SPEC, seed: 8 };
  const at = (/** @type {any} */ spec, /** @type {number} */ step) =>
    toFragment({ spec, events: [], step, look: {}, study: null }, PRESETS);
  assert.equal(await at(other, 1), "v1&seed=8&step=1");
  assert.equal(await at(other, 2), "v1&seed=8&step=2");
  assert.equal(await at({ ...other, seed: 9 }, 2), "v1&seed=9&step=2");
});

test("a step that no experiment reaches is refused at once", async () => {
  for (const step of ["9007199254740991", "4000001"])
    await assert.rejects(fromFragment(`v1&step=${step}`, PRESETS), LinkError);
  assert.equal((await fromFragment("v1&step=4000000", PRESETS)).step, 4_000_000);
});

test("all values of a link together unpack to no more than one may", async () => {
  const third = deflateRawSync(Buffer.alloc(MOST_UNPACKED / 3, "1")).toString("base64url");
  const link = `v1&${[1, 2, 3, 4].map((i) => `see.a${i}=~${third}`).join("&")}`;
  await assert.rejects(fromFragment(link, PRESETS), /too long/);
});

test("a link has no more words than are read", async () => {
  const words = Array.from({ length: MOST_WORDS + 1 }, (_, i) => `see.a${i}=1`);
  await assert.rejects(fromFragment(`v1&${words.join("&")}`, PRESETS), /too many words/);
});

test("a value that unpacks to 200 MB is refused before it is unpacked", async () => {
  const bomb = deflateRawSync(Buffer.alloc(200_000_000, "1")).toString("base64url");
  const before = process.memoryUsage().arrayBuffers;
  await assert.rejects(fromFragment(`v1&seed=~${bomb}`, PRESETS), /too long/);
  assert.ok(process.memoryUsage().arrayBuffers - before < 100_000_000);
});
