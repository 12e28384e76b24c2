/** Time and links on the page: who hears of the shown step, and what its buttons do. */

import { byId } from "../ui/dom.js";
import { withSpec } from "../experiment/edits.js";
import { createAddress } from "../share/address.js";
import { isLink } from "../share/open.js";
import { browserMemory, createBookmarks, keyOf } from "./bookmarks.js";
import { createTimeline } from "./timeline.js";

/**
 * @param {object} parts
 * @param {import("../experiment/state.js").State} parts.state
 * @param {ReturnType<typeof import("../experiment/session.js").createSession>} parts.session
 * @param {ReturnType<typeof import("./scrub.js").createScrub>} parts.scrub
 * @param {() => string} parts.tab the open tab
 */
export function connectTime({ state, session, scrub, tab }) {
  const bookmarks = createBookmarks(browserMemory);
  bookmarks.of(keyOf(state.summary.spec));
  const address = createAddress({ state, tab, say: session.say });
  const timeline = createTimeline({
    state,
    scrub,
    bookmarks,
    session,
    branching: () => import("./branch.js"),
  });

  state.on(["moment", "playing", "history", "experiment", "setup", "language"], timeline.draw);
  state.on(["moment"], () => {
    if (!state.playing) address.touch();
  });
  state.on(
    ["playing", "experiment", "history", "chosen", "view", "network", "surface"],
    address.touch,
  );
  state.on(["setup"], () => {
    bookmarks.of(keyOf(state.summary.spec));
    timeline.closeBranch();
  });
  byId("share").addEventListener("click", address.copy);
  byId("new-draw").addEventListener("click", () => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] % 10000;
    session.change(withSpec(state.setup, { seed }));
  });
  // A link pasted into the address of this very page.
  addEventListener("hashchange", () => {
    if (isLink(location.hash)) location.reload();
  });
  timeline.draw();
  return { touch: address.touch, drawTimeline: timeline.draw };
}
