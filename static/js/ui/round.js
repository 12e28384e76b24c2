/** Numbers rounded to the digits that a reader or a form needs, still as numbers. */

/** To so many significant digits. @param {number} value @param {number} digits */
export const toDigits = (value, digits) => Number(value.toPrecision(digits));

/** To so many decimal places. @param {number} value @param {number} places */
export const toPlaces = (value, places) => Math.round(value * 10 ** places) / 10 ** places;
