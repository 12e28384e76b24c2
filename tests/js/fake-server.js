/**
 * A server in memory for the tests of the conductors: experiments whose loss follows from their step and their history
 * alone, so that whatever the page shows can be checked against where the server is. It can lose answers, be busy,
 * forget an experiment, or have somebody else move one.
 */

import { ApiError } from "../../static/js/server/api.js";

const NAMES = ["W1[0,0]", "b1[0]", "W2[0,0]"];
const PLAIN = { name: "gradient_descent", learning_rate: 1 };
const REST = {
  schedule: { name: "constant" },
  clipping: { name: "none" },
  regularizer: { name: "none" },
};

export const SPEC = {
  data: { name: "circle", samples: 10, seed: 1 },
  layers: [
    { units: 1, activation: "tanh" },
    { units: 1, activation: "sigmoid" },
  ],
  loss: "cross_entropy",
  batch_size: null,
  seed: 7,
  optimizer: PLAIN,
  ...REST,
  runs: [{ label: "first" }, { label: "second" }],
};

export const CATALOG = {
  data: [
    { name: "circle", task: "classification", classes: 2, parameters: [] },
    { name: "line", task: "regression", parameters: [] },
  ],
  fields: { count: { name: "count", minimum: 1, maximum: 1000 } },
  recipes: [],
  presets: [],
};

