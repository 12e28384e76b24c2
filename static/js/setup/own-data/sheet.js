/**
 * Data of the learner's own, three ways in one place: a table, a formula, points drawn by hand.
 * What was brought stays for the whole visit, whatever else is looked at meanwhile.
 */

import { byId, el, setText } from "../../ui/dom.js";
import * as edits from "../../experiment/edits.js";
import { t } from "../../ui/i18n.js";
import { createDrawing } from "./draw.js";
import { createFormula } from "./formula.js";
import { createTable } from "./table.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").DataSpec} DataSpec
 * @typedef {"table"|"formula"|"draw"} Way
 * @typedef {{draw: () => void, element: HTMLElement, focus: () => void}} Pane
 */

/** @type {Way[]} */
const WAYS = ["table", "formula", "draw"];

/** @param {{state: State, change: (setup: import("../../types.js").Setup) => void}} options */
export function createOwn({ state, change }) {
  const home = byId("own");
  const heading = el("h2", { id: "own-title" });
  const tabs = el("div", { class: "ways", role: "group", "aria-labelledby": "own-title" });
  /** @type {Way} */
  let way = "table";
  let language = "";

  /** @param {DataSpec} data @param {import("../../experiment/spec.js").Aim} [aim] */
  function use(data, aim) {
    change(edits.setData(state.setup, data, state.catalog, aim));
    own.close();
  }
  const table = createTable({ state, use });
  const formula = createFormula({ state, use });
  /** @type {Record<Way, Pane>} */
  const panes = { table, formula, draw: createDrawing({ state, use }) };

  const closer = el("button", {
    type: "button",
    id: "own-close",
    class: "tool",
    text: "×",
    on: { click: () => own.close() },
  });
  home.append(
    el("header", {}, heading, tabs, el("span", { class: "push" }), closer),
    ...WAYS.map((name) => panes[name].element),
  );
  home.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) own.close();
  });

  function show() {
    tabs.replaceChildren(
      ...WAYS.map((name) =>
        el("button", {
          type: "button",
          class: "segment",
          text: t(`own.${name}`),
          hint: t(`own.${name}.hint`),
          "aria-pressed": String(name === way),
          "data-way": name,
          on: { click: () => own.open(name) },
        }),
      ),
    );
    for (const name of WAYS) panes[name].element.hidden = name !== way;
  }

  const own = {
    /** @param {Way} [wanted] */
    open(wanted = way) {
      const before = way;
      way = wanted;
      home.hidden = false;
      own.redraw(before !== way);
      panes[way].focus();
    },
    close() {
      if (home.hidden) return;
      const inside = home.contains(document.activeElement);
      home.hidden = true;
      if (inside)
        document.querySelector("#datasets [data-data=custom]")?.querySelector("button")?.focus();
    },
    /** @param {File} file */
    drop(file) {
      own.open("table");
      table.open(file);
    },
    /** In another language, or another theme. @param {boolean} [anyway] */
    redraw(anyway = false) {
      if (home.hidden) return;
      const now = `${t("own.title")} ${state.view.theme}`;
      if (now !== language || anyway) {
        setText(heading, t("own.title"));
        closer.setAttribute("aria-label", t("own.close"));
        closer.dataset.hint = t("own.close");
        show();
        panes[way].draw();
      }
      language = now;
    },
    /** The way that leads to the data in use, else the one looked at last. */
    edit() {
      const { data } = state.setup.spec;
      table.adopt(data);
      formula.adopt(data);
      own.open(data.name === "formula" ? "formula" : way === "formula" ? "table" : way);
    },
  };
  return own;
}
