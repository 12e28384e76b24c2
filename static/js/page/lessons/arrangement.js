/** What of the page is seen in a lesson, and what is locked until the answer is known. */

import { gridOf, withLayer } from "../arrangement.js";

/** @typedef {import("../../types.js").Part} Part */

/** @type {Part[]} */
const PANELS = ["network", "learned", "loss", "surface"];
/** @type {Part[]} */
const SETUP = ["data", "runs", "settings"];
/** A branch trains, too. @type {Part[]} */
const TRAINING = ["train", "timeline"];
/** What changes an experiment: set-up, weights by hand, a point to begin at. @type {Part[]} */
const CHANGES = [...SETUP, ...PANELS];

/** The rows of a narrower page under the card, and how high they are. @type {[Part[], string][]} */
const ROWS = [
  [["runs", "loss"], "minmax(320px, auto)"],
  [["surface"], "420px"],
  [["data", "network"], "minmax(300px, auto)"],
  [["learned"], "minmax(300px, auto)"],
];
const WHOLE = {
  areas: '"data network learned" "runs loss surface"',
  columns: "276px minmax(0, 1fr) minmax(0, 1fr)",
};

/**
 * The grids of the page with an open set-up beside the card: nothing stands empty for what is hidden.
 * @param {Set<Part>} hidden
 * @returns {{wide: string, narrow: string}}
 */
export function openGrids(hidden) {
  const { areas, columns } = gridOf(hidden) ?? WHOLE;
  const [above, below] = areas.split('" "').map((row) => row.replaceAll('"', ""));
  const rows = ROWS.map(([parts, height]) => ({
    parts: parts.filter((part) => !hidden.has(part)),
    height,
  }))
    .filter(({ parts }) => parts.length)
    .map(({ parts: [left, right = left], height }) => `"${left} ${right}" ${height}`);
  const widths = columns.replace("var(--setup)", "276px"); // which stands where the grid is used, not where it is set
  return {
    wide: `"lesson ${above}" minmax(0, 46fr) "lesson ${below}" minmax(0, 54fr) / 330px ${widths}`,
    narrow: `"lesson lesson" auto ${rows.join(" ")} / 300px minmax(0, 1fr)`,
  };
}

/**
 * @param {import("../../experiment/state.js").State} state
 * @param {{show: string[]|null, tells: Part[], open: boolean, locked: boolean, arriving: boolean}|null} how   null:
 *   no lesson; `show` null: every panel; `tells`: what would tell the answer, which is asked for; `open`: the set-up, too;
 *   `locked`: nothing is trained; `arriving`: nothing is changed either, it would be made of the experiment before
 */
export function arrange(state, how) {
  const { body } = document;
  const tells = how?.tells ?? [];
  const show = PANELS.filter(
    (part) => (how?.show ?? PANELS).includes(part) && !tells.includes(part),
  );
  body.classList.toggle("in-lesson", how !== null);
  body.classList.toggle("lesson-open", how?.open ?? false);
  body.dataset.lessonPanels = String(show.length);
  const hidden = PANELS.filter((part) => !show.includes(part));
  const layer = how && {
    hidden: [...hidden, ...tells, ...(how.open ? [] : SETUP)],
    locked: [...(how.locked ? TRAINING : []), ...(how.arriving ? CHANGES : [])],
  };
  state.patchNow({ access: withLayer(state.access, "lesson", layer) });
  const { wide, narrow } = openGrids(state.access.hidden);
  body.style.setProperty("--open-wide", wide);
  body.style.setProperty("--open-narrow", narrow);
}
