/** The choice of data: drawn thumbnails, the numbers of the kind that is chosen, and data of one's own. */

import { byId, el, icon, setText } from "../ui/dom.js";
import * as edits from "../experiment/edits.js";
import * as format from "../ui/number-format.js";
import { OWN, groupOf, inSight, shelved } from "./data-groups.js";
import { formula, hint, label, t } from "../ui/i18n.js";
import { loadStyle } from "../ui/lazy-style.js";
import { wholeWords } from "../ui/words.js";
import { api } from "../server/api.js";
import { aimOf, find } from "../experiment/spec.js";
import { rebuild, numberField, field, seedRow, sliderField } from "../ui/controls.js";
import { openGallery, opener } from "../ui/gallery.js";
import { drawThumbnail } from "./data-thumbnail.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {import("../types.js").DataSpec} DataSpec
 * @typedef {(setup: import("../types.js").Setup) => void} Change
 * @typedef {ReturnType<typeof import("./own-data/sheet.js").createOwn>} OwnSheet
 * @typedef {{change: Change, own: {open: (way?: "table"|"formula"|"draw") => void, edit: () => void}}} Acts
 */

/** How many built-in sets are in sight. */
const PLACES = 5;

/** What the learner brought last, to come back to. @type {DataSpec|null} */
let kept = null;

/** @param {State} state @param {Acts} acts */
export function drawData(state, acts) {
  const { catalog, setup } = state;
  const { data } = setup.spec;
  const chosen = find(catalog.data, data.name);
  if (OWN.includes(data.name)) kept = data;
  setText(byId("data-name"), chosen ? label("data", chosen) : data.name);
  rebuild(byId("datasets"), [
    ...inSight(catalog.data, data.name, PLACES).map((entry) => thumb(entry, state, acts.change)),
    ownTile(state, acts),
  ]);
  rebuild(byId("data-more"), [allData(state, acts), saver(state)]);
  rebuild(byId("data-fields"), parameters(ranges(data, state), state, acts.change));
  rebuild(byId("own-summary"), OWN.includes(data.name) ? summary(state, acts) : []);
}

/** @param {Choice} entry @param {State} state @param {Change} change */
function thumb(entry, state, change) {
  const input = el("input", {
    type: "radio",
    name: "data",
    value: entry.name,
    "aria-label": label("data", entry),
    "data-focus": `data/${entry.name}`,
    on: { change: () => change(edits.chooseData(state.setup, entry.name, state.catalog)) },
  });
  input.checked = state.setup.spec.data.name === entry.name;
  const canvas = el("canvas", { "aria-hidden": "true" });
  drawThumbnail(canvas, entry, state.view.theme);
  return el(
    "label",
    { class: "thumb", hint: words(entry), "data-data": entry.name },
    input,
    canvas,
  );
}

/** @param {Choice} entry */
function words(entry) {
  return [`${label("data", entry)}: ${hint("data", entry)}`, formula("data", entry)]
    .filter(Boolean)
    .join("\n");
}

/** The last tile: what the learner brings. It takes up again what was there, and opens the sheet. @param {State} state @param {Acts} acts */
function ownTile(state, { change, own }) {
  const { data } = state.setup.spec;
  const using = OWN.includes(data.name);
  const shown = find(state.catalog.data, using ? data.name : (kept?.name ?? "custom"));
  const canvas = el("canvas", { "aria-hidden": "true" });
  if (shown) drawThumbnail(canvas, shown, state.view.theme);
  return el(
    "button",
    {
      type: "button",
      id: "own-open",
      class: "thumb",
      "data-data": "custom",
      "data-focus": "data/custom",
      "aria-label": label("data", { name: "custom" }),
      "aria-pressed": String(using),
      "aria-controls": "own",
      hint: t("own.open.hint"),
      on: {
        click: () => {
          if (!using && kept) change(edits.setData(state.setup, kept, state.catalog));
          else own.edit();
        },
      },
    },
    canvas,
  );
}

/** All data there are, shelf by shelf. @param {State} state @param {Acts} acts */
function allData(state, { change, own }) {
  return opener({
    name: t("data.all"),
    hint: t("data.all.hint"),
    focus: "data/all",
    class: "chip",
    content: t("data.all.open"),
    open: (button) =>
      openGallery(button, {
        title: t("data.all"),
        value: state.setup.spec.data.name,
        choose: (name) => {
          if (name === "custom" || name === "formula")
            own.open(name === "formula" ? "formula" : "table");
          else change(edits.chooseData(state.setup, name, state.catalog));
        },
        items: shelved(state.catalog.data).map((entry) => ({
          name: entry.name,
          kind: "data",
          entry,
          group: t(`data.group.${groupOf(entry)}`),
          draw: (canvas) => drawThumbnail(canvas, entry, state.view.theme),
        })),
      }),
  });
}

