/** The rail of a step's phases: back, play, on, and a button for each group of them. */

import { el, icon } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";

/** How long a phase is shown while the step is played, in milliseconds. */
const PACE = 2600;
const GROUPS = /** @type {const} */ (["forward", "loss", "backward", "update"]);

/**
 * @param {object} options
 * @param {HTMLElement} options.home  where the explanation is; playing ends when it is hidden
 * @param {() => import("./formulas.js").Phase[]} options.phases
 * @param {(at: number) => void} options.show  told which phase is to be seen
 */
export function createRail({ home, phases, show }) {
  const element = el("div", { class: "rail", role: "group", "aria-label": t("explain.phases") });
  let at = 0;
  let clock = 0;

  /** @param {number} to */
  function go(to) {
    at = Math.min(phases().length - 1, Math.max(0, to));
    show(at);
  }

  function stop() {
    clearInterval(clock);
    clock = 0;
    draw();
  }

  function play() {
    if (clock) return stop();
    if (at === phases().length - 1) at = 0;
    go(at);
    clock = window.setInterval(() => {
      if (home.hidden || at === phases().length - 1) stop();
      else go(at + 1);
    }, PACE);
    draw();
  }

  /** @param {typeof GROUPS[number]} name @param {boolean} current */
  const group = (name, current) =>
    el("button", {
      type: "button",
      class: "phase",
      id: `phase-${name}`,
      "aria-current": current ? "step" : false,
      text: t(`explain.group.${name}`),
      on: {
        click: () => {
          stop();
          go(phases().findIndex(({ kind }) => kind === name));
        },
      },
    });

  function draw() {
    const all = phases();
    if (!all[at]) at = 0;
    const { kind } = all[at];
    const current = kind === "chain" ? "backward" : kind;
    const held = document.activeElement?.id;
    element.replaceChildren(
      tool("explain.previous", "back", () => go(at - 1), at === 0),
      tool(clock ? "explain.pause" : "explain.play", clock ? "pause" : "play", play),
      tool("explain.next", "step", () => go(at + 1), at === all.length - 1),
      ...GROUPS.map((name) => group(name, name === current)),
    );
    const again = held && element.querySelector(`#${CSS.escape(held)}`);
    if (again instanceof HTMLElement) again.focus();
  }

  return {
    element,
    draw,
    go,
    /** The phase that is shown. */
    get phase() {
      return phases()[at] ?? phases()[(at = 0)];
    },
  };
}

/** @param {string} name @param {string} picture @param {() => void} click @param {boolean} [off] */
function tool(name, picture, click, off = false) {
  return el(
    "button",
    {
      type: "button",
      class: "tool",
      id: `explain-${picture}`,
      "aria-label": t(name),
      hint: t(name),
      disabled: off,
      on: { click },
    },
    icon(picture),
  );
}
