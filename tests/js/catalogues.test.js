/** The catalogues of strings: the same keys in every language, each used, none missing. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path) => readFileSync(root + path, "utf8");
const en = JSON.parse(read("static/i18n/en.json"));
const zh = JSON.parse(read("static/i18n/zh-CN.json"));

const sources = ["static/js", "templates"].flatMap((folder) =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(js|html)$/.test(name))
    .map((name) => read(`${folder}/${name}`)),
);
const everything = sources.join("\n");

/** Key families that are put together from a name, as t("type." + name) does. */
const families = [
  ...everything.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*)[._]\$\{/g),
  ...everything.matchAll(/"([a-zA-Z.]+)\." ~ /g),
].map((m) => m[1]);

const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

test("both languages have the same keys", () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
});

test("a text has the same placeholders in both languages", () => {
  for (const key of Object.keys(en))
    assert.deepEqual(placeholders(zh[key]), placeholders(en[key]), key);
});

test("no text is empty, and none was left untranslated", () => {
  for (const [key, text] of Object.entries(zh)) {
    assert.notEqual(text.trim(), "", key);
    assert.notEqual(en[key].trim(), "", key);
    const words = en[key].replace(/\{\w+\}/g, "").match(/\b[a-z]{4,}\b/g) ?? [];
    if (words.length > 2) assert.match(text, /[\u4e00-\u9fff]/, key);
  }
});

test("every key that the page asks for is there", () => {
  const asked = [
    ...everything.matchAll(/\bt\(\s*["']([\w.-]+)["']/g),
    ...everything.matchAll(/data-i18n(?:-[a-z-]+)?="([\w.-]+)"/g),
  ].map((m) => m[1]);
  assert.ok(asked.length > 50);
  for (const key of new Set(asked)) assert.ok(key in en, `${key} is in no catalogue`);
});

test("every key is used", () => {
  const prefixes = ["catalog", "errors", ...families];
  for (const key of Object.keys(en)) {
    const literal = everything.includes(`"${key}"`) || everything.includes(`'${key}'`);
    const built = prefixes.some(
      (prefix) => key.startsWith(`${prefix}.`) || key.startsWith(`${prefix}_`),
    );
    assert.ok(literal || built, `${key} is used nowhere`);
  }
});
