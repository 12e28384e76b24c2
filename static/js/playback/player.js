/**
 * Plays training at the display's rate: one block on the screen, one in the hand, never more.
 * Knows nothing of the server or the page: `ask` brings a block, `tick` says what to draw now.
 */

/**
 * @typedef {import("../types.js").Frame} Frame
 * @typedef {import("../experiment/frames.js").Plan} Plan
 */

const BLOCK_SECONDS = 0.3;
const FRAMES_PER_SECOND = 60;

const LONGEST_BLOCK_SECONDS = 6;
/** From this pace on longer blocks alone do not help, and fewer steps are shown. */
const FULL_SPEED = 10;

/** The share of a block within which its successor is asked for, by chance: a class asks not all at once. */
const SPREAD = 0.5;

/**
 * The steps per second that are shown beside a busy server.
 * @param {number} rate steps per second
 * @param {number} pace how much slower than usual the server is to be asked
 */
export const held = (rate, pace) => rate * Math.min(1, FULL_SPEED / pace);

/**
 * How much to ask for at a speed.
 * @param {number} rate steps per second
 * @param {number} most the largest count the server takes
 * @param {number} [pace] how much longer than usual
 * @returns {Plan}
 */
export function plan(rate, most, pace = 1) {
  const every = Math.max(1, Math.min(Math.round(rate / FRAMES_PER_SECOND), most));
  const seconds = Math.min(BLOCK_SECONDS * pace, LONGEST_BLOCK_SECONDS);
  const frames = Math.max(1, Math.round((rate * seconds) / every));
  return { count: Math.max(every, Math.min(frames * every, most - (most % every))), every };
}

/**
 * The plan, to end at a step where others' blocks end: what the server has made of it is there for all of a class.
 * @param {Plan} plan
 * @param {number} step where it begins
 * @param {number} block the steps of a usual block, at whose multiples blocks end
 * @param {number} most the largest count the server takes
 * @param {number} chance from 0 to 1; by chance it is rounded up or down, so that as much is asked for as planned
 */
export function meeting({ count, every }, step, block, most, chance) {
  let end = Math.floor((step + count) / block + chance) * block;
  while (end <= step) end += block;
  while (end - step > most && end - block > step) end -= block;
  return { count: Math.min(end - step, most), every };
}

/**
 * @param {object} options
 * @param {(plan: Plan) => Promise<Frame[]>} options.ask brings the next block's frames
 * @param {(error: unknown) => void} options.fail told when `ask` failed; playing has stopped then
 * @param {() => number} options.rate steps per second, read anew for every block and tick
 * @param {() => number} options.most the largest count of one block
 * @param {() => number} [options.pace]
 * @param {() => number} [options.random]
 */
export function createPlayer({ ask, fail, rate, most, pace = () => 1, random = Math.random }) {
  /** @type {Frame[]} */
  let frames = []; // what is in hand, in order; at most two blocks
  let blocks = 0; // how many blocks those frames come from
  let running = false;
  let first = true;
  let shown = 0;
  let known = 0; // the last step of what is in hand
  let few = Infinity; // so many frames in hand, and the next block is asked for
  let credit = 0; // steps the clock has earned and the screen has not shown
  /** @type {number|null} */
  let before = null;
  /** @type {Promise<void>|null} */
  let pending = null;

  function fetchMore() {
    if (!running || pending || blocks >= 2) return;
    // A short first block: a click is seen at once.
    const planned = plan(held(rate(), pace()), most(), first ? 1 : pace());
    const block = plan(rate(), most()).count;
    pending = ask(meeting(planned, known, block, most(), random())).then(
      (more) => {
        known = more.at(-1)?.step ?? known;
        pending = null;
        first = false;
        frames.push(...more);
        blocks += 1;
        few = Infinity;
        fetchMore();
      },
      (error) => {
        pending = null;
        if (!running) return;
        running = false;
        fail(error);
      },
    );
  }

  return {
    /** Starts playing after the step that is shown. @param {number} step */
    start(step) {
      if (running) return;
      running = true;
      shown = known = step;
      frames = [];
      blocks = 0;
      first = true;
      credit = 0;
      before = null;
      fetchMore();
    },
    /** The frames that are due at this moment, oldest first. @param {number} now milliseconds */
    tick(now) {
      // A slow screen drops frames instead of catching up: no tick earns more than a tenth of a second.
      const elapsed = before === null ? 0 : Math.min(now - before, 100) / 1000;
      before = now;
      if (!running) return [];
      credit += elapsed * held(rate(), pace());
      let due = 0;
      while (due < frames.length && frames[due].step - shown <= credit) {
        credit -= frames[due].step - shown;
        shown = frames[due].step;
        if (frames[due].end) blocks -= 1;
        due += 1;
      }
      if (due === frames.length) credit = Math.min(credit, 1); // starved: do not save up a jump
      const out = frames.splice(0, due);
      if (pace() > 1 && out.some((frame) => frame.end))
        few = frames.length * (1 - SPREAD * random());
      if (frames.length <= few) fetchMore();
      return out;
    },
    /**
     * Stops, waits for what is under way, and forgets what was not shown.
     * @returns {Promise<number>} the step that is shown
     */
    async stop() {
      running = false;
      await pending;
      frames = [];
      blocks = 0;
      return shown;
    },
    get running() {
      return running;
    },
  };
}
