/** What the browser remembers between visits (localStorage); in a private window nothing, or for the visit only. */

/** The text remembered under a key, or null. @param {string} key */
export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} text */
export function remember(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // No storage: it lasts as long as the page.
  }
}
