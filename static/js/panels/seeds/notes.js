/** What has to be known beside the numbers of a study: that it waits, was cancelled, is forgotten, is of something else. */

import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/**
 * @typedef {import("../../experiment/study.js").Study} Study
 * @typedef {import("../../types.js").StudyResult} StudyResult
 * @typedef {{text: string, act?: "again"|"retry"|"experiment"}} Note
 */

/** The words of what each note offers. */
const ACTS = { again: "seeds.again", retry: "seeds.retry", experiment: "seeds.other.open" };

/**
 * @param {Study} study
 * @param {{other?: boolean, lived?: boolean}} page   `other`: it shows another experiment; `lived`: on the way something
 *   was changed, or set by hand, in the one that it shows
 * @returns {Note[]}
 */
export function notesOf({ entry, result, phase, away }, { other, lived }) {
  if (!entry) return [];
  /** @type {Note[]} */
  const notes = [];
  if (phase === "gone") notes.push({ text: t("seeds.gone"), act: "again" });
  if (away) notes.push({ text: t("seeds.away"), act: "retry" });
  if (phase === "asking" && !away) notes.push({ text: t("seeds.loading") });
  if (result) notes.push(...ofResult(result));
  if (lived && !other) notes.push({ text: t("seeds.anew") });
  if (other) notes.push({ text: t("seeds.other"), act: "experiment" });
  return notes;
}

/** @param {StudyResult} result @returns {Note[]} */
function ofResult({ problem, status, done, total, failures, target_seen: seen }) {
  /** @type {Note[]} */
  const notes = [];
  const ended = status === "done" || status === "failed";
  const far = { done: format.count(done), total: format.count(total) };
  if (problem && ended) {
    notes.push({ text: done ? t("seeds.full", far) : t("seeds.full.none"), act: "again" });
  } else if (problem) {
    notes.push({ text: t("seeds.problem") });
  }
  if (status === "cancelled") {
    const text = done ? t("seeds.cancelled", far) : t("seeds.cancelled.none");
    notes.push({ text, act: "again" });
  }
  if (failures.length) {
    const seeds = failures.reduce((sum, failure) => sum + failure.seeds.count, 0);
    const values = { seeds: format.count(seeds), reason: failures[0].reason };
    const text = done ? t("seeds.failed", values) : t("seeds.failed.none", values);
    notes.push({ text, act: "again" });
  }
  if (seen === "recorded_steps") notes.push({ text: t("seeds.recorded") });
  return notes;
}

/** @param {Note[]} notes @param {Record<"again"|"retry"|"experiment", () => void>} acts */
export function drawNotes(notes, acts) {
  return notes.map(({ text, act }) => {
    const note = el("p", { class: "note" }, text);
    if (act) {
      const props = { type: "button", class: "link", id: `study-${act}`, text: t(ACTS[act]) };
      note.append(" ", el("button", { ...props, on: { click: acts[act] } }));
    }
    return note;
  });
}
