/** A table of the learner's: pasted, opened or dropped; what was found in it is shown before it is used. */

import { ApiError, api } from "../../server/api.js";
import { dataCsv } from "../data-table.js";
import { el, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { explain, t } from "../../ui/i18n.js";
import { rebuild } from "../../ui/controls.js";
import { mark, unmark } from "../../ui/field-errors.js";
import { encodingField, pickers, repairs } from "./table-choices.js";
import {
  acceptDrops,
  clearButton,
  decodedAs,
  fileInput,
  openButton,
  openFile,
} from "./table-file.js";
import { memorize, readingOf, said, stillOf, withoutAnswers } from "./table-memory.js";
import { ownPicks, withPicks, withoutInputs } from "./table-picks.js";
import { encodingQuestion, questionList, rememberedNote } from "./table-question.js";
import { bulkRow, outcome, preview, problemList } from "./table-report.js";

/**
 * @typedef {import("../../types.js").FoundTable} FoundTable
 * @typedef {import("./table-picks.js").Picks} Picks
 */

/** What a text box still takes with ease; a longer file is kept beside it. */
const EASY = 200_000;
const PAUSE = 300;

/** @param {{state: import("../../experiment/state.js").State, use: (data: import("../../types.js").DataSpec) => void}} options */
export function createTable({ state, use }) {
  const most = () => state.catalog.limits.body_bytes;
  let text = "";
  /** The file that the text comes from. @type {import("./table-file.js").OpenFile|null} */
  let file = null;
  /** @type {Picks} */
  let picks = {};
  /** How it is read by what was said of another text, or of this one at another time. @type {Picks} */
  let answers = {};
  /** @type {FoundTable|null} */
  let found = null;
  /** What is not found in the table but chosen for its data. */
  const settings = { standardize: true, share: 0.8 };
  let asked = 0;
  let timer = 0;

  const { element, box, status, result } = places();
  const opener = fileInput((chosen) => open(chosen));
  const source = el("div", { class: "row ends" });
  const holder = el("div", { class: "field" }, box);

  box.addEventListener("input", () => take(box.value, said(picks, text, box.value)));
  acceptDrops(element, { file: open, text: (words) => take(words, said({}, "", words)) });

  /** Says why a text was not taken, beside it if nowhere else. @param {string} words @param {HTMLElement} [at] */
  function refuse(words, at = file ? source : box) {
    mark(at, words);
    setText(status, "");
  }

  /** @param {File} chosen */
  async function open(chosen) {
    unmark(box);
    unmark(source);
    const opened = await openFile(chosen, most());
    if ("refused" in opened) return refuse(opened.refused);
    if (!opened.decoded.text.trim()) return refuse(t("table.blank"));
    take(opened.decoded.text, said({}, "", opened.decoded.text), opened);
  }

  /** @param {string} encoding */
  function decodeAs(encoding) {
    if (!file) return;
    const again = decodedAs(file, encoding);
    take(again.decoded.text, picks, again, answers);
  }

  /** @param {string} next @param {Picks} [so] what was said of it @param {import("./table-file.js").OpenFile|null} [from] @param {Picks} [before] what of it was said before */
  function take(next, so = {}, from = null, before = readingOf(so)) {
    [text, file, picks, answers] = [next, from, so, before];
    drawSource();
    clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  }

  async function ask() {
    const mine = ++asked;
    unmark(box);
    unmark(source);
    if (!text.trim()) {
      found = null;
      return drawFound();
    }
    setText(status, t("table.reading"));
    try {
      const answer = await api.table({ text, ...picks, train_fraction: settings.share });
      if (mine !== asked) return;
      found = answer;
      drawFound();
    } catch (error) {
      if (mine !== asked) return;
      if (!(error instanceof ApiError)) throw error;
      found = unusable(found, error);
      drawFound();
      refuseAt(error);
    }
  }

  /** Says why a table was not taken: beside the choice concerned, else beside the text. @param {ApiError} error */
  function refuseAt({ errors: [first], code }) {
    const at = first && result.querySelector(`[data-own="${CSS.escape(first.pointer)}"]`);
    const words = first ? explain(first) : t(`errors.${code}`);
    refuse(words, at instanceof HTMLElement ? at : undefined);
  }

  /** @param {Picks} more */
  function pick(more) {
    picks = withPicks(picks, more);
    answers = stillOf(answers, more);
    memorize(text, picks);
    if (picks.inputs?.length !== 0) return ask();
    asked++; // nothing is to be asked before there is an input
    if (found) found = withoutInputs(found);
    drawFound();
  }

  function drawSource() {
    const long = text.length > EASY;
    holder.hidden = long;
    if (!long && box.value !== text) box.value = text;
    const size = sizeOf(text, file?.name);
    source.replaceChildren(
      openButton(most(), () => opener.click()),
      el("span", { class: "muted", text: text && (file || long) ? size : t("table.drop") }),
      el("span", { class: "push" }),
      clearButton(!text, () => take("")),
    );
  }

  function drawFound() {
    setText(status, "");
    if (!found) return rebuild(result, []);
    const decoded = file?.decoded;
    const sure = decoded?.readings.length ? { ...found, data: null } : found;
    rebuild(result, [
      ...encodingQuestion(decoded, decodeAs),
      ...rememberedNote(answers, () => pick(withoutAnswers(answers))),
      ...foundParts(found, { state, settings, picks, pick }, encodingField(decoded, decodeAs)),
      useRow(sure, settings, use),
    ]);
  }

  return {
    element,
    open,
    /** Data that came by a link or an undo, where nothing has been typed. @param {import("../../types.js").DataSpec} data */
    adopt(data) {
      if (text || data.name !== "custom" || !state.data) return;
      settings.standardize = data.standardize ?? false;
      settings.share = data.train_fraction ?? 1;
      take(dataCsv(data, state.data).replaceAll("\r\n", "\n"), ownPicks(data), null, {});
    },
    focus: () => (holder.hidden ? element.querySelector("button") : box)?.focus(),
    draw() {
      box.setAttribute("aria-label", t("table.label"));
      box.placeholder = t("table.placeholder");
      box.dataset.hint = t("table.hint");
      if (!holder.isConnected || holder.parentElement !== element)
        element.append(holder, source, opener, status, result);
      drawSource();
      drawFound();
    },
  };
}

/** What was found before an error: of another text it must not be seen, of this one not be used. @param {FoundTable|null} found @param {ApiError} error */
function unusable(found, { errors: [first] }) {
  return found && first?.pointer !== "/text" ? { ...found, data: null } : null;
}

/** Where a table is written, and where what was found in it is shown. */
function places() {
  return {
    element: el("section", { class: "own-table" }),
    box: el("textarea", { id: "table-text", spellcheck: "false", "data-own": "/text" }),
    status: el("p", { class: "muted", role: "status" }),
    result: el("div", { class: "found" }),
  };
}

/** How large a text is, in words. @param {string} text @param {string} [name] of its file */
function sizeOf(text, name = t("table.pasted")) {
  return t("table.lines", { name, count: format.count(text.split("\n").length) });
}

/**
 * What was found, from what must be answered to what is shown.
 * @param {FoundTable} found
 * @param {{state: import("../../experiment/state.js").State, picks: Picks, pick: (more: Picks) => void,
 *   settings: {standardize: boolean, share: number}}} own
 * @param {HTMLElement[]} encoding
 */
function foundParts(found, { state: { catalog }, picks, pick, settings }, encoding) {
  const pickRow = el(
    "div",
    { class: "picks" },
    ...encoding,
    ...pickers(catalog, found, settings, pick),
    ...repairs(found, picks, catalog, pick),
  );
  const note = found.json ? [el("p", { class: "muted", text: t("table.json") })] : [];
  return [
    ...note,
    ...questionList(found, pick),
    pickRow,
    ...bulkRow(found, pick),
    preview(found, pick),
    ...problemList(found, (lines) => pick({ omit: [...(picks.omit ?? []), ...lines] })),
  ];
}

/**
 * What the table makes, and the button that uses it.
 * @param {FoundTable} found @param {{standardize: boolean, share: number}} settings
 * @param {(data: import("../../types.js").DataSpec) => void} use
 */
function useRow(found, { standardize, share }, use) {
  const { data } = found;
  return el(
    "div",
    { class: "row ends" },
    el("p", { class: "muted", text: outcome(found) }),
    el("button", {
      type: "button",
      id: "table-use",
      class: "primary",
      text: t("own.use"),
      hint: t("own.use.hint"),
      disabled: !data,
      on: { click: () => data && use({ ...data, standardize, train_fraction: share }) },
    }),
  );
}
