/** The tabs of the lower middle: the loss, the signals, one step, many seeds. The open one is remembered. */

import { byId } from "../ui/dom.js";
import { remember, remembered } from "../ui/storage.js";

/** @typedef {import("../experiment/state.js").Tab} Tab */

/** @type {Tab[]} */
const TABS = ["loss", "signals", "explain", "seeds"];
/** Those whose curves can have a logarithmic scale, and the test loss beside. */
const WITH_CURVES = ["loss", "seeds"];
const KEPT = "basin.tab";

/** @param {unknown} name @returns {name is Tab} */
const known = (name) => TABS.some((tab) => tab === name);

/** The tab that was open last. @returns {Tab} */
export function rememberedTab() {
  const name = remembered(KEPT);
  return known(name) ? name : "loss";
}

/** @param {import("../experiment/state.js").State} state */
export function createTabs(state) {
  /** The open tab is before whatever is drawn in it: its place has to have a size. */
  function draw() {
    for (const tab of TABS) {
      const button = byId(`tab-${tab}`);
      button.setAttribute("aria-selected", String(tab === state.tab));
      button.tabIndex = tab === state.tab ? 0 : -1;
      byId(`${tab}-view`).hidden = tab !== state.tab;
    }
    byId("loss").dataset.tab = state.tab;
    byId("loss-options").hidden = !WITH_CURVES.includes(state.tab);
    remember(KEPT, state.tab);
  }
  state.on(["tab"], draw);

  /** @param {string} name @param {boolean} [focus] */
  function show(name, focus = false) {
    if (!known(name)) return;
    state.patchNow({ tab: name });
    if (focus) byId(`tab-${name}`).focus();
  }

  const narrow = matchMedia("(max-width: 400px)");
  const fade = async () => {
    if (narrow.matches) (await import("../ui/fade.js")).fadeEnds(byId("tabs"));
  };
  narrow.addEventListener("change", fade, { once: true });
  fade();
  byId("tabs").addEventListener("click", (event) => {
    const tab = event.target instanceof Element && event.target.closest("[role=tab]");
    if (tab) show(tab.id.replace("tab-", ""));
  });
  byId("tabs").addEventListener("keydown", (event) => {
    const at = TABS.indexOf(state.tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(TABS[(to + TABS.length) % TABS.length], true);
  });
  return { show };
}
