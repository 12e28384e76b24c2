/** What the browser remembers between visits (localStorage); in a private window nothing, or for the visit only. */

/** The text remembered under a key, or null. @param {string} key */
export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} text
 * @returns {boolean} whether it is kept; without storage, or when that is full, it lasts as long as the page
 */
export function remember(key, text) {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
