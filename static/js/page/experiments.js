/** The guided experiments as a gallery: a card each, with a picture of what is to be seen, in groups. */

import { isTold } from "../experiment/access.js";
import { closeButton, closeByClickBeside } from "../ui/dialog.js";
import { byId, el } from "../ui/dom.js";
import { hint, label, t } from "../ui/i18n.js";
import { loadStyle } from "../ui/lazy-style.js";
import { wait } from "../server/retry.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../types.js").Preset} Preset
 */

/** How long the gallery waits for its lessons, in milliseconds. */
const LESSONS_WAIT = 1500;

/** @param {Preset} preset */
const pictureOf = ({ name }) => new URL(`../../img/experiments/${name}.jpg`, import.meta.url).href;

/**
 * @param {Preset} preset @param {{chosen: boolean, told: boolean}} how   `told`: its words say what is seen in it
 * @param {() => void} click
 */
function card(preset, { chosen, told }, click) {
  return el(
    "button",
    {
      type: "button",
      class: "card",
      "data-preset": preset.name,
      "aria-current": chosen ? "true" : false,
      on: { click },
    },
    el("img", { src: pictureOf(preset), alt: "", width: "320", height: "180", loading: "lazy" }),
    el("span", { class: "name", text: label("presets", preset) }),
    ...(told ? [el("span", { class: "words", text: hint("presets", preset) })] : []),
  );
}

/**
 * The lessons stand first if they come soon, else last: what is there must not move away under a click.
 * @param {HTMLElement} opener   has the focus again when the gallery is closed
 * @param {State} state
 * @param {(preset: Preset) => void} choose
 * @param {import("./lessons.js").LessonDoor} lessons   whose strip stands above the experiments
 */
export async function openExperiments(opener, state, choose, lessons) {
  const dialog = byId("experiments", HTMLDialogElement);
  /** @type {Map<string, Preset[]>} */
  const groups = new Map();
  for (const preset of state.catalog.presets)
    groups.set(preset.group, [...(groups.get(preset.group) ?? []), preset]);
  const close = closeButton(t("preset.close"), () => dialog.close());
  const strip = el("section", { class: "lesson-strip", "aria-labelledby": "lesson-strip-title" });
  const styled = loadStyle("gallery");
  const drawn = lessons.strip(strip, () => dialog.close());
  drawn.catch((error) => {
    strip.remove();
    reportError(error); // the page tells it, and the experiments are there all the same
  });
  const place = await Promise.race([
    drawn.then(
      () => "first",
      () => "nowhere",
    ),
    wait(LESSONS_WAIT).then(() => "last"),
  ]);
  await styled;
  if (dialog.open) return; // by another click meanwhile
  dialog.replaceChildren(
    el(
      "header",
      {},
      el("h2", { id: "experiments-title", text: t("preset.gallery") }),
      el("p", { class: "aside", text: t("preset.gallery.hint") }),
      close,
    ),
    ...(place === "first" ? [strip] : []),
    ...[...groups].map(([group, presets]) =>
      el(
        "section",
        { class: "group", style: `--cards: ${presets.length}` },
        el("h3", { text: t(`preset.group.${group}`) }),
        el(
          "div",
          { class: "cards" },
          ...presets.map((preset) =>
            card(preset, { chosen: preset.name === state.preset, told: isTold(state) }, () => {
              dialog.close();
              lessons.close();
              choose(preset);
            }),
          ),
        ),
      ),
    ),
    ...(place === "last" ? [strip] : []),
  );
  dialog.addEventListener("close", () => opener.focus({ preventScroll: true }), { once: true });
  closeByClickBeside(dialog);
  dialog.showModal();
  /** @type {HTMLElement|null} */ (dialog.querySelector("[aria-current]"))?.focus();
}
