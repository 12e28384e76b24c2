/** Puts the words of the page's own template into the language in use. */

import { language, t } from "../ui/i18n.js";

/** @param {HTMLElement} root */
export function translate(root) {
  document.documentElement.lang = language();
  document.title = t("page.title");
  /** @type {[string, (element: HTMLElement, text: string) => void][]} */
  const kinds = [
    ["i18n", (element, text) => (element.textContent = text)],
    ["i18nName", (element, text) => element.setAttribute("aria-label", text)],
    ["i18nHint", (element, text) => (element.dataset.hint = text)],
  ];
  for (const [kind, put] of kinds) {
    const attribute = kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    for (const element of root.querySelectorAll(`[data-${attribute}]`)) {
      if (element instanceof HTMLElement) put(element, t(element.dataset[kind] ?? ""));
    }
  }
}
