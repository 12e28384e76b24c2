/** The card of a data point under the mouse: its inputs, its target, and what the network says of it. */

import { byId, el } from "../../ui/dom.js";
import { nice } from "../../experiment/features.js";
import { inOwnUnits } from "../../experiment/target-units.js";
import { scales } from "../../ui/canvas-axes.js";
import { decode } from "../../server/typed-array.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").DataSet} DataSet
 * @typedef {import("./decision-map.js").Frame} Frame
 * @typedef {{part: "train"|"test", row: number, x: number, y: number}} Near   a point, and where it is drawn
 */

/** How near the pointer has to be, in pixels. */
const REACH = 9;
/** So many inputs are told. */
const TOLD = 6;

/**
 * The point that is drawn nearest to a place, within reach.
 * @param {DataSet} data @param {Frame} frame @param {boolean} test whether the test points are drawn
 * @param {number} x @param {number} y
 * @returns {Near|null}
 */
export function pointAt(data, frame, test, x, y) {
  const { axes } = frame;
  const [px, py] = scales(frame.box, frame.x, frame.y);
  const own = inOwnUnits(data);
  const planar = data.inputs.length > 1;
  /** @type {Near|null} */
  let nearest = null;
  let least = REACH;
  for (const part of /** @type {("train"|"test")[]} */ (test ? ["train", "test"] : ["train"])) {
    const { x: rows, y: targets } = data[part] ?? { x: [], y: [] };
    rows.forEach((point, row) => {
      const target = targets[row];
      const height = Array.isArray(target) ? Math.max(...target) : target;
      const at = {
        x: px(point[planar ? axes[0] : 0]),
        y: py(planar ? point[axes[1]] : own(height)),
      };
      const away = Math.hypot(at.x - x, at.y - y);
      if (away >= least) return;
      least = away;
      nearest = { part, row, ...at };
    });
  }
  return nearest;
}

/**
 * @param {object} options
 * @param {HTMLCanvasElement} options.map
 * @param {State} options.state
 * @param {Pick<typeof import("../../server/api.js").api, "outputs">} options.api
 */
export function createPointCard({ map, state, api }) {
  const card = byId("point-card");
  /** @type {Frame|null} */
  let frame = null;
  /** @type {Near|null} */
  let near = null;
  /** The outputs at all samples, of one moment. @type {{key: string, found: import("../../types.js").Outputs|null}} */
  let answers = { key: "", found: null };

  /** What the network says of a point; null where it is not known yet. @param {Near} point @returns {number[]|null} */
  function answerAt({ part, row }) {
    const { summary, chosen: run, step } = state;
    const key = `${summary.id} ${summary.version} ${run} ${step}`;
    if (answers.key !== key) {
      if (state.hurried) return null;
      answers = { key, found: null };
      api.outputs(summary.id, { run, step, size: 2, neurons: false, samples: true }).then(
        (found) => {
          if (answers.key !== key) return;
          answers.found = found;
          draw();
        },
        () => (answers.key = ""), // asked for again when the pointer moves on
      );
      return null;
    }
    const told = answers.found?.samples?.[part];
    if (!told) return null;
    const values = decode(told);
    const count = state.data?.[part]?.x.length ?? values.length;
    return Array.from({ length: values.length / count }, (_, k) => values[k * count + row]);
  }

  function draw() {
    const { data } = state;
    if (!near || !data || !frame) {
      card.hidden = true;
      return;
    }
    const { part, row } = near;
    const answer = answerAt(near);
    /** @param {string} name @param {string} value */
    const pair = (name, value) =>
      el("div", {}, el("dt", { text: name }), el("dd", { text: value }));
    const inputs = data[part].x[row];
    const rows = inputs
      .slice(0, TOLD)
      .map((value, i) => pair(nice(data.inputs[i]), format.compact(value, 4)));
    const more = inputs.length - TOLD;
    card.replaceChildren(
      el("p", { class: "aside", text: t(`learned.${part}Points`) }),
      el(
        "dl",
        {},
        ...rows,
        ...(more > 0
          ? [el("p", { class: "aside", text: t("learned.held.more", { count: more }) })]
          : []),
        pair(
          t("learned.target", { name: data.target ?? "y" }),
          targetInWords(data, data[part].y[row]),
        ),
        pair(t("learned.answer"), answer ? answerInWords(data, answer) : "–"),
      ),
    );
    card.hidden = false;
    place(near);
  }

  /** Beside the point, within the panel. @param {Near} at */
  function place(at) {
    const panel = byId("learned").getBoundingClientRect();
    const box = map.getBoundingClientRect();
    const x = box.left - panel.left + at.x;
    const y = box.top - panel.top + at.y;
    const right = x + 14 + card.offsetWidth <= panel.width;
    card.style.left = `${right ? x + 14 : Math.max(4, x - 14 - card.offsetWidth)}px`;
    card.style.top = `${Math.max(4, Math.min(y - 20, panel.height - card.offsetHeight - 4))}px`;
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const { data, view } = state;
    const box = map.getBoundingClientRect();
    const before = JSON.stringify(near);
    near =
      data && frame && !state.network.looked
        ? pointAt(data, frame, view.showTest, event.clientX - box.left, event.clientY - box.top)
        : null;
    if (JSON.stringify(near) !== before) draw();
  }

  map.addEventListener("pointermove", move);
  map.addEventListener("pointerdown", move);
  map.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "touch") return; // a tap shows it until the next one
    near = null;
    draw();
  });

  return {
    /** @param {Frame|null} where */
    drawnAt(where) {
      frame = where;
    },
    /** The step, the run or the data have changed. */
    redraw() {
      if (!near) return;
      if (!state.data?.[near.part]?.x[near.row]) near = null;
      draw();
    },
  };
}

/** A sample's target: its class by name, or its number in its own units. @param {DataSet} data @param {number|number[]} target */
export function targetInWords(data, target) {
  const { classes } = data;
  if (Array.isArray(target) && classes) return classes[target.indexOf(Math.max(...target))] ?? "";
  if (Array.isArray(target))
    return target.map((value, k) => format.compact(inOwnUnits(data, k)(value), 4)).join(", ");
  if (classes && classes.length > 1) return classes[target > 0 ? classes.length - 1 : 0];
  return format.compact(inOwnUnits(data)(target), 4);
}

/** What the network says, of several classes with the one that it finds likeliest. @param {DataSet} data @param {number[]} answer */
export function answerInWords(data, answer) {
  const { classes } = data;
  if (classes && answer.length > 1) {
    const best = answer.indexOf(Math.max(...answer));
    return `${classes[best] ?? best}: ${format.compact(answer[best], 3)}`;
  }
  return answer.map((value, k) => format.compact(inOwnUnits(data, k)(value), 4)).join(", ");
}
