/** Points drawn by hand: with the mouse, a finger or the keys. */

import { groupColor } from "../../ui/theme.js";
import { el, icon, setText, sharp } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { drawAxes, scales } from "../../ui/canvas-axes.js";
import { createSketchpad, drawnData } from "./sketchpad.js";

/** Where points can be drawn, on both axes: where the built-in data lie. @type {[number, number]} */
const DOMAIN = [-6, 6];

const SIDE = 340;
const BOX = { left: 34, top: 8, width: SIDE - 42, height: SIDE - 32 };
/** How far apart a dragged brush leaves its points, in pixels. */
const APART = 12;
const CLASSES = [0, 1, 2];

/** How far the eraser reaches, in the units of the axes. */
const ERASED = 0.45;

/**
 * @typedef {object} Brush   what the mouse and the keys hold
 * @property {number} kind   a class, or −1 for the eraser
 * @property {[number, number]|null} cursor   where the keys have brought it; null until they do
 */

const [px, py] = scales(BOX, DOMAIN, DOMAIN);

/** @param {{state: import("../../experiment/state.js").State, use: (data: import("../../types.js").DataSpec) => void}} options */
export function createDrawing({ state, use }) {
  const pad = createSketchpad();
  /** @type {Brush} */
  const brush = { kind: 0, cursor: null };
  const element = el("section", { class: "own-draw" });
  const canvas = el("canvas", { id: "drawing", tabindex: 0, role: "application" });
  const status = el("p", { class: "muted", role: "status" });
  const words = el("p", { class: "muted" });
  const tools = el("div", { class: "brushes", role: "group" });
  const take = el("button", { type: "button", id: "draw-use", class: "primary" });

  /** @param {[number, number]} point */
  function dab(point) {
    if (brush.kind < 0) pad.erase(point, ERASED);
    else pad.add(point, brush.kind);
  }

  const paint = () => paintSheet(canvas, pad.points, brush, state.view.theme);

  listenToPointer(canvas, {
    begin() {
      brush.cursor = null;
      pad.begin();
    },
    dab(point) {
      dab(point);
      paint();
    },
    end: show,
  });
  canvas.addEventListener("keydown", (event) => {
    if (!press(event, { pad, brush, dab })) return;
    event.preventDefault();
    show();
  });
  take.addEventListener("click", () => {
    const data = drawnData(pad.points);
    if (data) use(data);
  });

  function show() {
    paint();
    const ready = drawnData(pad.points) !== null;
    setText(status, sheetInWords(pad.points, brush.cursor, ready));
    take.disabled = !ready;
    const held = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset.brush;
    tools.replaceChildren(
      ...CLASSES.map((kind) => brushButton(kind, t("draw.class", { number: kind + 1 }))),
      brushButton(-1, t("draw.eraser")),
      act("undo", icon("undo"), t("draw.undo"), pad.undo, !pad.canUndo),
      act("clear", icon("close"), t("draw.clear"), pad.clear, !pad.points.length),
    );
    if (held)
      /** @type {HTMLElement|null} */ (tools.querySelector(`[data-brush="${held}"]`))?.focus();
  }

  /** @param {number} kind @param {string} name */
  function brushButton(kind, name) {
    const dot = el("span", { class: kind < 0 ? "dot open" : "dot" });
    if (kind >= 0) dot.style.background = groupColor(kind, state.view.theme);
    return el(
      "button",
      {
        type: "button",
        class: "segment",
        "aria-pressed": String(brush.kind === kind),
        "data-brush": String(kind),
        hint: kind < 0 ? t("draw.eraser.hint") : t("draw.class.hint"),
        on: {
          click: () => {
            brush.kind = kind;
            show();
          },
        },
      },
      dot,
      name,
    );
  }

  /** @param {string} id @param {Node} picture @param {string} name @param {() => void} run @param {boolean} disabled */
  function act(id, picture, name, run, disabled) {
    const click = () => {
      run();
      show();
    };
    return el(
      "button",
      {
        type: "button",
        class: "tool",
        "data-brush": id,
        "aria-label": name,
        hint: name,
        disabled,
        on: { click },
      },
      picture,
    );
  }

  return {
    element,
    focus: () => canvas.focus({ preventScroll: true }),
    draw() {
      canvas.setAttribute("aria-label", t("draw.canvas"));
      canvas.dataset.hint = t("draw.canvas.hint");
      tools.setAttribute("aria-label", t("draw.brushes"));
      setText(take, t("own.use"));
      take.dataset.hint = t("own.use.hint");
      setText(words, t("draw.canvas.hint"));
      if (!canvas.isConnected)
        element.append(
          tools,
          el("div", { class: "columns" }, canvas, el("div", {}, words, status)),
          el("div", { class: "row ends" }, el("span", { class: "push" }), take),
        );
      show();
    },
  };
}

