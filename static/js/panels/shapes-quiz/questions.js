/** The exercise on shapes: what is asked of the network on the screen, and why an answer is right or wrong. */

/**
 * @typedef {{letter: "W"|"b"|"dW"|"db"|"Z"|"A", layer: number, shape: [number, number],
 *   units: number, inputs: number, samples: number}} Question
 * @typedef {{right: boolean, reason: string, values: Record<string, number|string>}} Verdict
 */

/**
 * The questions for a network: the second layer first, as the article asks, then gradients and activations.
 * @param {number[]} sizes inputs and layers
 * @param {number} samples in a batch
 * @returns {Question[]}
 */
export function questionsOf(sizes, samples) {
  const layers = sizes.length - 1;
  const order = [2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11].filter((layer) => layer <= layers);
  /** @param {Question["letter"]} letter @param {number} layer @returns {Question} */
  const ask = (letter, layer) => {
    const [inputs, units] = [sizes[layer - 1], sizes[layer]];
    const across = { W: inputs, dW: inputs, b: 1, db: 1, Z: samples, A: samples }[letter];
    return { letter, layer, shape: [units, across], units, inputs, samples };
  };
  return [
    ...order.flatMap((layer) => [ask("W", layer), ask("b", layer)]),
    ask("dW", layers),
    ask("db", layers),
    ask("Z", 1),
    ask("A", layers),
  ];
}

/** The name of what is asked for, e.g. `dW2`. @param {Question} question */
export const nameOf = ({ letter, layer }) => `${letter}${layer}`;

/**
 * Two numbers, however they are written: `(4, 2)`, `4,2`, `4 x 2`, `4×2`.
 * @param {string} text
 * @returns {[number, number]|null}
 */
export function readShape(text) {
  const found = /^\s*[([]?\s*(\d{1,6})\s*(?:[,，;×x*\s])\s*(\d{1,6})\s*,?\s*[)\]]?\s*$/i.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

/** Why the shape is what it is; `reason` is the end of a key. @param {Question} question */
export function reasonOf(question) {
  const { letter, layer, shape, units, inputs, samples } = question;
  const name = nameOf(question);
  const values = { name, layer, shape: `(${shape.join(", ")})`, units, inputs, samples };
  return { reason: letter.length > 1 ? "gradient" : letter, values };
}

/**
 * Whether an answer is right, and why; `reason` is the end of a key.
 * @param {Question} question
 * @param {string} text
 * @returns {Verdict}
 */
export function judge(question, text) {
  const { letter, shape } = question;
  const { reason, values } = reasonOf(question);
  const given = readShape(text);
  if (!given) return { right: false, reason: "unread", values };
  const right = given[0] === shape[0] && given[1] === shape[1];
  if (right) return { right, reason, values };
  return { right, reason: mistake(letter.replace("d", ""), given, shape), values };
}

/**
 * Why a shape is wrong.
 * @param {string} kind of array, as its letter @param {number[]} given @param {number[]} shape
 */
function mistake(kind, given, shape) {
  if (given[0] === shape[1] && given[1] === shape[0]) return "turned";
  if (given[0] !== shape[0]) return "rows";
  if (kind === "b") return "bias";
  return kind === "Z" || kind === "A" ? "samples" : "columns";
}
