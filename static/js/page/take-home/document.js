/** An experiment as a document: written for whoever makes it again, and read with care. */

/** A document that is none; `key` and `values` say why. */
export class DocumentError extends Error {
  /** @param {string} key @param {Record<string, string>} [values] */
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

/** No document is larger, in characters: the server takes no larger request. */
export const MOST_CHARACTERS = 8_000_000;
/** What a spec may say at least one of; a document that has none of it is about something else. */
const KNOWN = ["data", "features", "layers", "loss", "batch_size", "seed", "optimizer", "runs"];
/** What else Basin writes and reads as JSON, by its mark: each is opened elsewhere. */
const OTHERS = {
  nbformat: "takeHome.in.import.notebook",
  basin_lesson: "takeHome.in.import.lesson",
  basin_hand_in: "takeHome.in.import.handIn",
};
/** Steps of a document are trained again, so that they are not without an end. */
const MOST_STEPS = 1_000_000;

/**
 * A spec with its events and its step, as the API takes it.
 * @param {{spec: import("../../types.js").Spec, events: object[], step: number}} shared
 */
export const writeDocument = ({ spec, events, step }) =>
  JSON.stringify(
    { ...spec, events: events.filter((event) => stepOf(event) <= step), step },
    null,
    2,
  );

/** @param {object} event */
const stepOf = (event) => ("step" in event ? Number(event.step) : 0);

/**
 * What a document says. It is only read here: whether every field can be used, the server says.
 * @param {string} text
 * @returns {{spec: import("../../types.js").Spec, events: object[], step: number}}
 * @throws {DocumentError}
 */
export function readDocument(text) {
  if (text.length > MOST_CHARACTERS) throw new DocumentError("takeHome.in.import.long");
  const found = parsed(text);
  if (!isExperiment(found)) throw new DocumentError("takeHome.in.import.foreign");
  const { events = [], step = 0, ...spec } = found;
  if (!Array.isArray(events)) throw new DocumentError("takeHome.in.import.events");
  if (!isStep(step)) throw new DocumentError("takeHome.in.import.step");
  return {
    spec: /** @type {import("../../types.js").Spec} */ (/** @type {unknown} */ (spec)),
    events,
    step,
  };
}

/** @param {unknown} step @returns {step is number} */
const isStep = (step) =>
  Number.isSafeInteger(step) && Number(step) >= 0 && Number(step) <= MOST_STEPS;

/** Whether it is about an experiment. @param {unknown} found @returns {found is Record<string, unknown>} */
function isExperiment(found) {
  if (typeof found !== "object" || found === null || Array.isArray(found)) return false;
  for (const [mark, key] of Object.entries(OTHERS)) if (mark in found) throw new DocumentError(key);
  return KNOWN.some((name) => name in found);
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const place = Number(/position (\d+)/.exec(said)?.[1] ?? NaN);
    if (!text.trim()) throw new DocumentError("takeHome.in.import.empty");
    if (!/^\uFEFF?\s*[{[]/.test(text)) throw new DocumentError("takeHome.in.import.other");
    // Where it breaks off, as a line: editors count them from 1.
    const end = Number.isNaN(place) ? text.length : place;
    const line = text.slice(0, end).split("\n").length;
    throw new DocumentError("takeHome.in.import.json", { line: String(line) });
  }
}
