import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/server/api.js";
import { openExperiment } from "../../../static/js/share/open.js";

const full = new ApiError(507, "full", [
  { pointer: "", code: "storage_full", detail: "", allowed: {}, received: null },
]);

/** A page that opens: the answers of the server to what is created, one after the other. */
async function opened(fragment, ...answers) {
  const asked = [];
  const heard = [];
  const slept = [];
  const api = {
    create: async (spec) => {
      asked.push(spec);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const found = openExperiment({
    fragment,
    presets: [{ name: "opening", spec: { seed: 7 } }],
    api,
    patiently: (work) => work(),
    progress: () => {},
    refused: (code) => heard.push(code),
    sleep: async (ms) => slept.push(ms),
  });
  return { found, asked, heard, slept };
}

test("a full server is said, and asked again until it has room", async () => {
  const summary = { id: "a" };
  const { found, asked, heard, slept } = await opened("", full, full, summary);
  assert.equal((await found).summary, summary);
  assert.equal(asked.length, 3);
  assert.deepEqual(heard, ["storage_full", "storage_full"]);
  assert.equal(slept.length, 2);
  assert.ok(slept.every((ms) => ms >= 1000));
});

test("any other refusal is said, and ends it", async () => {
  const { found, heard } = await opened("", new ApiError(500, "internal"));
  await assert.rejects(found, ApiError);
  assert.deepEqual(heard, ["internal"]);
});

test("a link is not given up for the opening experiment because the server is full", async () => {
  const summary = { id: "a", step: 0, spec: {}, events: [], shapes: [] };
  const { found, asked, heard } = await opened("#v1&preset=opening", full, summary);
  assert.equal((await found).preset, "opening");
  assert.equal(asked.length, 2);
  assert.deepEqual(heard, ["storage_full"]);
});
