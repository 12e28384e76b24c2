/**
 * One training step as equations: each factor with its shape and its numbers under its name, for one sample or
 * for the batch. What is written in letters is what is written in numbers, factor by factor, because both stand
 * in one list. The numbers come from the server's trace; here they are at most turned round or negated.
 */

import { formula as choiceFormula, t } from "../../ui/i18n.js";
import { chain } from "./chain.js";
import { name, number, of, row, subsup, sup } from "./mathml.js";
import { parsed } from "./notation.js";
import { array, errorName, parameterName, samplesOf, share, slopeName } from "./terms.js";

/**
 * @typedef {import("../../types.js").Trace} Trace
 * @typedef {import("./mathml.js").Formula} Formula
 * @typedef {import("./mathml.js").Piece} Piece
 * @typedef {import("./notation.js").Line} Line
 * @typedef {"forward"|"loss"|"backward"|"chain"|"update"} Kind
 * @typedef {{kind: Kind, layer: number}} Phase
 * @typedef {import("./terms.js").Term} Term
 * @typedef {import("./terms.js").Matrix} Matrix
 * @typedef {import("./terms.js").Which} Which
 *
 * @typedef {Term|string} Item   a sign is a string; two factors without a sign are a matrix product
 * @typedef {{items: Item[], caption?: string}} Equation   `caption` is a key of the catalogue
 * @typedef {{formula: Formula|null, numbers: Formula|null}} Pair   a line in letters, and in numbers
 * @typedef {{lines: Pair[], words?: string, caption?: string}} Lines
 * @typedef {Equation|Lines} Block
 */

/**
 * The phases of a step, in order: forward layer by layer, the loss, backward, the chain rule, the update.
 * @param {number} layers
 * @returns {Phase[]}
 */
export function phasesOf(layers) {
  const up = Array.from({ length: layers }, (_, i) => i + 1);
  return [
    ...up.map((layer) => /** @type {Phase} */ ({ kind: "forward", layer })),
    { kind: "loss", layer: layers },
    ...up.reverse().map((layer) => /** @type {Phase} */ ({ kind: "backward", layer })),
    { kind: "chain", layer: 0 },
    { kind: "update", layer: 0 },
  ];
}

/**
 * @param {Trace} trace
 * @param {Phase} phase
 * @param {Which} which whose numbers
 * @returns {Block[]}
 */
export function formulasOf(trace, phase, which) {
  if (phase.kind === "forward") return forward(trace, phase.layer, which);
  if (phase.kind === "loss") return loss(trace, which);
  if (phase.kind === "backward") return backward(trace, phase.layer, which);
  if (phase.kind === "chain") return chain(trace, which);
  return update(trace);
}

/** Whether the gradient is the article's G, Xᵀ·1/n·(Y − S)·(−1)·S·(1 − S). @param {Trace} trace */
export const isArticles = ({ loss: { name: of_ }, layers }) =>
  of_ === "half_mse" && layers[layers.length - 1].activation === "sigmoid";

/** @param {Matrix} values @returns {Matrix} */
const turned = (values) => (values[0] ?? []).map((_, i) => values.map((cells) => cells[i]));

/** A factor turned round. @param {Term} term @param {Piece} [as] its name then @returns {Term} */
const turnedTerm = ({ symbol, shape, value }, as = symbol) =>
  array(as, [shape[1], shape[0]], turned(/** @type {Matrix} */ (value)));

/** @param {Matrix} values @param {(value: number) => number} change @returns {Matrix} */
const each = (values, change) =>
  values.map((cells) => cells.map((cell) => (cell === null ? null : change(cell))));

/** @param {(number|null)[]} values @returns {Matrix} */
const column = (values) => values.map((value) => [value]);

/** dW₁: the gradient of J with respect to W₁, as the field writes it. @param {string} letter @param {number} layer */
const derivative = (letter, layer) => row("d", of(letter, layer));

