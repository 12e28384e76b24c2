/**
 * What a lesson is, as the server gives it: its set-ups are complete.
 *
 * @typedef {import("./markup.js").Text} Text
 * @typedef {{kind: "number", low: number, high: number, scale?: "linear"|"log", unit?: Text|null, near?: number,
 *   answer: number}} NumberAxis
 * @typedef {{kind: "order", items: Text[], answer: number[]}} Order
 * @typedef {{kind: "shape", answer: number[]}} Shape
 * @typedef {{kind: "choice", options: {text: Text}[], answer: number}} Choice
 * @typedef {{kind: "sketch", high: number, near?: number}} Sketch
 * @typedef {{kind: "descend", x: string, y: string, moves: number, reach: number}} Descend
 * @typedef {NumberAxis|Order|Shape|Choice|Sketch|Descend} Prediction
 * @typedef {{quantity: string, run?: number, step?: number|null, seeds?: number, target?: number|null}} Measure
 * @typedef {object} Card
 * @property {Text} question
 * @property {{spec: import("../../types.js").Spec}} setup
 * @property {number} steps
 * @property {("network"|"learned"|"loss"|"surface")[]} show
 * @property {Record<string, string|boolean>} look
 * @property {boolean} locked
 * @property {Prediction} predict
 * @property {Measure} measure
 * @property {Text} why
 * @property {Text|null} [formula]
 * @property {Text|null} [try]
 * @typedef {{title: Text, about: Text, minutes: number, cards: Card[]}} Lesson
 * @typedef {import("../../types.js").Measured} Measured
 */

const OF_STUDIES = ["share", "median_steps", "factor"];

/** Whether a card is measured over many seeds. @param {Card} card */
export const isOfStudy = ({ measure }) => OF_STUDIES.includes(measure.quantity);

/** The tab that a card opens on. @param {Card} card */
export const tabOf = ({ look: { tab = "loss" } }) => String(tab);

/** @typedef {import("../../types.js").Part} Part */

/** What of the page says a quantity of an experiment that is not trained yet. @type {Partial<Record<string, Part[]>>} */
const TELLERS = {
  shape: ["signals", "explain", "surface"], // the network itself says no shapes while one is asked for
  loss: ["network", "learned", "loss", "surface"],
  parameter: ["network", "explain", "surface"],
  gradient: ["network", "signals", "explain", "surface"],
  sharpness: ["loss", "surface"],
  bound: ["loss", "surface"],
  layer_factor: ["network", "signals"],
  distinct: ["network", "learned", "signals", "explain"],
};
/** What says where one step leads, before it is made. @type {Part[]} */
const AHEAD = ["explain", "surface"];
/** A study trains, whatever is locked. @type {Part[]} */
const ALWAYS = ["seeds"];

/**
 * What of the page would tell the answer of a card, so that it is not seen before there is a prediction.
 * @param {Pick<Card, "measure"|"steps">} card
 * @returns {Part[]}
 */
export function tellersOf({ measure: { quantity, step }, steps }) {
  const at = step ?? steps;
  const inSight = at === 0 || quantity === "shape" ? (TELLERS[quantity] ?? []) : [];
  const ahead = at === 1 && ["loss", "parameter"].includes(quantity) ? AHEAD : [];
  return [...ALWAYS, ...inSight, ...ahead];
}

/** How a study of a card is asked for. @param {Card} card @returns {import("../../experiment/study.js").Plan} */
export function planOf({ setup: { spec }, measure, steps }) {
  return { first: spec.seed, count: measure.seeds ?? 100, vary: "init", steps, grid: {} };
}

/**
 * How fast to train, as a place in a list of speeds: a card takes about four seconds.
 * @param {number} steps
 * @param {number[]} speeds steps per second
 */
export function speedFor(steps, speeds) {
  const found = speeds.findIndex((speed) => speed >= steps / 4);
  return found < 0 ? speeds.length - 1 : found;
}
