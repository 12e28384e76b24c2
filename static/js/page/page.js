/** What the page says in words: the experiment's name, how the race goes, what happened, what every figure shows. */

import { byId, setText } from "../ui/dom.js";
import { showProblems } from "../ui/field-errors.js";
import { summarizeLoss } from "../panels/loss/plot.js";
import { summarizeMap } from "../panels/outputs/decision-map.js";
import { summarizeSurface } from "../panels/landscape/summary.js";
import { connectHeadline } from "./headline.js";
import { drawNotice, drawReading } from "./notice.js";

/** @typedef {import("../experiment/state.js").State} State */

/**
 * @param {object} parts
 * @param {State} parts.state
 * @param {import("../experiment/changes.js").Changes} parts.changes
 * @param {import("./frame-scheduler.js").FrameScheduler} parts.scheduler
 * @param {{show: (tab: string) => void}} parts.tabs
 * @param {(state: State, look: Record<string, string|boolean>) => void} parts.takeLook
 * @param {() => Promise<import("./lessons.js").LessonDoor>} parts.lessons
 */
export function connectPage({ state, changes, scheduler, tabs, takeLook, lessons }) {
  drawWords({ state, scheduler });
  connectHeadline({ state, changes, tabs, takeLook, lessons });

  /** Problems that no control is there for. @type {import("../types.js").Problem[]} */
  let homeless = [];
  state.on(["setup", "problems", "notice", "language"], () => {
    homeless = showProblems(state.problems);
    drawNotice(byId("notice"), state, homeless);
  });
}

/**
 * How the race goes, on every drawn frame, so that it never lags the counter; and every figure in words, twice a second
 * while training and at once when it rests.
 * @param {{state: State, scheduler: import("./frame-scheduler.js").FrameScheduler}} parts
 */
function drawWords({ state, scheduler }) {
  const reading = byId("reading");
  const announcer = byId("announcer");
  const race = scheduler.add({ share: 0.05, run: () => drawReading(reading, state) });
  const words = scheduler.add({
    every: 500,
    share: 0.1,
    run() {
      setText(byId("loss-summary"), summarizeLoss(state));
      setText(byId("surface-summary"), summarizeSurface(state));
      setText(byId("learned-summary"), summarizeMap(state));
      // Said to a screen reader when training stops, and in another language again.
      if (announcing) setText(announcer, reading.textContent ?? "");
      announcing = false;
    },
  });
  let announcing = false;
  state.on(["playing"], () => (announcing = !state.playing));
  const again = () => (announcing ||= Boolean(announcer.textContent));
  state.on(["language"], again);
  // The last block of a training may come, with its statuses, after its end was announced.
  state.on(["runs"], () => !state.playing && !state.past && again());
  state.on(
    [
      "step",
      "playing",
      "surface",
      "live",
      "preset",
      "chosen",
      "runs",
      "language",
      "access",
      "view/logSurface",
    ],
    () => {
      race.want(!state.hurried);
      words.want(!state.hurried);
    },
  );
}
