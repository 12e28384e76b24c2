/**
 * JSON in the characters that may stand in a URL's fragment, short enough to read:
 * `(units:4,activation:tanh)`, `!(1,2)`, `!t`, `!n`, `'any text'`. A subset of Rison.
 */

/** A text that cannot be read as a value. */
export class NotationError extends Error {}

const BARE = /^[A-Za-z_][\w.-]*$/;

/** What may stand in a fragment as it is; everything else is percent-encoded. @param {string} text */
const escaped = (text) =>
  encodeURIComponent(text).replace(/%(?:24|2C|3A|3B|40)/gi, decodeURIComponent);

/** @param {string} text */
const quoted = (text) => (BARE.test(text) ? text : `'${escaped(text.replace(/[!']/g, "!$&"))}'`);

/**
 * @param {unknown} value JSON
 * @returns {string}
 */
export function write(value) {
  if (value === null) return "!n";
  if (value === true) return "!t";
  if (value === false) return "!f";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `!(${value.map(write).join(",")})`;
  const entries = Object.entries(/** @type {object} */ (value)).filter(([, v]) => v !== undefined);
  return `(${entries.map(([key, inner]) => `${quoted(key)}:${write(inner)}`).join(",")})`;
}

/**
 * The value of a text that `write` made, after percent-decoding. Anything else is a NotationError.
 * @param {string} text
 * @returns {any}
 */
export function read(text) {
  let at = 0;

  /** @param {string} sign */
  function expect(sign) {
    if (text[at] !== sign) throw new NotationError(`${sign} expected at ${at}`);
    at += 1;
  }

  /** Reads entries up to the closing bracket. @param {() => void} entry */
  function entries(entry) {
    if (text[at] === ")") return expect(")");
    for (;;) {
      entry();
      if (text[at] === ")") return expect(")");
      expect(",");
    }
  }

  function word() {
    if (text[at] === "'") {
      let word = "";
      for (at += 1; text[at] !== "'"; at += 1) {
        if (at >= text.length) throw new NotationError("a text has no end");
        if (text[at] === "!") at += 1;
        word += text[at];
      }
      at += 1;
      return word;
    }
    const found = /^[A-Za-z_][\w.-]*/.exec(text.slice(at, at + 200))?.[0];
    if (!found) throw new NotationError(`a value expected at ${at}`);
    at += found.length;
    return found;
  }

  /** @returns {unknown} */
  function value() {
    const sign = text[at];
    if (sign === "(") {
      at += 1;
      /** @type {[string, unknown][]} */
      const pairs = [];
      entries(() => {
        const key = word();
        expect(":");
        pairs.push([key, value()]);
      });
      return Object.fromEntries(pairs);
    }
    if (sign === "!") {
      const kind = text[at + 1];
      at += 2;
      if (kind === "n") return null;
      if (kind === "t") return true;
      if (kind === "f") return false;
      if (kind !== "(") throw new NotationError(`!${kind} means nothing`);
      /** @type {unknown[]} */
      const list = [];
      entries(() => list.push(value()));
      return list;
    }
    const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/.exec(text.slice(at, at + 40))?.[0];
    if (!number) return word();
    at += number.length;
    return Number(number);
  }

  const whole = value();
  if (at !== text.length) throw new NotationError(`something is left over at ${at}`);
  return whole;
}
