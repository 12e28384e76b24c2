/** The bar of a class: the sentence of its link, and the way to guess what is hidden. */

import { layerOf, readMade } from "../../share/made.js";
import { el } from "../../ui/dom.js";
import { language, list, t, translate } from "../../ui/i18n.js";
import { speak } from "../../ui/words.js";
import { connectArrangement, isBare, withLayer } from "../arrangement.js";
import { connectMystery } from "./mystery.js";

/** @typedef {import("../class.js").Parts} Parts */

/**
 * The page as its link wants it.
 * @param {Parts} parts
 * @param {object|null} words   what the link says of it
 */
export async function openClass(parts, words) {
  const { state, api, sync, tabs } = parts;
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
    if (isBare(state.access.hidden)) sync.say("class.in.bare");
    if (unknown.length) {
      const names = list(unknown.map((name) => t("errors.quoted", { text: name })));
      sync.say("class.in.unknown", { values: { names } });
    }
  }
  connectArrangement(state, tabs);
  connectMystery(parts, bar);
}
