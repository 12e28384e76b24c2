/**
 * A lesson on the page: its cards stand where the set-up was, the figures it needs beside them. Train is locked until
 * there is a prediction, or it is skipped; the learner's own experiment waits until they leave.
 */

import { isTold } from "../../experiment/access.js";
import { ApiError } from "../../server/api.js";
import { lessonApi } from "../../server/lessons.js";
import { wait } from "../../server/retry.js";
import { byId, el } from "../../ui/dom.js";
import { download } from "../../ui/download.js";
import { language } from "../../ui/i18n.js";
import { loadStyle } from "../../ui/lazy-style.js";
import { rememberInTab, rememberedInTab } from "../../ui/storage.js";
import { connectArrangement } from "../arrangement.js";
import { KEPT } from "../lessons.js";
import { arrange } from "./arrangement.js";
import { createArrival } from "./arrival.js";
import { drawCard } from "./card.js";
import { createCourse, measure } from "./course.js";
import { drawFirstWeights } from "./first-weights.js";
import { isOfStudy, tabOf, tellersOf } from "./lesson.js";
import { carriedLesson, splitCard } from "./pack.js";
import { keepOwn, keptOwn, keyOf } from "./record.js";
import { sightOf, takeBack } from "./sight.js";

/**
 * @typedef {import("./lesson.js").Lesson} Lesson
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {import("./course.js").Land} Land
 * @typedef {ReturnType<typeof createCourse>} Course
 * @typedef {object} Desk   what lies open
 * @property {HTMLElement} section
 * @property {Course|null} course
 * @property {Land|null} land
 * @property {import("./first-weights.js").First[]|null} first   the first weights of the runs, where the card compares recipes
 * @property {boolean} trying   whether the whole set-up is open, to try something
 * @property {boolean} arriving whether the experiment of the card is on its way
 * @property {number} turn      every card that is opened counts: what comes of an earlier one is too late
 *
 * @typedef {object} Room
 * @property {(id: string, place?: number|null) => Promise<void>} start   a built-in lesson
 * @property {(lesson: Lesson, named?: {id?: string, packed?: string, place?: number|null}) => Promise<void>} open   with its
 *   id, or as a link carries it; at a card, or where the learner was
 * @property {() => void} close   the page is as it was, whatever experiment is on it
 * @property {() => boolean} isTold   whether answers are told
 * @property {(asked: string|null) => Promise<void>} resume   what a link carries, or where this tab was
 */

/** @param {import("../lessons.js").Parts} parts @returns {Room} */
export function createRoom(parts) {
  const { state, conductor } = parts;
  loadStyle("lessons");
  /** @type {Desk} */
  const desk = {
    section: el("section", { id: "lesson", class: "panel", "aria-labelledby": "lesson-title" }),
    course: null,
    land: null,
    first: null,
    trying: false,
    arriving: false,
    turn: 0,
  };
  let { speed } = state.view;
  const cards = createCards(parts, desk, {
    leave: () => leave(),
    start: (id) => room.start(id),
  });
  connectArrangement(state, parts.tabs);

  /** @param {unknown} error */
  async function failed(error) {
    rememberInTab(KEPT, null);
    await recoverer(conductor)(error);
  }

  function close() {
    if (!desk.course) return;
    Object.assign(desk, {
      course: null,
      land: null,
      first: null,
      trying: false,
      arriving: false,
      turn: desk.turn + 1,
    });
    desk.section.remove();
    desk.section.replaceChildren();
    rememberInTab(KEPT, null);
    keepOwn(null);
    state.patch({ lesson: "", card: null });
    arrange(state, null);
    askShape(state, false);
    state.patch({ view: { speed } });
  }

  /** Back to the learner's own experiment. */
  async function leave() {
    const own = keptOwn();
    close();
    if (own && (await conductor.restore(own)) && own.sight)
      takeBack(state, parts.tabs, own.sight, own.id);
    byId("preset").focus({ preventScroll: true });
  }

  /** The lesson that a link carries; of one that cannot be read nothing is shown. @param {string} packed @param {number|null} place */
  async function openCarried(packed, place) {
    const lesson = await carriedLesson(packed);
    if (lesson) return room.open(lesson, { packed, place });
    state.patch({ notice: { key: "lesson.link.broken" } });
  }

  /** @type {Room} */
  const room = {
    close,
    isTold: () => isTold(state),
    async open(lesson, { id, packed = "", place = null } = {}) {
      if (!desk.course) {
        await conductor.pause();
        if (!keptOwn()) keepOwn({ ...conductor.present(), sight: sightOf(state) });
        ({ speed } = state.view);
        document.querySelector("main")?.prepend(desk.section);
      }
      if (state.view.large) state.patch({ view: { large: "", present: false } });
      rememberInTab(KEPT, JSON.stringify(id ? { id } : { lesson, packed }));
      state.patch({ lesson: id ?? packed });
      desk.course = createCourse(lesson, id ?? keyOf(lesson));
      const last = lesson.cards.length - 1;
      await cards.turnTo(place === null ? desk.course.place : Math.min(place, last));
    },
    async start(id, place = null) {
      try {
        await room.open(/** @type {Lesson} */ (await lessonApi.read(id)), { id, place });
      } catch (error) {
        await failed(error);
      }
    },
    async resume(asked) {
      if (asked !== null) {
        const { name, place } = splitCard(asked);
        if (name.startsWith("~")) return openCarried(name, place).catch(failed);
        if (name) return room.start(name, place);
        return state.patch({ notice: { key: "errors.unknown_lesson" } });
      }
      /** @type {{id?: unknown, lesson?: Lesson, packed?: string}} */
      let kept = {};
      try {
        kept = JSON.parse(rememberedInTab(KEPT) ?? "{}") ?? {};
      } catch {
        rememberInTab(KEPT, null);
      }
      if (typeof kept.id === "string") return room.start(kept.id);
      if (kept.lesson?.cards?.length) return room.open(kept.lesson, { packed: kept.packed });
    },
  };
  return room;
}

