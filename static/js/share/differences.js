/** How one JSON document differs from another, as a list of paths, and how to apply that list. */

/** What a path says when the other document has nothing there. */
export const GONE = Symbol("gone");

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => value !== null && typeof value === "object";

/**
 * The paths at which `to` differs from `from`. Lists of one length are compared entry by entry.
 * @param {unknown} from
 * @param {unknown} to
 * @param {string[]} [path]
 * @returns {[string[], unknown][]}
 */
export function differences(from, to, path = []) {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const alike =
    isObject(from) &&
    isObject(to) &&
    Array.isArray(from) === Array.isArray(to) &&
    (!Array.isArray(from) || from.length === to.length) &&
    // A choice with another name is another thing: said whole, it reads better.
    from.name === to.name;
  if (!alike || JSON.stringify(to).length < 24) return [[path, to]];
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) => {
    const at = [...path, key];
    if (to[key] === undefined)
      return from[key] === undefined ? [] : /** @type {[string[], unknown][]} */ ([[at, GONE]]);
    if (from[key] === undefined) return /** @type {[string[], unknown][]} */ ([[at, to[key]]]);
    return differences(from[key], to[key], at);
  });
}

/**
 * A copy of a document with the differences applied.
 * @template T
 * @param {T} document
 * @param {[string[], unknown][]} changes
 * @returns {T}
 */
export function applied(document, changes) {
  const holder = { whole: structuredClone(document) };
  for (const [path, value] of changes) {
    /** @type {Record<string, unknown>} */
    let place = holder;
    const steps = ["whole", ...path];
    const last = /** @type {string} */ (steps.pop());
    if (FORBIDDEN.has(last) || steps.some((step) => FORBIDDEN.has(step)))
      throw new RangeError(`no document has a ${path.join(".")}`);
    for (const step of steps) {
      const inner = place[step];
      if (!isObject(inner)) throw new RangeError(`nothing to change at ${path.join(".")}`);
      place = inner;
    }
    if (value === GONE) delete place[last];
    else place[last] = structuredClone(value);
  }
  return holder.whole;
}
