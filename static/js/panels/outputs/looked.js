/**
 * What the large map shows: the chosen run at the step that is shown, and as long as something is pointed at, that:
 * a neuron of the diagram, or another moment of a run.
 */

import { featureMap, featuresOf, offered, rawInputs } from "../../experiment/features.js";
import { inputPlane, planeQuery, presentOutputs } from "../../experiment/input-plane.js";
import { neuronInWords } from "../../experiment/part-names.js";
import { runNames } from "../../experiment/state.js";
import { decode } from "../../server/typed-array.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Outputs} Outputs
 * @typedef {import("./decision-map.js").Shown} Shown
 */

/** How fine the map of a neuron or of another moment is. */
const FINE = 64;
/** So many maps are kept, for a pointer that goes to and fro. */
const KEPT = 60;

/**
 * @param {State} state
 * @param {Pick<typeof import("../../server/api.js").api, "outputs">} api
 * @param {() => void} arrived   told when a map has come that was asked for
 */
export function createLooked(state, api, arrived) {
  /** @type {Map<string, Outputs>} */
  const known = new Map();
  /** What is asked for, and what the pointer wished for meanwhile. */
  let asking = false;
  /** @type {(() => void)|null} */
  let next = null;

  /**
   * A map that is known; one that is not is asked for, the latest wish alone.
   * @param {{run: number, step: number, neuron?: string}} of
   */
  function mapOf(of) {
    const { id, version } = state.summary;
    const query = { ...of, ...planeQuery(state), size: FINE, neurons: false };
    const key = JSON.stringify([id, version, query]);
    const found = known.get(key);
    if (found) return found;
    next = () => ask(id, key, query);
    if (!asking) goOn();
    return null;
  }

  function goOn() {
    const ask = next;
    next = null;
    ask?.();
  }

  /** @param {string} id @param {string} key @param {Parameters<typeof api.outputs>[1]} query */
  async function ask(id, key, query) {
    asking = true;
    try {
      const found = await api.outputs(id, query);
      if (known.size >= KEPT) known.delete(/** @type {string} */ (known.keys().next().value));
      known.set(key, found);
      arrived();
    } catch {
      // Gone meanwhile, or no answer: what is drawn coarsely stays.
    } finally {
      asking = false;
      goOn();
    }
  }

  /** A neuron as finely as it is known. @param {NonNullable<State["network"]["looked"]>} looked @returns {ArrayLike<number>|null} */
  function valuesOf({ run, part: { layer, row } }) {
    if (layer === 0) return inputValues(state, row);
    const inside = state.inside.get(run);
    const coarse = inside?.outputs?.neurons?.[layer - 1]?.[row];
    const still = !state.hurried && inside?.step === state.step;
    const fine = still ? mapOf({ run, step: state.step, neuron: `b${layer}[${row}]` }) : null;
    const told = fine?.neuron ?? coarse;
    return told ? decode(told) : null;
  }

  /** The map of the moment that is pointed at, where it is another one than that shown. */
  function momentOf() {
    const { hover } = state;
    const step = hover?.step ?? state.step; // all of a run: as it is now
    if (!hover || step > state.serverStep || state.hurried) return null;
    if (hover.run >= state.runs.length) return null; // a row of a run that is on its way
    const moment = { run: hover.run, step };
    if (moment.run === state.chosen && moment.step === state.step) return null;
    const found = mapOf(moment);
    const title = t("learned.moment", {
      name: runNames(state)[moment.run] ?? "",
      step: format.count(moment.step),
    });
    return found ? { outputs: found, neuron: null, title } : null;
  }

  return {
    /** @returns {Shown & {title: string}}   the title is "" where nothing is pointed at */
    now() {
      const { looked } = state.network;
      const outputs = presentOutputs(state);
      const values = looked && valuesOf(looked);
      if (looked && values) {
        const name = neuronInWords(state, looked.part.layer, looked.part.row);
        return { outputs, neuron: { values, range: around(values), name }, title: name };
      }
      return momentOf() ?? { outputs, neuron: null, title: "" };
    },
  };
}

/** An input over the plane. @param {State} state @param {number} row */
function inputValues(state, row) {
  const { data, setup, catalog } = state;
  const { spec } = setup;
  const inputs = rawInputs(spec, catalog);
  const name = featuresOf(spec, catalog)[row];
  const feature = offered(catalog, inputs).find((one) => one.name === name);
  if (!feature || data?.extent.length !== inputs) return null;
  const ranges = /** @type {[number, number][]} */ (data.extent);
  const held = state.outputs?.held ?? ranges.map(([low, high]) => (low + high) / 2);
  return featureMap(feature, { ranges, axes: inputPlane(state), held, side: FINE });
}

/** A range around 0, of two colours alike. @param {ArrayLike<number>} values @returns {[number, number]} */
function around(values) {
  let most = 0.05;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return [-most, most];
}
