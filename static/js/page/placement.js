/** Where a bubble goes: beside what it explains, and over as little as can be of what is read or used next. */

/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {{box: Box, weight: number}} Obstacle   `weight`: how bad it is to cover it
 */

/** How far from the anchor: close by, or past an error that stands between. */
const AWAY = [8, 40, 76];
const MARGIN = 4;

/** @param {Box} a @param {Box} b */
function overlap(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.max(low, Math.min(value, high));

/**
 * The left upper corner of the bubble. Of all places round the anchor, the first of those that cover least.
 * @param {Box} anchor
 * @param {{width: number, height: number}} size
 * @param {{width: number, height: number}} view
 * @param {Obstacle[]} obstacles
 */
export function placeBeside(anchor, { width, height }, view, obstacles) {
  const middle = (anchor.left + anchor.right - width) / 2;
  const centre = (anchor.top + anchor.bottom - height) / 2;
  const across = [middle, anchor.left, anchor.right - width];
  const down = [centre, anchor.top, anchor.bottom - height];
  const places = AWAY.flatMap((away) => [
    ...across.map((left) => [left, anchor.bottom + away]),
    ...across.map((left) => [left, anchor.top - away - height]),
    ...down.map((top) => [anchor.right + away, top]),
    ...down.map((top) => [anchor.left - away - width, top]),
  ]);
  let best = { left: MARGIN, top: MARGIN, cost: Infinity };
  for (const [x, y] of places) {
    const left = within(x, MARGIN, view.width - MARGIN - width);
    const top = within(y, MARGIN, view.height - MARGIN - height);
    const box = { left, top, right: left + width, bottom: top + height };
    const covered = obstacles.reduce((sum, one) => sum + one.weight * overlap(box, one.box), 0);
    const cost = covered + 1000 * overlap(box, anchor);
    if (cost < best.cost) best = { left, top, cost };
  }
  return { left: best.left, top: best.top };
}
