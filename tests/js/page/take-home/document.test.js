/** What is brought back: an experiment, or words that say why it is none. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  DocumentError,
  readDocument,
  writeDocument,
} from "../../../../static/js/page/take-home/document.js";
import { SPEC } from "../../fake-server.js";

const events = [{ step: 3, optimizer: { name: "adam" } }, { step: 9 }];

test("what is written is read again", () => {
  const spec = /** @type {any} */ (SPEC);
  const found = readDocument(writeDocument({ spec, events, step: 9 }));
  assert.deepEqual(found, { spec, events, step: 9 });
});

test("events after the step are not part of it", () => {
  const spec = /** @type {any} */ (SPEC);
  const found = readDocument(writeDocument({ spec, events, step: 5 }));
  assert.deepEqual(found.events, events.slice(0, 1));
});

test("a mark of the encoding and spaces are no harm", () => {
  assert.equal(readDocument('\uFEFF  {"seed": 3}').step, 0);
});

/** @param {string} text */
function refused(text) {
  try {
    readDocument(text);
  } catch (error) {
    assert.ok(error instanceof DocumentError);
    return { key: error.key, ...error.values };
  }
  throw new Error("it was taken");
}

test("what cannot be used says what is wrong", () => {
  const cut = writeDocument({ spec: /** @type {any} */ (SPEC), events, step: 9 });
  const half = refused(cut.slice(0, cut.length / 2));
  assert.equal(half.key, "takeHome.in.import.json");
  assert.ok(Number(half.line) > 1);
  for (const text of ["a,b\n1,2", "\u0089PNG\r\n", "print(1)"])
    assert.equal(refused(text).key, "takeHome.in.import.other");
  assert.equal(refused("").key, "takeHome.in.import.empty");
  for (const text of ["3", "[1]", "null", '{"name": "somebody"}'])
    assert.equal(refused(text).key, "takeHome.in.import.foreign");
  assert.equal(refused('{"nbformat": 4, "cells": []}').key, "takeHome.in.import.notebook");
  assert.equal(refused('{"basin_lesson": 1, "cards": []}').key, "takeHome.in.import.lesson");
  assert.equal(refused('{"basin_hand_in": 1}').key, "takeHome.in.import.handIn");
  assert.equal(refused('{"seed": 1, "events": {}}').key, "takeHome.in.import.events");
  for (const step of ["-1", "1.5", '"x"', "1e9"])
    assert.equal(refused(`{"seed": 1, "step": ${step}}`).key, "takeHome.in.import.step");
  assert.equal(refused(`{"seed": ${" ".repeat(8_000_000)}1}`).key, "takeHome.in.import.long");
});
