/** A page that is left in the middle of training is found again by its tab, and by no other page. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { keepPlace, placeOf } from "../../../static/js/share/reload.js";

beforeEach(() => {
  const kept = new Map();
  globalThis.sessionStorage = /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => kept.set(key, text),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  });
});

for (const arrival of ["reload", "back_forward"])
  test(`a ${arrival} opens where the page was left, also once more`, () => {
    keepPlace("#v1&step=40", "v1&step=47");
    assert.equal(placeOf("#v1&step=40", arrival), "v1&step=47");
    assert.equal(placeOf("#v1&step=40", arrival), "v1&step=47");
    assert.equal(placeOf("#v1&step=40", "navigate"), "#v1&step=40");
    assert.equal(placeOf("#v1&step=40", arrival), "#v1&step=40");
  });

test("another link, and a page that was not reloaded, are opened as they say", () => {
  keepPlace("#v1&step=40", "v1&step=47");
  assert.equal(placeOf("#v1&seed=3", "reload"), "#v1&seed=3");
  keepPlace("#v1&step=40", "v1&step=47");
  assert.equal(placeOf("#v1&step=40", "navigate"), "#v1&step=40");
});

test("without a storage, or with nonsense in it, the address counts", () => {
  sessionStorage.setItem("basin.left", "{");
  assert.equal(placeOf("#v1", "reload"), "#v1");
  globalThis.sessionStorage = /** @type {any} */ (undefined);
  keepPlace("", "v1&step=1");
  assert.equal(placeOf("", "reload"), "");
});
