/**
 * A whole experiment in a URL's fragment: `#v1&optimizer.learning_rate=0.5&step=137&tab=signals`.
 * Only what differs from a preset is said; what is long is compressed.
 */

import { GONE, applied, differences } from "./differences.js";
import { NotationError, read, write } from "./notation.js";

/**
 * @typedef {import("../types.js").Spec} Spec
 * @typedef {import("../types.js").Preset} Preset
 * @typedef {Record<string, string|number|boolean|number[]>} Look   the open view, as flat words
 * @typedef {{preset: string, spec: Spec, events: object[], step: number, look: Look, study: object|null,
 *   made?: object|null}} Shared
 *   `study`: how the experiment is repeated with many seeds, where it is; `made`: what of the page is shown, in a link
 *   made to measure
 */

export const VERSION = "v1";

/** A value longer than this is compressed. */
const LONG = 240;
/** No experiment has more steps: it is as many as the server keeps of one run. */
const FURTHEST = 4_000_000;
/** What would be longer is refused while it is unpacked, one value or all of a link: so many bytes make no experiment. */
export const MOST_UNPACKED = 1 << 24;
/** A link with more words is refused. */
export const MOST_WORDS = 2000;
const PACKED = "~";
const TAKEN_AWAY = "!x";
/** What is said of the moment and the view beside the differences of the spec. */
const OWN = new Set(["preset", "step", "events", "study", "class"]);
const LOOK = "see.";

/** A link that cannot be opened; `reason` is "broken" or "version". */
export class LinkError extends Error {
  /** @param {"broken"|"version"} reason @param {string} detail */
  constructor(reason, detail) {
    super(detail);
    this.reason = reason;
  }
}

/** What was said of specs: the same one is written again and again while it is trained. @type {WeakMap<Spec, [string, string][]>} */
const said = new WeakMap();

/**
 * How a spec differs from the preset that is nearest to it.
 * @param {Spec} spec
 * @param {Preset[]} presets
 * @returns {[string, string][]}
 */
function wordsOf(spec, presets) {
  // Whoever opens it gets everything else from the server, if not all of it.
  if (spec.mystery) return [["mystery", write(spec.mystery)]];
  const known = said.get(spec);
  if (known) return known;
  const told = presets.map((preset) => ({
    name: preset.name,
    fields: differences(preset.spec, spec).map(
      ([path, value]) =>
        /** @type {[string, string]} */ ([
          path.join("."),
          value === GONE ? TAKEN_AWAY : write(value),
        ]),
    ),
  }));
  /** @param {{fields: [string, string][]}} one */
  const length = ({ fields }) =>
    fields.reduce((sum, [key, value]) => sum + key.length + value.length + 2, 0);
  const base = told.reduce((best, one) => (length(one) < length(best) ? one : best));
  /** @type {[string, string][]} */
  const fields = base === told[0] ? [] : [["preset", write(base.name)]];
  fields.push(...base.fields);
  said.set(spec, fields);
  return fields;
}

/**
 * @param {Omit<Shared, "preset">} shared
 * @param {Preset[]} presets with complete specs
 */
function fieldsOf({ spec, events, step, look, study, made }, presets) {
  const fields = [...wordsOf(spec, presets)];
  if (events.length) fields.push(["events", write(events)]);
  if (step) fields.push(["step", String(step)]);
  if (study) fields.push(["study", write(study)]);
  if (made) fields.push(["class", write(made)]);
  for (const [name, value] of Object.entries(look)) fields.push([LOOK + name, write(value)]);
  return fields;
}

/**
 * The same as `toFragment`, at once and therefore not compressed: for a page that is being left.
 * @param {Omit<Shared, "preset">} shared
 * @param {Preset[]} presets
 */
export function plainFragment(shared, presets) {
  const fields = fieldsOf(shared, presets);
  return fields.length
    ? [VERSION, ...fields.map(([key, value]) => `${key}=${value}`)].join("&")
    : "";
}

/**
 * The fragment of an experiment, without `#`; "" for the first preset at step 0 seen as it opens.
 * @param {Omit<Shared, "preset">} shared
 * @param {Preset[]} presets with complete specs
 * @returns {Promise<string>}
 */
export async function toFragment(shared, presets) {
  const fields = fieldsOf(shared, presets);
  if (!fields.length) return "";
  const words = await Promise.all(
    fields.map(
      async ([key, value]) =>
        `${key}=${value.length > LONG ? PACKED + (await pack(value)) : value}`,
    ),
  );
  return [VERSION, ...words].join("&");
}

