/**
 * A panel that fills the window, under the headline and the transport, with the runs as its legend; and the size for
 * presentations, in which everything is read from the last row: one panel at a time, in large type.
 */

import { byId, el, icon, setText } from "../ui/dom.js";
import { t, translate } from "../ui/i18n.js";
import { setTypeScale } from "../ui/theme.js";
import { isPanelHidden } from "../experiment/access.js";
import { ENLARGED } from "../experiment/state.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../experiment/state.js").Enlarged} Enlarged
 * @typedef {{element: HTMLElement|null, scroll: number}} Place   where the visitor was
 */

/** The panels that can be large, and the words for them. @type {Record<Enlarged, string>} */
export const LARGE = {
  loss: "inside.tab.loss",
  surface: "landscape.view.surface",
  network: "network.title",
  learned: "learned.title",
  comparison: "runs.title",
};

/** How much larger type is in a presentation: what is 13 pixels high on a desk is 18 then. */
const PRESENTED = 1.4;
/** What Escape closes before it leaves the large panel. */
const ABOVE =
  ":popover-open:not(#hint), #help:not([hidden]), .drop:not([hidden]), .landscape-sheet:not([hidden]), " +
  "aside.sheet:not([hidden]), .part-card:not([hidden])";

/** @param {unknown} name @returns {name is Enlarged} */
const isPanel = (name) => ENLARGED.some((panel) => panel === name);

/** @param {{state: State}} parts */
export function connectEnlarge({ state }) {
  const buttons = ENLARGED.map(addButton);
  const present = byId("present");
  /** @type {Place|null} */
  let from = null;
  /** Once a panel has been large. @type {typeof import("./large-view.js")|null} */
  let view = null;

  /** @param {Enlarged} panel */
  function addButton(panel) {
    const button = el(
      "button",
      {
        type: "button",
        class: "tool enlarge",
        "data-large": panel,
        "aria-pressed": "false",
        "aria-keyshortcuts": "E",
      },
      icon("larger"),
    );
    button.addEventListener("click", () => show(state.view.large === panel ? "" : panel));
    byId(panel).querySelector(":scope > header")?.after(button);
    return button;
  }

  /** Makes a panel large, or with "" none. @param {Enlarged|""} panel */
  function show(panel) {
    const { large } = state.view;
    if (panel === large) return;
    if (panel && !large) from = { element: focused(), scroll: scrollY };
    // One panel at a time is what a presentation is: it ends with it.
    state.patchNow({ view: { large: panel, present: state.view.present && panel !== "" } });
    setText(byId("announcer"), said(panel));
    if (panel) buttons[ENLARGED.indexOf(panel)].focus({ preventScroll: true });
    else goBack();
  }

  /** Focus and scrolling as they were before. */
  function goBack() {
    const { element, scroll } = from ?? { element: null, scroll: 0 };
    from = null;
    scrollTo(0, scroll);
    element?.focus({ preventScroll: true });
  }

  function togglePresentation() {
    const { present: on, large } = state.view;
    if (on) return show("");
    const panel = large || panelFor(state, underPointer(), ENLARGED[0]);
    if (!panel) return;
    if (!large) from = { element: focused(), scroll: scrollY };
    state.patchNow({ view: { present: true, large: panel } });
    setText(byId("announcer"), t("large.presented"));
  }

  async function draw() {
    const { large, present: presented } = state.view;
    for (const panel of ENLARGED) byId(panel).classList.toggle("large", panel === large);
    document.body.classList.toggle("enlarged", large !== "");
    document.documentElement.dataset.size = presented ? "presentation" : "desk";
    setTypeScale(presented ? PRESENTED : 1);
    present.setAttribute("aria-pressed", String(presented));
    for (const button of buttons) drawButton(button, button.dataset.large === large);
    if (large) view ??= await import("./large-view.js");
    view?.drawLegend(state, show);
  }
  state.on(["view/large", "view/present"], draw);
  state.on(
    ["chosen", "live", "setup", "runs", "step", "tab", "language", "access", "view/theme"],
    () => {
      if (state.view.large) view?.drawLegend(state, show);
    },
  );
  present.addEventListener("click", togglePresentation);

  /** What is above the panel when Escape is pressed, which closes that. */
  let covered = false;
  addEventListener("keydown", () => (covered = document.querySelector(ABOVE) !== null), true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.view.large && !covered && !event.defaultPrevented) show("");
  });

  return {
    /** The panel with the focus, or under the mouse, or the surface; again, and all are back. */
    toggle: () => show(state.view.large ? "" : panelFor(state, underPointer(), "surface")),
    togglePresentation,
  };
}

/**
 * The panel that is meant, or the usual one, or the first that is seen; "" where none is.
 * @param {import("../experiment/access.js").WithAccess} state
 * @param {Enlarged|""} meant
 * @param {Enlarged} usual
 * @returns {Enlarged|""}
 */
export function panelFor(state, meant, usual) {
  const wanted = [...(meant ? [meant] : []), usual, ...ENLARGED];
  return wanted.find((panel) => !isPanelHidden(state, panel)) ?? "";
}

/** The panel that has the focus, or that the mouse is over. @returns {Enlarged|""} */
function underPointer() {
  const focus = document.activeElement?.closest("main > .panel")?.id;
  const hover = document.querySelector("main > .panel:hover")?.id;
  return [focus, hover].find(isPanel) ?? "";
}

const focused = () =>
  document.activeElement instanceof HTMLElement ? document.activeElement : null;

/** @param {Enlarged|""} panel */
const said = (panel) => (panel ? t("large.opened", { panel: t(LARGE[panel]) }) : t("large.closed"));

/** @param {HTMLElement} button @param {boolean} isLarge */
function drawButton(button, isLarge) {
  button.setAttribute("aria-pressed", String(isLarge));
  button.dataset.i18nName = isLarge ? "large.close" : "large.open";
  button.dataset.i18nHint = isLarge ? "large.close.hint" : "large.open.hint";
  button.querySelector("use")?.setAttribute("href", `#icon-${isLarge ? "smaller" : "larger"}`);
  translate(button.parentElement ?? button);
}
