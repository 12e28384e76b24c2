/**
 * The words of the page in the language in use. Catalogues are flat: `{"key": "text with {name}"}`. Where a number
 * decides the form of a word, the forms stand behind its name: `"{count} {count|neuron|neurons}"`, in the order of the
 * language's categories (zero, one, two, few, many, other; English has one and other, Chinese needs none).
 */

/** @type {Record<string, string>} */
let messages = {};
let current = "en";

/**
 * @param {string} language
 * @param {Record<string, string>} catalogue
 */
export function use(language, catalogue) {
  current = language;
  messages = catalogue;
}

/** Whether there are words for a key yet. @param {string} key */
export const has = (key) => key in messages;

/** The language in use, e.g. "zh-CN". */
export function language() {
  return current;
}

const CATEGORIES = /** @type {const} */ (["zero", "one", "two", "few", "many", "other"]);

/** The forms that a language has for numbers of things, and which one a number takes. @param {string} tag */
export function pluralsOf(tag) {
  const rules = new Intl.PluralRules(tag);
  const { pluralCategories } = rules.resolvedOptions();
  const forms = CATEGORIES.filter((category) => pluralCategories.includes(category));
  return {
    count: forms.length,
    /** @param {number} number */
    of: (number) => forms.indexOf(rules.select(number)),
  };
}

/** @type {Map<string, ReturnType<typeof pluralsOf>>} */
const plurals = new Map();

/** The form of a word that goes with a number, which may be written as people read it. @param {string|number} value @param {string[]} forms */
function formOf(value, forms) {
  let rules = plurals.get(current);
  if (!rules) plurals.set(current, (rules = pluralsOf(current)));
  const number = typeof value === "number" ? value : Number(value.replace(/[^\d.]/g, ""));
  return forms[rules.of(number)] ?? forms[forms.length - 1];
}

/** Chinese sets a space between Chinese and other letters, none between its own: a name may bring either. @param {string} text */
const spaced = (text) =>
  current.startsWith("zh")
    ? text.replace(/(?<=[⺀-鿿、。，；：！？（）“”《》]) (?=[⺀-鿿、。，；：！？（）“”《》])/gu, "")
    : text;

/**
 * The text of a key, its `{placeholders}` filled in. An unknown key is shown as it is.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 * @returns {string}
 */
export function t(key, values) {
  const text = messages[key] ?? key;
  if (!values) return text;
  return spaced(
    text.replace(/\{(\w+)(?:\|([^{}]*))?\}/g, (whole, name, forms) => {
      if (!(name in values)) return whole;
      return forms === undefined ? String(values[name]) : formOf(values[name], forms.split("|"));
    }),
  );
}

/**
 * The name of one of the catalogue's choices, e.g. `label("activations", {name: "tanh"})`.
 * @param {string} kind
 * @param {{name: string, label?: string}} entry
 */
export function label(kind, entry) {
  return messages[`catalog.${kind}.${entry.name}`] ?? entry.label ?? entry.name;
}

/**
 * The one-sentence explanation of a choice, or "" when there is none.
 * @param {string} kind
 * @param {{name: string}} entry
 */
export function hint(kind, entry) {
  return messages[`catalog.${kind}.${entry.name}.hint`] ?? "";
}

/**
 * The formula of a choice, translated where it has words, or "".
 * @param {string} kind
 * @param {{name: string, formula?: string}} entry
 */
export function formula(kind, entry) {
  return messages[`catalog.${kind}.${entry.name}.formula`] ?? entry.formula ?? "";
}

/**
 * What a broken rule means, in words.
 * @param {{code: string, detail?: string, allowed?: Record<string, unknown>, received?: unknown}} problem
 */
export function explain({ code, detail, allowed = {}, received }) {
  const key = errorKey(code, allowed);
  if (!(key in messages)) return detail ?? t("errors.internal");
  const values = valuesOf(code, allowed, received);
  const text = t(key, values);
  if (!Array.isArray(allowed.write)) return text;
  return t("errors.write", { text, write: alternatives(allowed.write) });
}

/**
 * What a message about a broken rule is filled in with.
 * @param {string} code @param {Record<string, unknown>} allowed @param {unknown} received
 */
function valuesOf(code, allowed, received) {
  /** @type {Record<string, string|number>} */
  const values = { received: inWords(received ?? "") };
  for (const [name, value] of Object.entries(allowed)) {
    if (name === "type") values[name] = t(`type.${value}`);
    else if (name === "size" || name === "limit") values[name] = compact(Number(value));
    else values[name] = name === "shape" ? `(${inWords(value)})` : inWords(value);
  }
  // What does not go with an output or a target is a loss, and each has a name to be read.
  if (code === "misfit" && Array.isArray(allowed.names))
    values.names = list(allowed.names.map((name) => label("losses", { name: String(name) })));
  return values;
}

/** A number so large that only its size matters: "10.6T". @param {number} value */
const compact = (value) =>
  new Intl.NumberFormat(current, { notation: "compact", maximumSignificantDigits: 3 }).format(
    value,
  );

/** Things to write as a list in words: “a”, “b” or “c”. @param {string[]} texts */
function alternatives(texts) {
  const quoted = texts.map((text) => t("errors.quoted", { text }));
  return new Intl.ListFormat(current, { type: "disjunction" }).format(quoted);
}

/** A number as it is, anything else as text; a list with commas. @param {unknown} value */
function inWords(value) {
  if (typeof value === "number") return value;
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/**
 * The catalogue's key of a broken rule: formulas have words of their own, ranges differ in their ends.
 * @param {string} code @param {Record<string, unknown>} allowed
 */
function errorKey(code, allowed) {
  const inFormula = allowed.column !== undefined || allowed.place !== undefined;
  if (inFormula && `errors.formula.${code}` in messages) return `errors.formula.${code}`;
  const key = `errors.${code}`;
  if (code === "too_much_work" && allowed.size !== undefined) return `${key}_of_study`;
  if (code === "too_much_work" && allowed.items) return `${key}_of_table`;
  if (code !== "out_of_range") return key;
  if (allowed.maximum === undefined) return `${key}_low`;
  if (allowed.minimum === undefined) return `${key}_high`;
  return allowed.exclusive_minimum ? `${key}_exclusive` : key;
}

/**
 * Names as a list in words: "a, b and c".
 * @param {string[]} names
 */
export function list(names) {
  const text = new Intl.ListFormat(current, { type: "conjunction" }).format(names);
  return current.startsWith("zh") ? text.replace(/(?<=和)(?=\w)|(?<=\w)(?=和)/g, " ") : text;
}

/**
 * Puts the words of the page's own template into the language in use. Those of parts that load later have been written
 * by the server, and stay until all words of a language are here.
 * @param {HTMLElement} root
 */
export function translate(root) {
  const { documentElement: page } = document;
  if (page.lang !== language()) page.lang = language();
  document.title = t("page.title");
  for (const [kind, attribute] of TRANSLATED) {
    for (const element of root.querySelectorAll(`[${kind}]`)) {
      const key = element.getAttribute(kind) ?? "";
      // What is written anew is laid out anew.
      if (!has(key) || said(element, attribute) === t(key)) continue;
      if (attribute) element.setAttribute(attribute, t(key));
      else element.textContent = t(key);
    }
  }
}

/** Where a key stands, and the attribute that says its words; none: the words are the element's own. */
const TRANSLATED = [
  ["data-i18n", ""],
  ["data-i18n-name", "aria-label"],
  ["data-i18n-hint", "data-hint"],
];

/** @param {Element} element @param {string} attribute */
const said = (element, attribute) =>
  attribute ? element.getAttribute(attribute) : element.textContent;
