/**
 * What is wrong with the layout of the page as it is at this moment, found by geometry: what overlaps, what is cut, what
 * is too small to read or to hit, and what makes the page scroll sideways, or down where all should be in sight. A script, not a module: tests/browser/geometry.py puts it into the page.
 */

(() => {
  /**
   * @typedef {{left: number, top: number, right: number, bottom: number}} Rect
   * @typedef {"text"|"control"} Kind
   * @typedef {{element: Element, kind: Kind, text: string, whole: Rect[], seen: Rect[], layer: Element|null,
   *   home: Element}} Piece   `seen` of `whole` is what no ancestor hides; `home` is the box that it must not leave
   */

  const CONTROLS =
    "button, select, input, textarea, summary, a[href], canvas, img, math, [tabindex='0']";
  /** What is laid over the page on purpose, and may cover what is below it. */
  const OVERLAYS =
    "[popover], [role=tooltip], [role=dialog], .sheet, .drop, .landscape-sheet, .part-card, .banner, .problem, #help, .skip";
  /** What is not looked at: pictures inside, what is only read out, what Plotly shows under the mouse. */
  const SKIPPED =
    ".sr, .skip:not(:focus), option, .hoverlayer, .gl-container *, math *, .thumb input, [aria-hidden=true]";
  /** Marks that stand on the track of a slider. */
  const ON_A_TRACK = ".track, .marked";
  /** Pixels that are forgiven. */
  const SLACK = 1.5;
  /** The least size of type, and of what is clicked (WCAG 2.2, 2.5.8), in pixels. */
  const [LEAST_TYPE, LEAST_TARGET] = [13, 24];
  /** The columns of a deep network, which are as narrow as they must be to fit, and what stands above or below a line. */
  const MAY_BE_SMALL = "#layers .layer *, sub, sup";
  /** Which controls are hit as a whole: the others come with a label, or have a track. */
  const TARGETS = "button, select, input:not([type=range], [type=checkbox], [type=radio])";
  /** From this size on, all panels are in sight at once. */
  const ALL_IN_SIGHT = { width: 1241, height: 700 };
  /** How much of a line of text is air above and below the letters. */
  const AIR = 0.14;

  /** @type {Map<Element, CSSStyleDeclaration>} */
  let styles = new Map();
  /** @type {Map<Element, boolean>} */
  let readOut = new Map();
  /** @param {Element} element */
  function styleOf(element) {
    let style = styles.get(element);
    if (!style) styles.set(element, (style = getComputedStyle(element)));
    return style;
  }

  /** @param {Rect} a @param {Rect} b @returns {Rect} */
  const common = (a, b) => ({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  /** @param {Rect} rect */
  const isThere = ({ left, top, right, bottom }) => right - left > SLACK && bottom - top > SLACK;

  /** @param {Element} element @param {string} text */
  function nameOf(element, text) {
    const path = [];
    for (
      let e = /** @type {Element|null} */ (element);
      e && e !== document.body;
      e = e.parentElement
    ) {
      if (e.id) {
        path.unshift(`#${e.id}`);
        break;
      }
      if (path.length < 3) path.unshift(selectorOf(e));
    }
    const said = text.replace(/\s+/g, " ").trim().slice(0, 40);
    return `${path.join(" ")}${said ? ` “${said}”` : ""}`;
  }

  /** @param {Element} e */
  function selectorOf(e) {
    const focus = e.getAttribute("data-focus") ?? e.getAttribute("data-pointer");
    if (focus) return `[${focus}]`;
    const [first] = e.classList;
    return first ? `${e.tagName.toLowerCase()}.${first}` : e.tagName.toLowerCase();
  }

  /** @param {Rect} rect */
  const sizeOf = ({ left, top, right, bottom }) =>
    `${Math.round(right - left)} × ${Math.round(bottom - top)} at ${Math.round(left)}, ${Math.round(top)}`;

  /** The overlay, or the bar that stays while the rest scrolls, that an element is in. @param {Element} element */
  function layerOf(element) {
    for (let e = /** @type {Element|null} */ (element); e; e = e.parentElement) {
      // Two messages may not cover each other, whatever they belong to.
      if (e.matches(".problem")) return document.body;
      if (e.matches(OVERLAYS) || /fixed|sticky/.test(styleOf(e).position)) return e;
    }
    return null;
  }

  /** @param {Element} element */
  const isInFront = (element) => element.matches(":popover-open");

  /**
   * What is left of a rectangle after all that hides a part of it, and what cuts it for good.
   * @param {Element} element @param {Rect} rect @param {boolean} within   whether the element's own edge counts
   * @returns {{seen: Rect, cutBy: Element|"window"|null}}
   */
  function sight(element, rect, within) {
    let seen = rect;
    let position = isInFront(element) ? "fixed" : styleOf(element).position;
    let e = within ? element : element.parentElement;
    for (; e && e !== document.body && e !== document.documentElement; e = e.parentElement) {
      const style = styleOf(e);
      const holds =
        e === element ||
        style.transform !== "none" ||
        (position !== "fixed" && (position !== "absolute" || style.position !== "static"));
      if (!holds) continue;
      const found = behind(e, style, seen);
      if (found.cut) return { seen: found.seen, cutBy: e };
      ({ seen } = found);
      position = isInFront(e) ? "fixed" : style.position;
      if (position === "fixed") break;
    }
    const fixed = position === "fixed" || (e !== null && e !== document.body && isInFront(e));
    return { seen, cutBy: isThere(seen) && leavesWindow(seen, fixed) ? "window" : null };
  }

  /**
   * What one ancestor lets be seen of a rectangle; `cut` where nobody can scroll to the rest.
   * @param {Element} e @param {CSSStyleDeclaration} style @param {Rect} rect
   */
  function behind(e, style, rect) {
    if (style.overflowX === "visible" && style.overflowY === "visible")
      return { seen: rect, cut: false };
    const box = e.getBoundingClientRect();
    const open = 1e6;
    const clip = {
      left: style.overflowX === "visible" ? -open : box.left,
      right: style.overflowX === "visible" ? open : box.right,
      top: style.overflowY === "visible" ? -open : box.top,
      bottom: style.overflowY === "visible" ? open : box.bottom,
    };
    const scrolls = {
      x: /auto|scroll/.test(style.overflowX),
      y: /auto|scroll/.test(style.overflowY),
    };
    const wide = Math.max(clip.left - rect.left, rect.right - clip.right);
    const high = Math.max(clip.top - rect.top, rect.bottom - clip.bottom);
    return {
      seen: common(rect, clip),
      cut: (wide > SLACK && !scrolls.x) || (high > SLACK && !scrolls.y),
    };
  }

  /** @param {Rect} rect @param {boolean} fixed */
  function leavesWindow({ left, right, top, bottom }, fixed) {
    const { clientWidth, scrollHeight } = document.documentElement;
    if (left < -SLACK || right > clientWidth + SLACK) return true;
    if (fixed) return top < -SLACK || bottom > innerHeight + SLACK;
    return top + scrollY < -SLACK || bottom + scrollY > scrollHeight + SLACK;
  }

  /** Whether what an ellipsis leaves out is told on hover. @param {Element} element @param {string} text */
  function isTold(element, text) {
    const said = text.replace(/\s+/g, " ").trim();
    for (
      let e = /** @type {Element|null} */ (element);
      e && e !== document.body;
      e = e.parentElement
    )
      for (const name of ["title", "data-hint", "aria-label"])
        if (e.getAttribute(name)?.replace(/\s+/g, " ").includes(said)) return true;
    return false;
  }

  /** @param {Element} element */
  function isEllipsis(element) {
    for (
      let e = /** @type {Element|null} */ (element);
      e && e !== document.body;
      e = e.parentElement
    ) {
      const style = styleOf(e);
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") return true;
      if (style.display !== "inline") break;
    }
    return false;
  }

  /** The lines of an element's own words. @param {Element} element @returns {Rect[]} */
  function linesOf(element) {
    const range = document.createRange();
    const lines = [];
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) continue;
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) if (line.width > 1) lines.push(airless(line));
    }
    return lines;
  }

  /** @param {DOMRect} line @returns {Rect} */
  function airless({ left, top, right, bottom, height }) {
    return { left, right, top: top + AIR * height, bottom: bottom - AIR * height };
  }

  /** @param {Element} element @returns {element is HTMLElement} */
  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !isReadOut(element);

  /** Whether it is there for screen readers only. @param {Element} element @returns {boolean} */
  function isReadOut(element) {
    let told = readOut.get(element);
    if (told === undefined) {
      const { parentElement: above } = element;
      told = styleOf(element).clipPath === "inset(50%)" || (above !== null && isReadOut(above));
      readOut.set(element, told);
    }
    return told;
  }

  /**
   * The words, controls and pictures in sight, and what is cut.
   * @param {boolean} pictures @returns {{pieces: Piece[], faults: string[]}}
   */
  function collect(pictures) {
    /** @type {Piece[]} */
    const pieces = [];
    /** @type {string[]} */
    const faults = [];
    for (const element of document.querySelectorAll("body *")) {
      const isLabel = element.matches(".figure svg text");
      if (element.closest("svg") && !isLabel) continue;
      if ((isLabel || element.matches("canvas")) && !pictures) continue;
      const isControl = element.matches(CONTROLS);
      const lines = isLabel ? [] : linesOf(element);
      if (!isControl && !isLabel && !lines.length) continue;
      if (element.closest(SKIPPED) || !isShown(element)) continue;
      const layer = layerOf(element);
      if (isControl) {
        const box = element.getBoundingClientRect();
        const text = element instanceof HTMLElement ? (element.innerText ?? "") : "";
        add({ element, kind: "control", text, whole: [box], layer });
        const cut = fieldCut(element) ?? tiny(element, box);
        if (cut) faults.push(cut);
      }
      const text = element.textContent ?? "";
      if (isLabel && text.trim()) {
        const box = element.getBoundingClientRect();
        // Without a size it is written nowhere: a style or Plotly has hidden what it stands in.
        if (box.width > 0) add({ element, kind: "text", text, whole: [airless(box)], layer });
      }
      if (lines.length) {
        const size = parseFloat(styleOf(element).fontSize);
        if (size < LEAST_TYPE && !element.matches(MAY_BE_SMALL))
          faults.push(`small: ${nameOf(element, text)} is written in ${size} pixels`);
        const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
        add({
          element,
          kind: "text",
          text: own.map((node) => node.textContent).join(" "),
          whole: lines,
          layer,
        });
      }
    }
    return { pieces, faults };

    /** @param {Omit<Piece, "seen"|"home">} piece */
    function add(piece) {
      const { element, kind, text, whole } = piece;
      const home = element.closest("button, summary") ?? element;
      const seen = [];
      let told = false;
      for (const rect of whole) {
        const found = sight(element, rect, kind === "text" && !element.closest("svg"));
        if (isThere(found.seen)) seen.push(found.seen);
        if (!found.cutBy || told) continue;
        if (found.cutBy === "window" && home !== element) continue; // told of the whole control
        if (kind === "text" && isEllipsis(element) && isTold(element, text)) continue;
        const by = found.cutBy === "window" ? "the window" : nameOf(found.cutBy, "");
        const box =
          found.cutBy === "window" ? "" : ` (${sizeOf(found.cutBy.getBoundingClientRect())})`;
        faults.push(`cut: ${nameOf(element, text)} (${sizeOf(rect)}) by ${by}${box}`);
        told = true;
      }
      if (seen.length) pieces.push({ ...piece, seen, home });
    }
  }

  const ruler = new OffscreenCanvas(1, 1).getContext("2d");

  /** A list or a box whose value has no room. @param {Element} element */
  function fieldCut(element) {
    if (!ruler) return null;
    if (element instanceof HTMLSelectElement) {
      const style = styleOf(element);
      ruler.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const text = element.selectedOptions[0]?.text ?? "";
      const room =
        element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const need = ruler.measureText(text).width;
      // An ellipsis says that there is more, and the list that opens has all of it.
      const listed = style.textOverflow === "ellipsis" && element.options.length > 1 && room >= 48;
      if (need <= room + 1 || listed || isTold(element, text)) return null;
      return `cut: ${nameOf(element, text)} needs ${Math.round(need)}, has ${Math.round(room)}`;
    }
    if (element instanceof HTMLInputElement && !/range|checkbox|radio|file/.test(element.type)) {
      const wide = element.scrollWidth - element.clientWidth;
      if (wide <= 1 || isTold(element, element.value)) return null;
      return `cut: ${nameOf(element, element.value)} is ${wide} wider than its box`;
    }
    return null;
  }

  /** A control that is hard to hit. @param {Element} element @param {DOMRect} box */
  function tiny(element, { width, height }) {
    if (!element.matches(TARGETS) || element.matches(MAY_BE_SMALL)) return null;
    // Within a line of words it is as high as they are.
    const inLine = styleOf(element).display === "inline" || element.matches(".link");
    if ((width >= LEAST_TARGET || inLine) && (height >= LEAST_TARGET || inLine)) return null;
    return `tiny: ${nameOf(element, "")} has ${Math.round(width)} × ${Math.round(height)} pixels`;
  }

  /** Words that stand out of their button. @param {Piece} piece */
  function standsOut({ element, home, kind, text, whole }) {
    if (kind !== "text" || home === element) return null;
    if (isEllipsis(element) && isTold(element, text)) return null; // it is cut where its box ends
    const box = home.getBoundingClientRect();
    const out = whole.find(
      ({ left, right, top, bottom }) =>
        left < box.left - SLACK ||
        right > box.right + SLACK ||
        top < box.top - SLACK ||
        bottom > box.bottom + SLACK,
    );
    if (!out) return null;
    return `out: ${nameOf(element, text)} (${sizeOf(out)}) of ${nameOf(home, "")} (${sizeOf(box)})`;
  }

  /** @param {Piece[]} pieces */
  function overlaps(pieces) {
    const faults = [];
    // The words of a control lie in its box, which is compared for both.
    const rows = pieces
      .filter(({ home, element }) => home === element)
      .flatMap((piece) => piece.seen.map((rect) => ({ piece, rect })))
      .sort((a, b) => a.rect.top - b.rect.top);
    const told = new Set();
    for (let i = 0; i < rows.length; i++) {
      for (let j = i + 1; j < rows.length && rows[j].rect.top < rows[i].rect.bottom - SLACK; j++) {
        const [a, b] = [rows[i], rows[j]];
        const both = common(a.rect, b.rect);
        if (!isThere(both) || !isApart(a.piece, b.piece)) continue;
        const names = `${nameOf(a.piece.element, a.piece.text)} and ${nameOf(b.piece.element, b.piece.text)}`;
        if (told.has(names)) continue;
        told.add(names);
        faults.push(`overlap: ${names}: ${sizeOf(both)}`);
      }
    }
    return faults;
  }

  /** Whether two pieces must not overlap. @param {Piece} a @param {Piece} b */
  function isApart(a, b) {
    if (a.layer !== b.layer) return false;
    if (a.element.contains(b.element) || b.element.contains(a.element)) return false;
    const track = a.element.closest(ON_A_TRACK);
    return track === null || !track.contains(b.element);
  }

  /** @typedef {{text: string, left: number, top: number, right: number, bottom: number}} Written */
  /** What is written on every canvas, in its pixels. @type {WeakMap<object, Written[]>} */
  const written = new WeakMap();

  /** Keeps what is written on canvases from now on. */
  function listen() {
    const pen = CanvasRenderingContext2D.prototype;
    const { fillText, clearRect } = pen;
    pen.clearRect = function (x, y, width, height) {
      if (x <= 0 && y <= 0) written.set(this.canvas, []);
      return clearRect.call(this, x, y, width, height);
    };
    pen.fillText = function (text, x, y, ...rest) {
      const list = written.get(this.canvas) ?? [];
      const size = this.measureText(text);
      const at = this.getTransform();
      const corners = [
        [x - size.actualBoundingBoxLeft, y - size.actualBoundingBoxAscent],
        [x + size.actualBoundingBoxRight, y + size.actualBoundingBoxDescent],
      ].map(([px, py]) => at.transformPoint(new DOMPoint(px, py)));
      const [xs, ys] = [corners.map((point) => point.x), corners.map((point) => point.y)];
      list.push({
        text: String(text),
        left: Math.min(...xs),
        top: Math.min(...ys),
        right: Math.max(...xs),
        bottom: Math.max(...ys),
      });
      written.set(this.canvas, list);
      return fillText.call(this, text, x, y, ...rest);
    };
  }

  /** Words on one canvas that overlap, or leave it. @param {HTMLCanvasElement} canvas */
  function onCanvas(canvas) {
    /** @type {string[]} */
    const faults = [];
    const name = nameOf(canvas, "");
    const words = written.get(canvas) ?? [];
    const ratio = canvas.width / (canvas.getBoundingClientRect().width || 1);
    const edge = { left: 0, top: 0, right: canvas.width, bottom: canvas.height };
    words.forEach((a, i) => {
      const inside = common(a, edge);
      const lost = a.right - a.left - (inside.right - inside.left);
      if (lost > SLACK * ratio || a.bottom - a.top - (inside.bottom - inside.top) > SLACK * ratio)
        faults.push(
          `cut: “${a.text}” on ${name} (${sizeOf(a)} of ${canvas.width} × ${canvas.height})`,
        );
      for (const b of words.slice(i + 1)) {
        const both = common(a, b);
        const same =
          a.text === b.text && Math.abs(a.left - b.left) < 1 && Math.abs(a.top - b.top) < 1;
        if (isThere(both) && !same)
          faults.push(`overlap: “${a.text}” and “${b.text}” on ${name}: ${sizeOf(both)}`);
      }
    });
    return [...new Set(faults)];
  }

  /** What makes the document scroll sideways. @param {Piece[]} pieces */
  function sideways(pieces) {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = [...document.querySelectorAll("body *")].filter(
      (e) => isShown(e) && e.getBoundingClientRect().right > clientWidth + SLACK,
    );
    const inner = out.filter((e) => !out.some((other) => other !== e && e.contains(other)));
    const names = inner.slice(0, 4).map((e) => nameOf(e, e.textContent ?? ""));
    const all = names.join("; ") || pieces.length;
    return [`sideways: the page is ${scrollWidth} wide in a window of ${clientWidth}: ${all}`];
  }

  /** A page that has to be scrolled where all should be in sight. */
  function downwards() {
    const { scrollHeight, clientHeight, clientWidth } = document.documentElement;
    const { width, height } = ALL_IN_SIGHT;
    const fits = clientWidth < width || clientHeight < height || scrollHeight <= clientHeight;
    return fits ? [] : [`down: the page is ${scrollHeight} high in a window of ${clientHeight}`];
  }

  /** All that is wrong now. @param {boolean} pictures  whether what is written in pictures counts */
  function check(pictures) {
    styles = new Map();
    readOut = new Map();
    const { pieces, faults } = collect(pictures);
    const canvases = pictures ? [...document.querySelectorAll("canvas")].filter(isShown) : [];
    return [
      ...sideways(pieces),
      ...downwards(),
      ...faults,
      ...pieces.map(standsOut).filter((fault) => fault !== null),
      ...overlaps(pieces),
      ...canvases.flatMap(onCanvas),
    ];
  }

  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const pause = (/** @type {number} */ time) => new Promise((done) => setTimeout(done, time));

  /** How far plots in sight are from the sizes of their places. */
  const plotsOff = () =>
    [...document.querySelectorAll(".figure:has(.svg-container)")]
      .filter((plot) => plot.checkVisibility())
      .map((plot) => {
        const inner = plot.querySelector(".svg-container");
        const [width, height] = [inner?.clientWidth ?? 0, inner?.clientHeight ?? 0];
        return Math.max(Math.abs(width - plot.clientWidth), Math.abs(height - plot.clientHeight));
      });

  /** Whether the page has taken a size. @param {[number, number]} size */
  const isTaken = ([width, height]) => innerWidth === width && innerHeight === height;

  /**
   * All that is wrong once the page has taken the size of the window. Pictures follow the size of their places a moment
   * later, and cost time: unless they are asked for, they are left as they are and out of sight of this.
   * @param {[number, number]} size
   * @param {boolean} pictures
   */
  async function look(size, pictures) {
    holdPlots(!pictures);
    // Nothing of the page is painted, only laid out.
    document.documentElement.style.clipPath = pictures ? "" : "inset(100%)";
    while (!isTaken(size)) await frame();
    scrollTo(0, 0);
    await frame(); // what stands beside its control follows it
    await pause(0); // and after the frame, what is fitted to its place, whose size is told at its end
    if (pictures) {
      await frame();
      const end = performance.now() + 3000;
      await pause(130);
      while (Math.max(0, ...plotsOff()) > 1 && performance.now() < end) await pause(20);
      await frame();
    }
    return check(pictures);
  }

  /** What Plotly resizes with, while it is kept from doing so. @type {PlotlyModule["Plots"]["resize"]|null} */
  let held = null;
  /** @param {boolean} hold */
  function holdPlots(hold) {
    const plots = window.Plotly?.Plots;
    if (!plots || hold === (held !== null)) return;
    if (held) {
      plots.resize = held;
      held = null;
      // What was missed meanwhile.
      for (const plot of document.querySelectorAll(".js-plotly-plot"))
        if (plot instanceof HTMLElement && plot.checkVisibility()) plots.resize(plot);
      return;
    }
    held = plots.resize;
    plots.resize = async () => {};
  }

  /** The page is as it was. */
  function end() {
    holdPlots(false);
    document.documentElement.style.clipPath = "";
  }

  listen();
  Object.assign(window, { basinGeometry: look, basinGeometryEnd: end });
})();
