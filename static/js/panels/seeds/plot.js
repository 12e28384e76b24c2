/** The curves of a study: J of every recipe as a median within its bands, and under it the share that reached the target. */

import { palette, runColor, runDash } from "../../ui/theme.js";
import { CONFIG, flatAxis, flatLayout, hoverStyle, literal } from "../../ui/plotly.js";
import { t } from "../../ui/i18n.js";
import { heights } from "../../experiment/loss-history.js";
import { lossBands, shareBands } from "../loss/bands.js";

/**
 * @typedef {import("../../types.js").StudyCell} StudyCell
 * @typedef {import("../../types.js").QuantileCurves} QuantileCurves
 * @typedef {import("../../ui/theme.js").Theme} Theme
 * @typedef {(number|null)[]} Values
 *
 * @typedef {object} Look   how it is drawn
 * @property {StudyCell} cell
 * @property {number[]} steps     at which the curves are known
 * @property {string[]} names     of the runs
 * @property {number[]} slots     their colours
 * @property {number|null} target
 * @property {Theme} theme
 * @property {boolean} log        whether J has a logarithmic scale
 * @property {boolean} test       whether medians of the test loss are drawn, too
 * @property {string} revision    what a learner's zoom belongs to
 */

/** What is drawn, in words; of one seed there are no halves. @param {Look} look */
export function captionOf({ cell, test }) {
  const { recipes } = cell;
  const drawn = t(recipes.every(({ seeds }) => seeds === 1) ? "seeds.curves.one" : "seeds.curves");
  const tests = test && recipes.some(({ test_loss: losses }) => losses);
  return drawn + (tests ? t("seeds.curves.test") : "");
}

/** @param {PlotlyModule} Plotly @param {HTMLElement} element @param {Look} look */
export function drawCurves(Plotly, element, look) {
  const range = lossRange(look);
  return Plotly.react(element, curveTraces(look, range), layout(look, range), CONFIG);
}

/**
 * The heights worth showing: those of the medians and the inner bands; outer bands may leave the picture.
 * @param {Pick<Look, "cell"|"log"|"target">} look
 * @returns {[number, number]}
 */
export function lossRange({ cell, log, target }) {
  const curves = cell.recipes.flatMap(({ loss }) =>
    loss ? [loss.median, loss.q25, loss.q75, log ? loss.q05 : loss.q75] : [],
  );
  const { low, high } = heights(curves);
  if (!log) return [0, high * 1.06];
  return [Math.max(Math.min(low, target ?? low), 1e-12) * 0.8, high * 1.2];
}

/** @param {Look} look @param {[number, number]} range */
export function curveTraces(look, range) {
  const { cell } = look;
  return [
    ...lossBands(cell, { ...look, top: range[1] * 2 }),
    ...shareBands(cell, look),
    // Lines are drawn over all bands, so that no recipe hides another one.
    ...cell.recipes.flatMap((recipe) => lines(recipe, look)),
  ];
}

/** @param {StudyCell["recipes"][number]} recipe @param {Look} look */
function lines(
  { run, loss, test_loss: test, reached },
  { names, slots, theme, steps, test: withTest },
) {
  const slot = slots[run] ?? run;
  const color = runColor(slot, theme);
  const common = { type: "scatter", mode: "lines", x: steps, connectgaps: false, legendgroup: run };
  const name = literal(names[run]);
  const found = [];
  if (loss)
    found.push({
      ...common,
      name,
      y: loss.median,
      line: { color, width: 2, dash: runDash(slot) },
      hovertemplate: "%{y:.4g}",
    });
  if (test && withTest)
    found.push({
      ...common,
      name: t("loss.testOf", { name }),
      y: test.median,
      line: { color, width: 1.25, dash: "dot" },
      hovertemplate: "%{y:.4g}",
      showlegend: false,
    });
  if (reached)
    found.push({
      ...common,
      name,
      yaxis: "y2",
      y: reached.share,
      line: { color, width: 2, dash: runDash(slot), shape: "hv" },
      hovertemplate: "%{y:.0%}",
      showlegend: false,
    });
  return found;
}

/** @param {Look} look @param {[number, number]} range */
export function layout({ cell, target, theme, log, revision, steps }, range) {
  const { muted } = palette(theme);
  const hasShares = cell.recipes.some(({ reached }) => reached);
  const axis = flatAxis(theme);
  /** @param {string} text */
  const title = (text) => ({ text, standoff: 6, font: { color: muted, size: 13 } });
  const goal = {
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    yref: "y",
    y0: target,
    y1: target,
    line: { color: muted, width: 1, dash: "dash" },
  };
  const last = steps[steps.length - 1] || 1;
  return {
    ...flatLayout(theme),
    margin: { l: 8, r: 14, t: 6, b: 8 },
    shapes: target === null ? [] : [goal],
    hovermode: "x unified",
    hoversubplots: "axis",
    hoverlabel: { ...hoverStyle(theme), namelength: 28 },
    dragmode: "zoom",
    uirevision: revision,
    xaxis: {
      ...axis,
      title: { text: t("loss.x"), standoff: 4, font: { color: muted, size: 13 } },
      range: [-0.006 * last, last],
      anchor: hasShares ? "y2" : "y",
      hoverformat: ",d",
      unifiedhovertitle: { text: t("loss.hover", { step: "%{x}" }) },
      tickformat: ",d",
    },
    yaxis: {
      ...axis,
      title: title(t("loss.y")),
      domain: hasShares ? [0.42, 1] : [0, 1],
      type: log ? "log" : "linear",
      range: log ? range.map(Math.log10) : range,
      tickformat: log ? "~g" : undefined,
    },
    yaxis2: {
      ...axis,
      visible: hasShares,
      title: title(t("seeds.share.axis")),
      domain: [0, 0.34],
      range: [-0.02, 1.04],
      tickformat: ".0%",
      tickvals: [0, 0.5, 1],
    },
  };
}
