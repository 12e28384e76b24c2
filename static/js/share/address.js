/** The page's address says what is on it, so that the address can be kept, sent and opened again. */

import { PLANES, VIEWS, isPicked } from "../experiment/landscape-settings.js";
import { ENLARGED } from "../experiment/state.js";
import { planInLink, same, usualPlan } from "../experiment/study.js";
import { bookmarksOf } from "../experiment/bookmarks.js";
import { byId } from "../ui/dom.js";
import { isLink } from "./open.js";
import { keepPlace } from "./reload.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("./link.js").Look} Look
 */

/** An address longer than this is made for "Copy link" only. */
const LONGEST_ADDRESS = 8000;
/** How long nothing must have changed until the address follows, in milliseconds. */
const SETTLED = 400;
/** How often it follows while the experiment is trained. */
const TRAINING = 1000;

/**
 * What is open, as flat words; only what differs from how the page opens.
 * @param {State} state
 * @returns {Look}
 */
export function lookOf(state) {
  const { logLoss, testLoss, logSurface, showTest } = state.view;
  /** @type {Look} */
  const look = {};
  if (state.tab !== "loss") look.tab = state.tab;
  if (state.chosen) look.run = state.chosen;
  if (state.past) look.at = state.step;
  if (state.bookmarks.length) look.flags = state.bookmarks;
  Object.assign(look, landscapeLook(state), presentedLook(state));
  if (logLoss) look.log = true;
  if (testLoss) look.test = true;
  if (logSurface) look.logJ = true;
  if (!showTest) look.points = false;
  return Object.assign(look, networkLook(state));
}

/** How the network is looked at. @param {State} state @returns {Look} */
function networkLook({ chosen, data, network: { mode, other: beside, plane } }) {
  /** @type {Look} */
  const look = {};
  if (mode !== "weights") look.lines = mode;
  if (beside !== null && beside !== chosen) look.beside = beside;
  if (plane && data && data.inputs.length > 2)
    Object.assign(look, { across: plane[0], up: plane[1] });
  return look;
}

/** The panel that is presented. @param {State} state @returns {Look} */
const presentedLook = ({ view: { large, present } }) =>
  present && large ? { present: large } : {};

/** How J is looked at. @param {State} state @returns {Look} */
function landscapeLook(state) {
  const { axes, landscape, summary } = state;
  const { view, plane, found, seed, biases, other } = landscape;
  /** @type {Look} */
  const look = {};
  // The pair that the page finds by itself is found again.
  if (isPicked(state) || (found && found.id !== summary.id)) Object.assign(look, axes);
  if (view !== "surface") look.J = view;
  if (plane !== "parameters") look.plane = plane;
  if (plane === "random") Object.assign(look, { draw: seed, biases });
  if (plane === "between" && other !== null) look.other = other;
  return look;
}

/**
 * Takes up the open view that a link describes; what does not fit is left as it is.
 * @param {State} state
 * @param {Look} look
 */
export function takeLook(state, look) {
  const { chosen, network } = state;
  state.patch({
    bookmarks: bookmarksOf(look.flags),
    chosen: isRun(state, look.run) ? Number(look.run) : chosen,
    view: {
      logLoss: look.log === true,
      testLoss: look.test === true,
      logSurface: look.logJ === true,
      showTest: look.points !== false,
      ...presented(look.present),
    },
    network: {
      mode: look.lines === "gradients" ? "gradients" : network.mode,
      other: isRun(state, look.beside) ? Number(look.beside) : network.other,
      plane: planeOf(look) ?? network.plane,
    },
  });
  takeLandscape(state, look);
}

/** The panel that a link presents; one that is none presents nothing. @param {Look[string]} word */
function presented(word) {
  const large = ENLARGED.find((panel) => panel === word);
  return large ? { large, present: true } : {};
}

/**
 * The two inputs of the maps, counted from 0, where a link names two; data that have not so many show others.
 * @param {Look} look @returns {[number, number]|null}
 */
function planeOf({ across, up }) {
  const isInput = (/** @type {unknown} */ word) => Number.isSafeInteger(word) && Number(word) >= 0;
  return isInput(across) && isInput(up) && across !== up ? [Number(across), Number(up)] : null;
}

/** @param {State} state @param {Look} look */
function takeLandscape(state, { x, y, J, plane, draw, biases, other }) {
  const { landscape, axes } = state;
  const names = state.summary.parameter_names;
  const named = names.includes(String(x)) && names.includes(String(y)) && x !== y;
  const chosen = named ? { x: String(x), y: String(y) } : null;
  const seeded = Number.isSafeInteger(draw) && Number(draw) >= 0;
  state.patch({
    axes: chosen ?? axes,
    landscape: {
      picked: chosen,
      along: null,
      pin: null,
      top: null,
      view: VIEWS.find((view) => view === J) ?? landscape.view,
      plane: PLANES.find((one) => one === plane) ?? landscape.plane,
      seed: seeded ? Number(draw) : landscape.seed,
      biases: typeof biases === "boolean" ? biases : landscape.biases,
      other: isRun(state, other) ? Number(other) : landscape.other,
    },
  });
}

