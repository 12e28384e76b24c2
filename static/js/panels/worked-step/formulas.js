/**
 * One training step as formulas: every phase as a formula, with shapes, and with the numbers of a sample or
 * of the batch. Everything comes from the server's trace; nothing is computed here.
 */

import {
  added,
  brackets,
  factor,
  fn,
  frac,
  joined,
  marked,
  matrix,
  name,
  number,
  of,
  op,
  row,
  sub,
  subsup,
  sup,
  words,
} from "./mathml.js";
import { parsed } from "./notation.js";

/**
 * @typedef {import("../../types.js").Trace} Trace
 * @typedef {import("./mathml.js").Formula} Formula
 * @typedef {import("./mathml.js").Piece} Piece
 * @typedef {import("./notation.js").Line} Line
 * @typedef {"forward"|"loss"|"backward"|"chain"|"update"} Kind
 * @typedef {{kind: Kind, layer: number}} Phase
 * @typedef {{label: "formula"|"shapes"|"numbers", lines: Formula[]}} Part
 */

/** How many rows and columns of a matrix are written; dots stand for the rest. */
const WRITTEN = 5;

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

/** A shape as it is said: (4, 2). @param {number[]} shape */
const shaped = (shape) => words(`(${shape.join(", ")})`);

/**
 * Numbers as a matrix, the middle left out where there are too many.
 * @param {(number|null)[][]} values
 */
function numbers(values) {
  /** @template T @param {T[]} list @param {T} dots @returns {T[]} */
  const cut = (list, dots) =>
    list.length <= WRITTEN ? list : [...list.slice(0, WRITTEN - 2), dots, list[list.length - 1]];
  const rows = values.map((cells) =>
    cut(
      cells.map((cell) => /** @type {Piece} */ (number(cell, 3))),
      op("…"),
    ),
  );
  const width = rows[0]?.length ?? 0;
  return matrix(
    cut(
      rows,
      Array.from({ length: width }, () => op("⋮")),
    ),
  );
}

/** @param {(number|null)[]} values */
const column = (values) => numbers(values.map((value) => [value]));

/** What goes into a layer: X for the first, else the activations below. @param {number} layer */
const below = (layer) => (layer === 1 ? name("X") : of("A", layer - 1));

/** The name of a layer's activation as a function. @param {{function: string}} layer */
const called = (layer) => fn(layer.function);

/**
 * @param {Trace} trace
 * @param {Phase} phase
 * @param {"sample"|"batch"} which whose numbers
 * @returns {Part[]}
 */
export function formulasOf(trace, phase, which) {
  if (phase.kind === "forward") return forward(trace, phase.layer, which);
  if (phase.kind === "loss") return loss(trace, which);
  if (phase.kind === "backward") return backward(trace, phase.layer, which);
  if (phase.kind === "chain") return chain(trace, which);
  return update(trace);
}

/** @param {Trace} trace @param {number} layer @param {"sample"|"batch"} which @returns {Part[]} */
function forward(trace, layer, which) {
  const { W, b, shapes, [which]: values } = trace.layers[layer - 1];
  const apply = called(trace.layers[layer - 1]);
  return [
    {
      label: "formula",
      lines: [
        row(of("Z", layer), "=", of("W", layer), below(layer), "+", of("b", layer)),
        row(of("A", layer), "=", apply, brackets(of("Z", layer))),
      ],
    },
    {
      label: "shapes",
      lines: [
        row(shaped(shapes.Z), "=", shaped(shapes.W), shaped(shapes.X), "+", shaped(shapes.b)),
      ],
    },
    {
      label: "numbers",
      lines: [
        row(numbers(W), numbers(values.X), "+", column(b), "=", numbers(values.Z)),
        row(apply, brackets(numbers(values.Z)), "=", numbers(values.A)),
      ],
    },
  ];
}

/** @param {Trace} trace @param {"sample"|"batch"} which @returns {Part[]} */
function loss(trace, which) {
  const [line] = trace.loss.lines;
  const top = trace.layers[trace.layers.length - 1];
  const { sample, batch } = trace;
  const lines = [line ? parsed(line.formula) : words(trace.loss.formula)];
  const shapes = [
    row(
      name("Y"),
      op(":"),
      shaped(top.shapes.A),
      op(";"),
      of("A", top.layer),
      op(":"),
      shaped(top.shapes.A),
    ),
    row("J", op(":"), shaped([])),
  ];
  /** @type {Formula[]} */
  const told = [];
  const middle = line?.numbers ? [filled(line, "w"), "="] : [];
  told.push(row(sub("J", number(sample.index)), "=", ...middle, number(trace.loss.sample, 6)));
  const size = number(batch.size);
  const count = row(frac("1", size), op("∑"), sub("J", "i"));
  if (which === "batch" || batch.size > 1)
    told.push(row("J", "=", count, "=", number(trace.loss.batch, 6)));
  return [
    { label: "formula", lines },
    { label: "shapes", lines: shapes },
    { label: "numbers", lines: told },
  ];
}

