"""The page as it is at this moment: its words, its theme, and what axe-core finds."""

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


def words(visit: Visit) -> list[str]:
    """All texts in sight, in hints and in plots."""
    return list(visit.page.evaluate(ALL_WORDS))


def is_dark(visit: Visit) -> bool:
    """Whether the page's ground is dark, and the plots' words are not."""
    ground = str(visit.page.evaluate(GROUND))
    red = int(ground.split("(")[1].split(",")[0])
    assert (int(str(visit.page.evaluate(INK))[1:3], 16) > 128) == (red < 128)
    return red < 128