/** Where a pointer is on the sheet, within the axes. @param {HTMLCanvasElement} canvas @param {PointerEvent} event @returns {[number, number]} */
function placeOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  const scale = SIDE / box.width;
  const [low, high] = DOMAIN;
  /** @param {number} share */
  const along = (share) => low + Math.min(1, Math.max(0, share)) * (high - low);
  const x = ((event.clientX - box.left) * scale - BOX.left) / BOX.width;
  const y = 1 - ((event.clientY - box.top) * scale - BOX.top) / BOX.height;
  return [along(x), along(y)];
}

/**
 * A stroke of the mouse or a finger: it leaves points that are not too near to each other.
 * @param {HTMLCanvasElement} canvas
 * @param {{begin: () => void, dab: (point: [number, number]) => void, end: () => void}} stroke
 */
function listenToPointer(canvas, { begin, dab, end }) {
  /** @type {[number, number]|null} */
  let last = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    begin();
    dab((last = placeOf(canvas, event)));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const point = placeOf(canvas, event);
    if (Math.hypot(px(point[0]) - px(last[0]), py(point[1]) - py(last[1])) < APART) return;
    dab((last = point));
  });
  for (const type of ["pointerup", "pointercancel"])
    canvas.addEventListener(type, () => {
      last = null;
      end();
    });
}

/**
 * What a key does on the sheet.
 * @param {KeyboardEvent} event
 * @param {{pad: ReturnType<typeof createSketchpad>, brush: Brush, dab: (point: [number, number]) => void}} sheet
 * @returns {boolean} whether it was a key of the sheet's
 */
function press(event, { pad, brush, dab }) {
  const place = brush.cursor ?? [0, 0];
  const move = () => (brush.cursor = moved(place, event.key, event.shiftKey ? 1 : 0.25));
  const choose = () => (brush.kind = Number(event.key) - 1);
  function add() {
    brush.cursor = place;
    pad.begin();
    dab(place);
  }
  function erase() {
    pad.begin();
    pad.erase(place, ERASED);
  }
  /** @type {Record<string, () => void>} */
  const acts = {
    ...{ ArrowLeft: move, ArrowRight: move, ArrowUp: move, ArrowDown: move },
    ...{ Enter: add, " ": add, Delete: erase, Backspace: erase },
    ...{ 1: choose, 2: choose, 3: choose },
  };
  const commanded = event.ctrlKey || event.metaKey;
  const undo = event.key.toLowerCase() === "z" ? pad.undo : null;
  const act = commanded ? undo : acts[event.key];
  act?.();
  return Boolean(act);
}

/** A place moved by an arrow key, within the axes. @param {[number, number]} from @param {string} key @param {number} far @returns {[number, number]} */
function moved([x, y], key, far) {
  const [low, high] = DOMAIN;
  /** @param {number} value */
  const held = (value) => Math.min(high, Math.max(low, value));
  const right = { ArrowRight: far, ArrowLeft: -far }[key] ?? 0;
  const up = { ArrowUp: far, ArrowDown: -far }[key] ?? 0;
  return [held(x + right), held(y + up)];
}

/**
 * @param {HTMLCanvasElement} canvas @param {import("./sketchpad.js").Point[]} points @param {Brush} brush
 * @param {import("../../ui/theme.js").Theme} theme
 */
function paintSheet(canvas, points, brush, theme) {
  const context = sharp(canvas, SIDE, SIDE);
  drawAxes(context, BOX, { x: DOMAIN, y: DOMAIN, names: ["x₁", "x₂"], theme });
  for (const { x, y, kind } of points) {
    context.fillStyle = groupColor(kind, theme);
    context.beginPath();
    context.arc(px(x), py(y), 4, 0, 7);
    context.fill();
  }
  if (!brush.cursor) return;
  context.strokeStyle = brush.kind < 0 ? "currentColor" : groupColor(brush.kind, theme);
  context.lineWidth = 2;
  context.beginPath();
  context.arc(px(brush.cursor[0]), py(brush.cursor[1]), 8, 0, 7);
  context.stroke();
}

/**
 * How many points there are, where the keys are, and what is still missing.
 * @param {import("./sketchpad.js").Point[]} points @param {[number, number]|null} cursor @param {boolean} ready
 */
function sheetInWords(points, cursor, ready) {
  const counts = CLASSES.map((kind) => points.filter((point) => point.kind === kind).length);
  const words = [t("draw.count", { counts: counts.map(format.count).join(" / ") })];
  if (cursor) words.push(t("draw.at", { x: format.plain(cursor[0]), y: format.plain(cursor[1]) }));
  if (!ready) words.push(t("draw.more"));
  return words.join(" ");
}
