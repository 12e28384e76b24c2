/** The study that is looked at, kept in step with a server that may be slow, away, or forgetful. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createStudy } from "../../../../static/js/experiment/study.js";
import { ApiError } from "../../../../static/js/server/api.js";
import { createClient } from "../../../../static/js/panels/seeds/client.js";
import { result } from "./fixtures.js";

const WANTED = {
  spec: { seed: 7, runs: [] },
  plan: { count: 20, first: 7, vary: "init", steps: 2, grid: {} },
  slots: [0, 1],
};

/** @type {any} */
let server;

/** A page with a fake server; a turn of its clock is one `sleep`. */
function createPage() {
  const state = {
    tab: "seeds",
    notice: null,
    problems: [],
    study: createStudy(),
    patch({ study = {}, ...rest }) {
      Object.assign(state, rest);
      Object.assign(state.study, study);
    },
  };
  server = {
    answers: [],
    calls: [],
    /** @param {string} name @param {unknown[]} given */
    async next(name, ...given) {
      server.calls.push([name, ...given]);
      await null;
      const answer = server.answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const api = {
    createStudy: (body) => server.next("create", body),
    study: (id, look) => server.next("read", id, look),
    cancelStudy: (id) => server.next("cancel", id),
    deleteStudy: (id) => server.next("delete", id),
  };
  const refusals = [];
  let entries = [];
  const kept = {
    add(entry) {
      entries.unshift(entry);
      return true;
    },
    find: () => entries[0] ?? null,
    remove: (id) => (entries = entries.filter((entry) => entry.id !== id)),
  };
  const client = createClient({
    state,
    api,
    kept,
    refused: (error) => refusals.push(error),
    sleep: () => new Promise((next) => setImmediate(next)),
    clock: () => 5,
  });
  return { state, client, refusals, kept, entries: () => entries };
}

/** @type {ReturnType<typeof createPage>} */
let page;
beforeEach(() => (page = createPage()));

async function settle() {
  for (let i = 0; i < 30; i++) await new Promise((next) => setImmediate(next));
}

const running = (done) => result({ status: "running", done });

test("a study is asked for, and followed until it is done", async () => {
  server.answers.push(running(0), running(20), result());
  assert.equal(await page.client.start(WANTED), true);
  await settle();
  const [[, body]] = server.calls;
  assert.deepEqual(body, {
    spec: WANTED.spec,
    seeds: { first: 7, count: 20 },
    vary: "init",
    steps: 2,
  });
  assert.equal(page.state.study.result.status, "done");
  assert.equal(page.state.study.phase, "known");
  assert.deepEqual(page.entries(), [{ ...WANTED, id: "study", made: 5 }]);
  assert.deepEqual(
    server.calls.map(([name]) => name),
    ["create", "read", "read"],
  );
});

test("what was asked for before is shown again, and not trained again", async () => {
  server.answers.push(result());
  await page.client.start(WANTED);
  server.answers.push(result());
  await page.client.start(WANTED);
  await settle();
  assert.deepEqual(
    server.calls.map(([name]) => name),
    ["create", "read"],
  );
});

test("a refusal leaves the study that was there as it was", async () => {
  server.answers.push(result());
  await page.client.start(WANTED);
  await settle();
  const refusal = new ApiError(422, "too many", [{ pointer: "/seeds/count", code: "x" }]);
  server.answers.push(refusal);
  assert.equal(await page.client.start(WANTED, { fresh: true }), false);
  assert.deepEqual(page.refusals, [refusal]);
  assert.equal(page.state.study.starting, false);
  assert.equal(page.state.study.entry.id, "study");
  assert.equal(page.state.study.phase, "known");
});

test("a second click while the first is under way asks for nothing", async () => {
  server.answers.push(result());
  const first = page.client.start(WANTED);
  assert.equal(await page.client.start(WANTED), false);
  assert.equal(await first, true);
  assert.equal(server.calls.length, 1);
});

test("a server that is away is asked again, and what is known stays", async () => {
  server.answers.push(running(5), new ApiError(0, "away"), new ApiError(429, "busy"), result());
  const seen = [];
  const { patch } = page.state;
  page.state.patch = (changes) => {
    patch(changes);
    if (changes.study?.away !== undefined)
      seen.push([changes.study.away, page.state.study.result?.done]);
  };
  await page.client.start(WANTED);
  await settle();
  assert.deepEqual(seen, [
    [false, 5],
    [true, 5],
    [true, 5],
    [false, 40],
  ]);
});

test("a study that the server has forgotten is said to be gone, and can be trained again", async () => {
  server.answers.push(running(5), new ApiError(404, "gone"));
  await page.client.start(WANTED);
  await settle();
  assert.equal(page.state.study.phase, "gone");
  assert.equal(page.state.study.result.done, 5);
  server.answers.push({ ...result(), id: "anew" }, new ApiError(404, "gone"));
  assert.equal(await page.client.again(), true);
  assert.deepEqual(
    page.entries().map(({ id }) => id),
    ["anew"],
  );
  assert.equal(page.state.study.phase, "known");
  assert.deepEqual(page.refusals, []);
});

test("of many targets the last one is read, one at a time", async () => {
  server.answers.push(result());
  await page.client.start(WANTED);
  await settle();
  server.answers.push(result({ target: 0.5 }), result({ target: 0.1 }));
  page.client.look(0.5);
  page.client.look(0.4);
  page.client.look(0.1);
  await settle();
  const targets = server.calls.slice(1).map(([, , { target }]) => target);
  assert.deepEqual(targets, [0.5, 0.1]);
  assert.equal(page.state.study.result.target, 0.1);
});

test("a cell without curves is asked for them", async () => {
  const bare = result({ cells: result().cells.map((cell) => strip(cell)), grid: { units: [2] } });
  server.answers.push(bare, bare, result());
  await page.client.start(WANTED);
  await settle();
  page.client.choose(0);
  await settle();
  const [, , look] = server.calls.at(-1);
  assert.equal(look.cell, 0);
  assert.ok(page.state.study.detail.recipes[0].loss);
});

/** @param {any} cell */
const strip = (cell) => ({
  ...cell,
  recipes: cell.recipes.map((recipe) => ({ ...recipe, loss: null })),
});

test("a cancelled study keeps what it has", async () => {
  server.answers.push(running(5), running(8));
  await page.client.start(WANTED);
  const cancelled = result({ status: "cancelled", done: 8 });
  server.answers.push(cancelled, cancelled, cancelled);
  await page.client.cancel();
  await settle();
  assert.equal(page.state.study.result.status, "cancelled");
});

test("a removed study is forgotten here, later there, and its late answers are not shown", async () => {
  server.answers.push(running(5));
  await page.client.start(WANTED);
  server.answers = [result(), null];
  page.client.remove();
  await settle();
  assert.equal(page.state.study.entry, null);
  assert.equal(page.state.study.result, null);
  assert.equal(page.state.study.phase, "none");
  assert.deepEqual(page.entries(), []);
  assert.deepEqual(server.calls.at(-1), ["delete", "study"]);
});

test("a removed study can be brought back for a while", async () => {
  server.answers.push(result());
  await page.client.start(WANTED);
  await settle();
  server.answers.push(result());
  page.client.remove()();
  await settle();
  assert.equal(page.state.study.entry.id, "study");
  assert.equal(page.entries().length, 1);
  assert.ok(server.calls.every(([name]) => name !== "delete"));
});

test("a target that is asked of a server that is away is read once it is back", async () => {
  server.answers.push(result());
  await page.client.start(WANTED);
  await settle();
  server.answers.push(new ApiError(0, "away"), result({ target: 0.1 }));
  page.client.look(0.1);
  await settle();
  assert.equal(page.state.study.result.target, 0.1);
  assert.equal(page.state.study.away, false);
});
