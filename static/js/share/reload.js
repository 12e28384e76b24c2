/**
 * A reload comes back to the very step, also in the middle of training and where the experiment is too long for an
 * address: as it is left, the page keeps in its tab what its address could not say yet.
 */

import { rememberInTab, rememberedInTab } from "../ui/storage.js";

const KEPT = "basin.left";

/**
 * Keeps where the page was.
 * @param {string} hash  of the address, by which it is known again
 * @param {string} fragment
 */
export function keepPlace(hash, fragment) {
  rememberInTab(KEPT, JSON.stringify({ hash, fragment }));
}

/**
 * The fragment to open: that of the address, or where this page was when it was reloaded.
 * @param {string} hash
 * @param {string} [arrival]  how the page was come to
 * @returns {string}
 */
export function placeOf(hash, arrival = typeOfArrival()) {
  const kept = rememberedInTab(KEPT);
  if (!kept) return hash;
  if (arrival !== "reload" && arrival !== "back_forward") {
    rememberInTab(KEPT, null);
    return hash;
  }
  // It is kept on: the address may not have followed when the page is reloaded once more.
  try {
    const { hash: known, fragment } = JSON.parse(kept);
    return known === hash && typeof fragment === "string" ? fragment : hash;
  } catch {
    return hash;
  }
}

/** "navigate", "reload" or "back_forward". */
function typeOfArrival() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming ? entry.type : "navigate";
}