/**
 * What goes into a layer: X, the activations below, or what dropout has left of them.
 * @param {Trace} trace @param {number} layer @param {Which} which
 * @returns {Term}
 */
function into(trace, layer, which) {
  const { shapes, [which]: values } = trace.layers[layer - 1];
  const letter = layer > 1 && trace.layers[layer - 2][which].mask ? "Ã" : "A";
  const symbol = layer === 1 ? name("X") : of(letter, layer - 1);
  return array(symbol, [shapes.W[1], samplesOf(trace, which)], values.X);
}

/** The same, turned round. @param {Trace} trace @param {number} layer @param {Which} which */
function intoTurned(trace, layer, which) {
  const term = into(trace, layer, which);
  const [letter, index] = /** @type {Formula} */ (term.symbol).children ?? [];
  return turnedTerm(term, index ? subsup(letter, index, "⊤") : sup(term.symbol, "⊤"));
}

/** @param {Trace} trace @param {number} layer @param {Which} which @returns {Block[]} */
function forward(trace, layer, which) {
  const { W, b, shapes, [which]: values, function: called } = trace.layers[layer - 1];
  const shape = [shapes.W[0], samplesOf(trace, which)];
  const Z = array(of("Z", layer), shape, values.Z);
  const A = array(of("A", layer), shape, values.A);
  const weights = array(of("W", layer), shapes.W, W);
  const biases = array(of("b", layer), shapes.b, column(b));
  /** @type {Block[]} */
  const blocks = [
    { items: [Z, "=", weights, into(trace, layer, which), "+", biases] },
    { items: [A, "=", called, "(", Z, ")"] },
  ];
  if (values.mask)
    blocks.push({
      items: [
        into(trace, layer + 1, which),
        "=",
        A,
        "∘",
        array(of("M", layer), shape, values.mask),
      ],
      caption: "explain.caption.dropout",
    });
  return blocks;
}

/** @param {Trace} trace @param {Which} which @returns {Block[]} */
function loss(trace, which) {
  const { loss: found, layers } = trace;
  const top = layers[layers.length - 1];
  const shape = [top.shapes.W[0], samplesOf(trace, which)];
  const [line] = which === "batch" ? found.batch_lines : found.lines;
  const J = number(which === "batch" ? found.batch : found.sample, 6);
  const calculated = line.numbers ? [filled(line, "w"), "="] : [];
  const said = choiceFormula("losses", found);
  // A formula that has words stands in the catalogue of a language.
  const worded = t(`catalog.losses.${found.name}.formula`) === said;
  return [
    {
      lines: [{ formula: worded ? null : parsed(said), numbers: row("J", "=", ...calculated, J) }],
      words: worded ? said : "",
    },
    {
      items: [
        array(name("Y"), shape, found.slope[which].Y),
        ";",
        array(row(name("ŷ"), "=", of("A", top.layer)), shape, top[which].A),
      ],
    },
  ];
}

/** @param {Trace} trace @param {number} layer @param {Which} which @returns {Block[]} */
function backward(trace, layer, which) {
  const { shapes, [which]: values } = trace.layers[layer - 1];
  const last = layer === trace.layers.length;
  const dZ = array(derivative("Z", layer), [shapes.W[0], samplesOf(trace, which)], values.dZ);
  const dW = array(derivative("W", layer), shapes.W, values.dW);
  const db = array(derivative("b", layer), shapes.b, column(values.db));
  return [
    ...(last ? atOutput(trace, which, dZ) : atHidden(trace, layer, which, dZ)),
    { items: [dW, "=", dZ, intoTurned(trace, layer, which)] },
    { items: [db, "=", "∑", dZ] },
    ...(last && isArticles(trace) ? [articles(trace, which, dW)] : []),
  ];
}

