/** Numbers as a reader wants them: the digits that matter, a true minus sign. */

import { language } from "./i18n.js";

/** @type {Map<string, Intl.NumberFormat>} */
const cache = new Map();

/**
 * @param {string} key
 * @param {Intl.NumberFormatOptions} options
 */
function formatter(key, options) {
  const full = `${language()} ${key}`;
  let found = cache.get(full);
  if (!found) cache.set(full, (found = new Intl.NumberFormat(language(), options)));
  return found;
}

/** @param {string} text */
const minus = (text) => text.replace(/^-/, "−");

/**
 * A loss: four decimals, fewer digits when large, scientific when tiny; "–" when there is none.
 * @param {number|null|undefined} value
 */
export function loss(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 5e-4 || size >= 1e5)) return scientific(value);
  const digits = size >= 100 ? 1 : size >= 10 ? 2 : 4;
  const options = {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  };
  return minus(formatter(`loss${digits}`, options).format(value));
}

/** @param {number} value */
export function scientific(value) {
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${minus(mantissa)}e${minus(exponent.replace("+", ""))}`;
}

/** Any measured number: three significant digits, a true minus sign. @param {number|null|undefined} value */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)) return scientific(value);
  return plain(value);
}

/** A difference: with its sign. @param {number} value */
export function signed(value) {
  return value > 0 ? `+${number(value)}` : number(value);
}

/**
 * A number beside an axis: short however large it is, as 1.25M, or 125万.
 * @param {number} value
 * @param {number} [digits]
 */
export function compact(value, digits = 4) {
  const size = Math.abs(value);
  if (size < 1e4 || size >= 1e15 || !Number.isFinite(size)) return plain(value, digits);
  const options = {
    notation: /** @type {const} */ ("compact"),
    maximumSignificantDigits: digits,
    useGrouping: false,
  };
  return minus(formatter(`compact${digits}`, options).format(value));
}

/** A counter: whole, grouped. @param {number} value */
export function count(value) {
  return formatter("count", { maximumFractionDigits: 0 }).format(value);
}

/** A percentage, whole unless it would be nothing then. @param {number} share */
export function percent(share) {
  if (share > 0 && share < 0.005) {
    const least = 0.0001;
    const some = formatter("percentLittle", { style: "percent", maximumSignificantDigits: 1 });
    return share < least ? `<\u2009${some.format(least)}` : some.format(share);
  }
  return formatter("percent", { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** A percentage with a decimal: 97.5 %. @param {number} share */
export function percent1(share) {
  return formatter("percent1", { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/**
 * A setting as one would write it: at most `digits` significant ones, no trailing zeros.
 * @param {number} value
 * @param {number} [digits]
 */
export function plain(value, digits = 4) {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) return scientific(value);
  const options = { maximumSignificantDigits: digits, useGrouping: false };
  return minus(formatter(`plain${digits}`, options).format(value));
}

/** A day that is written as 2025-07-04, in words, with its time if it has one; any other text as it is. @param {string} text */
export function date(text) {
  const found = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d)?$/.exec(text);
  if (!found) return text;
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { dateStyle: "long", timeZone: "UTC", ...(found[2] && { timeStyle: "short" }) };
  const moment = new Date(`${found[1]}${found[2] ?? "T00:00"}Z`);
  return new Intl.DateTimeFormat(language(), options).format(moment);
}