/**
 * What of the page is seen, and locked; what is asked for, the page does not say.
 * @param {import("../lessons.js").Parts["state"]} state @param {Desk} desk
 */
function arrangeDesk(state, desk) {
  const card = desk.trying ? null : desk.course?.card;
  const asked = desk.course?.phase === "ask" ? card : null;
  askShape(state, card?.predict.kind === "shape" && isLocked(desk));
  const tells = asked ? tellersOf(asked) : [];
  const open = desk.trying || asked?.locked === false;
  const { arriving } = desk;
  arrange(state, { show: card?.show ?? null, tells, open, locked: isLocked(desk), arriving });
  tellCard(state, desk);
}

/** Which card a link to here leads to; with the whole set-up open it leads to the experiment. @param {import("../lessons.js").Parts["state"]} state @param {Desk} desk */
function tellCard(state, { course, trying }) {
  const card = !course || trying ? null : course.card ? course.place + 1 : 0;
  if (state.card !== card) state.patch({ card });
}

/** The page says no shapes as long as one is asked for, as in the quiz. @param {import("../lessons.js").Parts["state"]} state @param {boolean} asking */
function askShape(state, asking) {
  byId("network").classList.toggle("asking", asking);
  if (state.network.asking !== asking) state.patch({ network: { asking } });
}

/** Whether nothing may be trained now. @param {Desk} desk */
const isLocked = ({ course, arriving }) =>
  course !== null &&
  (arriving || (course.card !== null && (course.phase === "ask" || course.phase === "busy")));

/** Says what the server refused; whatever else went wrong is a bug. @param {import("../lessons.js").Parts["conductor"]} conductor */
function recoverer(conductor) {
  return async (/** @type {unknown} */ error) => {
    if (!(error instanceof ApiError)) throw error;
    await conductor.recover(error);
  };
}

/** The id of the lesson after a built-in one, or null. @param {string} key */
async function followingOf(key) {
  const { lessons } = await lessonApi.list(language());
  const place = lessons.findIndex(({ id }) => id === key);
  return place < 0 ? null : (lessons[place + 1]?.id ?? null);
}

/**
 * The set-up of a card as a script that trains it as far as the card goes. It is made apart: what the page shows may have
 * been changed.
 * @param {Card} card @param {Course} course @param {import("../lessons.js").Parts["api"]} api
 */
async function saveCode({ setup, steps }, { key, place }, api) {
  const whole = /** @type {typeof setup.spec} */ ({ ...setup.spec, step: steps });
  const { id } = await api.create(whole);
  const text = await api.code(id, { target: "numpy", step: steps });
  download(new Blob([text], { type: "text/plain" }), `basin-${key}-${place + 1}.py`);
}

/** @param {HTMLElement} section */
const bodyOf = (section) => section.querySelector(".lesson-body");

/** The card is seen from its beginning. @param {HTMLElement} section */
function toTop(section) {
  section.scrollTop = 0;
  section.querySelector("h2")?.focus({ preventScroll: true });
}

/** How much of a study is done. @param {number} share */
const drawProgress = (share) =>
  document.querySelector("#lesson progress")?.setAttribute("value", `${share}`);

