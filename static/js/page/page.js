/** Which part of the page listens to which part of the state, and which control does what. */

import { api } from "../server/api.js";
import { byId, fillSelect, setText } from "../ui/dom.js";
import { setupOf } from "../experiment/edits.js";
import { language, translate, use } from "../ui/i18n.js";
import { createPace } from "../ui/throttle.js";
import { summarizeLoss } from "../panels/loss/plot.js";
import { connectLandscape } from "../panels/landscape/panel.js";
import { summarizeSurface } from "../panels/landscape/summary.js";
import { runNames } from "../experiment/state.js";
import { createOwnData, drawData } from "../setup/data.js";
import { drawNetworkOptions } from "../panels/diagram/options.js";
import { createParts } from "../panels/diagram/parts.js";
import { drawScores } from "../panels/outputs/scores.js";
import { drawFacts, drawLegend, drawMap, summarizeMap } from "../panels/outputs/decision-map.js";
import { diagramCanvas, drawNetwork } from "../setup/network.js";
import { drawNotice, drawReading } from "./notice.js";
import { showProblems } from "../ui/field-errors.js";
import { drawRuns, updateRuns } from "../setup/runs.js";
import { drawSettings } from "../setup/settings.js";
import {
  drawCounter,
  drawPresets,
  drawSpeed,
  drawTheme,
  drawTransport,
} from "../playback/transport-bar.js";
import { remember } from "../ui/storage.js";

/** @typedef {import("../experiment/state.js").State} State */

/**
 * @param {object} parts
 * @param {State} parts.state
 * @param {ReturnType<typeof import("../experiment/session.js").createSession>} parts.session
 * @param {ReturnType<typeof import("../playback/transport.js").createTraining>} parts.training
 * @param {ReturnType<typeof import("./frame-scheduler.js").createCharts>} parts.charts
 * @param {ReturnType<typeof import("./view-loader.js").createLens>} parts.lens
 * @param {() => import("../ui/theme.js").Theme} parts.themeInUse
 * @param {(parameter: string) => void} parts.parameterChosen told which parameter was clicked in the diagram
 */
