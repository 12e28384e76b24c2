/** The update of one parameter, from its gradient to its new value: penalty, clipping, rate, memory, step. */

import { added, brackets, factor, frac, number, op, root, row, sub, sup } from "./mathml.js";

/**
 * @typedef {import("./mathml.js").Formula} Formula
 * @typedef {import("./mathml.js").Piece} Piece
 * @typedef {{formula: Formula, numbers: Formula}} Line
 */

const ALPHA = "α";
const EPSILON = "ε";

/** A letter with a hat. @param {string} letter */
const hat = (letter) => ({ tag: "mover", children: [{ tag: "mi", text: letter }, op("^")] });

/** @param {any} update @param {string} name */
const carried = (update, name) =>
  update.state.find((/** @type {any} */ one) => one.name === name) ?? { before: null, after: null };
/** @param {any} update @param {string} name */
const term = (update, name) =>
  update.terms.find((/** @type {any} */ one) => one.name === name)?.value ?? null;

/** A mean that forgets: c·before + (1 − c)·new. @param {string} letter @param {Piece} share @param {number} c @param {any} state @param {Piece} what @param {number} value */
function forgetting(letter, share, c, state, what, value) {
  return {
    formula: row(letter, "←", share, letter, "+", brackets("1", "−", share), what),
    numbers: row(
      letter,
      "←",
      number(c),
      "·",
      factor(state.before),
      "+",
      number(1 - c),
      "·",
      factor(value),
      "=",
      number(state.after),
    ),
  };
}

/** The step itself: W ← W − α·d. @param {any} update @param {Piece} name @param {Piece} direction @param {Formula} numbers */
function moved({ before, after, learning_rate: rate }, name, direction, numbers) {
  return {
    formula: row("W", "←", "W", "−", ALPHA, "·", direction),
    numbers: row(
      name,
      "←",
      number(before, 6),
      "−",
      number(rate),
      "·",
      numbers,
      "=",
      number(after, 6),
    ),
  };
}

/** @type {Record<string, (update: any, name: Piece) => Line[]>} */
const METHODS = {
  gradient_descent: (update, name) => [moved(update, name, "G", factor(update.clipped))],
  momentum(update, name) {
    const { momentum: mu, dampening: damping } = update.optimizer;
    const v = carried(update, "velocity");
    // The first step of a damped velocity is not damped; where it is, the server's numbers say so.
    const share = damping ? [brackets("1", "−", "τ")] : [];
    return [
      {
        formula: row("v", "←", "μ", "v", "+", ...share, "G"),
        numbers: row(
          "v",
          "←",
          number(mu),
          "·",
          factor(v.before),
          added(v.after - mu * v.before),
          "=",
          number(v.after),
        ),
      },
      moved(update, name, "v", factor(v.after)),
    ];
  },
  nesterov(update, name) {
    const { momentum: mu } = update.optimizer;
    const v = carried(update, "velocity");
    const ahead = term(update, "ahead");
    return [
      {
        formula: row("v", "←", "μ", "v", "+", "G"),
        numbers: row(
          "v",
          "←",
          number(mu),
          "·",
          factor(v.before),
          added(update.clipped),
          "=",
          number(v.after),
        ),
      },
      {
        formula: row("d", "=", "G", "+", "μ", "v"),
        numbers: row(
          "d",
          "=",
          number(update.clipped),
          "+",
          number(mu),
          "·",
          factor(v.after),
          "=",
          number(ahead),
        ),
      },
      moved(update, name, "d", factor(ahead)),
    ];
  },
  adagrad(update, name) {
    const s = carried(update, "squares");
    const rate = term(update, "rate") ?? update.learning_rate;
    return [
      {
        formula: row("s", "←", "s", "+", sup("G", "2")),
        numbers: row(
          "s",
          "←",
          number(s.before),
          "+",
          sup(brackets(number(update.clipped)), "2"),
          "=",
          number(s.after),
        ),
      },
      rooted({ ...update, learning_rate: rate }, name, "G", "s", update.clipped, s.after),
    ];
  },
  rmsprop(update, name) {
    const { alpha } = update.optimizer;
    const s = carried(update, "squares");
    return [
      forgetting("s", "ρ", alpha, s, sup("G", "2"), update.clipped ** 2),
      rooted(update, name, "G", "s", update.clipped, s.after),
    ];
  },
  adam: adaptive,
  adamw: adaptive,
};

