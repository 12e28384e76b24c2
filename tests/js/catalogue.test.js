// The words of the page: every language has all of them, and none is written in vain.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { pluralsOf } from "../../static/js/ui/i18n.js";

const root = new URL("../../", import.meta.url);
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, root), "utf8");
/** @param {string} folder @param {string} ending */
const files = (folder, ending) =>
  readdirSync(new URL(folder, root), { recursive: true })
    .map((name) => `${folder}${String(name).replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(ending));

const languages = files("static/i18n/", ".json");
/** @type {Record<string, string>} */
const english = JSON.parse(read("static/i18n/en.json"));
const scripts = files("static/js/", ".js").map(read).join("\n");
const templates = files("templates/", ".html").map(read).join("\n");

/** Keys that code or the server builds from parts: kind, name, status, rule. */
const BUILT = new RegExp(
  [
    "(?:catalog|errors|type|status|custom|help|signals|explain|shapes|question)\\.",
    "(?:tools\\.theme|notice\\.anew|inside\\.tab|data\\.group|preset\\.group|reading\\.differ)\\.",
    "landscape\\.(?:view|plane|curvature|export)\\.",
    "formula\\.(?:is|inputs)\\.",
    "table\\.(?:answer|as|delimiter|encoding|inputs|kind|may|missing|noText|problem)\\.",
    "table\\.(?:question|reading|take|task|unused|way)\\.",
    "notice\\.(?:un|re)do$",
    "reading\\.(?:oscillating|unstable|growing|plateau|stuck)$",
    "seeds\\.(?:axis|column|measure|save|vary)\\.",
    "seeds\\.words\\.(?:sooner|unclear|same_steps|later)$",
    "seeds\\.target\\.(?:separates|one_recipe|no_difference|no_progress|reached_at_start|no_loss)$",
    "seeds\\.open\\.(?:best|median|worst)$",
    "share\\.(?:broken|version)$",
    "(?:share|seeds\\.link|lesson)\\.copied\\.(?:computer|network|anywhere)$",
    "choices\\.(?:optimizer|schedule|clipping|regularizer)$",
    "learned\\.confusion\\.(?:train|test)$",
    "own\\.(?:table|formula|draw)(?:\\.hint)?$",
    "takeHome\\.in\\.\\w+(?:\\.\\w+)?\\.hint$",
    "takeHome\\.in\\.report\\.(?:run|recipe|seed|optimizer|rate|more|train|test|status)$",
    "takeHome\\.in\\.figure\\.(?:train|test|negative|positive)$",
    "lesson\\.(?:kind|quantity|state|verdict|first)\\.",
    "class\\.in\\.(?:way|part|when|mystery|grade)\\.",
    "lesson\\.order\\.(?:up|down)$",
    "table\\.(?:decimal|delimiter|encoding|grouping|missing|take|target|task)(?:\\.hint)?$",
  ]
    .map((keys) => `^(?:${keys})`)
    .join("|"),
);

/** @returns {Set<string>} */
function used() {
  const inScripts = scripts.matchAll(/"([a-z]\w*(?:\.\w+)+)"/g);
  const inTemplates = templates.matchAll(/\b(?:t|words|name|hint)\(["']([\w.]+)["']\)/g);
  return new Set([...inScripts, ...inTemplates].map((match) => match[1]));
}

for (const file of languages) {
  test(`${file} has exactly the keys of the English catalogue`, () => {
    assert.deepEqual(Object.keys(JSON.parse(read(file))).sort(), Object.keys(english).sort());
  });

  test(`${file} fills the same placeholders`, () => {
    /** @param {string} text */
    const placeholders = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    const plurals = pluralsOf(file.match(/([\w-]+)\.json$/)?.[1] ?? "");
    for (const [key, text] of Object.entries(JSON.parse(read(file)))) {
      assert.deepEqual(placeholders(text), placeholders(english[key]), key);
      for (const [, forms] of text.matchAll(/\{\w+\|([^}]*)\}/g))
        assert.equal(forms.split("|").length, plurals.count, key);
    }
  });
}

test("every key the page uses is in the catalogue", () => {
  const known = new Set(Object.keys(english));
  const families = new Set([...known].map((key) => key.split(".")[0]));
  const missing = [...used()].filter(
    (key) => families.has(key.split(".")[0]) && !known.has(key) && !key.endsWith(".js"),
  );
  assert.deepEqual(missing, []);
});

test("no key is written in vain", () => {
  const keys = used();
  const unused = Object.keys(english).filter((key) => !keys.has(key) && !BUILT.test(key));
  assert.deepEqual(unused, []);
});

test("the help has a word for every part its template lists", () => {
  const parts = templates.match(/for part in \[([^\]]*)\]/)?.[1].match(/\w+/g) ?? [];
  for (const part of parts) assert.ok(`help.${part}` in english, part);
});