/**
 * How an experiment is repeated with many seeds, as a link says it; null where it is not.
 * @param {State} state
 * @param {import("../types.js").Spec} spec
 */
function studyWords({ catalog, study }, spec) {
  const { entry, offered, target } = study;
  // A study of another experiment has a link of its own.
  const plan = entry ? same(entry.spec, spec) && entry.plan : offered;
  return plan ? planInLink(plan, usualPlan(spec, catalog), target) : null;
}

/** Whether a link's word is the number of a run. @param {State} state @param {Look[string]} word */
const isRun = (state, word) =>
  Number.isInteger(word) && state.live.spec.runs[Number(word)] !== undefined;

/**
 * What a link says of the experiment that is on the page: while it is trained, of the step that is shown.
 * @param {State} state
 */
export function sharedOf(state) {
  const { spec, events } = state.summary;
  const study = state.tab === "seeds" ? studyWords(state, spec) : null;
  const step = state.playing ? state.step : state.serverStep;
  return { spec, events, step, look: lookOf(state), study, made: state.access.words };
}

/** The same of the study that is looked at, whatever experiment is on the page. @param {State} state */
function sharedOfStudy(state) {
  const { entry } = state.study;
  if (!entry) return sharedOf(state);
  const { spec } = entry;
  const study = studyWords(state, spec);
  return { spec, events: [], step: 0, look: { tab: "seeds" }, study, made: state.access.words };
}

const bare = () => location.pathname + location.search;

/**
 * @param {object} options
 * @param {State} options.state
 * @param {import("../experiment/sync.js").Sync["say"]} options.say
 */
export function connectAddress({ state, say }) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const opened = state.summary.id;
  /** The module that writes links, once it is there. @type {typeof import("./link.js")|null} */
  let link = null;
  /** Whether the page gives way to the one of another link. */
  let leaving = false;
  /** The fragment that this page has written or found; another one is a link that is about to be opened. */
  let own = location.hash;
  const overtaken = () => leaving || location.hash !== own;

  /** Nothing has happened since the page opened without a link: its bare address says it all. */
  function untouched() {
    const { id, events } = state.summary;
    if (location.hash || id !== opened || events.length || state.serverStep) return false;
    return !Object.keys(lookOf(state)).length;
  }

  /** @param {Parameters<typeof import("./link.js").toFragment>[0]} shared */
  async function fragmentOf(shared) {
    link ??= await import("./link.js");
    return link.toFragment(shared, state.catalog.presets);
  }

  /** In a lesson the address leads to it, a link to its card, with what a class says of the page; cards bring their experiments. */
  async function ofLesson(card = 0) {
    const { words } = state.access;
    const said = words ? `&class=${(await import("./notation.js")).write(words)}` : "";
    return `lesson=${state.lesson}${card ? `&card=${card}` : ""}${said}`;
  }

  async function write() {
    timer = undefined;
    if (overtaken() || (untouched() && !state.lesson)) return;
    const text = state.lesson ? await ofLesson() : await fragmentOf(sharedOf(state));
    if (overtaken()) return;
    const url = new URL(location.href);
    url.hash = text;
    // One that is too long says nothing rather than something older; a reload knows better.
    const said = text && url.href.length <= LONGEST_ADDRESS ? url.href : bare();
    if (new URL(said, location.href).href !== location.href) history.replaceState(null, "", said);
    own = location.hash;
  }

  /** Something that the address says has changed; it follows when things have settled, in training now and then. */
  function touch() {
    if (timer && state.playing) return;
    clearTimeout(timer);
    timer = setTimeout(write, state.playing ? TRAINING : SETTLED);
  }

  /** @param {ReturnType<typeof sharedOf>} shared @param {"share"|"seeds.link"|"lesson"} kind */
  async function copy(shared, kind) {
    const text = await (kind === "lesson" ? ofLesson(state.card ?? 0) : fragmentOf(shared));
    const { copyLink } = await import("./copy.js");
    await copyLink(text, shared, { kind, say });
    if (!leaving) own = location.hash;
  }

  state.on(
    [
      "step",
      "playing",
      "summary",
      "history",
      "bookmarks",
      "chosen",
      "view",
      "axes",
      "tab",
      "lesson",
    ],
    touch,
  );
  state.on(
    [
      "surface",
      "network/mode",
      "network/other",
      "network/plane",
      "landscape/view",
      "landscape/plane",
    ],
    touch,
  );
  state.on(["study/entry", "study/target"], touch);
  byId("share").addEventListener("click", () =>
    copy(sharedOf(state), state.card === null ? "share" : "lesson"),
  );
  byId("seeds-view").addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("#study-link"))
      copy(sharedOfStudy(state), "seeds.link");
  });
  addEventListener("pagehide", () => {
    if (leaving || untouched() || !link) return;
    keepPlace(location.hash, link.plainFragment(sharedOf(state), state.catalog.presets));
  });
  // A link pasted into the address of this very page.
  addEventListener("hashchange", () => {
    own = location.hash;
    if (!isLink(own)) return;
    leaving = true;
    location.reload();
  });
}
