/** The words of a language, whole: the page begins without those of parts that are opened later. */

import { language, use } from "./i18n.js";

/** The language whose words are all here. */
let whole = "";

/**
 * Fetches all words of a language and speaks it from now on. Throws what the server's answer throws.
 * @param {Pick<typeof import("../server/api.js").api, "messages">} api @param {string} tag of the language
 * @param {() => boolean} [wanted]  whether it is still wanted when the words are here
 */
export async function speak(api, tag, wanted = () => true) {
  const words = await api.messages(new URL(`../../i18n/${tag}.json`, import.meta.url).href);
  if (!wanted()) return;
  use(tag, words);
  whole = tag;
}

/**
 * The words of parts that are opened later, fetched with the first of them. Throws what the server's answer throws.
 * @param {Pick<typeof import("../server/api.js").api, "messages">} api
 */
export async function wholeWords(api) {
  const now = language();
  if (whole !== now) await speak(api, now, () => language() === now);
}
