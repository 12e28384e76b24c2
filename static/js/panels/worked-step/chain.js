/**
 * The chain rule along one parameter, from the loss down to it: every local derivative with the rule that gives
 * it and its number. For the batch it is the mean over the samples. Beside both, the same measured by differences.
 */

import { brackets, factor, frac, name, number, of, row, sub, subsup, words } from "./mathml.js";
import { array, errorName, parameterName, samplesOf, share, slopeName } from "./terms.js";

/**
 * @typedef {import("./terms.js").Trace} Trace
 * @typedef {import("./terms.js").Which} Which
 * @typedef {import("./terms.js").Term} Term
 * @typedef {import("./formulas.js").Item} Item
 * @typedef {import("./formulas.js").Block} Block
 * @typedef {import("./mathml.js").Piece} Piece
 */

/** How many samples' own derivatives are written out. */
const SAMPLES = 3;

/** @param {Trace} trace @param {Which} which @returns {Block[]} */
export function chain(trace, which) {
  const found = which === "batch" ? ofBatch(trace) : ofSample(trace);
  return [...found, measured(trace, which)];
}

/** A number of a neuron: z of neuron 0 in layer 2. @param {string} letter @param {number} layer @param {number} unit */
const at = (letter, layer, unit) => subsup(letter, number(unit), brackets(number(layer)));

/** ∂above/∂below. @param {Piece} above @param {Piece} below */
const slope = (above, below) => frac(row("∂", above), row("∂", below));

/** @param {Piece} symbol @param {number|null} value @param {Partial<Term>} [more] @returns {Term} */
const scalar = (symbol, value, more = {}) => ({ symbol, shape: [], value, ...more });

/** The derivative that is wanted, which the products come to. @param {Trace} trace @param {number|null} value @returns {Term} */
const wanted = ({ parameter }, value) =>
  scalar(slope("J", parameterName(parameter)), value, { written: number(value, 6), rule: row() });

/** What comes in along the parameter. @param {Trace} trace @returns {Term} */
function entering({ parameter, layers }) {
  const { layer, row: unit, column } = parameter;
  const symbol = slope(at("z", layer, unit), parameterName(parameter));
  if (column === null) return scalar(symbol, 1, { rule: number(1), mark: "input" });
  const dropped = layer > 1 && layers[layer - 2].sample.mask;
  const rule =
    layer === 1 ? sub("x", number(column + 1)) : at(dropped ? "ã" : "a", layer - 1, column);
  const value = layers[layer - 1].sample.X[column][0];
  return scalar(symbol, value, { rule, mark: "input" });
}

/** @param {Trace} trace @returns {Block[]} */
function ofSample(trace) {
  const { chain: found, parameter } = trace;
  const input = entering(trace);
  const product = wanted(trace, found.product);
  if (!found.paths) {
    const own = trace.layers[parameter.layer - 1].sample.dZ[parameter.row][0];
    const delta = scalar(slope("J", at("z", parameter.layer, parameter.row)), own);
    return [{ items: [product, "=", delta, "·", input] }];
  }
  const ways = found.paths.map(({ units }) => alongWay(trace, units, input));
  if (ways.length === 1) return [{ items: [product, "=", ...ways[0]] }];
  const value = /** @type {number} */ (input.value);
  const parts = found.paths.map((path, i) =>
    scalar(sub("p", number(i + 1)), (path.product ?? 0) * value, { rule: row() }),
  );
  return [
    { items: [product, "=", ...joined(parts, "+")], caption: "explain.caption.ways" },
    ...ways.map((way, i) => ({ items: [parts[i], "=", ...way] })),
  ];
}

/** @param {Term[]} terms @param {string} sign @returns {Item[]} */
const joined = (terms, sign) => terms.flatMap((term, i) => (i ? [sign, term] : [term]));

/**
 * The local derivatives on a way from the loss down to the parameter.
 * @param {Trace} trace @param {number[]} units the neuron of every layer above the parameter's @param {Term} input
 */
