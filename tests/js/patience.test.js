import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../static/js/api.js";
import { createPatience } from "../../static/js/patience.js";

/** Answers in turn: an error is thrown, anything else given. @param {unknown[]} answers */
function asking(answers) {
  /** @type {string[]} */
  const said = [];
  /** @type {number[]} */
  const slept = [];
  const { patiently, inOrder } = createPatience({
    say: (key) => said.push(key),
    sleep: async (ms) => void slept.push(ms),
  });
  const work = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { said, slept, patiently, inOrder, work };
}

const gone = new ApiError(0, "refused");

test("a lost server is waited for, longer each time, and its return is said", async () => {
  const { said, slept, patiently, work } = asking([gone, gone, gone, "here"]);
  assert.equal(await patiently(work), "here");
  assert.deepEqual(slept, [500, 1000, 2000]);
  assert.deepEqual(new Set(said), new Set(["notice.offline", "notice.back"]));
});

test("after a lost answer the server is put back before it is asked again", async () => {
  const { patiently, work } = asking([gone, "here"]);
  let again = 0;
  await patiently(work, async () => void (again += 1));
  assert.equal(again, 1);
});

test("a busy server is asked again when it said", async () => {
  const { slept, said, patiently, work } = asking([new ApiError(429, "busy", [], 3), "here"]);
  assert.equal(await patiently(work), "here");
  assert.deepEqual([slept, said], [[3000], ["errors.busy"]]);
});

test("what was refused is not asked again", async () => {
  const { slept, patiently, work } = asking([new ApiError(422, "no")]);
  await assert.rejects(patiently(work), { status: 422 });
  assert.deepEqual(slept, []);
});

test("changes are made in order, and a failed one does not stop the next", async () => {
  const { inOrder } = asking([]);
  /** @type {string[]} */
  const done = [];
  const first = inOrder(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push("first");
    throw new Error("no");
  });
  const second = inOrder(async () => void done.push("second"));
  await assert.rejects(first);
  await second;
  assert.deepEqual(done, ["first", "second"]);
});

test("an error's code follows from its status when the server gave none", () => {
  const codes = [0, 404, 409, 413, 429, 500].map((status) => new ApiError(status, "").code);
  assert.deepEqual(codes, [
    "offline",
    "unknown_experiment",
    "stale_version",
    "body_too_large",
    "busy",
    "internal",
  ]);
});
