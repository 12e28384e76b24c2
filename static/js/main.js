/** Puts the page together, from below to above: server, experiment, what can be done with it, panels, page. */

import { ApiError, api, until } from "./server/api.js";
import { createRetry } from "./server/retry.js";
import { byId, setText } from "./ui/dom.js";
import { t, use } from "./ui/i18n.js";
import { followPresses } from "./ui/press.js";
import { rememberedInTab } from "./ui/storage.js";
import { wholeWords } from "./ui/words.js";
import * as format from "./ui/number-format.js";
import { setupOf } from "./experiment/edits.js";
import { isHidden } from "./experiment/access.js";
import { createState } from "./experiment/state.js";
import { HISTORY_POINTS, createSync } from "./experiment/sync.js";
import { guarded } from "./playback/guard.js";
import { createConductor } from "./playback/conductor.js";
import { createTimeline } from "./playback/timeline.js";
import { SPEEDS } from "./playback/training.js";
import { connectTransport } from "./playback/transport-bar.js";
import { createPanels } from "./panels/registry.js";
import { connectSetup } from "./setup/index.js";
import { connectAddress, takeLook } from "./share/address.js";
import { isLink, openExperiment } from "./share/open.js";
import { placeOf } from "./share/reload.js";
import { createFrameScheduler } from "./page/frame-scheduler.js";
import { connectEnlarge } from "./page/enlarge.js";
import { listen } from "./page/keys.js";
import { connectClass } from "./page/class.js";
import { tellUncaught } from "./page/notice.js";
import { connectPage } from "./page/page.js";
import { createTabs, rememberedTab } from "./page/tabs.js";
import { connectTools, themeInUse } from "./page/tools.js";
import { listenForHints } from "./page/tooltips.js";
import { createViewLoader } from "./page/view-loader.js";

// The scripts may be here before the end of the page that they are for.
if (document.readyState === "loading")
  await new Promise((resolve) =>
    document.addEventListener("DOMContentLoaded", resolve, { once: true }),
  );
use(document.documentElement.lang, JSON.parse(byId("messages").textContent ?? "{}"));
listenForHints();
followPresses();

/**
 * What the page cannot be without: where the server refuses it, that is said, and nothing follows.
 * @template T
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
const needed = (work) =>
  work.catch((error) => {
    if (!(error instanceof ApiError)) throw error;
    say(`errors.${error.code}`);
    return new Promise(() => {});
  });

// What is said before there is a state to say it in.
const say = (/** @type {string} */ key) => setText(byId("notice"), t(key));
let tell = say;
tellUncaught((key) => tell(key));
const { patiently } = createRetry({ say });
const catalog = await needed(patiently(() => api.catalog()));
// What a class says of a lesson, or of an experiment to look at, stands behind its name.
const place = location.hash.startsWith("#lesson=") ? location.hash : placeOf(location.hash);
const { named, words } = /^#(?:lesson|watch)=.*&class=/.test(place)
  ? (await import("./share/made.js")).splitClass(place)
  : { named: place, words: null };
// A lesson that a link names, before the address says what is open.
const asked = named.startsWith("#lesson=") ? named : "";
const opened = await needed(
  openExperiment({
    fragment: asked ? "" : named,
    presets: catalog.presets,
    api,
    patiently,
    progress: (share) =>
      setText(byId("notice"), t("notice.replaying", { share: format.percent(share) })),
    refused: (code) => say(`errors.${code}`),
  }),
);
const { summary, look, study, made } = opened;
// Asked for at once, so that the page is put together while the server answers.
const coming = Promise.all([
  needed(patiently(() => api.data(summary.id))),
  summary.step ? needed(patiently(() => api.loss(summary.id, HISTORY_POINTS))) : null,
]);

const state = createState(catalog, summary, setupOf(summary.spec), {
  logLoss: false,
  testLoss: false,
  logSurface: false,
  penalty: false,
  bands: true,
  sharpness: false,
  showTest: true,
  speed: 3,
  theme: themeInUse(),
  large: "",
  present: false,
});
state.patch({ preset: opened.preset });
takeLook(state, look);
if (study) (await import("./share/offered-study.js")).takeStudy(state, study);
if (opened.problem) state.patch({ notice: { key: opened.problem } });

const retry = createRetry({ say: (key) => state.patch({ notice: { key } }) });
const sync = createSync({ state, api, retry });
tell = sync.say;
const scheduler = createFrameScheduler();
const loader = createViewLoader({ state, api, until, fail: sync.recover });
/** @param {string[]} views */
const settled = async (...views) => (await import("./page/settled.js")).settled(loader, views);
const conductor = guarded(
  createConductor({ state, api, sync, loader, scheduler }),
  state,
  sync.say,
);
const setup = connectSetup(state, conductor);
const tabs = createTabs(state); // before the panels, which draw in what is open
// Until a lesson is there, nothing of the experiment before it is seen or trained.
const entering = Boolean(asked || (!isLink(location.hash) && rememberedInTab("basin.lesson")));
if (entering) (await import("./page/arrangement.js")).holdFor({ state, tabs }, "lesson", true);
const panels = createPanels(
  {
    state,
    api,
    changes: conductor,
    step: conductor.step,
    want: loader.want,
    settled,
    wake: scheduler.wake,
    diagram: setup.diagram,
  },
  { scheduler, loader },
);

connectTransport(state, conductor);
/** @type {Promise<import("./page/lessons.js").LessonDoor>|undefined} */
let door;
const lessons = () =>
  (door ??= import("./page/lessons.js").then(({ connectLessons }) =>
    connectLessons({ state, api, conductor, tabs, takeLook, speeds: SPEEDS }),
  ));
connectPage({ state, changes: conductor, scheduler, tabs, takeLook, lessons });
const { toggleHelp } = connectTools({ state, api, changes: conductor, settled });
const enlarge = connectEnlarge({ state });
createTimeline({
  state,
  conductor,
  async branching() {
    const words = wholeWords(api);
    return (await Promise.all([import("./playback/branch.js"), words]))[0];
  },
});
connectAddress({ state, say: sync.say });
/** What a key of the tools does, where they are there. @param {() => void} act */
const tool = (act) => () => isHidden(state, "tools") || act();
listen({
  ...conductor,
  help: tool(toggleHelp),
  enlarge: enlarge.toggle,
  present: tool(enlarge.togglePresentation),
});
// A link made to measure, or a mystery, now or later: the page does without their words and code until then.
const inClass = connectClass({ state, api, sync, tabs });

await inClass.take(made ?? words);
const [data, curves] = await coming;
state.patch({ data, curves: curves ?? state.curves });
tabs.show(String(look.tab ?? rememberedTab()));
state.announceAll();
loader.serve(panels, panels.needs()); // after all else that is wanted at first: nothing is asked for twice
if (Number.isInteger(look.at)) conductor.seek.to(Number(look.at));
if (entering) (await lessons()).resume(asked);
document.documentElement.dataset.ready = "true";
void import("./page/print.js").then(({ connectPrint }) => connectPrint());