function alongWay(trace, units, input) {
  const { layers, parameter } = trace;
  const neurons = [parameter.row, ...units];
  const factors = atOutput(trace, neurons[neurons.length - 1]);
  for (let layer = layers.length - 1; layer >= parameter.layer; layer--) {
    const [from, to] = [neurons[layer - parameter.layer], neurons[layer - parameter.layer + 1]];
    const { mask } = layers[layer - 1].sample;
    factors.push(
      scalar(
        slope(at("z", layer + 1, to), at(mask ? "ã" : "a", layer, from)),
        layers[layer].W[to][from],
        { rule: row(of("W", layer + 1), words(`[${to},${from}]`)), mark: "weight" },
      ),
    );
    if (mask)
      factors.push(
        scalar(slope(at("ã", layer, from), at("a", layer, from)), mask[from][0], {
          rule: row(of("M", layer), words(`[${from}]`)),
        }),
      );
    factors.push(ofActivation(trace, layer, from));
  }
  return joined([...factors, input], "·");
}

/** ∂a/∂z of a neuron. @param {Trace} trace @param {number} layer @param {number} unit @returns {Term} */
function ofActivation({ layers }, layer, unit) {
  const z = at("z", layer, unit);
  const found = layers[layer - 1];
  return scalar(slope(at("a", layer, unit), z), found.sample.slope?.[unit][0] ?? null, {
    rule: slopeName(found, z),
    mark: "slope",
  });
}

/** What the loss says of an output: ∂J/∂a and ∂a/∂z, or ∂J/∂z of a loss on logits. @param {Trace} trace @param {number} unit */
function atOutput(trace, unit) {
  const top = trace.layers.length;
  const [a, z] = [at("a", top, unit), at("z", top, unit)];
  const { dA, dZ } = trace.layers[top - 1].sample;
  const outputs = dZ.length;
  const y = outputs > 1 ? sub("y", number(unit)) : name("y");
  const rule = row(share(trace, "sample").symbol, errorName(trace, a, y));
  if (trace.loss.on_logits) return [scalar(slope("J", z), dZ[unit][0], { rule })];
  return [scalar(slope("J", a), dA[unit][0], { rule }), ofActivation(trace, top, unit)];
}

/** @param {Trace} trace @returns {Block[]} */
function ofBatch(trace) {
  const { batch, chain: found, layers, parameter } = trace;
  const { layer, row: unit, column } = parameter;
  const { gradient, of_samples: own } = found.batch;
  const listed = own.slice(0, SAMPLES);
  const parts = listed.map((value, i) =>
    scalar(slope(sub("J", number(batch.samples[i])), parameterName(parameter)), value, {
      rule: row(),
    }),
  );
  const n = scalar(frac("1", "n"), 1 / batch.size, {
    written: frac("1", number(batch.size)),
    rule: row(),
  });
  const dots = batch.size > parts.length ? ["+", "…"] : [];
  const shape = [1, samplesOf(trace, "batch")];
  const values = layers[layer - 1].batch;
  const delta = array(row("d", of("Z", layer), words(`[${unit},:]`)), shape, [values.dZ[unit]]);
  const dropped = layer > 1 && layers[layer - 2].batch.mask;
  const letter = layer === 1 ? name("X") : of(dropped ? "Ã" : "A", layer - 1);
  const inputs =
    column === null
      ? ["∑", delta]
      : [
          delta,
          array(
            row(letter, words(`[${column},:]`), "⊤"),
            [shape[1], 1],
            values.X[column].map((value) => [value]),
          ),
        ];
  return [
    { items: [wanted(trace, gradient), "=", n, "·", "(", ...joined(parts, "+"), ...dots, ")"] },
    {
      items: [{ ...wanted(trace, gradient), rule: undefined }, "=", ...inputs],
      caption: "explain.caption.row",
    },
  ];
}

/** The same derivative by a central difference. @param {Trace} trace @param {Which} which @returns {Block} */
function measured({ chain: found }, which) {
  const { value, h, above, below } = (which === "batch" ? found.batch : found).numeric;
  const moved = /** @param {string} sign */ (sign) => row("J", brackets("w", sign, "h"));
  return {
    caption: "explain.caption.measured",
    lines: [
      {
        formula: row(frac(row(moved("+"), "−", moved("−")), row("2", "h"))),
        numbers: row(
          frac(row(number(above, 9), "−", factor(below, 9)), row("2", "·", number(h, 2))),
          "=",
          number(value, 6),
        ),
      },
    ],
  };
}
