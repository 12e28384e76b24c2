"""axe-core finds nothing serious, and what axe cannot know is tested by hand."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import node
from tests.browser.visit import LANGUAGES, Visit

AXE = node.JS / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, impact, help, nodes }) =>
        ({ id, impact, help, where: nodes.map((node) => [node.html.slice(0, 160),
            node.any[0]?.message ?? node.failureSummary]) }));
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core."""
    assert node.install() == 0
    return AXE.read_text(encoding="utf-8")


def violations(visit: Visit, axe: str) -> list[Any]:
    """What axe finds on the page as it is."""
    visit.page.evaluate(axe)
    return [found for found in visit.page.evaluate(RUN) if found["impact"] != "minor"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_at_first_and_after_training(
    page: Page, axe: str, theme: Any, language: str
) -> None:
    page.emulate_media(color_scheme=theme)
    visit = Visit(page).open(f"/?lang={language}")
    visit.rest()
    assert violations(visit, axe) == []
    visit.train(to=130, speed=6)
    assert violations(visit, axe) == []


def test_axe_finds_nothing_in_what_can_be_opened(visit: Visit, axe: str) -> None:
    visit.click("#own-open")
    visit.find("#table-text").fill("a,b\n1,2\n3,\n5,x\n7,8")
    expect(visit.find("#own .problems")).to_be_visible()
    assert violations(visit, axe) == []
    for way in ("formula", "draw"):
        visit.click(f"#own [data-way='{way}']")
        assert violations(visit, axe) == []
    visit.click("#own-close")
    for sheet in ("data/all", "features", "/layers/0/functions", "/loss/all"):
        visit.click(f"[data-focus='{sheet}']")
        assert violations(visit, axe) == []
        visit.page.keyboard.press("Escape")
    visit.click("#more-training")
    visit.click("[data-focus='run/1/edit']")
    for fold in ("draws", "layers", "training"):
        visit.click(f"[data-fold='{fold}'] summary")
    visit.enter("#learning-rate", "100")
    visit.click("#help-button")
    expect(visit.find("#help")).to_be_visible()
    assert violations(visit, axe) == []


@pytest.mark.flat
def test_what_happened_is_announced(visit: Visit) -> None:
    visit.train(to=10)
    expect(visit.find("#announcer")).to_have_text(visit.find("#reading").inner_text())
    expect(visit.find("#announcer")).to_have_attribute("aria-live", "polite")
    expect(visit.find("#notice")).to_have_role("status")


def test_every_control_has_a_name(visit: Visit) -> None:
    visit.click("[data-focus='run/1/edit']")
    controls = visit.find("button, select, input, textarea, canvas[role=img], .figure")
    for i in range(controls.count()):
        control = controls.nth(i)
        if control.is_visible():
            expect(control).to_have_accessible_name(re.compile(r"\S"))


def test_controls_are_explained(visit: Visit) -> None:
    """Every control has a short explanation, itself or on the label round it."""
    bare = visit.page.evaluate(
        """() => [...document.querySelectorAll("button, select, input")]
            .filter((control) => control.checkVisibility() && !control.closest("[data-hint]")
                && !control.closest("label")?.matches("[data-hint]"))
            .map((control) => control.id || control.outerHTML.slice(0, 120))"""
    )
    assert set(bare) <= {"notice-action", "help-close"}
