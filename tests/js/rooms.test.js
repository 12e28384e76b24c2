/** The rooms of static/js: few, with few arrows between them, and every arrow downward. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

/** From the top down. Those of one line do not know each other; what has no folder of its own is a room, too. */
const FLOORS = [
  ["boot", "main"],
  ["page"],
  ["panels", "setup", "playback", "share"],
  ["experiment"],
  ["ui"],
  ["server"],
  ["types"],
];
const MOST_ROOMS = 11;
const MOST_ARROWS = 36;
/** How often `any` may stand in a type: where what is not known is truly anything. */
const MOST_ANY = 10;

const root = new URL("../../static/js/", import.meta.url);
const modules = readdirSync(root, { recursive: true })
  .map((name) => String(name).replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".js"));

/** @param {string} module its path within static/js */
const roomOf = (module) => module.replace(/(\/|\.js$).*/, "");

/** What a module imports of static/js: at once, on demand, or as a type only. @param {string} module */
function importsOf(module) {
  const source = readFileSync(new URL(module, root), "utf8");
  const found = source.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+)"/g);
  return [...found]
    .map(([, path]) => new URL(path, new URL(module, root)).href)
    .filter((href) => href.startsWith(root.href)) // the generated types are no module of the page's
    .map((href) => href.slice(root.href.length));
}

const arrows = new Map();
for (const module of modules)
  for (const target of importsOf(module)) {
    const [from, to] = [roomOf(module), roomOf(target)];
    if (from !== to) arrows.set(`${from} > ${to}`, [from, to, `${module} imports ${target}`]);
  }

const floorOf = (room) => FLOORS.findIndex((floor) => floor.includes(room));

test("every module stands in one of a few rooms", () => {
  const rooms = [...new Set(modules.map(roomOf))];
  assert.deepEqual(rooms.sort(), FLOORS.flat().sort());
  assert.ok(rooms.length <= MOST_ROOMS, `${rooms.length} rooms`);
});

test("every import that leaves a room goes down", () => {
  const wrong = [...arrows.values()].filter(([from, to]) => floorOf(to) <= floorOf(from));
  assert.deepEqual(
    wrong.map(([, , example]) => example),
    [],
  );
});

test("there are few ways from room to room", () => {
  assert.ok(arrows.size > 20, "the imports are read");
  assert.ok(arrows.size <= MOST_ARROWS, `${arrows.size}: ${[...arrows.keys()].sort().join(", ")}`);
});

test("what is imported is there", () => {
  const known = new Set(modules);
  for (const module of modules)
    for (const target of importsOf(module)) assert.ok(known.has(target), `${module}: ${target}`);
});

test("nearly every type is said", () => {
  const vague = modules.flatMap((module) => {
    const comments = readFileSync(new URL(module, root), "utf8").match(/\/\*\*[^]*?\*\//g) ?? [];
    const types = comments.join("\n").match(/[{<,|:]\s*any\b/g) ?? [];
    return types.map(() => module);
  });
  assert.ok(vague.length <= MOST_ANY, `${vague.length} times any: ${vague.join(", ")}`);
});
