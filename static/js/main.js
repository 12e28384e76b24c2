/** Puts the page together: what changes, who hears of it, what is drawn. */

import { api } from "./server/api.js";
import { createCharts } from "./page/frame-scheduler.js";
import { byId, setText } from "./ui/dom.js";
import { setupOf, withSpec } from "./experiment/edits.js";
import * as format from "./ui/number-format.js";
import { t, use } from "./ui/i18n.js";
import { createPanels } from "./panels/tab-panels.js";
import { listen } from "./page/keys.js";
import { createLens } from "./page/view-loader.js";
import { createPatience } from "./server/retry.js";
import { connect } from "./page/page.js";
import { HISTORY_POINTS, createSession } from "./experiment/session.js";
import { createAddress, takeLook } from "./share/address.js";
import { isLink, openExperiment } from "./share/open.js";
import { createState } from "./experiment/state.js";
import { browserMemory, createBookmarks, keyOf } from "./playback/bookmarks.js";
import { createTimeline } from "./playback/timeline.js";
import { createScrub } from "./playback/scrub.js";
import { createTraining } from "./playback/transport.js";
import { drawSpeed, drawTheme } from "./playback/transport-bar.js";
import { listenForHints } from "./page/tooltips.js";
import { createTabs, rememberedTab } from "./page/tabs.js";

use(document.documentElement.lang, JSON.parse(byId("messages").textContent ?? "{}"));
listenForHints();

const { patiently } = createPatience({
  say: (key) => setText(byId("notice"), t(key)),
});

/** The theme in use, after the visitor's choice and the system's. */
function themeInUse() {
  const { theme } = document.documentElement.dataset;
  if (theme === "light" || theme === "dark") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

const catalog = await patiently(() => api.catalog());
const {
  summary,
  preset,
  look: seen,
  problem,
} = await openExperiment({
  fragment: location.hash,
  presets: catalog.presets,
  api,
  patiently,
  progress: (share) =>
    setText(byId("notice"), t("notice.replaying", { share: format.percent(share) })),
});
// Asked for at once, so that the page is put together while the server answers.
const coming = Promise.all([
  patiently(() => api.data(summary.id)),
  summary.step ? patiently(() => api.loss(summary.id, HISTORY_POINTS)) : null,
]);
const setup = { ...setupOf(summary.spec) };
const state = createState(catalog, summary, setup, {
  logLoss: false,
  testLoss: false,
  logSurface: false,
  penalty: false,
  showTest: true,
  speed: 3,
  theme: themeInUse(),
});
state.preset = preset;
takeLook(state, seen);
if (problem) state.notice = { key: problem };

/** The step that is shown stands still: everything is looked at. */
const look = () =>
  lens.want("surface", "outputs", "inside", "metrics", "diagnostics", ...panels.wishes());
const lens = createLens({ state, api, fail: (error) => session.recover(error) });
const charts = createCharts({
  state,
  loss: byId("loss-plot"),
  figures: {
    surface: byId("surface-plot"),
    contour: byId("contour-plot"),
    slice: byId("slice-plot"),
    losses: byId("losses-plot"),
  },
  overlay: byId("contour-paths", HTMLCanvasElement),
  drewSurface: lens.drewSurface,
});
const training = createTraining({
  state,
  session: () => session,
  drawn(now) {
    lens.tick(now, charts.surfaceSeen);
    charts.tick(now);
  },
  rested: look,
  scrub: () => scrub,
});
const session = createSession({
  state,
  api,
  pause: training.pause,
  play: training.play,
  rest: lens.rest,
  goOn: lens.goOn,
  arrived: look,
});

const scrub = createScrub({
  state,
  api,
  pause: training.pause,
  fail: (error) => session.recover(error),
  rest: lens.rest,
  goOn: lens.goOn,
  settled: look,
});

const page = connect({
  state,
  session,
  training,
  charts,
  lens,
  themeInUse,
  parameterChosen: (name) => panels.follow(name),
});
listen({
  toggle: training.toggle,
  step: training.step,
  back: training.back,
  reset: training.reset,
  undo: session.undo,
  redo: session.redo,
  help: page.toggleHelp,
});
const panels = createPanels({
  state,
  lens,
  choose: page.choose,
  step: training.step,
  redraw: page.drawNetwork,
});
const tabs = createTabs({
  opened(tab) {
    panels.show(tab);
    address.touch();
  },
});

const bookmarks = createBookmarks(browserMemory);
bookmarks.of(keyOf(state.summary.spec));
const address = createAddress({ state, tab: () => tabs.open, say: session.say });
const timeline = createTimeline({
  state,
  scrub,
  bookmarks,
  session,
  branching: () => import("./playback/branch.js"),
});
state.on(["moment", "playing", "history", "experiment", "setup", "language"], timeline.draw);
state.on(["moment"], () => {
  if (!state.playing) address.touch();
});
state.on(
  ["playing", "experiment", "history", "chosen", "view", "network", "surface"],
  address.touch,
);
state.on(["setup"], () => {
  bookmarks.of(keyOf(state.summary.spec));
  timeline.closeBranch();
});
byId("share").addEventListener("click", address.copy);
byId("new-draw").addEventListener("click", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] % 10000;
  session.change(withSpec(state.setup, { seed }));
});
// A link pasted into the address of this very page.
addEventListener("hashchange", () => {
  if (isLink(location.hash)) location.reload();
});
timeline.draw();
drawSpeed(state);
drawTheme(page.themeChoice());

const [data, curves] = await coming;
state.data = data;
if (curves) state.curves = curves;
tabs.show(String(seen.tab ?? rememberedTab()));
page.drawAll();
lens.want("outputs", "inside", "diagnostics", "metrics", "surface");
charts.start();
if (Number.isInteger(seen.at)) scrub.to(Number(seen.at));
document.documentElement.dataset.ready = "true";
