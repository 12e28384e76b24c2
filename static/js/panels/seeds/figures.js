/** The curves of a study, and the tables of its grid. */

import { el, setText } from "../../ui/dom.js";
import { choice, rebuild } from "../../ui/controls.js";
import { fadeEnds } from "../../ui/fade.js";
import { fills, plotly } from "../../ui/plotly.js";
import { watchSize } from "../../ui/sight.js";
import { language, t } from "../../ui/i18n.js";
import { isTold } from "../../experiment/access.js";
import { rowsOf } from "./dots.js";
import { MEASURES, gridInWords, gridTables, smallMultiples } from "./grid.js";
import { captionOf, drawCurves } from "./plot.js";

/**
 * @typedef {import("../../types.js").StudyCell} StudyCell
 * @typedef {{cell: StudyCell, names: string[], words: string[], title: string}} Subject
 */

/**
 * @param {object} parts
 * @param {import("../../experiment/state.js").State} parts.state
 * @param {(cell: number) => void} parts.choose
 */
export function createFigures({ state, choose }) {
  const title = el("h3", { id: "study-curves-title" });
  const figure = el("div", {
    class: "figure seeds-figure",
    id: "study-curves",
    role: "img",
    "aria-labelledby": "study-curves-title",
    "aria-describedby": "study-curves-words",
  });
  const said = el("p", { class: "sr", id: "study-curves-words" });
  const small = el("div", { class: "seeds-small" });
  const element = el("div", { class: "seeds-curves" }, small, title, figure, said);
  const shade = el("div", { class: "row" });
  const heat = el("div", { class: "seeds-heat" });
  const tables = el("div", { class: "seeds-grid" }, shade, heat);
  let shadedIn = "";
  /** @type {PlotlyModule|null} */
  let Plotly = null;
  /** @type {import("./grid.js").Measure} */
  let measure = "steps";
  /** @type {Subject|null} */
  let subject = null;

  watchSize([figure], () => {
    const drawn = figure.classList.contains("js-plotly-plot");
    if (drawn && !fills(figure)) Plotly?.Plots.resize(figure);
  });

  /** @param {Subject} of @returns {import("./plot.js").Look} */
  function lookAt({ cell, names }) {
    const { study, view } = state;
    return {
      cell,
      names,
      steps: study.result?.steps_recorded ?? [],
      slots: study.entry?.slots ?? [],
      target: study.result?.target ?? null,
      theme: view.theme,
      log: view.logLoss,
      test: view.testLoss,
      revision: `${study.entry?.id} ${study.cell} ${view.logLoss}`,
    };
  }

  /** The choice of what cells are shaded by; it stays while cells come in, or its list would close. */
  function drawShading() {
    if (shadedIn === language()) return;
    shadedIn = language();
    const shading = choice({
      options: MEASURES.map((value) => ({ value, text: t(`seeds.measure.${value}`) })),
      value: measure,
      label: t("seeds.measure"),
      id: "study-measure",
      pointer: "/measure",
      change(value) {
        measure = MEASURES.find((one) => one === value) ?? measure;
        drawGrid();
      },
    });
    rebuild(shade, [el("h3", { text: t("seeds.grid") }), shading]);
  }

  function drawGrid() {
    const { result, entry, cell } = state.study;
    const axes = Object.keys(result?.grid ?? {});
    tables.hidden = !axes.length;
    small.hidden = axes.length !== 1;
    if (!result || !entry || !axes.length || !subject) return;
    const how = {
      names: subject.names,
      slots: entry.slots,
      theme: state.view.theme,
      chosen: cell,
      // Before there is a target there are no steps to it, but there are losses.
      measure: result.target === null ? "final" : measure,
      choose,
    };
    drawShading();
    const places = gridTables(result, how).map((table) => {
      const name = table.querySelector("caption")?.textContent;
      return el(
        "div",
        { class: "heat-place", tabindex: 0, role: "group", "aria-label": name },
        table,
      );
    });
    const scrolled = [...heat.children].map(({ scrollLeft }) => scrollLeft);
    rebuild(heat, places);
    places.forEach((place, i) => {
      place.scrollLeft = scrolled[i] ?? 0; // a cell that is chosen stays where it was clicked
      fadeEnds(place);
    });
    rebuild(small, smallMultiples(result, { ...how, log: state.view.logLoss }));
  }

  return {
    element,
    grid: tables,
    /** @param {Subject} now */
    draw(now) {
      subject = now;
      setText(title, captionOf(lookAt(now)));
      setText(said, now.words.join(" "));
      drawGrid();
      figure.hidden = !now.cell.recipes[0].loss;
      if (figure.hidden) return;
      if (Plotly) drawCurves(Plotly, figure, lookAt(now));
      else
        plotly().then((loaded) => {
          Plotly = loaded;
          if (subject && !figure.hidden) drawCurves(Plotly, figure, lookAt(subject));
        });
    },
    /** What a picture of the study shows, or null while there is none. */
    picture: () =>
      subject && {
        look: lookAt(subject),
        rows: rowsOf(subject.cell, subject.names, state.study.entry?.slots ?? []),
        title: subject.title,
        place: gridInWords(subject.cell.grid),
        words: subject.words,
        told: isTold(state),
      },
  };
}
