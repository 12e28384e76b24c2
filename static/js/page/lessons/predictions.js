/** Every kind of prediction: how it is made, and how what was measured is drawn over it. */

import { axisControl, axisOutcome } from "./axis.js";
import { descendControl, descendOutcome } from "./descend.js";
import { orderControl, orderOutcome } from "./order.js";
import { choiceControl, choiceOutcome, shapeControl, shapeOutcome } from "./pick.js";
import { sketchControl, sketchOutcome } from "./sketch.js";

/**
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {import("./judge.js").Guess} Guess
 * @typedef {import("./descend.js").Land} Land
 * @typedef {import("./judge.js").Guesses} Guesses
 * @typedef {(guess: Guess|null) => void} Change
 */

/**
 * @type {{[K in keyof Guesses]: {
 *   control: (card: Card, guess: Guesses[K]|null, change: Change, land: Land) => HTMLElement,
 *   outcome: (card: Card, guess: Guesses[K]|null, measured: import("./lesson.js").Measured, land: Land) => HTMLElement}}}
 */
export const PREDICTIONS = {
  number: { control: axisControl, outcome: axisOutcome },
  order: { control: orderControl, outcome: orderOutcome },
  choice: { control: choiceControl, outcome: choiceOutcome },
  shape: { control: shapeControl, outcome: shapeOutcome },
  sketch: { control: sketchControl, outcome: sketchOutcome },
  descend: { control: descendControl, outcome: descendOutcome },
};
