/** The exercise on shapes: what is asked, what is right, and why not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  judge,
  nameOf,
  questionsOf,
  readShape,
} from "../../../../static/js/panels/shapes-quiz/questions.js";

const QUESTIONS = questionsOf([2, 4, 1], 250);
/** @param {string} name */
const ask = (name) => QUESTIONS.find((question) => nameOf(question) === name) ?? QUESTIONS[0];

test("the article's question comes first", () => {
  assert.deepEqual(QUESTIONS.slice(0, 4).map(nameOf), ["W2", "b2", "W1", "b1"]);
});

for (const [name, shape] of /** @type {[string, number[]][]} */ ([
  ["W1", [4, 2]],
  ["b1", [4, 1]],
  ["W2", [1, 4]],
  ["dW2", [1, 4]],
  ["db2", [1, 1]],
  ["Z1", [4, 250]],
  ["A2", [1, 250]],
]))
  test(`${name} is (${shape.join(", ")})`, () => {
    assert.deepEqual(ask(name).shape, shape);
    assert.equal(judge(ask(name), `(${shape.join(", ")})`).right, true);
  });

for (const text of ["(4, 2)", "4,2", "4 x 2", "4×2", "[4 2]", " 4，2 "])
  test(`“${text}” is read as 4 rows and 2 columns`, () =>
    assert.deepEqual(readShape(text), [4, 2]));

for (const [name, text, reason] of [
  ["W1", "four by two", "unread"],
  ["W1", "2, 4", "turned"],
  ["b1", "4, 2", "bias"],
  ["Z1", "4, 1", "samples"],
  ["W1", "3, 2", "rows"],
  ["W1", "4, 3", "columns"],
])
  test(`${text} for ${name} is wrong: ${reason}`, () => {
    const verdict = judge(ask(name), text);
    assert.equal(verdict.right, false);
    assert.equal(verdict.reason, reason);
  });

test("without a hidden layer the only layer is asked for", () => {
  assert.deepEqual(questionsOf([2, 1], 8).map(nameOf), ["W1", "b1", "dW1", "db1", "Z1", "A1"]);
});
