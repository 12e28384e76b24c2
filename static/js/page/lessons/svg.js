/** Small pictures of predictions, as SVG whose texts can be read. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string|number>} attributes
 * @param {(Node|string)[]} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A picture that is told in words, too. @param {number} width @param {number} height @param {string} words @param {SVGElement[]} children */
export const picture = (width, height, words, ...children) =>
  svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": words,
      class: "lesson-picture",
    },
    ...children,
  );

/** @param {number} x @param {number} y @param {string} words @param {Record<string, string|number>} [more] */
export const label = (x, y, words, more = {}) => svg("text", { x, y, ...more }, words);

/** A line through points. @param {[number, number][]} points @param {string} name */
export const line = (points, name) =>
  svg("polyline", {
    points: points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "),
    class: name,
  });
