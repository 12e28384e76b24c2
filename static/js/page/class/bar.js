/** The bar of a class: the sentence of its link, and the way to guess what is hidden. */

import { withLayer } from "../../experiment/access.js";
import { layerOf, readMade } from "../../share/made.js";
import { el } from "../../ui/dom.js";
import { language, list, t, translate } from "../../ui/i18n.js";
import { speak } from "../../ui/words.js";
import { connectArrangement } from "../arrangement.js";
import { connectMystery } from "./mystery.js";

/** @typedef {import("../class.js").Parts} Parts */

export function addStyle() {
  if (document.getElementById("class-style")) return;
  const href = new URL("../../../css/lazy/class.css", import.meta.url).href;
  document.head.append(el("link", { rel: "stylesheet", id: "class-style", href }));
}

/**
 * The page as its link wants it.
 * @param {Parts} parts
 * @param {object|null} words   what the link says of it
 */
export async function openClass(parts, words) {
  const { state, api, sync, tabs } = parts;
  addStyle();
  const bar = el("div", { id: "class-bar", class: "class-bar" });
  document.querySelector(".strip")?.prepend(bar);
  if (words) {
    const { made, unknown } = readMade(words);
    if (made.lang && made.lang !== language()) {
      await speak(api, made.lang);
      translate(document.body);
      state.patchNow({ language: made.lang });
    }
    if (made.note) bar.append(el("p", { id: "class-note", text: made.note }));
    document.body.classList.toggle("embedded", made.embed);
    state.patchNow({ access: { ...withLayer(state.access, "link", layerOf(made)), words } });
    if (unknown.length) {
      const names = list(unknown.map((name) => t("errors.quoted", { text: name })));
      sync.say("class.unknown", { values: { names } });
    }
  }
  connectArrangement(state, tabs);
  connectMystery(parts, bar);
}
