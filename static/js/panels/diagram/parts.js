/** Pointing at a weight or a neuron, by mouse or by keys: a card with its numbers, in which it can be set. */

import { byId, el, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { explain, t } from "../../ui/i18n.js";
import { parseNumber } from "../../ui/number-input.js";
import { runNames } from "../../experiment/state.js";
import { mark, unmark } from "../../ui/field-errors.js";
import { drawDiagram, inputNames, isFresh, shownRuns, sizesOf } from "./diagram.js";
import { hit, line, parameterOf, valueAt, walk } from "./geometry.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("./geometry.js").Part} Part
 */

/**
 * @param {object} options
 * @param {HTMLCanvasElement} options.canvas
 * @param {State} options.state
 * @param {(run: number, values: Record<string, number>) => Promise<boolean>} options.set
 * @param {(parameter: string) => void} options.chosen told which parameter was clicked
 */
export function createParts({ canvas, state, set, chosen }) {
  const card = byId("part-card");
  /** @type {import("./diagram.js").Band[]} */
  let bands = [];
  /** The run whose part is pointed at. */
  let run = 0;
  /** Whether the card has a box to type into. */
  let editing = false;

  const { network } = state;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-describedby", "network-keys network-summary");

  /** @param {Part|null} part */
  function same(part) {
    return JSON.stringify(part) === JSON.stringify(network.selected);
  }

  function draw() {
    bands = drawDiagram(canvas, state);
    fill();
  }

  /** The part that the card is about. */
  const shown = () => (editing ? network.selected : (network.hovered ?? network.selected));

  /** Puts the numbers of the part into the card. */
  function fill() {
    const part = shown();
    const inside = isFresh(state) ? state.inside.get(run) : undefined;
    const name = part && parameterOf(part);
    if (!part || !inside || (!name && part.kind !== "neuron")) return hide();
    const value = valueAt(part, inside);
    if (name && value === null) return hide();
    const list = card.querySelector("dl");
    if (!list || card.dataset.of !== `${name} ${run}`) return build(part, name);
    const before = inside.before ? valueAt(part, inside.before) : null;
    const numbers = [
      format.number(value),
      format.number(valueAt(part, inside.gradients)),
      before === null || value === null ? "–" : format.signed(value - before),
    ];
    list.querySelectorAll("dd").forEach((home, i) => setText(home, numbers[i]));
    const since = card.querySelector(".since");
    if (since)
      setText(
        since,
        inside.before && inside.step - inside.before.step > 1
          ? t("network.part.since", { step: format.count(inside.before.step) })
          : t("network.part.change"),
      );
    place(part);
  }

  /** @param {Part} part @param {string|null} name */
  function build(part, name) {
    card.dataset.of = `${name} ${run}`;
    const kind =
      part.kind === "weight"
        ? t("network.part.weight", { from: part.column, to: part.row, layer: part.layer })
        : part.layer
          ? t("network.part.bias", { row: part.row, layer: part.layer })
          : t("network.part.input", { row: part.row + 1 });
    /** @param {string} text @param {string} [extra] */
    const pair = (text, extra) =>
      el("div", {}, el("dt", { text, class: extra ?? false }), el("dd", { text: "–" }));
    /** @type {HTMLElement[]} */
    const parts = [
      el("p", {}, el("b", { text: name ?? inputNames(state)[part.row] }), ` ${kind}`),
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
        editing ? editor(part, name) : el("p", { class: "aside", text: t("network.part.click") }),
      );
    card.replaceChildren(...parts);
    card.hidden = false;
    card.classList.toggle("editing", editing);
    if (name) fill();
    else place(part);
  }

  /** @param {Part} part @param {string} name */
  function editor(part, name) {
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

  /** Beside the part, within the panel. @param {Part} part */
  function place(part) {
    const band = bands.find((one) => one.run === run);
    if (!band) return hide();
    const panel = byId("network").getBoundingClientRect();
    const box = canvas.getBoundingClientRect();
    /** @type {number} */
    let x;
    /** @type {number} */
    let y;
    if (part.kind === "neuron") {
      const spot = band.places.layers[part.layer]?.places[part.row];
      if (!spot) return hide();
      ({ x, y } = spot);
    } else {
      const { matrix } = band.places.gaps[part.layer - 1];
      if (matrix) {
        x = matrix.x + matrix.width / 2;
        y = matrix.y + matrix.height / 2;
      } else {
        const ends = line(band.places, part.layer, part.row, part.column);
        x = (ends.x1 + ends.x2) / 2;
        y = (ends.y1 + ends.y2) / 2;
      }
    }
    card.hidden = false;
    const at = { x: box.left - panel.left + x, y: box.top - panel.top + y };
    const right = at.x + 22 + card.offsetWidth <= panel.width;
    const left = right ? at.x + 22 : Math.max(4, at.x - 22 - card.offsetWidth);
    const top = Math.max(
      4,
      Math.min(at.y - card.offsetHeight / 2, panel.height - card.offsetHeight - 4),
    );
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }

  function hide() {
    card.hidden = true;
    delete card.dataset.of;
  }

  function close() {
    editing = false;
    network.selected = null;
    network.hovered = null;
    hide();
    draw();
    if (!canvas.closest("[hidden]")) canvas.focus({ preventScroll: true });
  }

  /** @param {Part} part */
  function edit(part) {
    const name = parameterOf(part);
    if (!name || !isFresh(state)) return;
    editing = true;
    network.selected = part;
    network.hovered = null;
    delete card.dataset.of;
    draw();
    chosen(name);
    const box = card.querySelector("input");
    box?.focus({ preventScroll: true });
    box?.select();
  }

  /** @param {PointerEvent|MouseEvent} event */
  function at(event) {
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    for (const band of bands) {
      const found = hit(band.places, x, y);
      if (found) return { run: band.run, part: found };
    }
    return null;
  }

  /** Says the part to a screen reader. */
  function announce() {
    const part = shown();
    const inside = state.inside.get(run);
    const name = part && parameterOf(part);
    if (!part || !name || !inside) return;
    setText(
      byId("part-live"),
      t("network.part.said", {
        name,
        value: format.number(valueAt(part, inside)),
        gradient: format.number(valueAt(part, inside.gradients)),
      }),
    );
  }

  canvas.addEventListener("pointermove", (event) => {
    if (editing || event.pointerType === "touch") return;
    const found = at(event);
    canvas.style.cursor = found && parameterOf(found.part) ? "pointer" : "default";
    const before = JSON.stringify([network.hovered, run]);
    network.hovered = found?.part ?? null;
    run = found?.run ?? state.chosen;
    if (JSON.stringify([network.hovered, run]) !== before) draw();
  });
  canvas.addEventListener("pointerleave", () => {
    if (editing || !network.hovered) return;
    network.hovered = null;
    draw();
  });
  canvas.addEventListener("click", (event) => {
    const found = at(event);
    if (!found) return editing ? close() : undefined;
    run = found.run;
    edit(found.part);
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && network.selected) {
      close();
    } else if (event.key === "Enter" && network.selected) {
      edit(network.selected);
    } else {
      const next = walk(network.selected, event.key, sizesOf(state));
      if (!/^Arrow|^Home$|^End$/.test(event.key) || !next) return;
      if (!shownRuns(state).includes(run)) run = state.chosen;
      network.hovered = null;
      if (!same(next)) network.selected = next;
      draw();
      announce();
    }
    event.preventDefault();
  });
  canvas.addEventListener("blur", () => {
    if (editing || !network.selected) return;
    network.selected = null;
    draw();
  });
  return {
    draw,
    /** Another run or network: nothing is pointed at any more. */
    leave() {
      if (editing || network.selected || network.hovered) {
        editing = false;
        network.selected = network.hovered = null;
        hide();
      }
      run = state.chosen;
    },
  };
}
