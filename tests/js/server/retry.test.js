import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/server/api.js";
import { createRetry } from "../../../static/js/server/retry.js";

function waiting() {
  const said = [];
  const slept = [];
  const patience = createRetry({
    say: (key) => said.push(key),
    sleep: async (ms) => void slept.push(ms),
  });
  return { patience, said, slept };
}

/** Fails with each error in turn, then answers. */
function after(...errors) {
  return async () => {
    if (errors.length) throw errors.shift();
    return "answer";
  };
}

test("a server that is gone is asked again, more and more rarely, until it is back", async () => {
  const { patience, said, slept } = waiting();
  const gone = () => new ApiError(0, "gone");
  const answer = await patience.patiently(after(gone(), gone(), gone()));
  assert.equal(answer, "answer");
  assert.deepEqual(slept, [500, 1000, 2000]);
  assert.equal(said[0], "notice.offline");
  assert.equal(said.at(-1), "notice.back");
});

test("a busy server is asked again after the time it names", async () => {
  const { patience, said, slept } = waiting();
  await patience.patiently(after(new ApiError(429, "busy", [], 3)));
  assert.deepEqual(slept, [3000]);
  assert.deepEqual(said, ["errors.busy", "notice.back"]);
});

test("after a lost connection the state is looked up before the next attempt", async () => {
  const { patience } = waiting();
  let lookups = 0;
  await patience.patiently(after(new ApiError(0, "gone")), async () => void lookups++);
  assert.equal(lookups, 1);
});

test("a server without its store is asked again when it says, once it is known what was saved", async () => {
  const { patience, said, slept } = waiting();
  const away = new ApiError(503, "away", [{ code: "store_unavailable" }], 2);
  let lookups = 0;
  await patience.patiently(after(away), async () => void lookups++);
  assert.deepEqual(slept, [2000]);
  assert.deepEqual(said, ["errors.store_unavailable", "notice.back"]);
  assert.equal(lookups, 1);
});

test("a store that is full is said, and not asked again", async () => {
  const { patience, slept } = waiting();
  const full = new ApiError(503, "full", [{ code: "store_full" }], 30);
  await assert.rejects(patience.patiently(after(full)), full);
  assert.deepEqual(slept, []);
});

test("a refusal is not asked for twice", async () => {
  const { patience, slept } = waiting();
  const refused = new ApiError(422, "no");
  await assert.rejects(patience.patiently(after(refused)), refused);
  assert.deepEqual(slept, []);
});

test("one thing is done at a time, in order, and a failure does not stop the next", async () => {
  const { patience } = waiting();
  const done = [];
  const first = patience.inOrder(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push(1);
    throw new Error("first");
  });
  const second = patience.inOrder(async () => void done.push(2));
  await assert.rejects(first);
  await second;
  assert.deepEqual(done, [1, 2]);
});

test("an error's code is the broken rule's, or follows from its status", () => {
  assert.equal(new ApiError(422, "", [{ code: "misfit" }]).code, "misfit");
  assert.equal(new ApiError(0, "").code, "offline");
  assert.equal(new ApiError(409, "").code, "stale_version");
  assert.equal(new ApiError(500, "").code, "internal");
});
