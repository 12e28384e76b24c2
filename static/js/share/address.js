/** The page's address says what is on it, so that the address can be kept, sent and opened again. */

import { PLANES, VIEWS } from "../experiment/landscape-settings.js";
import { planFromLink, planInLink, same, usualPlan } from "../experiment/study.js";
import { byId } from "../ui/dom.js";
import { isLink } from "./open.js";

/**
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("./link.js").Look} Look
 */

/** An address longer than this is made for "Copy link" only. */
const LONGEST_ADDRESS = 8000;
const SETTLED = 400;

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
  Object.assign(look, landscapeLook(state));
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

/** How J is looked at. @param {State} state @returns {Look} */
function landscapeLook({ axes: { x, y }, landscape }) {
  const { view, plane, seed, biases, other } = landscape;
  /** @type {Look} */
  const look = {};
  if (x !== "W1[0,0]" || y !== "b1[0]") Object.assign(look, { x, y });
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
    chosen: isRun(state, look.run) ? Number(look.run) : chosen,
    view: {
      logLoss: look.log === true,
      testLoss: look.test === true,
      logSurface: look.logJ === true,
      showTest: look.points !== false,
    },
    network: {
      mode: look.lines === "gradients" ? "gradients" : network.mode,
      other: isRun(state, look.beside) ? Number(look.beside) : network.other,
      plane: planeOf(look) ?? network.plane,
    },
  });
  takeLandscape(state, look);
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
  const seeded = Number.isSafeInteger(draw) && Number(draw) >= 0;
  state.patch({
    axes: named ? { x: String(x), y: String(y) } : axes,
    landscape: {
      view: VIEWS.find((view) => view === J) ?? landscape.view,
      plane: PLANES.find((one) => one === plane) ?? landscape.plane,
      seed: seeded ? Number(draw) : landscape.seed,
      biases: typeof biases === "boolean" ? biases : landscape.biases,
      other: isRun(state, other) ? Number(other) : landscape.other,
    },
  });
}

/**
 * Takes up how a link repeats its experiment with many seeds; the learner is asked before it is done.
 * @param {State} state
 * @param {object|null} said
 */
export function takeStudy(state, said) {
  if (!said) return;
  const found = planFromLink(said, usualPlan(state.live.spec, state.catalog));
  if (found) state.patch({ study: { offered: found.plan, target: found.target } });
  else state.patch({ notice: { key: "share.broken" } });
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
 * @param {object} options
 * @param {State} options.state
 * @param {(key: string) => void} options.say
 */
export function connectAddress({ state, say }) {
  let timer = 0;
  const opened = state.summary.id;

  /** Nothing has happened since the page opened without a link: its bare address says it all. */
  function untouched() {
    const { id, events } = state.summary;
    if (location.hash || id !== opened || events.length || state.serverStep) return false;
    return !Object.keys(lookOf(state)).length;
  }

  async function fragment() {
    const { toFragment } = await import("./link.js");
    const { spec, events } = state.summary;
    const study = state.tab === "seeds" ? studyWords(state, spec) : null;
    return toFragment(
      { spec, events, step: state.serverStep, look: lookOf(state), study },
      state.catalog.presets,
    );
  }

  /** The fragment of the study that is looked at, whatever experiment is on the page. */
  async function ofStudy() {
    const { toFragment } = await import("./link.js");
    const { entry } = state.study;
    if (!entry) return fragment();
    const { spec } = entry;
    const study = studyWords(state, spec);
    return toFragment(
      { spec, events: [], step: 0, look: { tab: "seeds" }, study },
      state.catalog.presets,
    );
  }

  async function write() {
    if (state.playing || untouched()) return;
    const text = await fragment();
    const url = new URL(location.href);
    url.hash = text;
    if (state.playing || url.href.length > LONGEST_ADDRESS) return;
    if (url.hash !== location.hash) history.replaceState(null, "", text ? url.href : bare());
  }

  const bare = () => location.pathname + location.search;

  /** Something that the address says has changed; it follows when things have settled. */
  function touch() {
    if (state.playing) return;
    clearTimeout(timer);
    timer = window.setTimeout(write, SETTLED);
  }

  /** Puts a link into the clipboard. @param {string} text its fragment @param {string} said what is said then */
  async function copy(text, said) {
    const url = new URL(bare(), location.href);
    url.searchParams.delete("lang"); // whoever opens it has a language of their own
    url.hash = text;
    try {
      await navigator.clipboard.writeText(url.href);
      say(said);
    } catch {
      // No permission, or no https: the address bar has the link, to be copied by hand.
      history.replaceState(null, "", url.href);
      say("share.address");
    }
  }

  state.on(
    ["step", "playing", "summary", "history", "chosen", "view", "axes", "surface", "tab"],
    touch,
  );
  state.on(
    ["network/mode", "network/other", "network/plane", "landscape/view", "landscape/plane"],
    touch,
  );
  byId("share").addEventListener("click", async () => copy(await fragment(), "share.copied"));
  byId("seeds-view").addEventListener("click", async ({ target }) => {
    if (target instanceof Element && target.closest("#study-link"))
      copy(await ofStudy(), "seeds.link.copied");
  });
  state.on(["study/entry", "study/target"], touch);
  // A link pasted into the address of this very page.
  addEventListener("hashchange", () => {
    if (isLink(location.hash)) location.reload();
  });
}
