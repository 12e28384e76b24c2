/** What is known of the inside of the runs that are drawn: W and b, their gradient, the neurons' maps. */

/**
 * @typedef {import("../types.js").Inside} Inside
 * @typedef {import("../types.js").InsideFrame} InsideFrame
 * @typedef {{kind: "weight", layer: number, row: number, column: number}
 *   |{kind: "neuron", layer: number, row: number}} Part   layers count from 1, the inputs are 0
 * @typedef {{kind: "forward"|"loss"|"backward"|"update", layer: number}} Phase   of one explained step
 */

/** Neurons of one network that are told with fine maps; more have coarse ones. */
const FEW = 40;

/**
 * How fine the maps of a network's neurons should be: enough for their size on the screen.
 * @param {{layers: {units: number}[]}} spec
 */
export function mapSize({ layers }) {
  return layers.reduce((sum, { units }) => sum + units, 0) <= FEW ? 24 : 10;
}

/**
 * Takes up what the server tells of a run at a step. What was known of an earlier step tells the last change.
 * @param {Map<number, Inside>} known by run
 * @param {InsideFrame} told
 * @param {(import("../types.js").Values & {step: number})|null} [before] the step before, where it was asked for
 */
export function takeInside(known, told, before) {
  const last = known.get(told.run) ?? null;
  const same = last?.step === told.step ? last : null;
  known.set(told.run, {
    ...told,
    gradients: told.gradients ?? same?.gradients ?? null,
    outputs: told.outputs ?? last?.outputs ?? null,
    before: before ?? (same ? same.before : earlierOf(last, told.step)),
  });
}

/** W and b of a step before, for the last change. @param {Inside|null} last @param {number} step */
const earlierOf = (last, step) =>
  last && last.step < step ? { step: last.step, W: last.W, b: last.b } : null;
