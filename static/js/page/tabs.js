/** The tabs of the lower middle: the loss, the signals, one step. The open one is remembered. */

import { byId } from "../ui/dom.js";
import { remember, remembered } from "../ui/storage.js";

/** @typedef {import("../experiment/state.js").Tab} Tab */

/** @type {Tab[]} */
const TABS = ["loss", "signals", "explain"];
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
  /** @param {string} name @param {boolean} [focus] */
  function show(name, focus = false) {
    if (!known(name)) return;
    for (const tab of TABS) {
      const button = byId(`tab-${tab}`);
      button.setAttribute("aria-selected", String(tab === name));
      button.tabIndex = tab === name ? 0 : -1;
      byId(`${tab}-view`).hidden = tab !== name;
    }
    byId("loss-options").hidden = name !== "loss";
    if (focus) byId(`tab-${name}`).focus();
    if (state.tab === name) return;
    remember(KEPT, name);
    state.patchNow({ tab: name });
  }

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
