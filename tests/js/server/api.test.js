/** What comes back instead of an answer: of whom it is, and what it says. */

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ApiError, request, until } from "../../../static/js/server/api.js";

const { fetch } = globalThis;
after(() => (globalThis.fetch = fetch));

/** What asking comes to where this is the answer. @param {number} status @param {string} body */
async function asking(status, body) {
  globalThis.fetch = async () => new Response(status === 204 ? null : body, { status });
  try {
    return await request("GET", "api/anything");
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    return error;
  }
}

test("an answer is read, and none where there is none", async () => {
  assert.deepEqual(await asking(200, '{"step": 3}'), { step: 3 });
  assert.equal(await asking(204, ""), null);
});

test("what nobody has a use for any more is asked no longer", async () => {
  /** @type {RequestInit} */
  let sent = {};
  globalThis.fetch = (_, init) => {
    sent = init ?? {};
    return new Promise((_done, refuse) => sent.signal?.addEventListener("abort", refuse));
  };
  const control = new AbortController();
  const asked = until(control.signal).surface("a", { plane: "pca", run: 0, size: 9, step: 2 });
  assert.equal(sent.signal?.aborted, false);
  control.abort();
  await assert.rejects(asked, ApiError);
  assert.equal(sent.signal?.aborted, true);
});

for (const body of ["<!doctype html>", "null", '"text"', "7", '{"step":'])
  test(`200 with ${body} is of somebody on the way`, async () =>
    assert.equal((await asking(200, body)).code, "offline"));

for (const status of [401, 407, 502, 503, 504, 511])
  test(`${status} of a gateway says that the server is not reached`, async () => {
    for (const body of ["<h1>Log in</h1>", "null", "{}"]) {
      const error = await asking(status, body);
      assert.equal(error.code, "offline");
      assert.ok(error.passes);
    }
  });

test("a refusal of the server's own says what it says", async () => {
  const errors = [{ pointer: "/count", code: "too_small" }];
  const error = await asking(422, JSON.stringify({ detail: "no", errors }));
  assert.deepEqual([error.status, error.code, error.message], [422, "too_small", "no"]);
  const away = await asking(503, '{"errors": [{"code": "store_unavailable"}]}');
  assert.ok(away.isAway);
});

for (const body of ["null", "[]", '{"errors": "wrong"}', '{"errors": [null, 3]}'])
  test(`a refusal that says ${body} has the code of its status`, async () => {
    for (const [status, code] of [
      [500, "internal"],
      [409, "stale_version"],
    ])
      assert.equal((await asking(Number(status), body)).code, code);
  });
