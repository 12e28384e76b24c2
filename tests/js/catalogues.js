import { readFileSync } from "node:fs";

/** The page's texts in a language. @param {string} language @returns {Record<string, string>} */
export const catalogue = (language) =>
  JSON.parse(readFileSync(new URL(`../../static/i18n/${language}.json`, import.meta.url), "utf8"));
