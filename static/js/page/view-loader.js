/**
 * Fetches what the open views need beside the frames: the surface, the map of outputs, the inside of networks.
 * One request at a time, only the newest wish, and never faster than it can be drawn.
 */

import { ApiError } from "../server/api.js";
import { lookAtLandscape } from "../panels/landscape/load.js";
import { shownRuns } from "../panels/diagram/diagram.js";
import { takeInside, mapSize } from "../experiment/network-state.js";
import { createPace } from "../ui/throttle.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../panels/tab-panels.js").Wish} Wish
 */

const MAP = 100;
const NORMS = 160;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {typeof import("../server/api.js").api} options.api
 * @param {(error: unknown) => void} options.fail
 */
export function createLens({ state, api, fail }) {
  /** @type {Set<Wish>} */
  const wishes = new Set();
  let looking = false;
  let held = false;
  /** @type {Promise<void>} */
  let pumping = Promise.resolve();
  let again = 0;
  const surfacePace = createPace({ every: 600, share: 0.15, longest: 5000 });
  const insidePace = createPace({ every: 800, share: 0.25 });

  /** @type {Record<Wish, () => Promise<() => void>>} */
  const look = {
    surface: () => lookAtLandscape(state, api),
    async outputs() {
      const of = { run: state.chosen, size: MAP, step: state.step, neurons: false };
      const outputs = await api.outputs(state.summary.id, of);
      return () => {
        if (outputs.run !== state.chosen || state.playing) return;
        state.outputs = outputs;
        state.emitNow("outputs");
      };
    },
    async metrics() {
      const { chosen: run, step } = state;
      const metrics = await api.metrics(state.summary.id, { run, step });
      return () => {
        if (run !== state.chosen || state.playing) return;
        state.metrics = metrics;
        state.emitNow("metrics");
      };
    },
    async inside() {
      const { id } = state.summary;
      const { step } = state;
      const size = mapSize(state.live.spec);
      const told = await Promise.all(
        shownRuns(state).map(async (run) => {
          const asked = { run, step, size, neurons: true, gradients: true };
          const [frame, before] = await Promise.all([
            api.frame(id, asked),
            step && !state.playing ? api.parameters(id, { run, step: step - 1 }) : null,
          ]);
          return { inside: frame.inside, before };
        }),
      );
      return () => {
        for (const { inside, before } of told) takeInside(state.inside, inside, before);
        state.emitNow("inside");
      };
    },
    async norms() {
      const of = { step: state.step, points: NORMS };
      const norms = await api.signalHistory(state.summary.id, of);
      return () => {
        state.norms = norms;
        state.emitNow("norms");
      };
    },
    async trace() {
      const { chosen: run, step } = state;
      const { parameter, sample } = state.traced;
      const trace = await api.trace(state.summary.id, { run, step, parameter, sample });
      return () => {
        if (run !== state.chosen || parameter !== state.traced.parameter) return;
        state.trace = trace;
        state.emitNow("trace");
      };
    },
    async diagnostics() {
      const diagnostics = await api.diagnostics(state.summary.id, { step: state.step });
      return () => {
        state.diagnostics = diagnostics;
        state.emitNow("diagnostics");
      };
    },
  };

  function pump() {
    if (!looking && !held) pumping = lookAll();
  }

  async function lookAll() {
    looking = true;
    try {
      for (const wish of wishes) {
        if (held) break;
        wishes.delete(wish);
        const { id } = state.summary;
        const { step } = state;
        try {
          const apply = await look[wish]();
          // Another experiment, or a rewind in the meantime: what came is of no use any more.
          if (state.summary.id === id && (state.playing ? state.step >= step : state.step === step))
            apply();
          else wishes.add(wish);
        } catch (error) {
          if (state.summary.id !== id || state.step < step) wishes.add(wish);
          else if (error instanceof ApiError && (error.status === 0 || error.status === 429))
            later(wish);
          else fail(error);
        }
      }
    } finally {
      looking = false;
    }
  }

  /** @param {Wish} wish */
  function later(wish) {
    clearTimeout(again);
    again = window.setTimeout(() => {
      again = 0;
      lens.want(wish);
    }, 1500);
  }

  const lens = {
    /** @param {Wish[]} wanted */
    want(...wanted) {
      for (const wish of wanted) wishes.add(wish);
      pump();
    },
    /** While playing: looks again at what is due. @param {number} now @param {boolean} surfaceSeen */
    tick(now, surfaceSeen) {
      if (looking || again) return; // again: the server had no answer a moment ago
      if (surfaceSeen && surfacePace.due(now)) {
        surfacePace.done(now, 0);
        lens.want("surface");
      }
      if (insidePace.due(now)) {
        insidePace.done(now, 0);
        // The chosen run comes with the blocks, unless it is large.
        const asked = shownRuns(state).length > 1 || !state.inside.has(state.chosen);
        if (asked || state.summary.parameter_names.length > 600) lens.want("inside");
        lens.want("diagnostics");
      }
    },
    /** Looks at nothing more until `goOn`; resolves once the look under way is over. */
    async rest() {
      held = true;
      await pumping;
    },
    goOn() {
      held = false;
      if (wishes.size) pump();
    },
    /** The surface was drawn. @param {number} began @param {number} took milliseconds */
    drewSurface(began, took) {
      surfacePace.done(began, took);
    },
  };
  return lens;
}
