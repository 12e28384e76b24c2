/** The parts of the landscape's sheet of options: extent, height, a start by numbers, export. */

import { el, icon } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { numberBox } from "../../ui/controls.js";
import { mark } from "../../ui/field-errors.js";
import { exports } from "./export.js";
import { axisNames, heightsIn } from "./shared-traces.js";
import { otherRun } from "../../experiment/landscape-settings.js";
import { runNames } from "../../experiment/state.js";
import { toDigits } from "../../ui/round.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Range} Range
 * @typedef {import("../../experiment/landscape-settings.js").Ends} Ends
 *
 * @typedef {object} Sheet   what a part needs to know of the sheet it stands on
 * @property {HTMLElement} home
 * @property {State} state
 * @property {() => void} look    asks the server for the picture anew
 * @property {import("../panel.js").Context["settled"]} settled
 * @property {() => void} redraw  draws the sheet anew
 * @property {[number|null, number|null]} place   the place typed for a start
 * @property {(x: number, y: number) => Promise<void>} start
 * @property {(key: string) => void} say
 */

/** @type {Range} */
const PLACE = { name: "place", minimum: -1e6, maximum: 1e6 };
/** @type {Range} */
const HEIGHT = { name: "height", minimum: 0, maximum: 1e9, exclusive_minimum: true };

/** A part of the sheet; what it is called stands on the button that opens it. @param {string} title @param {(Node|string)[]} rows */
export const section = (title, ...rows) => el("section", { "aria-label": title }, ...rows);

/** Whether a place of the picture in view can be where a run begins. @param {State} state */
export const canStart = ({ landscape: { view } }) => view !== "slice" && view !== "losses";

/** The ends of the picture that is drawn. @param {State} state @returns {Ends|null} */
export function shownEnds({ landscape, surface }) {
  if (landscape.pin) return landscape.pin;
  if (!surface) return null;
  const last = surface.x.length - 1;
  return [surface.x[0], surface.x[last], surface.y[0], surface.y[last]];
}

/** What the two axes are called. @param {State} state */
function namesOfAxes(state) {
  const { surface, landscape, chosen } = state;
  if (!surface) return { x: "x", y: "y" };
  const runs = runNames(state);
  return axisNames(surface, runs, otherRun(landscape, chosen, runs.length));
}

/**
 * Moves one end of an axis; ends in the wrong order are refused beside the box.
 * @param {Sheet} sheet @param {Ends} ends @param {number} which @param {number} value @param {string} pointer
 */
function moveEnd({ home, state, look, redraw }, ends, which, value, pointer) {
  const next = /** @type {Ends} */ (ends.slice());
  next[which] = value;
  const first = which & ~1;
  if (!(next[first] < next[first + 1])) {
    const wrong = home.querySelector(`[data-pointer="${pointer}"]`);
    if (wrong instanceof HTMLElement) mark(wrong, t("landscape.extent.order"));
    return;
  }
  state.patch({ landscape: { pin: next, height: null } });
  look();
  redraw();
}

/** Where the axes begin and end. @param {Sheet} sheet */
export function extentSection(sheet) {
  const { state, look, redraw } = sheet;
  const { landscape } = state;
  const ends = shownEnds(state);
  if (!ends) return el("section");
  const { x, y } = namesOfAxes(state);
  /** @param {number} which @param {string} label @param {string} pointer */
  const box = (which, label, pointer) =>
    numberBox({
      range: PLACE,
      value: toDigits(ends[which], 5),
      label,
      pointer,
      id: `extent${pointer.replace("/", "-")}`,
      change: (value) => moveEnd(sheet, ends, which, value, pointer),
    });
  /** @param {string} name @param {string} axis @param {number} from */
  const row = (name, axis, from) =>
    el(
      "div",
      { class: "field pair" },
      el("span", { class: "muted", text: name }),
      box(from, t("landscape.extent.from", { axis: name }), `/${axis}_min`),
      el("span", { text: "…", "aria-hidden": "true" }),
      box(from + 1, t("landscape.extent.to", { axis: name }), `/${axis}_max`),
    );
  const pin = el("input", {
    type: "checkbox",
    id: "extent-pin",
    on: {
      change: () => {
        state.patch({ landscape: { pin: landscape.pin ? null : shownEnds(state) } });
        look();
        redraw();
      },
    },
  });
  pin.checked = landscape.pin !== null;
  return section(
    t("landscape.extent"),
    el("label", { class: "check", hint: t("landscape.pin.hint") }, pin, t("landscape.pin")),
    row(x, "x", 0),
    row(y, "y", 2),
  );
}

