/**
 * Colours. Runs have Okabe–Ito's eight, which colour-blind readers can tell apart, and nothing else has them:
 * the surface goes from a cool blue to warm sand, the classes are teal and ochre, actions have the accent of the style sheet.
 */

/** @typedef {"light"|"dark"} Theme */

export const FONT_FAMILY =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", sans-serif';

/** How much larger type in pictures is than on a desk; style sheets have rem. */
let scale = 1;
/**
 * A size of type in pictures as it is now.
 * @param {number} size in CSS pixels on a desk
 * @param {number} [share] how much of the difference is taken
 */
export const typeSize = (size, share = 1) => Math.round(size * (1 + (scale - 1) * share));

/** @param {number} size in CSS pixels on a desk */
function fontOf(size) {
  return `${typeSize(size)}px ${FONT_FAMILY}`;
}

/** The font of pictures on canvases; whoever imports it has the one that holds now. */
export let FONT = fontOf(13);

/** Type in pictures becomes so much larger than on a desk, in what is drawn from now on. @param {number} now */
export function setTypeScale(now) {
  scale = now;
  FONT = fontOf(13);
}

const RUNS = {
  light: ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8a7f00", "#1c1f24"],
  dark: ["#3d9fdb", "#e69f00", "#1fb58a", "#e8702a", "#d98fb8", "#8fd0f5", "#f0e442", "#e8eaed"],
};

export const SLOTS = 16;

/**
 * The colour of a run. Slots from 8 on repeat the colours with another dash.
 * @param {number} slot
 * @param {Theme} theme
 */
export function runColor(slot, theme) {
  return RUNS[theme][slot % 8];
}

/** A colour that lets through what is behind it. @param {string} color as #rrggbb @param {number} opacity 0 … 1 */
export function faded(color, opacity) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `rgba(${r},${g},${b},${opacity})`;
}

/**
 * Plotly's dash of a run's training curve.
 * @param {number} slot
 */
export function runDash(slot) {
  return slot % SLOTS < 8 ? "solid" : "dashdot";
}

/**
 * The lowest colour slot that no run has.
 * @param {number[]} taken
 */
export function freeSlot(taken) {
  for (let slot = 0; slot < SLOTS; slot++) if (!taken.includes(slot)) return slot;
  return taken.length % SLOTS;
}

/**
 * What plots need that style sheets cannot give them.
 * @param {Theme} theme
 */
export function palette(theme) {
  return theme === "dark" ? DARK : LIGHT;
}

/** @type {{ink: string, muted: string, line: string, ground: string, hover: string, contour: string,
 *   arrow: string, accent: string, surface: [number, string][], classes: [number[], number[], number[]], rim: string}} */
const LIGHT = {
  ink: "#1c1f24",
  muted: "#59616d",
  line: "#e4e6ea",
  ground: "#ffffff",
  hover: "#ffffff",
  contour: "#6f7fa0",
  arrow: "#1c1f2480",
  accent: "#4a3fd1",
  surface: [
    [0, "#3b5c93"],
    [0.15, "#6488b8"],
    [0.4, "#a3bdd6"],
    [0.65, "#dcdfd6"],
    [0.85, "#efdcb8"],
    [1, "#e9c48d"],
  ],
  classes: [
    [166, 97, 26],
    [247, 246, 243],
    [1, 112, 102],
  ],
  rim: "#ffffff",
};

/** @type {typeof LIGHT} */
const DARK = {
  ink: "#e8eaed",
  muted: "#a3abb8",
  line: "#2c313a",
  ground: "#15171c",
  hover: "#22262e",
  contour: "#7d92b8",
  arrow: "#e8eaed80",
  accent: "#a29aff",
  surface: [
    [0, "#1c2f5c"],
    [0.15, "#2c4a80"],
    [0.4, "#4f739e"],
    [0.65, "#8795a0"],
    [0.85, "#a99672"],
    [1, "#c79a58"],
  ],
  classes: [
    [214, 148, 66],
    [33, 36, 43],
    [66, 186, 172],
  ],
  rim: "#15171c",
};

/**
 * A table of 256 colours from the low class over the middle to the high class, as RGBA pixels.
 * @param {Theme} theme
 * @param {number} [strength] of the ends: 1 is the full colour
 * @returns {Uint32Array}
 */
export function classTable(theme, strength = 0.62) {
  const [low, middle, high] = palette(theme).classes;
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const side = i < 128 ? low : high;
    const share = Math.abs(i - 127.5) / 127.5;
    // Ease towards the ends, so that the border between the classes is seen but not a cliff.
    const mix = strength * share ** 0.8;
    const [r, g, b] = middle.map((value, c) => Math.round(value + (side[c] - value) * mix));
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

/**
 * The full colour of one class, for points and lines: 0 is the low one, 1 the high one.
 * @param {0|1} which
 * @param {Theme} theme
 */
export function classColor(which, theme) {
  return `rgb(${palette(theme).classes[which * 2].join(",")})`;
}

/** A third class, and more where there are: told apart from the two, from runs and from actions. */
const MORE = {
  light: [
    [112, 76, 150],
    [150, 62, 92],
    [74, 98, 44],
    [64, 84, 132],
    [120, 104, 40],
    [96, 96, 104],
  ],
  dark: [
    [184, 150, 226],
    [226, 138, 166],
    [160, 190, 110],
    [146, 168, 220],
    [204, 188, 108],
    [176, 178, 188],
  ],
};

/**
 * Red, green and blue of a class among several, from 0: ochre, teal, violet, and so on.
 * @param {number} kind
 * @param {Theme} theme
 * @returns {number[]}
 */
export function groupRgb(kind, theme) {
  const { classes } = palette(theme);
  if (kind < 2) return classes[kind * 2];
  return MORE[theme][(kind - 2) % MORE[theme].length];
}

/** The same for a canvas. @param {number} kind @param {Theme} theme */
export function groupColor(kind, theme) {
  return `rgb(${groupRgb(kind, theme).join(",")})`;
}

/** A pixel as a canvas wants it. @param {number} pixel */
export function css(pixel) {
  return `rgb(${pixel & 255},${(pixel >> 8) & 255},${(pixel >> 16) & 255})`;
}