/** From the loss to dZ of the output layer. @param {Trace} trace @param {Which} which @param {Term} dZ @returns {Block[]} */
function atOutput(trace, which, dZ) {
  if (isArticles(trace)) return [{ items: [dZ, "=", ...articlesFactors(trace, which)] }];
  const top = trace.layers[trace.layers.length - 1];
  const { error } = trace.loss.slope[which];
  const given = [
    share(trace, which),
    "·",
    array(errorName(trace, of("A", top.layer), name("Y")), dZ.shape, error),
  ];
  if (trace.loss.on_logits) return [{ items: [dZ, "=", ...given] }];
  const dA = array(derivative("A", top.layer), dZ.shape, top[which].dA);
  const slope = array(slopeName(top), dZ.shape, top[which].slope ?? []);
  return [{ items: [dA, "=", ...given] }, { items: [dZ, "=", dA, "∘", slope] }];
}

/** From the layer above to dZ of a hidden layer. @param {Trace} trace @param {number} layer @param {Which} which @param {Term} dZ @returns {Block[]} */
function atHidden(trace, layer, which, dZ) {
  const [here, above] = [trace.layers[layer - 1], trace.layers[layer]];
  const { dA: values, mask, slope } = here[which];
  const dA = array(derivative(mask ? "Ã" : "A", layer), dZ.shape, values);
  const shapeAbove = [above.shapes.W[0], samplesOf(trace, which)];
  const from = array(derivative("Z", layer + 1), shapeAbove, above[which].dZ);
  const weights = array(of("W", layer + 1), above.shapes.W, above.W);
  const kept = mask ? ["∘", array(of("M", layer), dZ.shape, mask)] : [];
  return [
    {
      items: [dA, "=", turnedTerm(weights, subsup("W", number(layer + 1), "⊤")), from],
    },
    { items: [dZ, "=", dA, ...kept, "∘", array(slopeName(here), dZ.shape, slope ?? [])] },
  ];
}

/** 1/n·(Y − S)·(−1)·S∘(1 − S), where S is the output. @param {Trace} trace @param {Which} which @returns {Item[]} */
function articlesFactors(trace, which) {
  const { A, dZ } = trace.layers[trace.layers.length - 1][which];
  const shape = [dZ.length, samplesOf(trace, which)];
  return [
    share(trace, which),
    "·",
    array(
      row("(", "Y", "−", "S", ")"),
      shape,
      each(trace.loss.slope[which].error, (e) => -e),
    ),
    "·",
    { symbol: row("(", "−", "1", ")"), shape: [], value: -1, written: row("(", number(-1), ")") },
    "·",
    array(name("S"), shape, A),
    "∘",
    array(
      row("(", "1", "−", "S", ")"),
      shape,
      each(A, (a) => 1 - a),
    ),
  ];
}

/** The article's G, whose samples stand in rows. @param {Trace} trace @param {Which} which @param {Term} dW @returns {Equation} */
function articles(trace, which, dW) {
  const inside = articlesFactors(trace, which).map((item) =>
    typeof item === "string" || !item.shape.length ? item : turnedTerm(item),
  );
  const X = { ...into(trace, trace.layers.length, which), symbol: sup("X", "⊤") };
  return {
    items: [turnedTerm(dW, name("G")), "=", X, "(", ...inside, ")"],
    caption: "explain.caption.article",
  };
}

/** @param {Trace} trace @returns {Block[]} */
function update(trace) {
  if (!trace.update) return [];
  const lines = /** @type {Line[]} */ (trace.update.lines);
  const parameter = parameterName(trace.parameter);
  const { shapes } = trace.layers[trace.parameter.layer - 1];
  const shape = trace.parameter.kind === "weight" ? shapes.W : shapes.b;
  return [
    {
      lines: lines.map((line) => ({
        formula: parsed(line.formula),
        numbers: filled(line, parameter),
      })),
      words: t("explain.shapes.update", {
        shape: `(${shape.join(", ")})`,
        parameter: trace.parameter.name,
      }),
    },
  ];
}

/** A line with its numbers put in. @param {Line} line @param {Piece} parameter */
const filled = ({ numbers: text, values }, parameter) => parsed(text, { values, parameter });
