/** Steps worth coming back to, remembered for each set-up. */

import { remember, remembered } from "../ui/storage.js";

const KEPT = "basin.bookmarks";
const SETUPS = 40;

/**
 * @param {{read: () => string|null, write: (text: string) => void}} memory where they are kept between visits
 */
export function createBookmarks(memory) {
  /** Set-ups by key, the last used one last. @type {Map<string, number[]>} */
  let all = new Map();
  try {
    const entries = JSON.parse(memory.read() ?? "[]");
    if (Array.isArray(entries))
      all = new Map(
        entries.filter(([key, steps]) => typeof key === "string" && steps.every(Number.isInteger)),
      );
  } catch {
    // Something else has written there: begin anew.
  }
  let setup = "";

  return {
    /** Takes up the bookmarks of a set-up. @param {string} key */
    of(key) {
      setup = key;
    },
    /** In order. @returns {number[]} */
    get steps() {
      return all.get(setup) ?? [];
    },
    /** Adds the step, or removes it where it is there. @param {number} step */
    toggle(step) {
      const steps = this.steps.includes(step)
        ? this.steps.filter((other) => other !== step)
        : [...this.steps, step].sort((a, b) => a - b);
      all.delete(setup);
      if (steps.length) all.set(setup, steps);
      all = new Map([...all].slice(-SETUPS));
      memory.write(JSON.stringify([...all]));
    },
  };
}

/** The browser's memory; in a private window it lasts for the visit. */
export const browserMemory = {
  read: () => remembered(KEPT),
  /** @param {string} text */
  write: (text) => remember(KEPT, text),
};

/**
 * What tells one set-up from another, short enough to be a key.
 * @param {import("../types.js").Spec} spec
 */
export function keyOf(spec) {
  const text = JSON.stringify(spec);
  let [a, b] = [0x811c9dc5, 0x9dc5811c]; // FNV-1a, twice 32 bits
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(text.length - 1 - i), 0x01000193);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
