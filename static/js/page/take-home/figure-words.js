/** The words over a figure, as Plotly takes them. */

/** Text that Plotly must not read as markup. @param {string} text */
export const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** @param {string} text */
export const heading = (text) => ({
  text: plain(text),
  x: 0.02,
  xanchor: "left",
  font: { size: 16 },
});
