"""The page as it is at this moment: its layout, its words, its theme, and what axe-core finds."""

from functools import cache
from typing import Any

from tests import node
from tests.browser.visit import Visit

AXE = node.JS / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
    const options = { resultTypes: ["violations"], selectors: false };
    const { violations } = await axe.run(document, options);
    return violations.map(({ id, impact, help, nodes }) =>
        ({ id, impact, help, where: nodes.map((node) => [node.html.slice(0, 160),
            node.any[0]?.message ?? node.failureSummary]) }));
}"""

# Controls, and elements with words of their own, in sight: where they are, cut by what holds them.
PIECES = """() => {
    const clips = (style) => /hidden|clip|auto|scroll/.test(style.overflowX + style.overflowY);
    const named = (element) => {
        const path = [];
        for (let e = element; e && e !== document.body && path.length < 3; e = e.parentElement)
            path.unshift(e.id ? "#" + e.id : e.dataset.focus ?? e.dataset.pointer
                ?? (e.className?.baseVal ?? e.className).split(" ")[0] ?? e.tagName);
        return `${path.join(" ")} “${element.innerText?.slice(0, 24) ?? ""}”`;
    };
    const layer = (element) => {  // what scrolls apart from the rest may pass under or over it
        for (let e = element; e; e = e.parentElement)
            if (/fixed|sticky/.test(getComputedStyle(e).position)) return e;
        return null;
    };
    const controls = "button, select, input, textarea, a[href], canvas, [tabindex='0']";
    const pieces = [];
    for (const element of document.querySelectorAll("body *")) {
        if (element.closest(".figure *, svg *, .sr, option, [hidden]")) continue;
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        if (getComputedStyle(element).clipPath === "inset(50%)") continue;  // only read out
        const words = [...element.childNodes].some((node) => node.nodeType === 3
            && node.textContent.trim());
        const control = element.matches(controls) && !element.matches(".thumb input");
        if (!words && !control) continue;
        let { left, top, right, bottom } = element.getBoundingClientRect();
        if (words && !control) {  // only as far as the words go
            const range = document.createRange();
            range.selectNodeContents(element);
            ({ left, top, right, bottom } = range.getBoundingClientRect());
        }
        for (let e = element.parentElement; e; e = e.parentElement) {
            if (e === document.body || e === document.documentElement) break;
            if (!clips(getComputedStyle(e))) continue;
            const box = e.getBoundingClientRect();
            [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
            [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
        }
        if (right - left > 2 && bottom - top > 2)
            pieces.push({ element, name: named(element), left, top, right, bottom,
                layer: layer(element), control });
    }
    return pieces;
}"""

OVERLAPS = f"""() => {{
    const pieces = ({PIECES})();
    const found = [];
    for (let i = 0; i < pieces.length; i++) for (let j = i + 1; j < pieces.length; j++) {{
        const [a, b] = [pieces[i], pieces[j]];
        if (a.layer !== b.layer || a.element.contains(b.element) || b.element.contains(a.element))
            continue;
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1.5 && high > 1.5)
            found.push(`${{a.name}} and ${{b.name}}: ${{wide.toFixed(1)}} × ${{high.toFixed(1)}}`);
    }}
    return found;
}}"""

# Words that are wider or higher than the room they have, and what leaves the window.
CUT = f"""() => {{
    const found = [];
    const ruler = new OffscreenCanvas(1, 1).getContext("2d");
    for (const {{ element, name, left, right }} of ({PIECES})()) {{
        const style = getComputedStyle(element);
        const [wide, high] = [element.scrollWidth - element.clientWidth,
            element.scrollHeight - element.clientHeight];
        const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
        if (element.matches("select")) {{
            ruler.font = `${{style.fontWeight}} ${{style.fontSize}} ${{style.fontFamily}}`;
            const text = element.selectedOptions[0]?.text ?? "";
            const room = element.clientWidth - parseFloat(style.paddingLeft)
                - parseFloat(style.paddingRight);
            const need = ruler.measureText(text).width;
            if (need > room + 1) found.push(`${{name}}: ${{text}} needs ${{need}}, has ${{room}}`);
        }} else if (element.matches("input:not([type=range])")) {{
            if (wide > 1) found.push(`${{name}}: ${{element.value}} is ${{wide}} too wide`);
        }} else if (!element.matches("canvas, textarea, input") && style.display !== "inline"
            && !scrolls && (wide > 1 || high > 4))
            found.push(`${{name}}: ${{wide}} too wide, ${{high}} too high`);
        if (left < -1 || right > innerWidth + 1) found.push(`${{name}} leaves the window`);
    }}
    return found;
}}"""

SMALL = """() => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const home = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !home.checkVisibility()) continue;
        if (home.closest("sub, sup, script, style, option, .sr")) continue;
        if (home.closest(".xtick, .ytick")) continue;
        const size = parseFloat(getComputedStyle(home).fontSize);
        if (size < 13) found.add(`${walker.currentNode.textContent}: ${size}`);
    }
    for (const field of document.querySelectorAll("input, select, textarea, button"))
        if (parseFloat(getComputedStyle(field).fontSize) < 13) found.add(field.id || field.name);
    return [...found];
}"""

# Buttons and boxes too small to hit (24 × 24 is the least that WCAG 2.2 allows).
TINY = f"""() => ({PIECES})()
    .filter(({{ control, element }}) => control && element.matches("button, select, input")
        && !element.matches("[type=range], [type=checkbox]"))
    .map(({{ name, element }}) => [name, element.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([name, box]) => `${{name}}: ${{box.width}} × ${{box.height}}`)"""

FAULTS = (OVERLAPS, CUT, SMALL, TINY)

# The buttons of the transport bar that are not wholly in sight.
OUT_OF_REACH = """() => ["reset", "back", "step", "train"].filter((id) => {
    const { left, top, right, bottom, width } = document.getElementById(id).getBoundingClientRect();
    return !(width && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight);
})"""

BEYOND = """() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    return [scrollWidth - innerWidth, scrollHeight - innerHeight];
}"""

# By how much each plot is wider or narrower than its place.
PLOTS_OFF = """() => [...document.querySelectorAll(".figure:has(.svg-container)")].map((plot) =>
    Math.abs(plot.querySelector(".svg-container").clientWidth - plot.clientWidth))"""

# What a visitor can see, point at or hear, plots included.
ALL_WORDS = """() => {
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const home = walker.currentNode.parentElement;
        if (!home.closest("script, style, noscript, [hidden], [lang]:not(html)"))
            found.push(walker.currentNode.textContent);
    }
    for (const element of document.querySelectorAll("body *:not([hidden] *)"))
        for (const name of ["aria-label", "data-hint", "title", "placeholder", "aria-valuetext"])
            if (element.hasAttribute(name) && !element.matches("#language")
                && element.getAttribute(name) !== element.textContent)  // a text that is cut off
                found.push(element.getAttribute(name));
    for (const id of ["loss-plot", "surface-plot"])
        for (const { name, hovertemplate } of document.getElementById(id).data)
            found.push(name, hovertemplate?.replace(/%\\{.*?\\}|<.*?>/g, " "));
    return found.map((text) => text?.trim()).filter(Boolean);
}"""

# Controls without an explanation on themselves or on the label round them.
UNEXPLAINED = """() => [...document.querySelectorAll("button, select, input")]
    .filter((control) => control.checkVisibility() && !control.closest("[data-hint]")
        && !control.closest("label")?.matches("[data-hint]"))
    .map((control) => control.id || control.outerHTML.slice(0, 120))"""

GROUND = "() => getComputedStyle(document.body).backgroundColor"
INK = """() => [...document.querySelectorAll("#loss .figure")]
    .find((plot) => plot.checkVisibility())._fullLayout.font.color"""


@cache
def axe() -> str:
    """The text of axe-core."""
    assert node.install() == 0
    return AXE.read_text(encoding="utf-8")


def violations(visit: Visit) -> list[Any]:
    """What axe finds, but for what it calls minor."""
    if not visit.page.evaluate("'axe' in window"):
        visit.page.evaluate(axe())
    return [found for found in visit.page.evaluate(RUN) if found["impact"] != "minor"]


def amiss(visit: Visit, screen: str) -> list[str]:
    """What overlaps, is cut off, too small or out of reach; a laptop shows all at once."""
    wide, high = visit.page.evaluate(BEYOND)
    found = [f"the page is {wide} wider than the window"] if wide > 0 else []
    if screen == "laptop" and high > 0:
        found.append(f"the page is {high} higher than the window")
    found += [f"#{button} is out of reach" for button in visit.page.evaluate(OUT_OF_REACH)]
    return found + [fault for faults in FAULTS for fault in visit.page.evaluate(faults)]


def words(visit: Visit) -> list[str]:
    """All texts in sight, in hints and in plots."""
    return list(visit.page.evaluate(ALL_WORDS))


def is_dark(visit: Visit) -> bool:
    """Whether the page's ground is dark, and the plots' words are not."""
    ground = str(visit.page.evaluate(GROUND))
    red = int(ground.split("(")[1].split(",")[0])
    assert (int(str(visit.page.evaluate(INK))[1:3], 16) > 128) == (red < 128)
    return red < 128
