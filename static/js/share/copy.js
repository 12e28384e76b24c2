/** A link is put into the clipboard, or the experiment itself. */

import { download } from "../ui/download.js";
import { reachOf } from "./reach.js";

/**
 * @typedef {ReturnType<typeof import("./address.js").sharedOf>} Said
 * @typedef {import("../experiment/sync.js").Sync["say"]} Say
 */

/** A link that is longer is not opened everywhere; a lesson is then sent as a file. */
export const LONGEST = 60_000;

const bare = () => location.pathname + location.search;

/** The address that others open: what the operator has set, or that of this page. */
export function base() {
  const url = new URL(document.documentElement.dataset.publicUrl ?? bare(), location.href);
  url.searchParams.delete("lang"); // whoever opens it has a language of their own
  return url;
}

/**
 * Puts a link into the clipboard, and says from where it can be opened.
 * @param {string} fragment
 * @param {Said} shared
 * @param {{kind: "share"|"seeds.link"|"lesson", say: Say}} how
 */
export async function copyLink(fragment, shared, { kind, say }) {
  const url = base();
  url.hash = fragment;
  if (kind === "lesson" && url.href.length > LONGEST) return say("lesson.own.linkLong");
  const action = { key: "share.json", run: () => copyDocument(shared, say) };
  try {
    await navigator.clipboard.writeText(url.href);
    say(`${kind}.copied.${reachOf(url.hostname)}`, { action });
  } catch {
    // No permission, or no https: the address bar has the link, to be copied by hand.
    history.replaceState(null, "", `${bare()}${url.hash}`);
    say("share.address", { action });
  }
}

/** The experiment itself, as the API takes it: it needs no address. @param {Said} shared @param {Say} say */
async function copyDocument({ spec, events, step }, say) {
  const text = JSON.stringify({ ...spec, events, step }, null, 2);
  try {
    await navigator.clipboard.writeText(text);
    say("share.json.copied");
  } catch {
    download(new Blob([text], { type: "application/json" }), "basin-experiment.json");
    say("share.json.saved");
  }
}
