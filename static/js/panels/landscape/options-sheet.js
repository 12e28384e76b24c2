/** What is rarely needed, on a sheet over the picture: extent, height, a start by numbers, curvature, export. */

import { el, icon } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { numberBox, rebuild } from "../../ui/controls.js";
import { mark } from "../../ui/field-errors.js";
import { exports } from "./export.js";
import { axisNames } from "./shared-traces.js";
import { otherRun, wordsOf } from "../../experiment/landscape-settings.js";
import { runNames } from "../../experiment/state.js";
import { toDigits } from "../../ui/round.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Range} Range
 */

/** @type {Range} */
const PLACE = { name: "place", minimum: -1e6, maximum: 1e6 };
/** @type {Range} */
const HEIGHT = { name: "height", minimum: 0, maximum: 1e9, exclusive_minimum: true };

/**
 * @param {object} options
 * @param {HTMLElement} options.home
 * @param {State} options.state
 * @param {ReturnType<typeof import("../../experiment/session.js").createSession>} options.session
 * @param {typeof import("../../server/api.js").api} options.api
 * @param {() => void} options.look
 * @param {() => void} options.draw
 * @param {(x: number, y: number) => Promise<void>} options.start
 */
export function createMore({ home, state, session, api, look, draw, start }) {
  const { landscape } = state;
  /** The place typed for a start. @type {[number|null, number|null]} */
  const place = [null, null];
  let measuring = false;

  /** @param {string} title @param {(Node|string)[]} rows */
  const part = (title, ...rows) => el("section", {}, el("h3", { text: title }), ...rows);

  /** Ends of the picture that is drawn. @returns {import("../../experiment/landscape-settings.js").Ends|null} */
  function shownEnds() {
    if (landscape.pin) return landscape.pin;
    const { surface } = state;
    if (!surface) return null;
    const last = surface.x.length - 1;
    return [surface.x[0], surface.x[last], surface.y[0], surface.y[last]];
  }

  function names() {
    const { surface } = state;
    if (!surface) return { x: "x", y: "y" };
    const runs = runNames(state);
    return axisNames(surface, runs, otherRun(landscape, state.chosen, runs.length));
  }

  function extentPart() {
    const ends = shownEnds();
    if (!ends) return el("section");
    const round = ends.map((value) => toDigits(value, 5));
    const { x, y } = names();
    /** @param {number} which @param {string} label @param {string} pointer */
    const box = (which, label, pointer) =>
      numberBox({
        range: PLACE,
        value: round[which],
        label,
        pointer,
        id: `extent${pointer.replace("/", "-")}`,
        change(value) {
          const next = /** @type {import("../../experiment/landscape-settings.js").Ends} */ (
            ends.slice()
          );
          next[which] = value;
          const first = which & ~1;
          if (!(next[first] < next[first + 1])) {
            const wrong = home.querySelector(`[data-pointer="${pointer}"]`);
            if (wrong instanceof HTMLElement) mark(wrong, t("landscape.extent.order"));
            return;
          }
          landscape.pin = next;
          landscape.height = null;
          look();
          view.draw();
        },
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
          landscape.pin = landscape.pin ? null : shownEnds();
          look();
          view.draw();
        },
      },
    });
    pin.checked = landscape.pin !== null;
    return part(
      t("landscape.extent"),
      el("label", { class: "check", hint: t("landscape.pin.hint") }, pin, t("landscape.pin")),
      row(x, "x", 0),
      row(y, "y", 2),
    );
  }

  function heightPart() {
    const box = numberBox({
      range: HEIGHT,
      value: landscape.top,
      label: t("landscape.top"),
      hint: t("landscape.top.hint"),
      pointer: "/top",
      id: "height-top",
      change(value) {
        landscape.top = value;
        landscape.height = null;
        draw();
        view.draw();
      },
    });
    box.placeholder = t("landscape.top.auto");
    const auto = el("button", {
      type: "button",
      class: "link",
      text: t("landscape.top.auto"),
      on: {
        click: () => {
          landscape.top = landscape.height = null;
          draw();
          view.draw();
        },
      },
    });
    return part(
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

  function startPart() {
    if (landscape.view === "slice" || landscape.view === "losses") return el("section");
    const axes = names();
    /** @param {0|1} which @param {string} label */
    const box = (which, label) =>
      numberBox({
        range: PLACE,
        value: place[which],
        label,
        pointer: `/point/${"xy"[which]}`,
        id: `start-${"xy"[which]}`,
        change: (value) => (place[which] = value),
      });
    const go = el("button", {
      type: "button",
      id: "start-go",
      class: "chip",
      text: t("landscape.start.go", { name: runNames(state)[state.chosen] ?? "" }),
      on: {
        click: () => {
          const [x, y] = place;
          const missing = x === null ? "start-x" : y === null ? "start-y" : null;
          const wrong = missing && home.querySelector(`#${missing}`);
          if (wrong instanceof HTMLElement) mark(wrong, t("landscape.start.missing"));
          else if (x !== null && y !== null) start(x, y);
        },
      },
    });
    return part(
      t("landscape.start"),
      el(
        "div",
        { class: "field pair" },
        el("span", { class: "muted", text: axes.x }),
        box(0, t("landscape.start.at", { axis: axes.x })),
        el("span", { class: "muted", text: axes.y }),
        box(1, t("landscape.start.at", { axis: axes.y })),
      ),
      go,
    );
  }

  async function measure() {
    measuring = true;
    view.draw();
    const { id } = state.summary;
    const { step } = state;
    try {
      const found = await api.curvature(id, { ...wordsOf(state), step });
      if (state.summary.id === id) landscape.curvature = found;
      state.emit("curvature");
    } catch (error) {
      session.recover(error);
    } finally {
      measuring = false;
      view.draw();
      document.getElementById("curvature-words")?.scrollIntoView({ block: "nearest" });
    }
  }

  function curvaturePart() {
    const { curvature } = landscape;
    const button = el("button", {
      type: "button",
      id: "curvature-measure",
      class: "chip",
      disabled: measuring || state.playing,
      text: t(measuring ? "landscape.curvature.measuring" : "landscape.curvature.measure"),
      hint: t("landscape.curvature.hint"),
      on: { click: measure },
    });
    if (!curvature || curvature.run !== state.chosen) return part(t("landscape.curvature"), button);
    const { bound, learning_rate: rate } = curvature;
    const values = curvature.eigenvalues.map((value) => format.plain(value ?? NaN, 3)).join(" · ");
    /** @param {string} term @param {string} text */
    const row = (term, text) => el("div", {}, el("dt", { text: term }), el("dd", { text }));
    const list = el(
      "dl",
      {},
      row(t("landscape.curvature.plane"), values),
      row(t("landscape.curvature.largest"), format.plain(curvature.largest, 3)),
      row(t("settings.rate.bound.mark"), bound === null ? "–" : format.plain(bound, 3)),
      row(t("landscape.curvature.rate"), format.plain(rate)),
    );
    const key = bound === null ? "nowhere" : rate < bound ? "below" : rate > bound ? "above" : "at";
    const words = t(`landscape.curvature.${key}`, {
      rate: format.plain(rate),
      bound: format.plain(bound ?? 0, 3),
    });
    const stale = curvature.step !== state.step;
    return part(
      t("landscape.curvature"),
      list,
      el("p", { id: "curvature-words", class: key === "above" ? "alarm" : "", text: words }),
      el("p", {
        class: "muted",
        text: t("landscape.curvature.step", { step: format.count(curvature.step) }),
      }),
      ...(stale ? [button] : []),
    );
  }

  function exportPart() {
    const buttons = exports(state).map(({ kind, save }) =>
      el(
        "button",
        {
          type: "button",
          id: `export-${kind}`,
          class: "chip",
          hint: t(`landscape.export.${kind}.hint`),
          on: {
            click: () => save().catch(() => session.say("landscape.export.failed")),
          },
        },
        icon("download"),
        kind.toUpperCase(),
      ),
    );
    return part(t("landscape.export"), el("div", { class: "row" }, ...buttons));
  }

  /** What the sheet was last drawn from. */
  let drawnFrom = "";
  const view = {
    draw() {
      if (home.hidden) return;
      const { surface, chosen, step, playing, axes } = state;
      const from = [
        JSON.stringify([shownEnds(), landscape.pin, landscape.top, landscape.view, place]),
        JSON.stringify([landscape.curvature, measuring, chosen, step, playing, axes]),
        surface?.plane,
        t("landscape.more"),
        runNames(state)[chosen],
      ].join();
      if (from === drawnFrom) return;
      drawnFrom = from;
      rebuild(home, [extentPart(), heightPart(), startPart(), curvaturePart(), exportPart()]);
    },
  };
  return view;
}