/**
 * What a fragment says.
 * @param {string} fragment with or without `#`
 * @param {Preset[]} presets
 * @returns {Promise<Shared>}
 * @throws {LinkError}
 */
export async function fromFragment(fragment, presets) {
  const [version, ...words] = fragment.replace(/^#/, "").split("&");
  if (version !== VERSION)
    throw new LinkError(/^v\d+$/.test(version) ? "version" : "broken", version.slice(0, 20));
  try {
    const fields = await fieldsIn(words);
    const own = Object.fromEntries(fields.filter(([key]) => OWN.has(key)));
    const {
      step = 0,
      events = [],
      preset = presets[0].name,
      study = null,
      class: made = null,
    } = own;
    const base = presets.find(({ name }) => name === preset);
    if (!base) throw new NotationError(`no preset ${String(preset).slice(0, 40)}`);
    const changes = fields.filter(([key]) => !OWN.has(key) && !key.startsWith(LOOK));
    const look = fields.filter(([key]) => key.startsWith(LOOK));
    checkTime(step, events);
    checkWords(study, made);
    return {
      preset: changes.length ? "" : preset,
      spec: specOf(base.spec, changes),
      events,
      step,
      study,
      made,
      look: Object.fromEntries(look.map(([key, value]) => [key.slice(LOOK.length), value])),
    };
  } catch (error) {
    throw new LinkError("broken", error instanceof Error ? error.message : String(error));
  }
}

/** Refuses words of a study or of a class that are none. @param {unknown} study @param {unknown} made */
function checkWords(study, made) {
  if (typeof study !== "object" || typeof made !== "object" || Array.isArray(made))
    throw new NotationError("no such study or class");
}

/**
 * A preset's spec with the changes that a link says; of a mystery all but its id is known to the server alone.
 * @param {Spec} base
 * @param {[string, any][]} changes
 * @returns {Spec}
 */
function specOf(base, changes) {
  const [[name, value] = []] = changes;
  if (changes.length === 1 && name === "mystery" && typeof value === "string")
    return /** @type {Spec} */ (/** @type {object} */ ({ mystery: value }));
  return applied(
    base,
    changes.map(([key, to]) => [key.split("."), to]),
  );
}

/** Refuses a step or events that are none, or a step further than any experiment goes. @param {unknown} step @param {unknown} events */
function checkTime(step, events) {
  if (
    !Number.isSafeInteger(step) ||
    Number(step) < 0 ||
    Number(step) > FURTHEST ||
    !Array.isArray(events)
  )
    throw new NotationError("no such step");
}

/** The names and the values of all words of a fragment. @param {string[]} words @returns {Promise<[string, any][]>} */
async function fieldsIn(words) {
  if (words.length > MOST_WORDS) throw new NotationError("too many words");
  const budget = { left: MOST_UNPACKED };
  return await Promise.all(words.map((word) => fieldOf(word, budget)));
}

/**
 * The name and the value of one word of a fragment; `budget` is what all its words may still unpack to.
 * @param {string} word
 * @param {{left: number}} budget
 * @returns {Promise<[string, any]>}
 */
async function fieldOf(word, budget) {
  const split = word.indexOf("=");
  if (split < 1) throw new NotationError(`no value in ${word.slice(0, 40)}`);
  const text = word.slice(split + 1);
  const plain = decodeURIComponent(
    text.startsWith(PACKED) ? await unpack(text.slice(PACKED.length), budget) : text,
  );
  return [word.slice(0, split), plain === TAKEN_AWAY ? GONE : read(plain)];
}

/** @param {string} text @returns {Promise<string>} base64url of the deflated text */
export async function pack(text) {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} text
 * @param {{left: number}} [budget] the bytes that it may unpack to, from which they are taken
 * @returns {Promise<string>}
 */
export async function unpack(text, budget = { left: MOST_UNPACKED }) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const plain = await through(bytes, new DecompressionStream("deflate-raw"), budget);
  return new TextDecoder("utf-8", { fatal: true }).decode(plain);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream|DecompressionStream} stream
 * @param {{left: number}} [budget]
 */
async function through(bytes, stream, budget = { left: MOST_UNPACKED }) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    budget.left -= next.value.length;
    if (budget.left < 0) {
      await reader.cancel().catch(() => {});
      throw new NotationError("too long");
    }
    parts.push(next.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
