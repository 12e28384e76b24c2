/** Pointing at a weight or a neuron, by mouse or by keys, and setting its number. */

import { byId, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { drawDiagram, isFresh, shownRuns, sizesOf } from "./diagram.js";
import { hit, parameterOf, valueAt, walk } from "./geometry.js";

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
  /** @type {import("./diagram.js").Band[]} */
  let bands = [];
  /** The run whose part is pointed at. */
  let run = 0;
  let editing = false;
  /** It comes when something is first pointed at. @type {ReturnType<typeof import("./part-card.js").createPartCard>|null} */
  let card = null;
  async function fetchCard() {
    const { createPartCard } = await import("./part-card.js");
    card ??= createPartCard({ canvas, state, set, close });
    return card;
  }

  const { network } = state;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-describedby", "network-keys network-summary");

  /** The part that the card is about. */
  const shown = () => (editing ? network.selected : (network.hovered ?? network.selected));

  function draw() {
    bands = drawDiagram(canvas, state);
    card?.draw({ part: shown(), run, editing, bands });
    if (!card && shown()) fetchCard().then(draw);
  }

  /** Points at another part, and draws it so at once: the card is filled in. @param {Partial<typeof network>} at */
  function point(at) {
    state.patchNow({ network: at });
    const part = shown();
    const looked = part?.kind === "neuron" ? { run, part } : null;
    if (looked || network.looked) state.patchNow({ network: { looked } });
    draw();
  }

  function close() {
    editing = false;
    card?.hide();
    point({ selected: null, hovered: null });
    if (!canvas.closest("[hidden]")) canvas.focus({ preventScroll: true });
  }

  /** @param {Part} part */
  async function edit(part) {
    const name = parameterOf(part);
    if (!name || !isFresh(state)) return;
    editing = true;
    const opened = await fetchCard();
    opened.forget();
    point({ selected: part, hovered: null });
    chosen(name);
    opened.focus();
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

  /** @param {PointerEvent} event */
  function hover(event) {
    if (editing || event.pointerType === "touch") return;
    const found = at(event);
    canvas.style.cursor = found && parameterOf(found.part) ? "pointer" : "default";
    const before = JSON.stringify([network.hovered, run]);
    const hovered = found?.part ?? null;
    run = found?.run ?? state.chosen;
    if (JSON.stringify([hovered, run]) !== before) point({ hovered });
  }

  /** To the part that a key leads to, if it is a key that moves. @param {string} key */
  function moveBy(key) {
    const next = walk(network.selected, key, sizesOf(state));
    if (!/^Arrow|^Home$|^End$/.test(key) || !next) return false;
    if (!shownRuns(state).includes(run)) run = state.chosen;
    point({ hovered: null, selected: next });
    announce();
    return true;
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const { selected } = network;
    if (event.key === "Escape" && selected) close();
    else if (event.key === "Enter" && selected) edit(selected);
    else if (!moveBy(event.key)) return;
    event.preventDefault();
  }

  canvas.addEventListener("pointermove", hover);
  canvas.addEventListener("pointerleave", () => {
    if (!editing && network.hovered) point({ hovered: null });
  });
  canvas.addEventListener("click", (event) => {
    const found = at(event);
    if (!found) return editing ? close() : undefined;
    run = found.run;
    edit(found.part);
  });
  canvas.addEventListener("keydown", press);
  canvas.addEventListener("blur", () => {
    if (!editing && network.selected) point({ selected: null });
  });
  return {
    draw,
    /** Another run or network: nothing is pointed at any more. */
    leave() {
      if (editing || network.selected || network.hovered) {
        editing = false;
        card?.hide();
        point({ selected: null, hovered: null });
      }
      run = state.chosen;
    },
  };
}
