/** The words of a language, whole: the page begins without those of parts that are opened later. */

import { has, language, use } from "./i18n.js";

/**
 * Fetches all words of a language and speaks it from now on. Throws what the server's answer throws.
 * @param {Pick<typeof import("../server/api.js").api, "messages">} api @param {string} language
 * @param {() => boolean} [wanted]  whether it is still wanted when the words are here
 */
export async function speak(api, language, wanted = () => true) {
  const words = await api.messages(new URL(`../../i18n/${language}.json`, import.meta.url).href);
  if (wanted()) use(language, words);
}

/**
 * All words, where that of a key is not here yet; nothing is waited for if it is.
 * @param {Pick<typeof import("../server/api.js").api, "messages">} api @param {string} key
 */
export function wordsWith(api, key) {
  const now = language();
  return has(key) ? null : speak(api, now, () => now === language());
}