/**
 * The cards: one is turned to, answered, measured.
 * @param {import("../lessons.js").Parts} parts
 * @param {Desk} desk
 * @param {{leave: () => void, start: (id: string) => void}} ways   out of a lesson, and into another
 */
function createCards(parts, desk, ways) {
  const { state, api, conductor, tabs } = parts;
  const { section } = desk;
  const { arrive, outcomeOf } = createArrival(parts);

  function draw() {
    const { course, land, first, trying } = desk;
    if (!course) return;
    arrangeDesk(state, desk);
    drawCard(section, { course, land, first, state, acts, trying });
  }

  const failed = recoverer(conductor);

  /** The experiment of a card comes. @param {Course} course @param {Card} card @returns {Promise<boolean>} whether it is still wanted */
  async function bring(course, card) {
    const mine = desk.turn;
    const isWanted = () => mine === desk.turn;
    const come = await arrive(card, { phase: course.phase, isWanted }).catch(failed);
    if (!isWanted()) return false;
    const { land, first } = come ?? { land: null, first: null };
    Object.assign(desk, { land, first, arriving: false });
    return true;
  }

  /** Opens a card, with its experiment. @param {number} place */
  async function turnTo(place) {
    const { course } = desk;
    if (!course) return;
    desk.turn += 1;
    course.turnTo(place);
    acts.next = null; // else it leads from the summary before to the lesson that has just been done
    const { card } = course;
    Object.assign(desk, { land: null, first: null, trying: false, arriving: card !== null });
    draw();
    toTop(section);
    if (!card) return offerNext(course);
    if (!(await bring(course, card))) return;
    // What the learner has begun to answer stays as it is.
    if (course.phase === "ask" && !desk.land) {
      arrangeDesk(state, desk);
      if (desk.first) bodyOf(section)?.prepend(drawFirstWeights(desk.first, state));
    } else draw();
  }

  /** The lesson that follows this one, once it is done. @param {Course} course */
  async function offerNext({ key }) {
    const mine = desk.turn;
    const id = await followingOf(key).catch(failed);
    if (mine !== desk.turn) return;
    acts.next = id ? () => ways.start(id) : null;
    draw();
  }

  /** What the card asks is measured; the prediction stands as it is. */
  async function find() {
    const { course } = desk;
    const card = course?.card;
    if (!course || !card || course.phase !== "ready") return;
    const mine = desk.turn;
    course.phase = "busy";
    draw();
    try {
      const measured = await measure(card, { state, api, sleep: wait, progress: drawProgress });
      const land = isOfStudy(card) ? desk.land : await outcomeOf(card, desk.land);
      if (mine !== desk.turn) return;
      desk.land = land;
      course.answer(measured);
    } catch (error) {
      if (mine !== desk.turn) return;
      course.phase = "ready";
      await failed(error);
    }
    draw();
    section.querySelector(".lesson-verdict")?.scrollIntoView({ block: "nearest" });
  }

  /** @type {import("./card.js").Acts} */
  const acts = {
    guess(guess) {
      if (desk.course) desk.course.guess = guess;
      const button = section.querySelector("#lesson-submit");
      if (button instanceof HTMLButtonElement) button.disabled = guess === null;
    },
    async submit(skipped) {
      const { course } = desk;
      const card = course?.card;
      if (!course || !card) return;
      if (skipped) course.guess = null;
      course.phase = "ready";
      // What the prediction is about comes back, whatever was tried before.
      if (!card.locked) {
        desk.arriving = true;
        draw();
        if (!(await bring(course, card))) return;
      }
      // What would have told the answer is seen from now on, and the card opens on some of it.
      arrangeDesk(state, desk);
      tabs.show(tabOf(card));
      if (!card.steps) return void find();
      draw();
      /** @type {HTMLElement|null} */ (
        section.querySelector("#lesson-train, #lesson-study")
      )?.focus();
    },
    train: () => conductor.toggle(),
    find,
    again() {
      desk.course?.again();
      turnTo(desk.course?.place ?? 0);
    },
    turnTo,
    try() {
      desk.trying = !desk.trying;
      draw();
    },
    async code() {
      const { course } = desk;
      if (course?.card) await saveCode(course.card, course, api).catch(failed);
    },
    leave: ways.leave,
    next: null,
  };

  // Training ends by itself where the card asks: the prediction is about that step.
  state.on(["step"], () => {
    const card = desk.course?.card;
    if (!card || desk.course?.phase !== "ready" || !card.steps || state.step < card.steps) return;
    conductor.pause();
    find();
  });
  state.on(["language", "view/theme"], draw);
  state.on(["playing"], () => {
    if (desk.course?.phase === "ready") draw();
  });

  return { turnTo };
}