/** @param {any} update @param {Piece} name @param {Piece} above @param {Piece} below @param {number} top @param {number} squares */
function rooted(update, name, above, below, top, squares) {
  return moved(
    update,
    name,
    frac(above, row(root(below), "+", EPSILON)),
    frac(number(top), row(root(number(squares)), "+", number(update.optimizer.eps, 2))),
  );
}

/** Adam, and AdamW, which shrinks the parameter first. @param {any} update @param {Piece} name @returns {Line[]} */
function adaptive(update, name) {
  const { beta1, beta2 } = update.optimizer;
  const [m, s] = [carried(update, "mean"), carried(update, "squares")];
  const steps = carried(update, "steps").after;
  const decayed = term(update, "decayed");
  /** @param {string} letter @param {any} state @param {string} beta @param {number} value @param {string} corrected */
  const unbiased = (letter, state, beta, value, corrected) => ({
    formula: row(hat(letter), "=", frac(letter, row("1", "−", sup(beta, "t")))),
    numbers: row(
      hat(letter),
      "=",
      frac(number(state.after), row("1", "−", sup(number(value), number(steps)))),
      "=",
      number(term(update, corrected)),
    ),
  });
  const lines = [
    forgetting("m", sub("β", "1"), beta1, m, "G", update.clipped),
    forgetting("s", sub("β", "2"), beta2, s, sup("G", "2"), update.clipped ** 2),
    unbiased("m", m, "β₁", beta1, "mean_hat"),
    unbiased("s", s, "β₂", beta2, "squares_hat"),
  ];
  if (decayed !== null)
    lines.push({
      formula: row("W", "←", "W", "−", ALPHA, "λ", "W"),
      numbers: row(
        name,
        "←",
        number(update.before, 6),
        "−",
        number(update.learning_rate),
        "·",
        number(update.optimizer.weight_decay),
        "·",
        factor(update.before),
        "=",
        number(decayed, 6),
      ),
    });
  const from = decayed === null ? update : { ...update, before: decayed };
  return [
    ...lines,
    moved(
      from,
      name,
      frac(hat("m"), row(root(hat("s")), "+", EPSILON)),
      frac(
        number(term(update, "mean_hat")),
        row(root(number(term(update, "squares_hat"))), "+", number(update.optimizer.eps, 2)),
      ),
    ),
  ];
}

/**
 * Every line of the update that matters here, formula and numbers.
 * @param {any} update
 * @param {Piece} name the parameter
 * @returns {Line[]}
 */
export function updateLines(update, name) {
  /** @type {Line[]} */
  const lines = [];
  const {
    gradient,
    penalty,
    total,
    clip,
    clipped,
    rate,
    factor: share,
    learning_rate: alpha,
  } = update;
  if (penalty)
    lines.push({
      formula: row(
        "G",
        "=",
        frac(row("∂", "J"), row("∂", "W")),
        "+",
        frac(row("∂", "R"), row("∂", "W")),
      ),
      numbers: row("G", "=", number(gradient), added(penalty), "=", number(total)),
    });
  else
    lines.push({
      formula: row("G", "=", frac(row("∂", "J"), row("∂", "W"))),
      numbers: row("G", "=", number(gradient, 6)),
    });
  if (clip !== null && clip !== 1)
    lines.push({
      formula: row("G", "←", frac("c", row("‖", "G", "‖")), "·", "G"),
      numbers: row("G", "←", number(clip), "·", factor(total), "=", number(clipped)),
    });
  if (share !== 1)
    lines.push({
      formula: row(ALPHA, "=", sub(ALPHA, "0"), "·", "f", brackets("t")),
      numbers: row(ALPHA, "=", number(rate), "·", number(share), "=", number(alpha)),
    });
  const method = METHODS[update.optimizer.name];
  if (method && !update.dying) return [...lines, ...method(update, name)];
  lines.push({
    formula: row("W", "←", "W", "+", "Δ", "W"),
    numbers: row(
      name,
      "←",
      number(update.before, 6),
      added(update.change, 6),
      "=",
      number(update.after, 6),
    ),
  });
  return lines;
}
