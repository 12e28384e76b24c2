/** Frames: a block of training steps as the server sends it, taken apart into what is drawn one after another. */

/**
 * @typedef {import("../types.js").Block} Block
 * @typedef {import("../types.js").Frame} Frame
 * @typedef {{count: number, every: number}} Plan   how many steps a block takes, and how many from frame to frame
 */

/**
 * The moments of a block, in order.
 * @param {Block} block
 * @param {string} axes the axes its path was asked for
 * @returns {Frame[]}
 */
export function framesOf(block, axes) {
  const last = block.steps.length - 1;
  return block.steps.map((step, i) => ({
    step,
    train: block.train.map((run) => run[i]),
    test: block.test.map((run) => run[i]),
    penalty: block.penalty ? block.penalty.map((run) => run[i]) : null,
    x: block.path ? block.path.x.map((run) => run[i]) : null,
    y: block.path ? block.path.y.map((run) => run[i]) : null,
    axes,
    end: i === last ? block : null,
  }));
}
