/** Points drawn by hand: with the mouse, a finger or the keys. */

import { groupColor } from "../../ui/theme.js";
import { el, icon, setText, sharp } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { drawAxes, scales } from "../../ui/canvas-axes.js";
import { toPlaces } from "../../ui/round.js";

/** @typedef {{x: number, y: number, kind: number}} Point */

/** Where points can be drawn, on both axes: where the built-in data lie. @type {[number, number]} */
const DOMAIN = [-6, 6];

const SIDE = 340;
const BOX = { left: 34, top: 8, width: SIDE - 42, height: SIDE - 32 };
/** How far apart a dragged brush leaves its points, in pixels. */
const APART = 12;
const CLASSES = [0, 1, 2];

/** @param {{state: import("../../experiment/state.js").State, use: (data: import("../../types.js").DataSpec) => void}} options */
export function createDrawing({ state, use }) {
  const pad = createSketchpad();
  /** A class, or −1 for the eraser. */
  let brush = 0;
  /** Where the keys have brought the brush; null until they do. @type {[number, number]|null} */
  let cursor = null;
  /** @type {[number, number]|null} */
  let last = null;
  const element = el("section", { class: "own-draw" });
  const canvas = el("canvas", { id: "drawing", tabindex: 0, role: "application" });
  const status = el("p", { class: "muted", role: "status" });
  const words = el("p", { class: "muted" });
  const tools = el("div", { class: "brushes", role: "group" });
  const take = el("button", { type: "button", id: "draw-use", class: "primary" });
  const [px, py] = scales(BOX, DOMAIN, DOMAIN);

  /** @param {PointerEvent} event @returns {[number, number]} */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    const scale = SIDE / box.width;
    const [low, high] = DOMAIN;
    /** @param {number} share */
    const along = (share) => low + Math.min(1, Math.max(0, share)) * (high - low);
    const x = ((event.clientX - box.left) * scale - BOX.left) / BOX.width;
    const y = 1 - ((event.clientY - box.top) * scale - BOX.top) / BOX.height;
    return [along(x), along(y)];
  }

  /** @param {[number, number]} point */
  function dab(point) {
    if (brush < 0) pad.erase(point, 0.45);
    else pad.add(point, brush);
    paint();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    cursor = null;
    pad.begin();
    dab((last = place(event)));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const point = place(event);
    if (Math.hypot(px(point[0]) - px(last[0]), py(point[1]) - py(last[1])) < APART) return;
    dab((last = point));
  });
  for (const end of ["pointerup", "pointercancel"])
    canvas.addEventListener(end, () => {
      last = null;
      show();
    });
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== "z") return;
      pad.undo();
    } else if (event.key.startsWith("Arrow")) {
      const far = event.shiftKey ? 1 : 0.25;
      const [x, y] = cursor ?? [0, 0];
      const [low, high] = DOMAIN;
      /** @param {number} value */
      const held = (value) => Math.min(high, Math.max(low, value));
      const right = { ArrowRight: far, ArrowLeft: -far }[event.key] ?? 0;
      const up = { ArrowUp: far, ArrowDown: -far }[event.key] ?? 0;
      cursor = [held(x + right), held(y + up)];
    } else if (event.key === "Enter" || event.key === " ") {
      cursor ??= [0, 0];
      pad.begin();
      if (brush < 0) pad.erase(cursor, 0.45);
      else pad.add(cursor, brush);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      pad.begin();
      pad.erase(cursor ?? [0, 0], 0.45);
    } else if (["1", "2", "3"].includes(event.key)) {
      brush = Number(event.key) - 1;
    } else return;
    event.preventDefault();
    show();
  });
  take.addEventListener("click", () => {
    const data = drawnData(pad.points);
    if (data) use(data);
  });

  function paint() {
    const { theme } = state.view;
    const context = sharp(canvas, SIDE, SIDE);
    drawAxes(context, BOX, { x: DOMAIN, y: DOMAIN, names: ["x₁", "x₂"], theme });
    for (const { x, y, kind } of pad.points) {
      context.fillStyle = groupColor(kind, theme);
      context.beginPath();
      context.arc(px(x), py(y), 4, 0, 7);
      context.fill();
    }
    if (!cursor) return;
    context.strokeStyle = brush < 0 ? "currentColor" : groupColor(brush, theme);
    context.lineWidth = 2;
    context.beginPath();
    context.arc(px(cursor[0]), py(cursor[1]), 8, 0, 7);
    context.stroke();
  }

  function show() {
    paint();
    const counts = CLASSES.map((kind) => pad.points.filter((point) => point.kind === kind).length);
    const words = [t("draw.count", { counts: counts.map(format.count).join(" / ") })];
    if (cursor)
      words.push(t("draw.at", { x: format.plain(cursor[0]), y: format.plain(cursor[1]) }));
    const ready = drawnData(pad.points) !== null;
    if (!ready) words.push(t("draw.more"));
    setText(status, words.join(" "));
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
        "aria-pressed": String(brush === kind),
        "data-brush": String(kind),
        hint: kind < 0 ? t("draw.eraser.hint") : t("draw.class.hint"),
        on: {
          click: () => {
            brush = kind;
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

/** A sheet of points. A stroke is undone as a whole. */
export function createSketchpad() {
  /** @type {Point[]} */
  let points = [];
  /** @type {Point[][]} */
  let past = [];
  return {
    get points() {
      return points;
    },
    get canUndo() {
      return past.length > 0;
    },
    /** A stroke begins: what comes until the next one is undone together. */
    begin() {
      past = [...past, points].slice(-100);
    },
    /** @param {[number, number]} place @param {number} kind its class, from 0 */
    add([x, y], kind) {
      points = [...points, { x: toPlaces(x, 2), y: toPlaces(y, 2), kind }];
    },
    /** Takes away what lies within a radius. @param {[number, number]} place @param {number} radius */
    erase([x, y], radius) {
      points = points.filter((point) => Math.hypot(point.x - x, point.y - y) > radius);
    },
    undo() {
      points = past.pop() ?? points;
    },
    clear() {
      past = [...past, points].slice(-100);
      points = [];
    },
  };
}

/**
 * The data that points make; null while there are not two classes. Classes without points do not count.
 * @param {Point[]} points
 * @returns {import("../../types.js").DataSpec|null}
 */
export function drawnData(points) {
  const kinds = [...new Set(points.map((point) => point.kind))].sort((a, b) => a - b);
  if (kinds.length < 2) return null;
  return {
    name: "custom",
    inputs: points.map(({ x, y }) => [x, y]),
    targets: points.map(({ kind }) => kinds.indexOf(kind)),
    input_names: ["x1", "x2"],
    classes: kinds.map((kind) => String(kind + 1)),
  };
}