/** @param {Trace} trace @param {number} layer @param {"sample"|"batch"} which @returns {Part[]} */
function backward(trace, layer, which) {
  const top = trace.layers.length;
  const { shapes, [which]: values } = trace.layers[layer - 1];
  const above = trace.layers[layer];
  const slope = row(sup(called(trace.layers[layer - 1]), "′"), brackets(of("Z", layer)));
  const dA = derivative("A", layer);
  const dZ = derivative("Z", layer);
  const last = layer === top;
  const fused = last && trace.loss.on_logits;
  /** @type {Formula[]} */
  const rules = [];
  if (fused) rules.push(row(dZ, "=", frac("1", "n"), brackets(of("A", layer), "−", name("Y"))));
  else {
    rules.push(
      last
        ? row(dA, "=", frac(row("∂", "J"), row("∂", of("A", layer))))
        : row(dA, "=", subsup("W", number(layer + 1), "⊤"), derivative("Z", layer + 1)),
    );
    rules.push(row(dZ, "=", dA, "∘", slope));
  }
  rules.push(
    row(
      derivative("W", layer),
      "=",
      dZ,
      layer === 1 ? sup("X", "⊤") : subsup("A", number(layer - 1), "⊤"),
    ),
    row(derivative("b", layer), "=", op("∑"), dZ),
  );
  const turned = [shapes.X[1], shapes.X[0]];
  const shapeLines = [
    row(shaped(shapes.dW), "=", shaped(shapes.Z), shaped(turned)),
    row(shaped(shapes.db), "=", op("∑"), shaped(shapes.Z)),
  ];
  if (!last && above)
    shapeLines.unshift(
      row(
        shaped(shapes.A),
        "=",
        shaped([above.shapes.W[1], above.shapes.W[0]]),
        shaped(above.shapes.Z),
      ),
    );
  const told = fused
    ? [row(dZ, "=", numbers(values.dZ))]
    : [
        row(dA, "=", numbers(values.dA)),
        row(dZ, "=", numbers(values.dA), "∘", numbers(values.slope ?? []), "=", numbers(values.dZ)),
      ];
  told.push(
    row(
      derivative("W", layer),
      "=",
      numbers(values.dW),
      op(";"),
      derivative("b", layer),
      "=",
      column(values.db),
    ),
  );
  return [
    { label: "formula", lines: rules },
    { label: "shapes", lines: shapeLines },
    { label: "numbers", lines: told },
  ];
}

/** dW₁: the gradient of J with respect to W₁, as the field writes it. @param {string} letter @param {number} layer */
const derivative = (letter, layer) => row("d", of(letter, layer));

/** A parameter as it is named: W₁[0,1]. @param {{kind: string, layer: number, row: number, column: number|null}} parameter */
export function parameterName({ kind, layer, row: r, column: c }) {
  return row(
    of(kind === "weight" ? "W" : "b", layer),
    words(c === null ? `[${r}]` : `[${r},${c}]`),
  );
}

/** A number of a neuron: z of neuron 0 in layer 2. @param {string} letter @param {number} layer @param {number} unit */
const at = (letter, layer, unit) => subsup(letter, number(unit), brackets(number(layer)));

/** ∂J over ∂something. @param {Piece} what */
const slopeOf = (what) => frac(row("∂", "J"), row("∂", what));

/**
 * The chain rule along the parameter: what is multiplied, term by term, and the product.
 * @param {Trace} trace
 * @param {"sample"|"batch"} which
 * @returns {Part[]}
 */
