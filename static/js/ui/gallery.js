/** A choice laid open: every entry with its name, its formula, its picture and a sentence. */

import { byId, el } from "./dom.js";
import { formula, hint, label } from "./i18n.js";

/**
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {{name: string, kind: string, entry: {name: string, label?: string, formula?: string},
 *   group?: string, reason?: string, draw?: (canvas: HTMLCanvasElement) => void}} Item
 * @typedef {{title: string, items: Item[], value: string, choose: (name: string) => void, extra?: Node[]}} Gallery
 */

/**
 * What a choice is, for the bubble of its control: its formula, then its sentence.
 * @param {string} kind
 * @param {{name: string, formula?: string}|undefined} entry
 */
export function about(kind, entry) {
  if (!entry) return "";
  return [formula(kind, entry), hint(kind, entry)].filter(Boolean).join("\n");
}

/** Where the gallery goes when its control has been built anew meanwhile. */
let anchor = "";
const heir = () => document.querySelector(`[data-focus="${CSS.escape(anchor)}"]`);
let listens = false;

/** The gallery stays beside its control, and in the window, when that changes its size. */
function follow() {
  const [home, opener] = [byId("gallery"), heir()];
  if (opener instanceof HTMLElement && home.matches(":popover-open")) place(home, opener);
}

/**
 * A button that opens a sheet; what is inside it is its picture.
 * @param {{name: string, hint: string, focus: string, content: Node|string, open: (opener: HTMLElement) => void,
 *   class?: string}} options
 */
export function opener({ name, hint: tip, focus, content, open, class: kind = "tool" }) {
  const button = el(
    "button",
    {
      type: "button",
      class: `${kind} opens`,
      // What can be read on it is part of its name, so that it can be called by it.
      "aria-label": typeof content === "string" ? `${content}: ${name}` : name,
      "aria-haspopup": "dialog",
      hint: tip,
      "data-focus": focus,
      on: { click: () => open(button) },
    },
    content,
  );
  return button;
}

/**
 * Lays something open beside what opened it. It goes with a click elsewhere or with Escape.
 * @param {HTMLElement} opener
 * @param {string} title
 * @param {(Node|string)[]} children
 */
export function openSheet(opener, title, children) {
  const home = byId("gallery");
  anchor = opener.dataset.focus ?? "";
  home.replaceChildren(el("h3", { id: "gallery-title", text: title }), ...children);
  home.showPopover();
  if (!listens) addEventListener("resize", follow);
  listens = true;
  place(home, opener);
  /** @type {HTMLElement|null} */
  const first =
    home.querySelector("[aria-pressed=true]") ??
    home.querySelector("button:enabled, input, select");
  first?.focus({ preventScroll: true });
  first?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} opener @param {Gallery} gallery */
export function openGallery(opener, { title, items, value, choose, extra = [] }) {
  delete byId("gallery").dataset.size;
  /** @type {Map<string, Item[]>} */
  const groups = new Map();
  for (const item of items) {
    const group = item.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  const blocks = [...groups].flatMap(([group, members]) => [
    ...(group ? [el("h4", { text: group })] : []),
    el(
      "div",
      { class: "gallery-options" },
      ...members.map((item) =>
        option(item, item.name === value, () => {
          close();
          choose(item.name);
        }),
      ),
    ),
  ]);
  openSheet(opener, title, [...extra, ...blocks]);
}

/** Closes the gallery; the control that opened it has the focus again, even one that was built anew. */
function close() {
  byId("gallery").hidePopover();
  const opener = heir();
  if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
}

/** @param {Item} item @param {boolean} chosen @param {() => void} click */
function option({ kind, entry, name, reason, draw }, chosen, click) {
  const canvas = draw ? el("canvas", { "aria-hidden": "true" }) : null;
  if (canvas) draw?.(canvas);
  const words = reason ?? hint(kind, entry);
  return el(
    "button",
    {
      type: "button",
      class: "option",
      "aria-pressed": String(chosen),
      "data-option": name,
      disabled: Boolean(reason),
      on: { click },
    },
    ...(canvas ? [canvas] : []),
    el("span", { class: "name", text: label(kind, entry) }),
    ...(entry.formula ? [el("span", { class: "expression", text: formula(kind, entry) })] : []),
    ...(words ? [el("span", { class: "words", text: words })] : []),
  );
}

/** Below what opened it, or above where there is no room. @param {HTMLElement} panel @param {HTMLElement} opener */
export function place(panel, opener) {
  const box = opener.getBoundingClientRect();
  panel.style.maxHeight = "";
  const below = innerHeight - box.bottom - 16;
  const above = box.top - 16;
  const height = panel.offsetHeight;
  const under = height <= below || below >= above;
  panel.style.maxHeight = `${Math.min(innerHeight - 16, Math.max(160, under ? below : above))}px`;
  const left = Math.max(8, Math.min(box.left, innerWidth - panel.offsetWidth - 8));
  panel.style.left = `${left}px`;
  const top = under ? box.bottom + 6 : box.top - panel.offsetHeight - 6;
  // In the window, even where its control is not.
  panel.style.top = `${Math.max(8, Math.min(top, innerHeight - panel.offsetHeight - 8))}px`;
}
