/** You are gradient descent: J is hidden but near the point, and so many moves lead down; then the way of −α·G beside. */

import { el } from "../../ui/dom.js";
import { t } from "../../ui/i18n.js";
import * as format from "../../ui/number-format.js";
import { parseNumber } from "../../ui/number-input.js";
import { label, line, picture, svg } from "./svg.js";

/**
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {import("./lesson.js").Descend} Descend
 * @typedef {ReturnType<typeof import("./terrain.js").createTerrain>} Terrain
 * @typedef {{terrain: Terrain, start: [number, number], path: [number, number, number][]|null}} Land
 *   `path` is that of −α·G, once it has been trained
 */

const [SIZE, PAD] = [300, 10];
/** How far one sees, as a share of the map, and in how many squares. */
const SIGHT = 0.075;
const CELLS = 7;
const SQUARES = 40;

/** @param {Terrain} terrain */
function scalesOf({ low, high }) {
  const side = SIZE - 2 * PAD;
  return {
    /** @param {number} x */
    x: (x) => PAD + (side * (x - low[0])) / (high[0] - low[0]),
    /** @param {number} y */
    y: (y) => PAD + side * (1 - (y - low[1]) / (high[1] - low[1])),
    /** @param {number} px @param {number} py @returns {[number, number]} */
    back: (px, py) => [
      low[0] + ((px - PAD) / side) * (high[0] - low[0]),
      low[1] + (1 - (py - PAD) / side) * (high[1] - low[1]),
    ],
  };
}

/** How light a height is: by its logarithm, from the lowest seen to the highest. @param {Terrain} terrain */
function shadesOf(terrain) {
  const { low, high } = terrain;
  const heights = [];
  for (let i = 0; i <= 20; i++)
    for (let k = 0; k <= 20; k++)
      heights.push(
        terrain.at(low[0] + ((high[0] - low[0]) * i) / 20, low[1] + ((high[1] - low[1]) * k) / 20)
          .height,
      );
  const logs = heights.filter((value) => value > 0).map(Math.log);
  const [from, to] = [Math.min(...logs), Math.max(...logs)];
  /** @param {number} height */
  return (height) => {
    const share = (Math.log(Math.max(height, 1e-9)) - from) / (to - from || 1);
    return `hsl(245 45% ${Math.round(26 + 62 * Math.max(0, Math.min(1, share)))}%)`;
  };
}

/** Squares of the map around a point, or all of it. @param {Terrain} terrain @param {[number, number]|null} around */
function squares(terrain, around) {
  const { x, y } = scalesOf(terrain);
  const shade = shadesOf(terrain);
  const { low, high } = terrain;
  const found = [];
  const count = around ? CELLS : SQUARES;
  const [w, h] = [high[0] - low[0], high[1] - low[1]];
  const [left, bottom] = around ? [around[0] - w * SIGHT, around[1] - h * SIGHT] : low;
  const [dx, dy] = around
    ? [(2 * w * SIGHT) / count, (2 * h * SIGHT) / count]
    : [w / count, h / count];
  for (let i = 0; i < count; i++)
    for (let k = 0; k < count; k++) {
      const [px, py] = [left + dx * (i + 0.5), bottom + dy * (k + 0.5)];
      if (around && Math.hypot((px - around[0]) / w, (py - around[1]) / h) > SIGHT) continue;
      found.push(
        svg("rect", {
          x: (x(px - dx / 2) - 0.3).toFixed(1),
          y: (y(py + dy / 2) - 0.3).toFixed(1),
          width: (x(px + dx) - x(px) + 0.6).toFixed(1),
          height: (y(py) - y(py + dy) + 0.6).toFixed(1),
          fill: shade(terrain.at(px, py).height),
        }),
      );
    }
  return found;
}

/** @param {number} number */
const short = (number) => format.plain(number, 3);

/**
 * @param {Card} card
 * @param {number[][]|null} guess   the points so far: x, y, J
 * @param {(guess: number[][]) => void} change
 * @param {Land} land
 */
