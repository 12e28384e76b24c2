/** The ways to take an experiment home: each makes a file of what is shown. */

import { download } from "../../ui/download.js";
import { viewOf } from "../../server/view.js";
import { withClass } from "../../share/made.js";
import { WATCHED } from "../../share/open.js";
import { runNames } from "../../experiment/state.js";
import { tableOf } from "../../panels/loss/export.js";
import { writeDocument } from "./document.js";
import { imageOf, pictures } from "./figures.js";
import { report } from "./report.js";

/**
 * @typedef {import("./dialog.js").Context} Context
 * @typedef {{id: string, key: string, save: (context: Context) => Promise<void|string[]>}} Way
 *   `save` resolves with what is to be said of it beside that it is saved
 */

/** The most steps that one answer holds; of more, the extremes stay. */
const MOST_POINTS = 20_000;

/** @param {Context["state"]} state @param {string} what @param {string} ending */
const nameOf = (state, what, ending) => `basin-${what}-step-${state.step}.${ending}`;

/** @param {string} text @param {string} type @param {string} name */
const saveText = (text, type, name) =>
  download(new Blob([text], { type: `${type};charset=utf-8` }), name);

/** @param {"numpy"|"pytorch"|"notebook"} target @param {string} ending @returns {Way["save"]} */
const code =
  (target, ending) =>
  async ({ state, api }) => {
    const text = await api.code(state.summary.id, { target, step: state.step });
    saveText(text, "text/plain", nameOf(state, target, ending));
  };

/** @param {"png"|"svg"} kind @returns {Way["save"]} */
const figures = (kind) => async (context) => {
  const { shown, left } = await pictures(context);
  for (const picture of shown)
    download(await imageOf(picture, kind), nameOf(context.state, picture.name, kind));
  return left;
};

/** @param {Context} context */
async function spec({ state }) {
  const { spec: shown, events } = state.summary;
  const text = writeDocument({ spec: shown, events, step: state.step });
  saveText(text, "application/json", "basin-experiment.json");
}

/** @param {Context} context */
async function parametersJson({ state, api }) {
  const names = runNames(state);
  const runs = [];
  for (const [run, name] of names.entries()) {
    const { W, b } = await api.parameters(state.summary.id, { run, step: state.step });
    runs.push({ name, W, b });
  }
  const text = JSON.stringify({ step: state.step, runs });
  saveText(text, "application/json", nameOf(state, "parameters", "json"));
}

/** @param {Context} context */
async function parametersNpz({ state, api }) {
  const file = await api.parametersFile(state.summary.id, { step: state.step });
  download(file, nameOf(state, "parameters", "npz"));
}

/** @param {Context} context */
async function history({ state, api }) {
  const curves = await api.loss(state.summary.id, MOST_POINTS);
  const shown = /** @type {typeof state} */ ({ ...state, curves });
  saveText(tableOf(shown), "text/csv", nameOf(state, "history", "csv"));
}

/** A link under which others see this experiment, and cannot change it. @param {Context} context */
async function watch({ state }) {
  const { id } = await viewOf(state.summary.id);
  const { publicUrl } = document.documentElement.dataset;
  const url = new URL(publicUrl ?? location.pathname, location.href);
  url.hash = withClass(WATCHED + encodeURIComponent(id), state.access.words);
  try {
    await navigator.clipboard.writeText(url.href);
  } catch {
    saveText(url.href, "text/plain", "basin-link.txt"); // no permission, or no https
  }
}

/** @type {{key: string, ways: Way[]}[]} */
export const SECTIONS = [
  {
    key: "takeHome.in.show",
    ways: [{ id: "watch", key: "takeHome.in.watch", save: watch }],
  },
  {
    key: "takeHome.in.code",
    ways: [
      { id: "numpy", key: "takeHome.in.code.numpy", save: code("numpy", "py") },
      { id: "pytorch", key: "takeHome.in.code.pytorch", save: code("pytorch", "py") },
      { id: "notebook", key: "takeHome.in.code.notebook", save: code("notebook", "ipynb") },
    ],
  },
  {
    key: "takeHome.in.numbers",
    ways: [
      { id: "spec", key: "takeHome.in.spec", save: spec },
      { id: "history", key: "takeHome.in.history", save: history },
      { id: "npz", key: "takeHome.in.npz", save: parametersNpz },
      { id: "json", key: "takeHome.in.json", save: parametersJson },
    ],
  },
  {
    key: "takeHome.in.figures",
    ways: [
      { id: "png", key: "takeHome.in.png", save: figures("png") },
      { id: "svg", key: "takeHome.in.svg", save: figures("svg") },
      {
        id: "report",
        key: "takeHome.in.report",
        async save(context) {
          const name = nameOf(context.state, "report", "html");
          const { text, left } = await report(context);
          saveText(text, "text/html", name);
          return left;
        },
      },
    ],
  },
];
