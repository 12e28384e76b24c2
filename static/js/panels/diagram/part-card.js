/** The card of a weight or a neuron: its value, gradient and last change, and a box to set it. */

import { byId, el, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { explain, t } from "../../ui/i18n.js";
import { parseNumber } from "../../ui/number-input.js";
import { runNames } from "../../experiment/state.js";
import { mark, unmark } from "../../ui/field-errors.js";
import { partInWords } from "../../experiment/part-names.js";
import { inputNames, isFresh, layerInWords } from "./diagram.js";
import { line, parameterOf, valueAt } from "./geometry.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("./geometry.js").Part} Part
 * @typedef {import("./diagram.js").Band} Band
 *
 * @typedef {object} Shown   what the card is about
 * @property {Part|null} part
 * @property {number} run
 * @property {boolean} editing   whether it has a box to type into
 * @property {Band[]} bands      where the networks are drawn
 */

/**
 * @param {object} options
 * @param {HTMLCanvasElement} options.canvas
 * @param {State} options.state
 * @param {(run: number, values: Record<string, number>) => Promise<boolean>} options.set
 * @param {() => void} options.close  told when the learner is done with the box
 */
export function createPartCard({ canvas, state, set, close }) {
  const card = byId("part-card");

  function hide() {
    card.hidden = true;
    delete card.dataset.of;
  }

  /** Puts the numbers of the part into the card, which is built anew for another part. @param {Shown} shown */
  function draw(shown) {
    const { part, run } = shown;
    const inside = isFresh(state) ? state.inside.get(run) : undefined;
    const name = part && parameterOf(part);
    if (!part || !inside || (!name && part.kind !== "neuron")) return hide();
    if (name && valueAt(part, inside) === null) return hide();
    if (!card.querySelector("dl") || card.dataset.of !== `${name} ${run}`)
      build({ ...shown, part }, name);
    if (name) fill(part, inside);
    place({ ...shown, part });
  }

  /** @param {Part} part @param {import("../../types.js").Inside} inside */
  function fill(part, inside) {
    const { before, gradients } = inside;
    const value = valueAt(part, inside);
    const earlier = before && valueAt(part, before);
    const numbers = [
      format.number(value),
      format.number(valueAt(part, gradients)),
      earlier === null || value === null ? "–" : format.signed(value - earlier),
    ];
    card.querySelectorAll("dd").forEach((home, i) => setText(home, numbers[i]));
    const since = card.querySelector(".since");
    if (!since) return;
    const jump = before !== null && inside.step - before.step > 1;
    setText(
      since,
      jump
        ? t("network.part.since", { step: format.count(before.step) })
        : t("network.part.change"),
    );
  }

  /** @param {Shown & {part: Part}} shown @param {string|null} name */
  function build({ part, run, editing }, name) {
    card.dataset.of = `${name} ${run}`;
    /** @param {string} text @param {string} [extra] */
    const pair = (text, extra) =>
      el("div", {}, el("dt", { text, class: extra ?? false }), el("dd", { text: "–" }));
    /** @type {HTMLElement[]} */
    const parts = [
      el(
        "p",
        {},
        el("b", { text: name ?? inputNames(state)[part.row] }),
        ` ${partInWords(state, part)}`,
      ),
      ...(state.live.spec.runs.length > 1
        ? [el("p", { class: "aside", text: runNames(state)[run] })]
        : []),
    ];
    if (name)
      parts.push(
        el(
          "dl",
          {},
          pair(t("network.part.value")),
          pair(t("network.part.gradient")),
          pair(t("network.part.change"), "since"),
        ),
        editing
          ? editor({ state, set, close }, part, run, name)
          : el("p", { class: "aside", text: t("network.part.click") }),
      );
    const alike = part.kind === "neuron" ? layerInWords(state, run, part.layer) : "";
    if (alike) parts.splice(1, 0, el("p", { class: "aside", text: alike }));
    card.replaceChildren(...parts);
    card.hidden = false;
    card.classList.toggle("editing", editing);
  }

  /** Beside the part, within the panel. @param {Shown & {part: Part}} shown */
  function place({ part, run, bands }) {
    const band = bands.find((one) => one.run === run);
    const spot = band && spotOf(band.places, part);
    if (!spot) return hide();
    const panel = byId("network").getBoundingClientRect();
    const box = canvas.getBoundingClientRect();
    card.hidden = false;
    const at = { x: box.left - panel.left + spot.x, y: box.top - panel.top + spot.y };
    const right = at.x + 22 + card.offsetWidth <= panel.width;
    const left = right ? at.x + 22 : Math.max(4, at.x - 22 - card.offsetWidth);
    const top = Math.max(
      4,
      Math.min(at.y - card.offsetHeight / 2, panel.height - card.offsetHeight - 4),
    );
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }

  return {
    draw,
    hide,
    /** The card is built anew when it is drawn next. */
    forget() {
      delete card.dataset.of;
    },
    /** The keys go to the box. */
    focus() {
      const box = card.querySelector("input");
      box?.focus({ preventScroll: true });
      box?.select();
    },
  };
}

/**
 * The middle of a part on the canvas, or null where it is not drawn.
 * @param {import("./geometry.js").Places} places @param {Part} part
 * @returns {{x: number, y: number}|null}
 */
function spotOf(places, part) {
  if (part.kind === "neuron") return places.layers[part.layer]?.places[part.row] ?? null;
  const { matrix } = places.gaps[part.layer - 1];
  if (matrix) return { x: matrix.x + matrix.width / 2, y: matrix.y + matrix.height / 2 };
  const { x1, y1, x2, y2 } = line(places, part.layer, part.row, part.column);
  return { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
}

/**
 * The box in which a parameter is set.
 * @param {{state: State, set: (run: number, values: Record<string, number>) => Promise<boolean>, close: () => void}} options
 * @param {Part} part @param {number} run @param {string} name
 */
function editor({ state, set, close }, part, run, name) {
  const box = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    class: "number",
    id: "part-value",
    "aria-label": t("network.part.set", { name }),
    "data-pointer": `/values/${name}`,
  });
  box.value = String(valueAt(part, state.inside.get(run)) ?? "");
  const take = async () => {
    const read = parseNumber(box.value, state.catalog.fields.parameter);
    if ("code" in read) return mark(box, explain(read));
    unmark(box);
    if (read.value === valueAt(part, state.inside.get(run))) return close();
    if (await set(run, { [name]: read.value })) close();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") take();
    if (event.key === "Escape") close();
    event.stopPropagation(); // letters and arrows are for the box
  });
  const go = el("button", {
    type: "button",
    class: "primary outline",
    id: "part-set",
    text: t("network.part.apply"),
    on: { click: take },
  });
  return el("div", { class: "field" }, el("div", { class: "row" }, box, go));
}
