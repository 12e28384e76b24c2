/** A page without a document for the tests of the conductors: state, loader and conductor on a fake server and clock. */

import { setupOf } from "../../static/js/experiment/edits.js";
import { createState } from "../../static/js/experiment/state.js";
import { createSync } from "../../static/js/experiment/sync.js";
import { createFrameScheduler } from "../../static/js/page/frame-scheduler.js";
import { createViewLoader } from "../../static/js/page/view-loader.js";
import { createConductor } from "../../static/js/playback/conductor.js";
import { createRetry } from "../../static/js/server/retry.js";
import { CATALOG, SPEC, createFakeServer } from "./fake-server.js";

/** Everything that is under way comes to an end. */
export async function settle(turns = 60) {
  for (let i = 0; i < turns; i++) await new Promise((next) => setImmediate(next));
}

export async function createFakePage() {
  const server = createFakeServer();
  const { api } = server;
  const summary = await api.create(SPEC);
  const state = createState(CATALOG, summary, setupOf(summary.spec), { speed: 3, theme: "light" });
  state.data = await api.data(summary.id);
  server.calls.length = 0;

  let now = 0;
  /** @type {(() => void)[]} */
  let frames = [];
  const scheduler = createFrameScheduler({ clock: () => now, frame: (run) => frames.push(run) });
  const sleep = () => new Promise((next) => setImmediate(next));
  const retry = createRetry({ say: (key) => state.patch({ notice: { key } }), sleep });
  const sync = createSync({ state, api, retry });
  const loader = createViewLoader({ state, api, fail: sync.recover, later: setImmediate });
  loader.serve({
    loads: {
      async diagnostics(one, from) {
        const found = await from.diagnostics(one.summary.id, { step: one.step });
        return () => one.patchNow({ diagnostics: found });
      },
    },
    needs: () => ["diagnostics"],
  });
  const conductor = createConductor({ state, api, sync, loader, scheduler, sleep });

  return {
    server,
    state,
    sync,
    loader,
    conductor,
    /** The server's own word of the experiment that is on the page. */
    truth: () => server.at(state.summary.id),
    /** So many frames of the display, 16 ms each. @param {number} count */
    async play(count) {
      for (let i = 0; i < count; i++) {
        now += 16;
        const due = frames;
        frames = [];
        for (const run of due) run();
        await settle(4);
      }
    },
  };
}

/** The page shows what the server says of that step, and nothing is left over behind it. */
export function assertTrue(assert, { state, server }) {
  const { steps, train } = state.curves;
  assert.deepEqual(state.train, server.lossAt(state.summary.id, state.step), "the losses shown");
  for (const [i, step] of steps.entries()) {
    const real = server.lossAt(state.summary.id, step);
    assert.deepEqual(
      train.map((values) => values[i]),
      real,
      `the curves at step ${step}`,
    );
  }
}