function chain(trace, which) {
  const { parameter, chain: found, layers, batch } = trace;
  const wanted = slopeOf(parameterName(parameter));
  // The last factor is what comes in along the parameter: one number.
  const entering = /** @type {number} */ (found.factors[found.factors.length - 1].values);
  const input =
    parameter.column === null
      ? number(1)
      : parameter.layer === 1
        ? sub("x", number(parameter.column + 1))
        : at("a", parameter.layer - 1, parameter.column);
  const top = layers.length;
  /** @type {Formula[]} */
  const symbols = [];
  /** @type {Formula[]} */
  const told = [];
  if (found.paths) {
    // Every way from the neuron to an output: its slopes and weights, and what the loss says at its end.
    const ways = found.paths.map(({ units, factors }) => {
      const names = factors.map((_, i) =>
        marked(nameOfFactor(trace, units, i, factors.length), i % 2 ? "weight" : "slope"),
      );
      return {
        names: joined([...names].reverse(), "·"),
        values: joined(factors.map(factor).reverse(), "·"),
      };
    });
    const one = ways.length === 1;
    const sum = joined(
      ways.map(({ names }) => names),
      "+",
    );
    const values = joined(
      ways.map((way) => way.values),
      "+",
    );
    symbols.push(row(wanted, "=", ...(one ? [sum] : [brackets(sum)]), "·", marked(input, "input")));
    told.push(
      row(
        ...(one ? [values] : [brackets(values)]),
        "·",
        factor(entering),
        "=",
        number(found.product, 6),
      ),
    );
  } else {
    symbols.push(row(wanted, "=", slopeOf(at("z", parameter.layer, parameter.row)), "·", input));
    const delta = layers[parameter.layer - 1].sample.dZ[parameter.row][0];
    told.push(row(factor(delta), "·", factor(entering), "=", number(found.product, 6)));
  }
  const { numeric } = which === "batch" ? found.batch : found;
  const step = number(numeric.h, 2);
  const difference = row(
    frac(row("J", brackets("w", "+", "h"), "−", "J", brackets("w", "−", "h")), row("2", "h")),
    "=",
    frac(row(number(numeric.above, 9), "−", number(numeric.below, 9)), row("2", "·", step)),
    "=",
    number(numeric.value, 6),
  );
  if (which === "batch") {
    const listed = found.batch.of_samples.slice(0, 4);
    told.push(
      row(
        wanted,
        "=",
        frac("1", number(batch.size)),
        brackets(
          number(listed[0], 4),
          ...listed.slice(1).map((value) => added(value)),
          ...(batch.size > listed.length ? ["+", op("…")] : []),
        ),
        "=",
        number(found.batch.gradient, 6),
      ),
    );
  }
  told.push(difference);
  const shapes = found.factors
    .filter((one) => one.kind !== "delta" && one.kind !== "back")
    .map((one) => row(nameOfKind(one, top), op(":"), shaped(one.shape)));
  return [
    { label: "formula", lines: symbols },
    { label: "shapes", lines: [joined(shapes, ";")] },
    { label: "numbers", lines: told },
  ];
}

/**
 * A factor on a way: f′(z), w, f′(z), … upwards, and last ∂J/∂z of the output.
 * @param {Trace} trace @param {number[]} units @param {number} i @param {number} count
 */
function nameOfFactor(trace, units, i, count) {
  const { layer, row: unit } = trace.parameter;
  const neurons = [unit, ...units];
  const hop = i >> 1;
  const here = layer + hop;
  if (i === count - 1) return slopeOf(at("z", here, neurons[hop]));
  if (i % 2 === 0)
    return row(sup(called(trace.layers[here - 1]), "′"), brackets(at("z", here, neurons[hop])));
  return row(of("W", here + 1), words(`[${neurons[hop + 1]},${neurons[hop]}]`));
}

/** @param {{kind: string, layer: number}} factor @param {number} top */
function nameOfKind({ kind, layer }, top) {
  if (kind === "loss") return slopeOf(of("A", top));
  if (kind === "slope") return row(sup("f", "′"), brackets(of("Z", layer)));
  if (kind === "weights") return subsup("W", number(layer), "⊤");
  return layer === 1 ? name("x") : of("A", layer - 1);
}

/** @param {Trace} trace @returns {Part[]} */
function update(trace) {
  if (!trace.update) return [];
  const lines = /** @type {Line[]} */ (trace.update.lines);
  const parameter = parameterName(trace.parameter);
  return [
    { label: "formula", lines: lines.map(({ formula }) => parsed(formula)) },
    { label: "shapes", lines: [row(...joinShapes(trace))] },
    { label: "numbers", lines: lines.map((line) => filled(line, parameter)) },
  ];
}

/** A line with its numbers put in. @param {Line} line @param {Piece} parameter */
const filled = ({ numbers: text, values }, parameter) => parsed(text, { values, parameter });

/** @param {Trace} trace @returns {Piece[]} */
function joinShapes({ layers, parameter }) {
  const { shapes } = layers[parameter.layer - 1];
  const shape = parameter.kind === "weight" ? shapes.W : shapes.b;
  return [shaped(shape), "←", shaped(shape), "−", "α", "·", shaped(shape)];
}