export function descendControl(card, guess, change, { terrain, start }) {
  const { x: nameX, y: nameY, moves } = /** @type {Descend} */ (card.predict);
  const scales = scalesOf(terrain);
  /** @type {number[][]} */
  const points = guess ? [...guess] : [[...start, terrain.at(...start).height]];
  const told = el("p", { class: "lesson-told", "aria-live": "polite" });
  const map = svg("svg", {
    viewBox: `0 0 ${SIZE} ${SIZE}`,
    class: "lesson-picture fog",
    role: "img",
    "aria-label": t("lesson.descend.map", { x: nameX, y: nameY }),
  });

  function draw() {
    const [x, y, height] = points[points.length - 1];
    const { slope } = terrain.at(x, y);
    const length = Math.hypot(...slope) || 1;
    const [ax, ay] = [scales.x(x), scales.y(y)];
    const tip = [ax - (26 * slope[0]) / length, ay + (26 * slope[1]) / length];
    map.replaceChildren(
      svg("rect", { x: 0, y: 0, width: SIZE, height: SIZE, class: "hidden-part" }),
      ...points.flatMap(([px, py]) => squares(terrain, [px, py])),
      line(
        points.map(([px, py]) => [scales.x(px), scales.y(py)]),
        "yours",
      ),
      svg("line", { x1: ax, y1: ay, x2: tip[0], y2: tip[1], class: "downhill" }),
      svg("circle", { cx: tip[0], cy: tip[1], r: 3, class: "downhill" }),
      svg("circle", { cx: ax, cy: ay, r: 5, class: "here" }),
    );
    told.textContent = t("lesson.descend.here", {
      J: format.loss(height),
      x: nameX,
      y: nameY,
      atX: short(x),
      atY: short(y),
      gx: short(slope[0]),
      gy: short(slope[1]),
      left: moves - points.length + 1,
    });
    go.disabled = points.length > moves;
  }

  /** @param {number} x @param {number} y */
  function move(x, y) {
    if (points.length > moves || !Number.isFinite(x) || !Number.isFinite(y)) return;
    const [low, high] = [terrain.low, terrain.high];
    const to = [Math.max(low[0], Math.min(high[0], x)), Math.max(low[1], Math.min(high[1], y))];
    points.push([...to, terrain.at(to[0], to[1]).height]);
    draw();
    change([...points]);
  }

  map.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect();
    const scale = SIZE / box.width;
    move(...scales.back((event.clientX - box.left) * scale, (event.clientY - box.top) * scale));
  });
  /** @param {string} name */
  const box = (name) =>
    el("input", {
      type: "text",
      inputmode: "decimal",
      class: "number",
      value: "0",
      autocomplete: "off",
      "aria-label": `Δ ${name}`,
    });
  const [dx, dy] = [box(nameX), box(nameY)];
  const anything = {
    name: "",
    default: null,
    minimum: -1e6,
    maximum: 1e6,
    exclusive_minimum: false,
    integer: false,
    scale: /** @type {const} */ ("linear"),
  };
  /** @param {HTMLInputElement} input */
  const read = (input) => {
    const found = parseNumber(input.value, anything);
    return "code" in found ? 0 : found.value;
  };
  const go = el("button", {
    type: "submit",
    class: "chip",
    text: t("lesson.descend.move"),
  });
  draw();
  return el(
    "div",
    {},
    map,
    told,
    el(
      "form",
      {
        class: "lesson-move",
        /** @param {Event} event */
        on: {
          /** @param {Event} event */
          submit(event) {
            event.preventDefault();
            const [x, y] = points[points.length - 1];
            move(x + read(dx), y + read(dy));
          },
        },
      },
      el("label", {}, el("span", { text: `Δ${nameX}`, "aria-hidden": "true" }), dx),
      el("label", {}, el("span", { text: `Δ${nameY}`, "aria-hidden": "true" }), dy),
      go,
    ),
    el("p", { class: "aside", text: t("lesson.descend.how") }),
  );
}

/**
 * @param {Card} card
 * @param {number[][]|null} guess
 * @param {import("./lesson.js").Measured} measured
 * @param {Land} land
 */
export function descendOutcome(card, guess, { values: [value] }, { terrain, path }) {
  const { x: nameX, y: nameY } = /** @type {Descend} */ (card.predict);
  const scales = scalesOf(terrain);
  const end = guess?.at(-1);
  const words = [
    t("lesson.descend.theirs", { J: format.loss(value ?? NaN), steps: format.count(card.steps) }),
  ];
  if (guess && end)
    words.unshift(t("lesson.descend.yours", { J: format.loss(end[2]), moves: guess.length - 1 }));
  /** @param {number[][]} points @returns {[number, number][]} */
  const drawn = (points) => points.map(([x, y]) => [scales.x(x), scales.y(y)]);
  const ways = [
    ...(guess ? [{ points: drawn(guess), name: "yours" }] : []),
    ...(path ? [{ points: drawn(path), name: "measured" }] : []),
  ];
  return el(
    "div",
    {},
    picture(
      SIZE,
      SIZE,
      words.join(" "),
      ...squares(terrain, null),
      ...ways.flatMap(({ points, name }) => [
        line(points, name),
        ...points.map(([x, y]) =>
          svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 2.5, class: name }),
        ),
      ]),
      label(SIZE - PAD, SIZE - PAD - 4, `${nameX} →`, { "text-anchor": "end", class: "on-map" }),
      label(PAD + 4, PAD + 14, `↑ ${nameY}`, { class: "on-map" }),
    ),
    el("p", { class: "lesson-told", text: words.join(" ") }),
    el(
      "p",
      { class: "lesson-legend aside" },
      ...(guess ? [el("span", { class: "yours", text: t("lesson.legend.yourWay") })] : []),
      el("span", { class: "measured", text: "−α·G" }),
    ),
  );
}