/** Takes the data out as a file. @param {State} state */
function saver(state) {
  return el(
    "button",
    {
      type: "button",
      id: "data-save",
      class: "tool",
      "aria-label": t("data.save"),
      hint: t("data.save.hint"),
      "data-focus": "data/save",
      on: {
        async click() {
          if (!state.data) return;
          const { data } = state.live.spec;
          const points = state.data;
          const [{ dataCsv }, { download }] = await Promise.all([
            import("./data-table.js"),
            import("../ui/download.js"),
          ]);
          download(new Blob([dataCsv(data, points)], { type: "text/csv" }), `${data.name}.csv`);
        },
      },
    },
    icon("save"),
  );
}

/** What the learner brought, in words, and the way back to it. @param {State} state @param {Acts} acts */
function summary(state, { own }) {
  const { data } = state.setup.spec;
  const { task, classes } = aimOf(data, state.catalog);
  const text =
    data.name === "formula"
      ? (data.formula ?? "")
      : t(task === "regression" ? "own.summary.numbers" : "own.summary.classes", {
          rows: format.count(data.targets?.length ?? 0),
          inputs: format.count(/** @type {number[][]} */ (data.inputs)?.[0]?.length ?? 0),
          target: data.target_name ?? "y",
          classes,
        });
  return [
    el("span", { class: "muted", text }),
    el("button", {
      type: "button",
      id: "own-edit",
      class: "link",
      text: t("own.edit"),
      hint: t("own.edit.hint"),
      "data-focus": "data/edit",
      on: { click: own.edit },
    }),
  ];
}

/** The numbers that the data in use take. @param {DataSpec} data @param {State} state */
function ranges(data, { catalog }) {
  const own = find(catalog.data, data.name)?.parameters ?? [];
  if (data.name !== "custom") return own;
  // A table can be split and shuffled too; the ranges are those of any other set.
  const shared = catalog.data.find(({ parameters: all }) => all.length)?.parameters ?? [];
  return shared
    .filter(({ name }) => name === "train_fraction" || name === "seed")
    .map((range) => (range.name === "train_fraction" ? { ...range, default: 1 } : range));
}

/** @param {import("../types.js").Range[]} shown @param {State} state @param {Change} change */
function parameters(shown, state, change) {
  const values = /** @type {Record<string, number|undefined>} */ (
    /** @type {unknown} */ (state.setup.spec.data)
  );
  return [...shown]
    .sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name))
    .map((range) => {
      const options = {
        range,
        value: values[range.name] ?? range.default ?? null,
        label: range.name === "seed" ? t("data.seed") : label("parameters", range),
        hint: range.name === "seed" ? t("data.seed.hint") : hint("parameters", range),
        pointer: `/data/${range.name}`,
        id: `data-${range.name}`,
        /** @param {number} value */
        change: (value) =>
          change(
            edits.withSpec(state.setup, {
              data: { ...state.setup.spec.data, [range.name]: value },
            }),
          ),
      };
      if (range.name === "seed") return field(options.label, [seedRow(options)]);
      if (range.name === "train_fraction")
        return sliderField({ ...options, step: 0.05, read: format.percent });
      if (range.integer) return numberField(options);
      return sliderField({ ...options, step: 0.05 });
    });
}

const ORDER = ["noise", "train_fraction", "samples", "seed"];

/**
 * Data of one's own: the sheet's modules come when it is first opened.
 * @param {Parameters<typeof import("./own-data/sheet.js").createOwn>[0]} options
 */
export function createOwnData(options) {
  /** @type {Promise<OwnSheet>|null} */
  let coming = null;
  /** @type {OwnSheet|null} */
  let own = null;

  async function fetchSheet() {
    const [{ createOwn }] = await Promise.all([
      import("./own-data/sheet.js"),
      wholeWords(api),
      loadStyle("own"),
    ]);
    return (own = createOwn(options));
  }

  function come() {
    coming ??= fetchSheet();
    coming.catch(() => (coming = null)); // the next click tries again
    return coming;
  }

  // A file may be dropped on the whole panel, too.
  const panel = byId("data");
  panel.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  panel.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    come().then((sheet) => sheet.drop(file));
  });

  return {
    /** @param {"table"|"formula"|"draw"} [way] */
    open(way) {
      come().then((sheet) => sheet.open(way));
    },
    edit() {
      come().then((sheet) => sheet.edit());
    },
    /** In another language, or another theme. */
    redraw() {
      own?.redraw();
    },
  };
}
