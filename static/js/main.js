/** Puts the page together: what changes, who hears of it, what is drawn. */

import { api } from "./api.js";
import { createCharts } from "./charts.js";
import { byId, setText } from "./dom.js";
import { setupOf } from "./edits.js";
import { language, t, use } from "./i18n.js";
import { listen } from "./keys.js";
import { createLens } from "./lens.js";
import { createPatience } from "./patience.js";
import { connect } from "./page.js";
import { createSession } from "./session.js";
import { createState } from "./state.js";
import { createTraining } from "./training.js";
import { drawSpeed, drawTheme } from "./views/transport.js";
import { listenForHints } from "./views/hints.js";

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

const catalog = await patiently(() => api.catalog(language()));
const [first] = catalog.presets;
const summary = await patiently(() => api.create(first.spec));
const setup = { ...setupOf(summary.spec) };
const state = createState(catalog, summary, setup, {
  logLoss: false,
  testLoss: false,
  logSurface: false,
  showTest: true,
  speed: 3,
  theme: themeInUse(),
});
state.preset = first.name;

const lens = createLens({ state, api, fail: (error) => session.recover(error) });
const charts = createCharts({
  state,
  loss: byId("loss-plot"),
  surface: byId("surface-plot"),
  drewSurface: lens.drewSurface,
});
const training = createTraining({
  state,
  session: () => session,
  drawn(now) {
    lens.tick(now, charts.surfaceSeen);
    charts.tick(now);
  },
  rested: () => lens.want("surface", "outputs", "neurons"),
});
const session = createSession({
  state,
  api,
  pause: training.pause,
  play: training.play,
  rest: lens.rest,
  goOn: lens.goOn,
  arrived: () => lens.want("surface", "outputs", "neurons"),
});

const page = connect({ state, session, training, charts, lens, themeInUse });
listen({
  toggle: training.toggle,
  step: training.step,
  back: training.back,
  reset: training.reset,
  undo: session.undo,
  redo: session.redo,
  help: page.toggleHelp,
});
drawSpeed(state);
drawTheme(page.themeChoice());

state.data = await patiently(() => api.data(summary.id));
page.drawAll();
lens.want("outputs", "neurons", "surface");
charts.start();
document.documentElement.dataset.ready = "true";
