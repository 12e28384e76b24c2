/** The experiment as a report: one HTML file with figures, settings and numbers, which opens without the server. */

import { label, language, t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { eventInWords } from "../../experiment/events.js";
import { recipeInWords, startOf, toldStatus } from "../../experiment/run-names.js";
import { runNames } from "../../experiment/state.js";
import { writeDocument } from "./document.js";
import { imageOf, pictures } from "./figures.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Rule} Rule
 */

const STYLE = `body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#1c1f24}
img{max-width:100%;height:auto}figure{margin:1.5rem 0}table{border-collapse:collapse}td,th{padding:.25rem .75rem;
border-bottom:1px solid #ccc;text-align:left;vertical-align:top}td:first-child,td:nth-child(2){overflow-wrap:anywhere}
@media print{@page{margin:12mm}body{max-width:none;margin:0;padding:0;font-size:10pt}table{width:100%;font-size:8pt}
td,th{padding:.2rem .3rem}figure,tr{break-inside:avoid}}pre{overflow:auto;max-height:30rem;background:#f4f5f7;padding:1rem}`;

/**
 * A page of its own. Text goes in as text, never as markup.
 * @param {{title: string, lead: string, runs: string[][], head: string[], happened: string[], left: string[],
 *   figures: {title: string, image: string}[], source: string}} told
 *   `happened`: what was changed on the way; `left`: what is said of figures that there are not
 */
export function reportPage({ title, lead, head, runs, happened, figures, left, source }) {
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = language();
  /** @param {string} tag @param {string} text @param {ParentNode} [home] */
  const add = (tag, text, home = page.body) => {
    const element = page.createElement(tag);
    element.textContent = text;
    home.append(element);
    return element;
  };
  const meta = page.createElement("meta");
  meta.setAttribute("charset", "utf-8");
  page.head.prepend(meta);
  add("h1", title);
  add("p", lead);
  const table = add("table", "");
  for (const [place, cells] of [head, ...runs].entries()) {
    const row = add("tr", "", table);
    for (const cell of cells) add(place ? "td" : "th", cell, row);
  }
  if (happened.length) {
    add("p", t("takeHome.in.report.happened"));
    const list = add("ul", "");
    for (const words of happened) add("li", words, list);
  }
  for (const { title: caption, image } of figures) {
    const figure = add("figure", "");
    const picture = page.createElement("img");
    picture.src = image;
    picture.alt = caption;
    figure.append(picture); // it bears its title
  }
  for (const words of left) add("p", words);
  const details = add("details", "");
  add("summary", t("takeHome.in.report.source"), details);
  add("pre", source, details);
  const text = new XMLSerializer().serializeToString(page.documentElement);
  // Not as an element: the policy of this page, which allows no style of its own, holds for that one too.
  return `<!doctype html>\n${text.replace("</head>", `<style>${STYLE}</style></head>`)}\n`;
}

const COLUMNS = /** @type {const} */ ([
  "run",
  "recipe",
  "seed",
  "optimizer",
  "rate",
  "more",
  "train",
  "test",
  "status",
]);
/** What a choice is called where none is made. @type {Record<string, string>} */
const NONE = { schedules: "constant", clippings: "none", regularizers: "none" };

/**
 * Every run in words: what it is called, how it begins, how it learns now, how far it has come. A column that says nothing
 * of any run is left out.
 * @param {State} state
 * @returns {string[][]} the heads, and a row for each run
 */
export function runsInWords(state) {
  const { summary, catalog } = state;
  const { spec, events } = summary;
  const names = runNames(state);
  const rows = spec.runs.map((run, k) => {
    const recipe = recipeInWords(run, catalog, startOf(events, k));
    const now = { ...spec, ...run, ...summary.runs[k] };
    const { optimizer } = now;
    return {
      run: names[k],
      recipe: recipe === names[k] ? "" : recipe, // which is its name
      seed: String(run.seed ?? spec.seed ?? "–"),
      optimizer: optimizer ? label("optimizers", optimizer) : "–",
      rate: optimizer ? format.plain(optimizer.learning_rate) : "–",
      more: moreOf({ ...now, loss: run.loss ?? null }),
      train: inWords(state.train[k]),
      test: inWords(state.test[k]),
      status: toldStatus(state, k), // nothing where the page does not tell it
    };
  });
  const columns = COLUMNS.filter((name) => rows.some((row) => row[name]));
  return [
    columns.map((name) => t(`takeHome.in.report.${name}`)),
    ...rows.map((row) => columns.map((name) => row[name])),
  ];
}

/**
 * What else a run learns with: a loss of its own, a schedule, a clipping, a penalty.
 * @param {{loss: string|null, schedule?: Rule|null, clipping?: Rule|null, regularizer?: Rule|null}} run
 */
function moreOf({ loss, schedule, clipping, regularizer }) {
  const chosen = Object.entries({
    schedules: schedule,
    clippings: clipping,
    regularizers: regularizer,
  }).flatMap(([kind, rule]) => (rule && rule.name !== NONE[kind] ? [label(kind, rule)] : []));
  return [...(loss ? [label("losses", { name: loss })] : []), ...chosen].join(" · ");
}

/** What a change on the way can put in the place of what a run began with. */
const METHODS = /** @type {const} */ (["optimizer", "schedule", "clipping", "regularizer"]);

/**
 * What was changed on the way, in words, after what the runs began with instead; nothing where nothing was changed.
 * @param {State} state
 */
export function happenedInWords(state) {
  const { spec, events } = state.summary;
  const begun = METHODS.filter((what) => events.some((event) => event[what])).flatMap((what) =>
    [
      { step: 0, [what]: spec[what] },
      ...spec.runs.map((run, i) => ({ step: 0, run: i, [what]: run[what] })),
    ].filter((event) => event[what]),
  );
  const all = [.../** @type {import("../../types.js").Event[]} */ (begun), ...events];
  return all.map((event) => eventInWords(event, state));
}

/** The inputs and the layers of a network, each with its activation. @param {import("../../types.js").Spec} spec */
export function networkInWords({ features, layers }) {
  const after = layers.map(
    ({ units, activation }) => `${units} ${label("activations", { name: String(activation) })}`,
  );
  return [(features ?? []).length, ...after].join(", ");
}

/** @param {import("./dialog.js").Context} context @returns {Promise<{text: string, left: string[]}>} the page, and what it lacks */
export async function report(context) {
  const { state } = context;
  const { spec, events } = state.summary;
  const [head, ...runs] = runsInWords(state);
  const { shown, left } = await pictures(context);
  const figures = [];
  for (const picture of shown)
    figures.push({ title: picture.title, image: await imageOf(picture, "png") });
  const text = reportPage({
    title: t("takeHome.in.report.title", {
      data: label("data", spec.data),
      step: format.count(state.step),
    }),
    lead: t("takeHome.in.report.lead", {
      layers: networkInWords(spec),
      loss: label("losses", { name: String(spec.loss) }),
    }),
    head,
    runs,
    happened: happenedInWords(state),
    figures,
    left,
    source: writeDocument({ spec, events, step: state.step }),
  });
  return { text, left };
}

/** @param {number|null|undefined} J */
const inWords = (J) => (J === null || J === undefined ? "–" : format.loss(J));
