/**
 * Fetches what the open views need beside the frames: the surface, the map of outputs, the neurons and weights.
 * One request at a time, only the newest wish, and never faster than it can be drawn.
 */

import { ApiError } from "./api.js";
import { ceilingOf } from "./curves.js";
import { createPace } from "./pace.js";
import { axesKey, pathsOf, tamed } from "./paths.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {"surface"|"outputs"|"neurons"} Wish
 */

const SURFACE = 61;
const MAP = 100;
const NEURON = 24;
/** Beyond this many parameters the diagram shows neither weights nor neurons. */
const DRAWABLE = 600;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {typeof import("./api.js").api} options.api
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
  const neuronPace = createPace({ every: 350, share: 0.25 });

  /** @type {Record<Wish, () => Promise<() => void>>} */
  const look = {
    async surface() {
      const { axes, chosen: run } = state;
      const ceiling = ceilingOf(state.curves.train);
      const known = state.paths?.axes === axesKey(axes) ? state.paths : null;
      const [x_min, x_max] = (known && tamed(known, "x", ceiling)) ?? [];
      const [y_min, y_max] = (known && tamed(known, "y", ceiling)) ?? [];
      const of = { run, ...axes, size: SURFACE, step: state.step, x_min, x_max, y_min, y_max };
      const surface = await api.surface(state.summary.id, of);
      return () => {
        if (axesKey(surface.axes) !== axesKey(state.axes) || surface.run !== state.chosen) return;
        state.surface = surface;
        state.paths = pathsOf(surface, state.playing ? state.paths : null);
        state.emitNow("surface", "paths");
      };
    },
    async outputs() {
      const of = { run: state.chosen, size: MAP, step: state.step, neurons: false };
      const outputs = await api.outputs(state.summary.id, of);
      return () => {
        if (outputs.run !== state.chosen || state.playing) return;
        state.outputs = outputs;
        state.emitNow("outputs");
      };
    },
    async neurons() {
      if (state.summary.parameter_names.length > DRAWABLE) return () => {};
      const { chosen: run, step } = state;
      const { id } = state.summary;
      const [neurons, parameters] = await Promise.all([
        api.outputs(id, { run, size: NEURON, step, neurons: true }),
        api.parameters(id, { run, step }),
      ]);
      return () => {
        if (run !== state.chosen) return;
        state.neurons = neurons;
        state.parameters = parameters;
        state.emitNow("neurons");
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
      if (neuronPace.due(now)) {
        neuronPace.done(now, 0);
        lens.want("neurons");
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
