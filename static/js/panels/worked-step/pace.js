/** How long a phase stays while a step is played: as long as it takes to read, or until the learner goes on. */

export const PACES = /** @type {const} */ (["slow", "medium", "fast", "wait"]);

/** @typedef {typeof PACES[number]} Pace */

/** Milliseconds for a character, at about 200 words a minute and a glance at every number. */
const CHARACTER = /** @type {Record<string, number>} */ ({ slow: 90, medium: 45, fast: 22 });
/** A Chinese character says as much as half a word. */
const OF_CHINESE = 4;
const [SHORTEST, LONGEST] = [4000, 60000];
const ON = [" ", "ArrowRight", "PageDown"];
const MEANS_NOTHING = ["Tab", "Shift", "Control", "Alt", "Meta"];

/** @param {string|null} text @returns {text is Pace} */
export const isPace = (text) => PACES.some((pace) => pace === text);

/** For those who want no motion, nothing moves by itself. @returns {Pace} */
export const usualPace = () =>
  matchMedia("(prefers-reduced-motion: reduce)").matches ? "wait" : "medium";

/** How long a text takes to read, in milliseconds. @param {string} text @param {Pace} pace */
export function readingTime(text, pace) {
  const letters = text.replace(/\s+/g, "");
  const chinese = letters.match(/\p{Script=Han}/gu)?.length ?? 0;
  const length = letters.length + (OF_CHINESE - 1) * chinese;
  return Math.min(LONGEST, Math.max(SHORTEST, length * CHARACTER[pace]));
}

/**
 * Listens to every input until it is told to stop listening. Any ends what is played, but for those in the rail
 * itself; where it waits for the learner, Space and the keys of a presenter go on.
 * @param {{within: HTMLElement, waits: () => boolean, on: () => void, stop: () => void}} options
 * @returns {() => void} ends the listening
 */
export function onAnyInput({ within, waits, on, stop }) {
  const abort = new AbortController();
  const options = { capture: true, passive: false, signal: abort.signal };
  /** @param {Event} event */
  const inside = ({ target }) => target instanceof Node && within.contains(target);
  /** @param {Event} event */
  const ends = (event) => {
    if (!inside(event)) stop();
  };
  for (const type of ["pointerdown", "wheel"]) document.addEventListener(type, ends, options);
  document.addEventListener(
    "keydown",
    (event) => {
      if (inside(event) || MEANS_NOTHING.includes(event.key)) return;
      if (ON.includes(event.key)) {
        event.preventDefault(); // here it neither trains nor scrolls
        event.stopPropagation();
      }
      if (waits() && ON.includes(event.key)) on();
      else stop();
    },
    options,
  );
  return () => abort.abort();
}