/** How high the picture is: up to a J that is typed, or by itself. @param {Sheet} sheet */
export function heightSection({ state, redraw }) {
  const { landscape, surface } = state;
  /** @param {number|null} top */
  const change = (top) => {
    state.patch({ landscape: { top, height: null } });
    redraw();
  };
  const box = numberBox({
    range: surface ? { ...HEIGHT, minimum: toDigits(heightsIn(surface).bottom, 4) } : HEIGHT,
    value: landscape.top,
    label: t("landscape.top"),
    hint: t("landscape.top.hint"),
    pointer: "/top",
    id: "height-top",
    change,
  });
  box.placeholder = t("landscape.top.auto");
  const auto = el("button", {
    type: "button",
    class: "link",
    text: t("landscape.top.auto"),
    on: { click: () => change(null) },
  });
  return section(
    t("landscape.height"),
    el(
      "div",
      { class: "field pair" },
      el("span", { class: "muted", text: t("landscape.top") }),
      box,
      ...(landscape.top === null ? [] : [auto]),
    ),
  );
}

/** Begins the chosen run at the place that was typed, or says which number is missing. @param {Sheet} sheet */
function startAtPlace({ home, place: [x, y], start }) {
  const missing = x === null ? "start-x" : y === null ? "start-y" : null;
  const wrong = missing && home.querySelector(`#${missing}`);
  if (wrong instanceof HTMLElement) mark(wrong, t("landscape.start.missing"));
  else if (x !== null && y !== null) start(x, y);
}

/** A start by numbers, for those who do not click at the picture. @param {Sheet} sheet */
export function startSection(sheet) {
  const { state, place } = sheet;
  if (!canStart(state)) return el("section");
  const axes = namesOfAxes(state);
  /** @param {0|1} which @param {string} axis */
  const box = (which, axis) =>
    numberBox({
      range: PLACE,
      value: place[which],
      label: t("landscape.start.at", { axis }),
      pointer: `/point/${"xy"[which]}`,
      id: `start-${"xy"[which]}`,
      change: (value) => (place[which] = value),
    });
  const go = el("button", {
    type: "button",
    id: "start-go",
    class: "chip",
    text: t("landscape.start.go", { name: runNames(state)[state.chosen] ?? "" }),
    on: { click: () => startAtPlace(sheet) },
  });
  return section(
    t("landscape.start"),
    el(
      "div",
      { class: "field pair" },
      el("span", { class: "muted", text: axes.x }),
      box(0, axes.x),
      el("span", { class: "muted", text: axes.y }),
      box(1, axes.y),
    ),
    go,
  );
}

/** Pictures, numbers and a page to take away. @param {Sheet} sheet */
export function exportSection({ state, settled, say }) {
  /** @param {() => Promise<void>} save */
  const whole = async (save) => {
    try {
      await settled("surface");
      await save();
    } catch {
      say("landscape.export.failed");
    }
  };
  const buttons = exports(state).map(({ kind, save }) =>
    el(
      "button",
      {
        type: "button",
        id: `export-${kind}`,
        class: "chip",
        hint: t(`landscape.export.${kind}.hint`),
        on: { click: () => whole(save) },
      },
      icon("download"),
      kind.toUpperCase(),
    ),
  );
  return section(t("landscape.export"), el("div", { class: "row" }, ...buttons));
}
