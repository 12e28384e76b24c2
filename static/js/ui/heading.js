/** The words over a figure, as Plotly takes them. */

import { literal } from "./plotly.js";

/** @param {string} text */
export const heading = (text) => ({
  text: literal(text),
  x: 0.02,
  xanchor: "left",
  font: { size: 16 },
});
