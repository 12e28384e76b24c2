/** The landscape's controls: which view, which plane, where to start; what is rarely needed opens on demand. */

import { isTold } from "../../experiment/access.js";
import { byId, fillSelect, setText } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import { runNames } from "../../experiment/state.js";
import { rebuild, seedRow } from "../../ui/controls.js";
import { PLANES, VIEWS, otherRun } from "../../experiment/landscape-settings.js";
import { wholeWords } from "../../ui/words.js";
import { remember, remembered } from "../../ui/storage.js";

/**
 * @typedef {import("../../experiment/state.js").State} State
 * @typedef {import("../../experiment/landscape-settings.js").View} View
 */

const KEPT = "basin.landscape";

/** What the visitor left open. @returns {{view?: unknown, more?: unknown}} */
function lastVisit() {
  try {
    return JSON.parse(remembered(KEPT) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/**
 * @param {object} options
 * @param {State} options.state
 * @param {import("../../experiment/changes.js").Changes} options.changes
 * @param {typeof import("../../server/api.js").api} options.api
 * @param {() => void} options.look asks the server for what is to be seen
 * @param {import("../panel.js").Context["settled"]} options.settled
 */
export function connectLandscape({ state, changes, api, look, settled }) {
  const { landscape } = state;
  const sheet = byId("landscape-more");
  /** @type {Awaited<ReturnType<typeof openSheet>>|null} */
  let more = null;

  const openSheet = async () => {
    const parts = Promise.all([import("./options-sheet.js"), wholeWords(api)]);
    const [{ createOptionsSheet }] = await parts;
    return createOptionsSheet({ home: sheet, state, changes, api, look, settled, start });
  };

  /** @param {number} x @param {number} y */
  async function start(x, y) {
    const { startAt } = await import("./start-here.js");
    setStarting(false);
    await startAt({ state, changes, x, y });
  }

  /** The view whose tab is selected. */
  let { view: shown } = landscape;

  /** @param {View} view @param {boolean} [focus] */
  function show(view, focus = false) {
    const fresh = shown !== view;
    shown = view;
    if (landscape.view !== view) state.patch({ landscape: { view, problem: null } });
    for (const name of VIEWS) {
      const tab = byId(`view-${name}`);
      tab.setAttribute("aria-selected", String(name === view));
      tab.tabIndex = name === view ? 0 : -1;
      const figure = byId(`${name}-plot`);
      (figure.closest(".over") ?? figure).toggleAttribute("hidden", name !== view);
    }
    byId("landscape-figures").setAttribute("aria-labelledby", `view-${view}`);
    if (focus) byId(`view-${view}`).focus();
    if (view !== "surface" && view !== "contour") setStarting(false);
    drawControls();
    if (!fresh) return;
    remember(KEPT, JSON.stringify({ view, more: !sheet.hidden }));
    look();
  }

  /** @param {boolean} starting */
  function setStarting(starting) {
    state.patch({ landscape: { starting } });
    byId("start-here").setAttribute("aria-pressed", String(starting));
    setText(byId("start-words"), t("landscape.start.words"));
    byId("start-words").hidden = !starting;
    byId("landscape-figures").classList.toggle("starting", starting);
  }

  function drawControls() {
    drawPlaneControls(state, (seed) => {
      state.patch({ landscape: { seed } });
      drawControls();
      replane();
    });
    more?.draw();
  }

  /** Another plane: how far it reaches and how high is found anew. */
  function replane() {
    state.patch({ landscape: { pin: null, height: null, curvature: null } });
    look();
    more?.draw();
  }

  async function toggleMore() {
    try {
      more ??= await openSheet();
    } catch {
      return changes.say("errors.offline");
    }
    sheet.hidden = !sheet.hidden;
    byId("landscape-more-button").setAttribute("aria-expanded", String(!sheet.hidden));
    remember(KEPT, JSON.stringify({ view: landscape.view, more: !sheet.hidden }));
    more.draw();
  }

  listenToViews(() => landscape.view, show);
  listenToPlane(state, {
    plane() {
      drawControls();
      replane();
    },
    replane,
    axes: () => more?.draw(),
  });
  byId("start-here").addEventListener("click", () => setStarting(!landscape.starting));
  byId("landscape-more-button").addEventListener("click", toggleMore);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (landscape.starting) return setStarting(false);
    // Not from another panel, whose own sheet may be open.
    const { activeElement } = document;
    if (
      sheet.hidden ||
      !(activeElement === document.body || byId("surface").contains(activeElement))
    )
      return;
    toggleMore();
    byId("landscape-more-button").focus();
  });
  watchClicks(state, start);

  state.on(["setup", "chosen", "summary", "language"], drawControls);
  /** What is opened from elsewhere, by an experiment or a link. */
  state.on(["landscape/view", "landscape/plane"], () => {
    if (shown !== landscape.view) show(landscape.view);
    drawControls();
  });
  state.on(["surface", "step"], () => {
    if (!state.playing) more?.draw();
  });
  state.on(["playing"], () => more?.draw());

  const kept = lastVisit();
  show(VIEWS.find((view) => view === kept.view) ?? landscape.view);
  if (kept.more === true) toggleMore();
  return { show, drawControls, drawWords };

  /** The slice in words, under its figure. */
  async function drawWords() {
    if (landscape.view !== "slice" || !landscape.slice) return;
    const { sliceWords } = await import("./slice.js");
    // Another experiment may have come meanwhile.
    if (landscape.slice) setText(byId("slice-words"), sliceWords(landscape.slice, isTold(state)));
  }
}

/**
 * The controls of the plane as the settings say.
 * @param {State} state @param {(seed: number) => void} reseed told of another seed for random directions
 */
function drawPlaneControls(state, reseed) {
  const { landscape } = state;
  const { view, plane } = landscape;
  const slice = view === "slice";
  byId("plane-kind", HTMLSelectElement).value = plane;
  byId("plane-kind").hidden = slice;
  byId("axis-y-label").hidden = slice;
  for (const of of document.querySelectorAll("#plane .of"))
    /** @type {HTMLElement} */ (of).hidden =
      /** @type {HTMLElement} */ (of).dataset.plane !== (slice ? "parameters" : plane);
  byId("start-here", HTMLButtonElement).disabled = slice || view === "losses";
  byId("plane-biases", HTMLInputElement).checked = landscape.biases;
  rebuild(byId("plane-seed"), [
    seedRow({
      range: state.catalog.fields.seed,
      value: landscape.seed,
      label: t("landscape.seed"),
      hint: t("landscape.seed.hint"),
      pointer: "/plane/seed",
      id: "plane-seed-box",
      change: reseed,
    }),
  ]);
  const names = runNames(state);
  byId("plane-kind", HTMLSelectElement).options[PLANES.indexOf("between")].disabled =
    names.length < 2;
  fillSelect(
    byId("plane-other", HTMLSelectElement),
    names.map((text, i) => ({ value: String(i), text, disabled: i === state.chosen })),
    String(otherRun(landscape, state.chosen, names.length)),
  );
}

/** The tabs of the views, by click and by keys. @param {() => View} open @param {(view: View, focus?: boolean) => void} show */
function listenToViews(open, show) {
  byId("landscape-views").addEventListener("click", (event) => {
    const tab = event.target instanceof Element && event.target.closest("[role=tab]");
    if (tab instanceof HTMLElement) show(/** @type {View} */ (tab.dataset.view));
  });
  byId("landscape-views").addEventListener("keydown", (event) => {
    const at = VIEWS.indexOf(open());
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: VIEWS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(VIEWS[(to + VIEWS.length) % VIEWS.length], true);
  });
}

/**
 * What the learner chooses of the plane.
 * @param {State} state
 * @param {{plane: () => void, replane: () => void, axes: () => void}} changed
 *   `plane`: another kind of plane, `replane`: another plane of that kind, `axes`: other parameters
 */
function listenToPlane(state, changed) {
  byId("plane-kind").addEventListener("change", () => {
    const { value } = byId("plane-kind", HTMLSelectElement);
    state.patch({
      landscape: { plane: /** @type {State["landscape"]["plane"]} */ (value) },
    });
    changed.plane();
  });
  byId("plane-biases").addEventListener("change", () => {
    state.patch({ landscape: { biases: byId("plane-biases", HTMLInputElement).checked } });
    changed.replane();
  });
  byId("plane-other").addEventListener("change", () => {
    state.patch({ landscape: { other: Number(byId("plane-other", HTMLSelectElement).value) } });
    changed.replane();
  });
  for (const axis of ["x", "y"])
    byId(`axis-${axis}`).addEventListener("change", () => {
      state.patch({ landscape: { pin: null, height: null, curvature: null } });
      changed.axes();
    });
}

/**
 * A click on the picture, not the end of a turn, starts the chosen run there.
 * @param {State} state @param {(x: number, y: number) => Promise<void>} start
 */
function watchClicks(state, start) {
  /** @type {{x: number, y: number}|null} */
  let down = null;
  byId("landscape-figures").addEventListener(
    "pointerdown",
    (event) => {
      const onPicture = event.target instanceof Element && event.target.closest(".figure");
      down = onPicture ? { x: event.clientX, y: event.clientY } : null;
    },
    true,
  );
  // Plotly lays a cover over the page while a button is down, so it goes up elsewhere.
  window.addEventListener(
    "pointerup",
    async (event) => {
      const moved = down && Math.hypot(event.clientX - down.x, event.clientY - down.y);
      down = null;
      if (!state.landscape.starting || moved === null || moved > 5) return;
      const { placeUnder } = await import("./start-here.js");
      const place = placeUnder(state, event);
      if (place) start(...place);
      else setText(byId("start-words"), t("landscape.start.missed"));
    },
    true,
  );
}