export function createFakeServer() {
  let made = 0;
  /** @type {Map<string, any>} */
  const experiments = new Map();
  /** What happens to the next calls of a name: an error before or after the server has acted. */
  /** @type {{name: string, error: ApiError, after: boolean}[]} */
  const faults = [];
  /** @type {{name: string, body: any}[]} */
  const calls = [];
  /** Calls of these names wait until they are let go. @type {Map<string, (() => void)[]>} */
  const held = new Map();
  /** @type {string[]} */
  const refusals = [];

  const at = (id) => {
    const found = experiments.get(id);
    if (!found) throw new ApiError(404, "gone", [{ code: "unknown_experiment", pointer: "" }]);
    return found;
  };
  /** The loss of a run depends on every learning rate on the way and on what was set by hand. */
  const loss = (it, step) =>
    it.spec.runs.map((_, run) => {
      let sum = 1 + run;
      for (let t = 0; t < step; t++) sum *= 1 - 0.01 * rateAt(it, t);
      const hand = it.events.filter((event) => event.parameters && event.step <= step).length;
      return sum + 10 * hand;
    });
  const rateAt = (it, step) =>
    it.events.reduce(
      (rate, event) =>
        event.optimizer && event.step <= step ? event.optimizer.learning_rate : rate,
      it.spec.optimizer.learning_rate,
    );
  const optimizerOf = (it) => ({ ...it.spec.optimizer, learning_rate: rateAt(it, it.step) });
  const runsOf = (it, step) =>
    it.spec.runs.map((run) => ({
      label: run.label,
      status: it.diverged !== null && step >= it.diverged ? "diverged" : "training",
      diverged_at: it.diverged !== null && step >= it.diverged ? it.diverged : null,
      optimizer: optimizerOf(it),
      ...REST,
    }));
  const summary = (it) =>
    structuredClone({
      id: it.id,
      version: it.version,
      spec: it.spec,
      step: it.step,
      epoch: it.step,
      batches_per_epoch: 1,
      shapes: [],
      parameter_names: NAMES,
      runs: runsOf(it, it.step),
      loss: { train: loss(it, it.step), test: [null, null], penalty: [0, 0] },
      events: it.events,
    });
  const change = (id, version, work) => {
    const it = at(id);
    if (version !== undefined && version !== it.version)
      throw new ApiError(409, "stale", [{ code: "stale_version", pointer: "/version" }]);
    work(it);
    it.version += 1;
    return it;
  };
  const check = (it, step) => {
    if (step > it.step)
      throw new ApiError(422, "no such step", [{ code: "out_of_range", pointer: "/step" }]);
  };
  const inside = (run, step) => ({ run, step, W: [[[step]]], b: [[step]], gradients: null });

  const acts = {
    create(document) {
      const { events = [], step = 0, ...spec } = document;
      if (spec.seed === 666)
        throw new ApiError(422, "no", [{ code: "out_of_range", pointer: "/seed" }]);
      const it = { id: `e${++made}`, version: 1, step, events: [...events], diverged: null };
      it.spec = { ...structuredClone(SPEC), ...structuredClone(spec) };
      experiments.set(it.id, it);
      return summary(it);
    },
    read: (id) => summary(at(id)),
    data: (id) => ({
      inputs: ["x1"],
      task: "classification",
      train: { x: [], y: [] },
      of: at(id).id,
    }),
    loss(id) {
      const it = at(id);
      const steps = Array.from({ length: it.step + 1 }, (_, step) => step);
      const rows = steps.map((step) => loss(it, step));
      return {
        steps,
        train: it.spec.runs.map((_, run) => rows.map((row) => row[run])),
        test: [[], []],
      };
    },
    patch: (id, { version, run: _, ...parts }) =>
      summary(change(id, version, (it) => it.events.push({ step: it.step, run: null, ...parts }))),
    steps(id, { count, every, version }) {
      const from = at(id).step;
      const it = change(id, version, (one) => (one.step += count));
      const steps = [];
      for (let step = from + every; step < it.step; step += every) steps.push(step);
      steps.push(it.step);
      const rows = steps.map((step) => loss(it, step));
      const columns = (values) => it.spec.runs.map((_, run) => values.map((row) => row[run]));
      return {
        id,
        version: it.version,
        step: it.step,
        steps,
        runs: runsOf(it, it.step),
        train: columns(rows),
        test: columns(rows.map((row) => row.map(() => null))),
        penalty: columns(rows.map((row) => row.map(() => 0))),
        metrics: [{ train: 1, test: 1 }],
        inside: inside(0, it.step),
      };
    },
    rewind: (id, { step, version }) =>
      summary(
        change(id, version, (it) => {
          check(it, step);
          it.step = step;
          it.events = it.events.filter((event) => event.step <= step);
        }),
      ),
    branch(id, { step, change: wanted = {} }) {
      const it = at(id);
      check(it, step);
      const events = it.events.filter((event) => event.step <= step);
      if (wanted.optimizer) events.push({ step, run: null, optimizer: wanted.optimizer });
      const id2 = `e${++made}`;
      experiments.set(id2, { ...it, id: id2, version: 1, step, events });
      return summary(experiments.get(id2));
    },
    setParameters: (id, { version, ...given }) => ({
      version: change(id, version, (it) =>
        it.events.push({ step: it.step, run: given.run, parameters: given }),
      ).version,
    }),
    parameters: (id, { run, step }) => {
      check(at(id), step);
      return { ...inside(run, step), version: at(id).version };
    },
    frame(id, { step, run }) {
      const it = at(id);
      check(it, step);
      const train = loss(it, step);
      return {
        step,
        runs: runsOf(it, step),
        loss: { train, test: [null, null] },
        metrics: [{ train: step / 100, test: null }],
        inside: inside(run, step),
      };
    },
    outputs: (id, { run, step }) => (check(at(id), step), { run, step, output: {} }),
    metrics: (id, { run, step }) => (check(at(id), step), { run, step, task: "classification" }),
    diagnostics: (id, { step }) => (check(at(id), step), { step, runs: [] }),
  };

  const answerOf = (name, given) => {
    try {
      return acts[name](...given);
    } catch (error) {
      refusals.push(name);
      throw error;
    }
  };

  /** A call as it comes over the network: later, and perhaps not at all. */
  const call =
    (name) =>
    async (...given) => {
      calls.push({ name, body: structuredClone(given) });
      await new Promise((next) => setImmediate(next));
      const waiting = held.get(name);
      if (waiting) await new Promise((next) => waiting.push(next));
      const place = faults.findIndex((fault) => fault.name === name);
      const [fault] = place < 0 ? [] : faults.splice(place, 1);
      if (fault && !fault.after) throw fault.error;
      const answer = answerOf(name, given);
      if (fault) throw fault.error;
      return answer;
    };

  return {
    api: Object.fromEntries(Object.keys(acts).map((name) => [name, call(name)])),
    calls,
    /** The names of the calls that were refused. */
    refusals,
    /** How often a call was made. @param {string} name */
    count: (name) => calls.filter((one) => one.name === name).length,
    /** The next call of a name fails. @param {string} name @param {ApiError} error @param {{after?: boolean}} [how] */
    fail: (name, error, { after = false } = {}) => faults.push({ name, error, after }),
    forget: (id) => experiments.delete(id),
    /** Somebody else trains it. */
    move: (id, step) => change(id, undefined, (it) => (it.step = step)),
    diverge: (id, step) => (at(id).diverged = step),
    at: (id) => summary(at(id)),
    lossAt: (id, step) => loss(at(id), step),
    hold: (name) => held.set(name, []),
    release(name) {
      for (const go of held.get(name) ?? []) go();
      held.delete(name);
    },
  };
}

export const lost = () => new ApiError(0, "no answer");
export const busy = () => new ApiError(429, "busy", [], 0.001);