export function connect({ state, session, training, charts, lens, themeInUse, parameterChosen }) {
  const map = byId("decision-map", HTMLCanvasElement);
  const reading = byId("reading");
  const wordsPace = createPace({ every: 500, share: 0.1 });
  /** @type {import("../types.js").Problem[]} */
  let homeless = [];
  /** The outputs that the map was last drawn from while playing. @type {unknown} */
  let painted = null;
  /** Whether the timeline's thumb was on its way. */
  let moved = false;

  const parts = createParts({
    canvas: diagramCanvas(),
    state,
    set: session.setParameters,
    chosen: (parameter) => parameterChosen(parameter),
  });

  const own = createOwnData({ state, change: session.change });
  const drawSetup = () => {
    drawData(state, { change: session.change, own });
    drawNetwork(state, session.change);
    drawRuns(state, session.change, choose);
    drawOptions();
    parts.draw();
  };
  const drawOptions = () =>
    drawSettings(state, {
      change: session.change,
      setTraining: session.setTraining,
      undo: session.undo,
      redo: session.redo,
      canUndo: session.canUndo,
      canRedo: session.canRedo,
    });
  const drawChoices = () => {
    const names = runNames(state).map((text, i) => ({ value: String(i), text }));
    for (const id of ["learned-run", "surface-run"])
      fillSelect(byId(id, HTMLSelectElement), names, String(state.chosen));
    for (const axis of /** @type {("x"|"y")[]} */ (["x", "y"])) drawAxisChoice(axis, false);
    drawNetworkOptions(state, () => {
      parts.draw();
      lens.want("inside");
      state.emit("network");
    });
  };
  const announce = () => setText(byId("announcer"), reading.textContent ?? "");
  const drawWords = () => {
    drawReading(reading, state);
    setText(byId("loss-summary"), summarizeLoss(state));
    setText(byId("surface-summary"), summarizeSurface(state));
    landscape.drawWords();
    setText(byId("learned-summary"), summarizeMap(state));
  };
  const redrawPlots = () => {
    charts.want("loss");
    charts.want("surface");
    charts.tick(performance.now(), true);
  };

  /**
   * The list of axes. A deep network has thousands, so all are listed only when somebody looks.
   * @param {"x"|"y"} axis
   * @param {boolean} all
   */
  function drawAxisChoice(axis, all) {
    const select = byId(`axis-${axis}`, HTMLSelectElement);
    const names =
      all || state.summary.parameter_names.length <= 100
        ? state.summary.parameter_names
        : [state.axes[axis]];
    const other = state.axes[axis === "x" ? "y" : "x"];
    fillSelect(
      select,
      names.map((name) => ({ value: name, text: name, disabled: name === other })),
      state.axes[axis],
    );
  }

  /** @param {number} run */
  function choose(run) {
    if (run === state.chosen || run >= state.live.spec.runs.length) return;
    state.chosen = run;
    state.outputs = state.metrics = null;
    parts.leave();
    state.emit("chosen");
    lens.want("outputs", "inside", "metrics", "surface");
  }

  state.on(["setup"], () => {
    drawSetup();
    drawPresets(byId("preset", HTMLSelectElement), state);
  });
  state.on(["chosen"], () => {
    drawRuns(state, session.change, choose);
    drawChoices();
    drawFacts(state);
    drawMap(map, state);
    parts.draw();
    drawWords();
    charts.want("loss");
    charts.tick(performance.now(), true);
  });
  state.on(["experiment", "history"], () => {
    drawOptions();
    drawChoices();
    updateRuns(state);
  });
  state.on(["moment"], () => {
    const now = performance.now();
    drawCounter(state);
    updateRuns(state);
    drawFacts(state);
    drawScores(state);
    charts.want("loss");
    charts.want("paths");
    const { hurried } = state;
    if (state.moving !== moved) {
      moved = state.moving;
      charts.rest();
    }
    if (state.playing && state.outputs !== painted) {
      painted = state.outputs;
      drawMap(map, state);
    }
    if (!state.playing) charts.tick(now, !hurried);
    if (!hurried || wordsPace.due(now)) {
      drawWords();
      wordsPace.done(now, performance.now() - now);
    }
  });
  state.on(["playing"], () => {
    drawTransport(state);
    charts.rest();
    drawWords();
    if (!state.playing) announce();
  });
  state.on(["data", "outputs", "view"], () => {
    drawMap(map, state);
    drawLegend(byId("legend"), state);
  });
  state.on(["data", "curvature"], () => drawOptions());
  state.on(["inside", "diagnostics"], parts.draw);
  state.on(["metrics", "chosen"], () => drawScores(state));
  state.on(["surface"], () => {
    charts.want("surface");
    charts.tick(performance.now());
    if (!state.playing) drawWords();
  });
  state.on(["view"], redrawPlots);
  state.on(["setup", "problems"], () => {
    homeless = showProblems(state.problems);
    drawNotice(byId("notice"), state, homeless);
  });
  state.on(["notice"], () => drawNotice(byId("notice"), state, homeless));

  const page = {
    choose,
    drawNetwork: parts.draw,
    drawAll() {
      own.redraw();
      drawTransport(state);
      drawPresets(byId("preset", HTMLSelectElement), state);
      drawSetup();
      drawChoices();
      drawFacts(state);
      drawScores(state);
      drawMap(map, state);
      drawLegend(byId("legend"), state);
      homeless = showProblems(state.problems);
      drawNotice(byId("notice"), state, homeless);
      drawWords();
      landscape.drawControls();
      redrawPlots();
    },
    toggleHelp() {
      const help = byId("help");
      help.hidden = !help.hidden;
      byId("help-button").setAttribute("aria-expanded", String(!help.hidden));
      byId(help.hidden ? "help-button" : "help-close").focus();
    },
    /** @returns {"auto"|"light"|"dark"} */
    themeChoice: () => /** @type {any} */ (document.documentElement.dataset.theme ?? "auto"),
  };

  async function switchLanguage() {
    const next = language() === "en" ? "zh-CN" : "en";
    try {
      use(next, await api.messages(new URL(`../../i18n/${next}.json`, import.meta.url).href));
    } catch {
      return session.say("errors.offline");
    }
    const url = new URL(location.href);
    url.searchParams.set("lang", next);
    history.replaceState(null, "", url);
    translate(document.body);
    drawTheme(page.themeChoice());
    drawSpeed(state);
    page.drawAll();
    if (byId("announcer").textContent) announce();
    state.emitNow("language");
  }

  function retheme() {
    const theme = themeInUse();
    drawTheme(page.themeChoice());
    if (theme === state.view.theme) return;
    state.view.theme = theme;
    page.drawAll();
  }

  function nextTheme() {
    const order = /** @type {const} */ (["auto", "light", "dark"]);
    const next = order[(order.indexOf(page.themeChoice()) + 1) % order.length];
    document.documentElement.dataset.theme = next;
    remember("basin.theme", next);
    retheme();
  }

  /** @param {string} id @param {"logLoss"|"testLoss"|"logSurface"|"penalty"|"showTest"} what */
  function toggles(id, what) {
    const box = byId(id, HTMLInputElement);
    box.checked = state.view[what];
    box.addEventListener("change", () => {
      state.view[what] = box.checked;
      state.emit("view");
    });
  }

  /** @param {string} id @param {() => void} act */
  const click = (id, act) => byId(id).addEventListener("click", act);
  click("train", training.toggle);
  click("step", training.step);
  click("back", training.back);
  click("reset", training.reset);
  click("language", switchLanguage);
  click("theme", nextTheme);
  click("help-button", page.toggleHelp);
  click("help-close", page.toggleHelp);
  toggles("loss-log", "logLoss");
  toggles("loss-test", "testLoss");
  toggles("loss-penalty", "penalty");
  toggles("surface-log", "logSurface");
  toggles("show-test", "showTest");
  byId("speed").addEventListener("input", (event) => {
    state.view.speed = Number(/** @type {HTMLInputElement} */ (event.target).value);
    drawSpeed(state);
  });
  byId("preset").addEventListener("change", (event) => {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    const preset = state.catalog.presets.find(({ name }) => name === value);
    if (preset) session.change(setupOf(preset.spec), { preset: value, training: null });
  });
  for (const id of ["learned-run", "surface-run"]) {
    byId(id).addEventListener("change", (event) =>
      choose(Number(/** @type {HTMLSelectElement} */ (event.target).value)),
    );
  }
  for (const axis of /** @type {("x"|"y")[]} */ (["x", "y"])) {
    const select = byId(`axis-${axis}`, HTMLSelectElement);
    for (const type of ["pointerdown", "focus"])
      select.addEventListener(type, () => {
        if (select.options.length < state.summary.parameter_names.length)
          drawAxisChoice(axis, true);
      });
    select.addEventListener("change", () => {
      state.axes = { ...state.axes, [axis]: select.value };
      drawChoices();
      lens.want("surface");
    });
  }
  const landscape = connectLandscape({
    state,
    session,
    api,
    look: () => lens.want("surface"),
    draw: redrawPlots,
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", retheme);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("help").hidden) page.toggleHelp();
  });
  let timer = 0;
  new ResizeObserver(() => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      drawMap(map, state);
      parts.draw();
    }, 60);
  }).observe(byId("layers"));
  return page;
}
