/** The tools of the page: another language, another theme, the help, and what is taken home. */

import { byId } from "../ui/dom.js";
import { language, translate } from "../ui/i18n.js";
import { speak } from "../ui/words.js";
import { remember } from "../ui/storage.js";
import { classColor, runColor } from "../ui/theme.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {"auto"|"light"|"dark"} Choice
 */

const ORDER = /** @type {const} */ (["auto", "light", "dark"]);

/** What the visitor chose. @returns {Choice} */
function choice() {
  const chosen = document.documentElement.dataset.theme;
  return ORDER.find((one) => one === chosen) ?? "auto";
}

/** The theme in use, after the visitor's choice and the system's. @returns {import("../ui/theme.js").Theme} */
export function themeInUse() {
  const chosen = choice();
  if (chosen !== "auto") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The colours that the help explains. @param {HTMLElement} help @param {import("../ui/theme.js").Theme} theme */
function drawSwatches(help, theme) {
  const [a, b, c] = [0, 1, 2].map((slot) => runColor(slot, theme));
  const colours = /** @type {Record<string, string>} */ ({
    runs: `linear-gradient(90deg, ${a} 33%, ${b} 33% 67%, ${c} 67%)`,
    high: classColor(1, theme),
    low: classColor(0, theme),
    lines: `linear-gradient(${classColor(1, theme)}, ${classColor(1, theme)}) center / 100% 3px no-repeat`,
  });
  for (const swatch of /** @type {NodeListOf<HTMLElement>} */ (
    help.querySelectorAll("[data-swatch]")
  ))
    swatch.style.background = colours[swatch.dataset.swatch ?? ""];
}

/**
 * @param {object} parts
 * @param {State} parts.state
 * @param {typeof import("../server/api.js").api} parts.api
 * @param {import("../experiment/changes.js").Changes & {pause: () => unknown}} parts.changes
 * @param {import("../panels/panel.js").Context["settled"]} parts.settled
 */
export function connectTools({ state, api, changes, settled }) {
  function drawTools() {
    const button = byId("theme");
    button.querySelector("use")?.setAttribute("href", `#icon-${choice()}`);
    button.dataset.i18nName = `tools.theme.${choice()}`;
    translate(button.parentElement ?? button);
    byId("language").lang = language() === "en" ? "zh-CN" : "en";
  }

  function retheme() {
    drawTools();
    const theme = themeInUse();
    if (theme !== state.view.theme) state.patch({ view: { theme } });
  }

  async function switchLanguage() {
    const next = language() === "en" ? "zh-CN" : "en";
    try {
      await speak(api, next);
    } catch {
      return changes.say("errors.offline");
    }
    const url = new URL(location.href);
    url.searchParams.set("lang", next);
    history.replaceState(null, "", url);
    translate(document.body);
    drawTools();
    state.patchNow({ language: next });
  }

  function toggleHelp() {
    const help = byId("help");
    help.hidden = !help.hidden;
    drawSwatches(help, state.view.theme);
    byId("help-button").setAttribute("aria-expanded", String(!help.hidden));
    byId(help.hidden ? "help-button" : "help-close").focus();
  }

  byId("language").addEventListener("click", switchLanguage);
  byId("theme").addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(choice()) + 1) % ORDER.length];
    document.documentElement.dataset.theme = next;
    remember("basin.theme", next);
    retheme();
  });
  for (const id of ["help-button", "help-close"]) byId(id).addEventListener("click", toggleHelp);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", retheme);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("help").hidden) toggleHelp();
  });
  drawTools();
  connectTakeHome({ state, api, changes, settled });
  return { toggleHelp };
}

/**
 * What is taken home and brought back comes when it is opened, or with a document that is dropped or pasted.
 * @param {import("./take-home/dialog.js").Context} context
 */
function connectTakeHome(context) {
  const opener = byId("take-home-open");
  const dialog = () => import("./take-home/dialog.js");
  opener.addEventListener("click", async () => (await dialog()).openTakeHome(opener, context));
  // What is dropped on a table or a file field, or pasted into a field, is theirs.
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    const file = event.dataTransfer?.files[0];
    if (event.defaultPrevented || !file) return;
    event.preventDefault();
    (await dialog()).importFile(opener, context, file);
  });
  addEventListener("paste", async ({ target, clipboardData }) => {
    const text = clipboardData?.getData("text") ?? "";
    if (target instanceof Element && target.closest("input, textarea, dialog, .sheet")) return;
    if (/^\s*\{/.test(text)) (await dialog()).importText(opener, context, text);
  });
}
