/**
 * What the browser remembers between visits (localStorage), or in this tab until it is closed (sessionStorage); in a
 * private window nothing, or for the visit only.
 */

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

/** The text that this tab remembers under a key, or null. @param {string} key */
export function rememberedInTab(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string|null} text null forgets it */
export function rememberInTab(key, text) {
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // Without storage a reload goes by the address, which follows a moment later.
  }
}
