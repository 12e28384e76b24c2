/** The line over a study: which one it is, how far it is, and what can be done with it. */

import { ApiError } from "../../server/api.js";
import { el, icon, setText } from "../../ui/dom.js";
import { rebuild } from "../../ui/controls.js";
import * as format from "../../ui/number-format.js";
import { language, t } from "../../ui/i18n.js";
import { isRunning } from "../../experiment/study.js";
import { EXPORTS, exportsOf, titleOf } from "./picture.js";

/**
 * @typedef {import("../../experiment/study.js").Entry} Entry
 * @typedef {import("../../types.js").StudyResult} StudyResult
 *
 * @typedef {object} Acts
 * @property {(entry: Entry) => void} open
 * @property {() => void} cancel
 * @property {() => void} remove
 * @property {() => void} settings
 * @property {(error: unknown) => void} refused
 * @property {() => import("./picture.js").Picture|null} picture
 */

/**
 * @param {import("../panel.js").Context} context
 * @param {{kept: import("./kept.js").Kept, acts: Acts}} how
 */
export function createBar({ state, api }, { kept, acts }) {
  const element = el("div", { class: "seeds-bar" });
  const progress = el("progress", { max: 1 });
  const far = el("span", {});
  const running = el("span", { class: "seeds-progress" }, progress, far);
  let madeFor = "";

  /** @param {boolean} formOpen */
  function rebuildParts(formOpen) {
    const { entry, result, wide } = state.study;
    const parts = [
      entry ? studyChoice(entry, kept.entries, acts.open) : el("h3", { text: t("seeds.title") }),
      running,
      el("span", { class: "push" }),
    ];
    if (isRunning(result))
      parts.push(button("cancel", { text: t("seeds.cancel"), click: acts.cancel }));
    if (entry) {
      const name = t("seeds.settings");
      const settings = button("settings", { icon: "sliders", name, click: acts.settings });
      settings.setAttribute("aria-expanded", String(formOpen));
      parts.push(
        settings,
        ...(result?.done
          ? saving(() => exportsOf({ state, picture: acts.picture, api }), acts.refused)
          : []),
        button("link", { icon: "link", name: t("seeds.link") }), // the page's address knows what to copy
        button("remove", { icon: "close", name: t("seeds.remove"), click: acts.remove }),
      );
    }
    const larger = button("wide", {
      icon: wide ? "smaller" : "larger",
      name: t(wide ? "seeds.smaller" : "seeds.larger"),
      click: () => state.patch({ study: { wide: !state.study.wide } }),
    });
    rebuild(element, [...parts, larger]);
  }

  return {
    element,
    /** Takes the focus that nobody has any more. */
    takeFocus() {
      if (document.activeElement === document.body) element.querySelector("button")?.focus();
    },
    /** @param {boolean} formOpen */
    draw(formOpen) {
      const { entry, result, wide } = state.study;
      const busy = isRunning(result);
      const ids = kept.entries.map(({ id }) => id);
      // Only for another state: a button that is made anew under the pointer is not clicked.
      const key = JSON.stringify([
        entry?.id,
        ids,
        busy,
        Boolean(result?.done), // else there is nothing to save
        wide,
        formOpen,
        language(),
      ]);
      if (key !== madeFor) rebuildParts(formOpen);
      madeFor = key;
      running.hidden = !busy;
      if (!busy || !result) return;
      progress.value = result.total ? result.done / result.total : 0;
      progress.setAttribute("aria-label", t("seeds.progress.name"));
      setText(far, progressInWords(result));
    },
  };
}

/**
 * @param {string} id
 * @param {{text?: string, icon?: string, name?: string, click?: () => void}} what
 */
function button(id, { text, icon: picture, name, click }) {
  return el(
    "button",
    {
      type: "button",
      class: text ? "chip" : "tool",
      id: `study-${id}`,
      "aria-label": name,
      hint: name,
      text,
      on: click ? { click } : {},
    },
    ...(picture ? [icon(picture)] : []),
  );
}

/** Which study is looked at; of several one can be chosen. @param {Entry} entry @param {Entry[]} kept @param {(entry: Entry) => void} open */
function studyChoice(entry, kept, open) {
  const all = kept.some(({ id }) => id === entry.id) ? kept : [entry, ...kept];
  if (all.length < 2) return el("h3", { text: titleOf(entry) });
  const select = el("select", { id: "study-choice", "aria-label": t("seeds.choice") });
  for (const one of all) {
    const text = `${titleOf(one)} · ${madeAt(one)}`;
    select.append(new Option(text, one.id, false, one.id === entry.id));
  }
  select.addEventListener("change", () => {
    const found = all.find(({ id }) => id === select.value);
    if (found) open(found);
  });
  return select;
}

/** @param {Entry} entry */
const madeAt = ({ made }) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "short", timeStyle: "short" }).format(made);

/**
 * The ways to take it away, in a list that opens.
 * @param {() => ReturnType<typeof exportsOf>} ways of what is known when one is chosen
 * @param {(error: unknown) => void} refused
 */
function saving(ways, refused) {
  const menu = el("div", { class: "seeds-save", id: "study-save-menu", popover: "auto" });
  menu.append(
    ...EXPORTS.map((kind) =>
      button(`save-${kind}`, {
        text: t(`seeds.save.${kind}`),
        async click() {
          menu.hidePopover();
          try {
            await ways()[kind]();
          } catch (error) {
            if (!(error instanceof ApiError)) throw error;
            refused(error);
          }
        },
      }),
    ),
  );
  const opener = button("save", { icon: "download", name: t("seeds.save") });
  opener.setAttribute("popovertarget", menu.id);
  menu.addEventListener("toggle", () => {
    const { bottom, right } = opener.getBoundingClientRect();
    const place = { top: `${bottom + 4}px`, left: "auto", right: `${innerWidth - right}px` };
    Object.assign(menu.style, place);
  });
  return [opener, menu];
}

/** How far it is, and how long it still takes. @param {StudyResult} result */
function progressInWords({ done, total, seconds, status, place }) {
  if (status === "queued" && place !== null) return t("seeds.queued", { place });
  const left = done ? Math.ceil((seconds * (total - done)) / done) : null;
  return t(left === null ? "seeds.progress" : "seeds.progress.left", {
    done: format.count(done),
    total: format.count(total),
    seconds: format.count(left ?? 0),
  });
}
