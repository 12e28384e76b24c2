// Comments: the server leaves out those that begin a line, so a line of a text must not look like one.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Linter } from "eslint";

const folder = new URL("../../static/js/", import.meta.url);
const modules = readdirSync(folder, { recursive: true })
  .map((name) => String(name).replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".js"));

for (const name of modules)
  test(`no text of ${name} looks like a comment, and no comment begins behind code and goes on`, () => {
    const source = readFileSync(new URL(name, folder), "utf8");
    const linter = new Linter();
    assert.deepEqual(linter.verify(source, []), []);
    const { tokens, comments } = linter.getSourceCode().ast;
    for (const { type, value } of tokens)
      if (type === "Template") assert.doesNotMatch(value, /\n[ \t]*\/[/*]/);
    for (const { type, value, range } of comments ?? [])
      if (type === "Block" && value.includes("\n"))
        assert.match(source.slice(source.lastIndexOf("\n", range[0]) + 1, range[0]), /^[ \t]*$/);
  });
