/** The studies that the learner has made, by their requests: the browser remembers them until they are removed. */

import { remember, remembered } from "../../ui/storage.js";
import { same } from "../../experiment/study.js";

/**
 * @typedef {import("../../experiment/study.js").Entry} Entry
 * @typedef {ReturnType<typeof createKept>} Kept
 */

const KEY = "basin.studies";

/** What the browser remembers; what is no entry is left out. @returns {Entry[]} */
function read() {
  try {
    const found = JSON.parse(remembered(KEY) ?? "[]");
    return Array.isArray(found)
      ? found.filter((entry) => entry?.id && entry.spec && entry.plan)
      : [];
  } catch {
    return [];
  }
}

export function createKept() {
  let entries = read();
  // Another window has made one, or removed it.
  addEventListener("storage", ({ key }) => {
    if (key === KEY) entries = read();
  });
  const write = () => remember(KEY, JSON.stringify(entries));
  return {
    /** The latest first. */
    get entries() {
      return entries;
    },
    /** @param {Entry} entry @returns {boolean} whether the browser will still know it tomorrow */
    add(entry) {
      // Another window may have made one meanwhile.
      entries = [entry, ...read().filter(({ id }) => id !== entry.id)];
      return write();
    },
    /** @param {string} id */
    remove(id) {
      entries = read().filter((entry) => entry.id !== id);
      write();
    },
    /** The latest study that asks for just this. @param {{spec: Entry["spec"], plan: Entry["plan"]}} wanted */
    find({ spec, plan }) {
      return entries.find((entry) => same(entry.spec, spec) && same(entry.plan, plan)) ?? null;
    },
  };
}
