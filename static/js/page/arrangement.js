/** Shows, locks and hides parts of the page, as a lesson, a link or a mystery wants it. */

import { isHidden, isPanelHidden } from "../experiment/access.js";
import { loadStyle } from "../ui/lazy-style.js";

/**
 * @typedef {import("../types.js").Part} Part
 * @typedef {import("../experiment/state.js").State} State
 */

/** Where each part stands. @type {Record<Part, string>} */
const PLACES = {
  network: "#network",
  learned: "#learned",
  loss: "#loss",
  surface: "#surface",
  signals: "#tab-signals",
  explain: "#tab-explain",
  seeds: "#tab-seeds, #repeat",
  data: "#data",
  runs: "#comparison",
  settings: "#settings",
  train: ".transport, .speed",
  timeline: ".past-row",
  presets: "#preset",
  lessons: ".lesson-strip",
  tools: "#share, #take-home-open, #class-open, #present, #theme, #help-button",
  language: "#language",
};
/** What of a part is locked, where that is not all of it. @type {Partial<Record<Part, string>>} */
const CONTROLS = {
  train: "#reset, #step, #train",
  timeline: ".past-row, #back",
};
const FORM = "button, input, select, textarea";
/** What stays open: it only looks, repeats the experiment elsewhere, or takes back what could be done. */
const LOOKS = ".pick, .enlarge, .larger, [role=tab], #repeat, #undo, #redo";

/** @param {string} selector */
const all = (selector) => [...document.querySelectorAll(selector)];

/** @param {Element} element @returns {element is HTMLButtonElement} anything that can be disabled */
const isControl = (element) => element.matches(FORM) && !element.matches(LOOKS);

/**
 * Keeps controls disabled, also those that the page draws anew or would enable, and gives back what the page wanted.
 */
function createLock() {
  /** What the page wants of each control. @type {Map<HTMLButtonElement, boolean>} */
  const held = new Map();
  /** @type {Element[]} */
  let roots = [];

  /** @param {HTMLButtonElement} control */
  function hold(control) {
    // What is held and yet enabled was enabled by the page. Nothing else is set: it would be heard again.
    if (held.has(control) && control.disabled) return;
    held.set(control, control.disabled);
    control.disabled = true;
  }

  /** @param {Element} root */
  const within = (root) => [root, ...root.querySelectorAll(FORM)].filter(isControl);

  const watcher = new MutationObserver((records) => {
    for (const { target } of records) {
      if (!(target instanceof Element) || !target.isConnected) continue;
      for (const control of within(target)) hold(control);
    }
    for (const control of held.keys()) if (!control.isConnected) held.delete(control);
  });

  return {
    /** @param {Element[]} wanted   everything in these is locked, and nothing else */
    set(wanted) {
      watcher.disconnect();
      for (const [control, before] of held) {
        if (wanted.some((root) => root.contains(control))) continue;
        control.disabled = before;
        held.delete(control);
      }
      roots = wanted;
      for (const root of roots) {
        for (const control of within(root)) hold(control);
        const watched = { childList: true, subtree: true, attributeFilter: ["disabled"] };
        watcher.observe(root, watched);
      }
    },
  };
}

/** The columns of a wide page, from above to below. @type {Part[][]} */
const COLUMNS = [
  ["data", "runs"],
  ["network", "loss"],
  ["learned", "surface"],
];

/** Whether no panel is seen. @param {Set<Part>} hidden */
export const isBare = (hidden) => COLUMNS.flat().every((part) => hidden.has(part));

/**
 * The grid of the panels that are seen: who stands alone in a column fills it, and an empty column is none.
 * @param {Set<Part>} hidden
 * @returns {{areas: string, columns: string}|null} null where all are seen, or none
 */
export function gridOf(hidden) {
  const columns = COLUMNS.map((parts) => parts.filter((part) => !hidden.has(part))).filter(
    (parts) => parts.length,
  );
  if (!columns.length || columns.flat().length === COLUMNS.flat().length) return null;
  const row = (/** @type {number} */ place) =>
    `"${columns.map((parts) => parts[place] ?? parts[0]).join(" ")}"`;
  const narrow = columns.length > 1 && COLUMNS[0].includes(columns[0][0]);
  const widths = columns.map((_, i) => (narrow && !i ? "var(--setup)" : "minmax(0, 1fr)"));
  return { areas: `${row(0)} ${row(1)}`, columns: widths.join(" ") };
}

/**
 * The access with another layer in the place of that of a name; null takes it away.
 * @param {import("../types.js").Access} access @param {string} name @param {import("../types.js").Closed|null} layer
 * @returns {import("../types.js").Access}
 */
export function withLayer(access, name, layer) {
  const { [name]: _, ...others } = access.layers;
  const layers = layer ? { ...others, [name]: layer } : others;
  const all = Object.values(layers);
  return {
    ...access,
    layers,
    hidden: new Set(all.flatMap(({ hidden = [] }) => hidden)),
    locked: new Set(all.flatMap(({ locked = [] }) => locked)),
    answers: all.every(({ answers = true }) => answers),
  };
}

/**
 * Hides the experiment and locks its training until what a link names is there; then its own layer says what is closed.
 * @param {{state: State, tabs: {show: (tab: string) => void}}} parts @param {string} name of the layer
 * @param {boolean} on
 */
export function holdFor({ state, tabs }, name, on) {
  connectArrangement(state, tabs);
  document.body.classList.toggle("entering", on);
  const layer = { locked: /** @type {Part[]} */ (["train", "timeline"]) };
  state.patchNow({ access: withLayer(state.access, name, on ? layer : null) });
}

/** Says of every element whether its part is among some. @param {string} name of a class @param {Set<Part>} parts */
function mark(name, parts) {
  for (const [part, place] of Object.entries(PLACES))
    for (const element of all(place))
      element.classList.toggle(name, parts.has(/** @type {Part} */ (part)));
}

/** A tab or a large panel that is hidden is left. @param {State} state @param {{show: (tab: string) => void}} tabs */
function leaveHidden(state, tabs) {
  const { tab, view } = state;
  if (tab !== "loss" && isHidden(state, tab)) tabs.show("loss");
  if (view.large && isPanelHidden(state, view.large))
    state.patch({ view: { large: "", present: false } });
}

/** @type {WeakSet<State>} */
const connected = new WeakSet();

/**
 * The page follows what may be seen and used of it.
 * @param {State} state
 * @param {{show: (tab: string) => void}} tabs
 */
export function connectArrangement(state, tabs) {
  if (connected.has(state)) return;
  connected.add(state);
  loadStyle("class");
  const lock = createLock();

  function apply() {
    const { hidden, locked, answers } = state.access;
    mark("part-hidden", hidden);
    mark("part-locked", locked);
    lock.set([...locked].flatMap((part) => all(CONTROLS[part] ?? PLACES[part])));
    const { body } = document;
    body.classList.toggle("without-answers", !answers);
    const grid = gridOf(hidden);
    body.classList.toggle("rearranged", grid !== null);
    body.style.setProperty("--areas", grid?.areas ?? "");
    body.style.setProperty("--columns", grid?.columns ?? "");
    leaveHidden(state, tabs);
    // The figures have another size now.
    requestAnimationFrame(() => dispatchEvent(new Event("resize")));
  }

  state.on(["access"], apply);
  state.on(["tab", "view/large"], () => leaveHidden(state, tabs));
  apply();
}
