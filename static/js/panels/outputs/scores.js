/** How well the chosen run does: accuracy and confusion, or R²; on training and on test samples. */

import { hasPenalty } from "../../experiment/loss-history.js";
import { groupColor, groupRgb } from "../../ui/theme.js";
import { byId, el, setHidden, setText } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../types.js").Metrics} Metrics
 */

/** Whether the table of confusion is open; at first where there is room for it. */
let open = matchMedia("(min-width: 1241px) and (min-height: 800px)").matches;
/** What the table was built from last. @type {unknown} */
let built = null;

/** @param {State} state */
export function drawScores(state) {
  const { metrics, scores, data, chosen } = state;
  const regression = (metrics?.task ?? data?.task) === "regression";
  setText(byId("score-name"), t(regression ? "learned.r2" : "learned.accuracy"));
  const fresh = metrics?.step === state.step && metrics.run === chosen ? metrics : null;
  const write = regression ? fraction : format.percent1;
  const [train, test] = scoresOf(state, fresh);
  setText(byId("score"), inWords(train, test, write));
  byId("score-row").hidden = !metrics && !scores;
  setHidden(byId("penalty-option"), !hasPenalty(state.curves));
  drawConfusion(regression ? null : fresh, state);
}

/** @param {number|null} train @param {number|null} test @param {(value: number) => string} write */
function inWords(train, test, write) {
  const words = train === null ? "–" : write(train);
  return test === null ? words : t("learned.both", { train: words, test: write(test) });
}

/**
 * The chosen run's score on the training and the test set: measured at this step, or the frame's while steps fly by.
 * @param {State} state @param {Metrics|null} fresh
 * @returns {(number|null)[]}
 */
function scoresOf({ scores, chosen, hurried }, fresh) {
  const live = hurried ? scores?.[chosen] : null;
  return /** @type {("train"|"test")[]} */ (["train", "test"]).map((part) => {
    const found = fresh?.[part];
    if (!found) return live?.[part] ?? null;
    return "accuracy" in found ? found.accuracy : found.r2;
  });
}

/** @param {number} value */
function fraction(value) {
  return format.plain(value, 3);
}

/** @param {Metrics|null} metrics @param {State} state */
function drawConfusion(metrics, state) {
  const home = byId("confusion");
  if (!metrics) {
    // While the moments fly by, the last table would be of another moment.
    if (!home.dataset.old) home.dataset.old = "true";
    if (state.data?.task === "regression") home.replaceChildren();
    return;
  }
  delete home.dataset.old;
  const now = `${JSON.stringify(metrics)}${t("learned.confusion")}${state.view.theme}`;
  if (now === built && home.firstChild) return;
  built = now;
  const part = metrics.test ? "test" : "train";
  const found = metrics[part];
  if (!found || !("confusion" in found)) return home.replaceChildren();
  const counts = found.confusion;
  /** A class by its colour, as the legend has it; its name is read out. @param {"row"|"col"} scope @param {string} name @param {number} kind */
  const heading = (scope, name, kind) => {
    const dot = el("span", { class: "dot", title: name });
    dot.style.background = groupColor(kind, state.view.theme);
    return el("th", { scope }, dot, el("span", { class: "sr", text: name }));
  };
  const names = metrics.classes ?? counts.map((_, i) => String(i));
  const most = Math.max(1, ...counts.flat());
  const rows = counts.map((row, i) =>
    el(
      "tr",
      {},
      heading("row", names[i], i),
      ...row.map((count, j) => {
        const cell = el("td", { text: format.count(count), class: i === j ? "right" : false });
        const [r, g, b] = groupRgb(i, state.view.theme);
        cell.style.background = `rgb(${r} ${g} ${b} / ${Math.round(55 * (count / most))}%)`;
        return cell;
      }),
    ),
  );
  const details = el("details", { class: "fold", open });
  details.append(
    el("summary", { text: t(`learned.confusion.${part}`) }),
    el(
      "div",
      { class: "matrix", tabindex: 0, role: "group", "aria-label": t("learned.confusion") },
      el(
        "table",
        {},
        el("caption", { class: "sr", text: t("learned.confusion") }),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("td", { class: "muted", text: t("learned.truth") }),
            ...names.map((name, i) => heading("col", name, i)),
          ),
        ),
        el("tbody", {}, ...rows),
      ),
    ),
  );
  details.addEventListener("toggle", () => (open = details.open));
  home.replaceChildren(details);
}
