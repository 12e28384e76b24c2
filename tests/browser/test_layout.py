"""The screen: nothing overlaps, nothing is cut off, nothing is too small, at three sizes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import LANGUAGES, Visit

SCREENS = {"laptop": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}

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


def opened(page: Page, screen: str, language: str) -> Visit:
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    return Visit(page).open(f"/?lang={language}")


def check_nothing_is_amiss(visit: Visit) -> None:
    for fault in (OVERLAPS, CUT, SMALL, TINY):
        assert visit.page.evaluate(fault) == []


def sizes(visit: Visit) -> Any:
    return visit.page.evaluate(
        """() => {
            const { scrollWidth, scrollHeight } = document.documentElement;
            return [scrollWidth - innerWidth, scrollHeight - innerHeight];
        }"""
    )


def check_fits(visit: Visit, screen: str) -> None:
    wide, high = sizes(visit)
    assert wide <= 0
    if screen == "laptop":
        assert high <= 0
    for button in ("#reset", "#back", "#step", "#train"):
        expect(visit.find(button)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", list(SCREENS))
def test_all_is_in_its_place(page: Page, screen: str, language: str) -> None:
    visit = opened(page, screen, language)
    check_fits(visit, screen)
    check_nothing_is_amiss(visit)
    visit.find("#speed").fill("6")
    visit.click("#train")
    visit.eventually(lambda: visit.shown, lambda shown: shown > 300)
    visit.click("#train")
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "false")
    check_fits(visit, screen)
    check_nothing_is_amiss(visit)

    set_much_up(visit)
    check_fits(visit, screen)
    check_nothing_is_amiss(visit)


def set_much_up(visit: Visit) -> None:
    """A deeper network, more runs, a batch, an open editor and three wrong numbers."""
    visit.anew(lambda: visit.click("#add-layer"))
    visit.anew(lambda: visit.click("#recipes [data-recipe='both_random']"))
    visit.anew(lambda: visit.choose("#batch", "mini"))
    visit.click("[data-focus='run/1/edit']")
    visit.enter("[data-pointer='/runs/1/recipe/weights/std']", "-1")
    visit.enter("[data-pointer='/layers/0/units']", "0")
    visit.enter("#learning-rate", "100")
    expect(visit.find(".problem")).to_have_count(3)


@pytest.mark.parametrize("screen", ["laptop", "phone"])
def test_all_is_in_its_place_with_numbers_of_the_learners_own(page: Page, screen: str) -> None:
    visit = opened(page, screen, "en")
    visit.click("#own-open")
    visit.find("#table-text").fill("a,b\n1,2\n3,\n5,x\n7,8")
    expect(visit.find("#own .problems")).to_be_visible()
    check_fits(visit, screen)
    check_nothing_is_amiss(visit)


@pytest.mark.parametrize("screen", ["tablet", "phone"])
def test_the_transport_bar_is_always_in_reach(page: Page, screen: str) -> None:
    visit = opened(page, screen, "en")
    visit.find("#seed").scroll_into_view_if_needed()
    visit.find("#surface-plot").scroll_into_view_if_needed()
    for button in ("#step", "#train"):
        expect(visit.find(button)).to_be_in_viewport(ratio=1)
    visit.click("#step")
    expect(visit.find("#step-count")).to_have_text("1")


def test_plots_follow_the_size_of_the_window(visit: Visit) -> None:
    visit.rest()
    for width, height in (SCREENS["phone"], SCREENS["laptop"]):
        visit.page.set_viewport_size({"width": width, "height": height})
        visit.eventually(
            lambda: visit.find(".figure:has(.svg-container)").evaluate_all(
                """(plots) => plots.map((plot) => Math.abs(
                    plot.querySelector(".svg-container").clientWidth - plot.clientWidth))"""
            ),
            lambda off: max(off) <= 1,
        )
    assert sizes(visit)[0] <= 0
