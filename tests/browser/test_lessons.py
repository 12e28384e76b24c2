"""A newcomer goes through all lessons, answering right, wrong and not at all; axe is clean."""

import base64
import json
import re
import zlib
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, Route, ViewportSize, expect

from app.lab.lessons.built_in import lesson
from app.lab.lessons.order import BUILT_IN
from app.lab.lessons.schema import OF_STUDIES
from tests.browser.inspection import axe
from tests.browser.visit import STUDY_PATIENCE, WORDS, Visit
from tests.browser.window import BETWEEN, SCREEN
from tests.lab.lessons.test_check import sample

PHONE: ViewportSize = {"width": 390, "height": 844}
IN_LESSON = """async () => {
    const { violations } = await axe.run("#lesson", { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 160))]);
}"""
# What of the transport is covered by something else, or out of sight.
COVERED = """() => ["train", "step"].filter((id) => {
    const { left, top, width, height } = document.getElementById(id).getBoundingClientRect();
    const seen = document.elementFromPoint(left + width / 2, top + height / 2);
    return !seen?.closest(`#${id}`);
})"""
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"
# Where the page says what a card asks for before training: not before it is predicted.
ASKED = {
    "loss": ["#learned", "#loss", "#surface"],
    "gradient": ["#network", "#tab-explain", "#surface"],
    "bound": ["#surface"],
    "layer_factor": ["#tab-signals"],
}
WAYS = ("right", "wrong", "skipped")


def answer(visit: Visit, predict: dict[str, Any], right: bool) -> None:
    """Make a prediction, the right one or one that is far from it."""
    ANSWERS[predict["kind"]](visit, predict, right)


def choose(visit: Visit, predict: dict[str, Any], right: bool) -> None:
    place = predict["answer"] if right else (predict["answer"] + 1) % len(predict["options"])
    visit.find(f"#lesson input[type=radio][value='{place}']").check()


def set_number(visit: Visit, predict: dict[str, Any], right: bool) -> None:
    low, high, value = predict["low"], predict["high"], predict["answer"]
    place = (value - low) / (high - low)
    if predict["scale"] == "log":
        place = visit.page.evaluate(f"Math.log({value} / {low}) / Math.log({high} / {low})")
    if not right:
        place = 1 - round(place)
    visit.find("#lesson input[type=range]").fill(str(round(200 * place)))


def type_shape(visit: Visit, predict: dict[str, Any], right: bool) -> None:
    rows, columns = predict["answer"] if right else [n + 1 for n in predict["answer"]]
    boxes = visit.find("#lesson .lesson-shape input")
    boxes.nth(0).fill(str(rows))
    boxes.nth(1).fill(str(columns))


def put_in_order(visit: Visit, predict: dict[str, Any], right: bool) -> None:
    wanted = predict["answer"] if right else predict["answer"][::-1]
    for place, item in enumerate(wanted):
        row = visit.find(f"#lesson .lesson-order li[data-item='{item}']")
        while visit.find("#lesson .lesson-order li").nth(place).get_attribute("data-item") != str(
            item
        ):
            row.locator("[data-act=down], [data-act=up]").first.press("ArrowUp")
    top = visit.find("#lesson .lesson-order li").first
    top.locator("[data-act=down]").press("ArrowUp")  # stays there, and is meant


def sketch(visit: Visit, predict: dict[str, Any], right: bool) -> None:
    handle = visit.find("#lesson .handle").first
    handle.press("ArrowUp")
    assert float(str(handle.get_attribute("aria-valuenow"))) == pytest.approx(
        0.55 * predict["high"]
    )


def descend(visit: Visit, predict: dict[str, Any], right: bool) -> None:
    boxes = visit.find("#lesson .lesson-move input")
    boxes.nth(0).fill("0.5" if right else "-0.5")
    boxes.nth(0).press("Enter")
    visit.find("#lesson .fog").click(position={"x": 60, "y": 60})


ANSWERS: dict[str, Callable[[Visit, dict[str, Any], bool], None]] = {
    "choice": choose,
    "number": set_number,
    "shape": type_shape,
    "order": put_in_order,
    "sketch": sketch,
    "descend": descend,
}


def clean(visit: Visit, seen: str, looked: set[str]) -> None:
    """Check that nothing goes sideways, and have axe look at what it has not seen of its kind."""
    assert visit.page.evaluate(SIDEWAYS) <= 0
    if seen not in looked:
        looked.add(seen)
        assert visit.page.evaluate(IN_LESSON) == []


def through(visit: Visit, card: dict[str, Any], way: str, asked: set[str]) -> None:
    """Answer a card in a way, and look at it before and after.

    Of questions of a kind that was asked before only the answer is looked at.
    """
    kind, study = card["predict"]["kind"], card["measure"]["quantity"] in OF_STUDIES
    expect(visit.find("#lesson-skip")).to_be_visible()
    telling = ASKED.get(card["measure"]["quantity"], []) if not card["steps"] else []
    for part in ["#tab-seeds", *telling]:
        expect(visit.find(part)).to_be_hidden()
    if kind not in asked:
        expect(visit.find("#train")).to_be_disabled()
        clean(visit, kind, set())
    if way == "skipped":
        visit.click("#lesson-skip")
    else:
        answer(visit, card["predict"], way == "right")
        visit.click("#lesson-submit")
    if study and kind in asked:  # many seeds take their time: it is left unanswered
        return
    if card["steps"]:
        visit.click("#lesson-study" if study else "#lesson-find")
    verdict = visit.find("#lesson .lesson-verdict")
    expect(verdict).to_be_visible(timeout=STUDY_PATIENCE if study else None)
    if card["steps"] and not study:
        expect(visit.find("#step-count")).to_have_text(f"{card['steps']:,}")
    if kind not in ("sketch", "descend"):
        expect(verdict).to_have_class(f"lesson-verdict {way}")
    if kind not in asked:
        assert visit.page.evaluate(COVERED) == []
        asked.add(kind)


def named(visit: Visit, language: str, id: str, place: int) -> None:
    """Check that the card says which it is, in a language."""
    found = lesson(id)
    values = {"title": found["title"][language], "place": place + 1, "count": len(found["cards"])}
    name = WORDS[language]["lesson.place"].format(**values)
    expect(visit.find("#lesson .lesson-name")).to_have_text(name)


def finish(visit: Visit, count: int, known: bool, follows: bool) -> None:
    """Go on from the last card; the next lesson is offered once the server has told the list."""
    asked: list[Route] = []
    visit.page.route("**/api/lessons?*", lambda route: asked.append(route))
    visit.click("#lesson-next")
    expect(visit.find("#lesson .lesson-summary li")).to_have_count(count)
    following = visit.find("#lesson-following")
    if known:
        expect(following).to_have_count(1 if follows else 0)
        assert not asked
    else:
        assert following.count() == 0
    for route in asked:
        route.continue_()
    visit.page.unroute("**/api/lessons?*")
    if follows:
        visit.click("#lesson-following")


@pytest.mark.flat
def test_all_lessons_can_be_gone_through_in_both_languages(visit: Visit) -> None:
    """The language changes in every lesson, at its first answer."""
    visit.page.evaluate(axe())
    visit.click("#preset")
    visit.click(f"#experiments [data-lesson='{BUILT_IN[0]}']")
    asked: set[str] = set()
    looked: set[str] = set()
    told = {"en"}  # by the gallery
    ways, languages = cycle(WAYS), cycle(["zh-CN", "en"])
    language = "en"
    for number, id in enumerate(BUILT_IN):
        visit.page.set_viewport_size(PHONE if number % 2 else SCREEN)
        cards = lesson(id)["cards"]
        for place, card in enumerate(cards):
            named(visit, language, id, place)
            if (id, place) == ("same_weights", 0):
                expect(visit.find("#lesson .lesson-first svg")).to_have_count(3)
            way = next(ways)
            through(visit, card, way, asked)
            if not place:
                language = next(languages)
                visit.click("#language")
                named(visit, language, id, place)
            clean(visit, f"{card['predict']['kind']}, {way}", looked)
            if place < len(cards) - 1:
                visit.click("#lesson-next")
        finish(visit, len(cards), known=language in told, follows=id != BUILT_IN[-1])
        told.add(language)
    expect(visit.find("#lesson .lesson-summary li")).to_have_count(len(cards))
    visit.click("#lesson-end")
    expect(visit.find("#preset")).to_have_attribute("data-value", "opening")


@pytest.mark.flat
def test_a_lesson_is_trained_left_resumed_and_gives_back_the_experiment(visit: Visit) -> None:
    own = visit.train(to=5) or visit.shown
    address = re.compile(rf"#v1&step={own}&see.J=contour$")
    expect(visit.page).to_have_url(address)
    visit.click("#preset")
    visit.click("#experiments [data-lesson='learning_rate']")
    expect(visit.find("#lesson-submit")).to_be_disabled()  # nothing is said yet
    visit.page.keyboard.press("Space")  # locked, with its key
    expect(visit.find("#step-count")).to_have_text("0")
    first = visit.find("#lesson .lesson-order li").first
    before = first.get_attribute("data-item")
    box, below = (visit.find("#lesson .lesson-order .grip").nth(i).bounding_box() for i in (0, 1))
    assert box is not None
    assert below is not None
    visit.page.mouse.move(box["x"] + 4, box["y"] + 8)
    visit.page.mouse.down()
    visit.page.mouse.move(below["x"] + 4, below["y"] + 8, steps=4)
    visit.page.mouse.up()
    expect(first).not_to_have_attribute("data-item", str(before))
    visit.click("#lesson-submit")
    visit.click("#train")
    expect(visit.find("#lesson .lesson-verdict")).to_be_visible()
    expect(visit.page).to_have_url(re.compile("#lesson=learning_rate$"))
    visit.page.reload()  # comes back to the card, with what was answered
    expect(visit.find("#lesson .lesson-table")).to_be_visible()
    with visit.page.expect_download() as download:
        visit.click("#lesson-code")
    assert "import numpy" in Path(download.value.path()).read_text("utf-8")
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert copied(visit, "lesson").endswith("/#lesson=learning_rate&card=1")
    visit.click("#lesson-open")
    expect(visit.find("#data")).to_be_visible()
    assert "#v1&preset=" in copied(visit, "share")  # what is tried is no card
    visit.click("#lesson-leave")
    expect(visit.find("#lesson")).to_have_count(0)
    expect(visit.find("#preset")).to_have_attribute("data-value", "opening")
    expect(visit.find("#step-count")).to_have_text(str(own))
    expect(visit.page).to_have_url(address)  # looked at as before


@pytest.mark.flat
def test_undo_in_a_lesson_is_of_the_lesson(visit: Visit) -> None:
    """What was changed before it is undone after it."""
    visit.anew(lambda: visit.enter("#seed", "8"))
    visit.click("#preset")
    visit.click("#experiments [data-lesson='learning_rate']")
    expect(visit.find("#lesson-submit")).to_be_visible()
    expect(visit.find("#undo")).to_be_disabled()
    visit.page.keyboard.press("Control+z")
    visit.click("#lesson-leave")
    expect(visit.find("#lesson")).to_have_count(0)
    expect(visit.find("#seed")).to_have_value("8")
    expect(visit.find("#redo")).to_be_disabled()
    visit.anew(lambda: visit.click("#undo"))
    expect(visit.find("#seed")).to_have_value("7")


def copied(visit: Visit, kind: str) -> str:
    """The link that Copy link gives, and says to be of a kind."""
    visit.click("#share")
    expect(visit.find("#notice")).to_contain_text(WORDS["en"][f"{kind}.copied.computer"])
    return str(visit.page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.flat
def test_a_lesson_of_ones_own_is_checked_previewed_and_opened(visit: Visit) -> None:
    visit.click("#preset")
    visit.click("#lesson-own-open")
    schema = visit.find("#lesson-own a")
    expect(schema).to_have_text(WORDS["en"]["lesson.own.schema"])
    answer = visit.page.request.get(str(schema.evaluate("(link) => link.href")))
    assert answer.json()["required"] == ["basin_lesson", "title", "about", "cards"]
    bad = sample().replace('"steps": 200', '"steps": "200"').replace("One network", "<img src=x>")
    visit.find("#lesson-text").fill(bad)
    visit.click("#lesson-check")
    line = bad[: bad.index('"steps"')].count("\n") + 1
    problems = visit.find("#lesson-report li")
    expect(problems).to_have_count(1)
    expect(problems).to_contain_text(WORDS["en"]["lesson.own.line"].replace("{line}", str(line)))
    for foreign in ("{", "<html>", json.dumps({"a": 1})):
        visit.find("#lesson-text").fill(foreign)
        visit.click("#lesson-check")
        expect(visit.find("#lesson-report .problem")).to_be_visible()
    text = (
        sample()
        .replace("One network", "<img src=x>")
        .replace('"steps"', '"locked": false, "steps"')
    )
    file: FilePayload = {"name": "l.json", "mimeType": "application/json", "buffer": text.encode()}
    visit.find("#lesson-file").set_input_files(file)
    expect(visit.find("#lesson-report")).to_contain_text("<img src=x>, two seeds.")
    expect(visit.find("#lesson-report img")).to_have_count(0)
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    visit.page.route("**/api/experiments", hold)
    visit.click("#lesson-start")
    expect(visit.find("#lesson .lesson-order li")).to_have_count(2)
    visit.eventually(lambda: late, bool)
    # Until its experiment is there, nothing is changed: it would be made of the one before.
    for control in ("#add-run", "#seed", "#loss-choice", "#optimizer"):
        expect(visit.find(control)).to_be_disabled()
    late[0].continue_()
    expect(visit.find("#runs .swatch")).to_have_count(2)
    visit.page.unroute("**/api/experiments", hold)
    # Its set-up is open while it asks; the prediction is about what the card says.
    visit.anew(lambda: visit.add("article"))
    expect(visit.find("#runs .swatch")).to_have_count(3)
    visit.click("#lesson-skip")
    expect(visit.find("#lesson-train")).to_be_visible()
    expect(visit.find("#data")).to_be_hidden()
    visit.eventually(lambda: len(visit.ask()["spec"]["runs"]), lambda runs: runs == 2)
    expect(visit.find("#train")).to_be_enabled()


@pytest.mark.flat
def test_a_link_carries_a_lesson_or_says_that_it_does_not(page: Page) -> None:
    visit = Visit(page).open(f"/#lesson={packed(sample())}&card=2")
    expect(visit.find("#lesson .lesson-shape")).to_be_visible()  # the card, not its answer
    expect(visit.find("#lesson-own")).to_have_count(0)
    visit.page.goto(BETWEEN)
    visit.open(f"/#lesson={packed(sample().replace('runs', 'rums'))}")
    expect(visit.find("#notice")).to_have_text(WORDS["en"]["lesson.link.broken"])
    expect(visit.find("#train")).to_be_enabled()
    expect(visit.find("#lesson, #lesson-own")).to_have_count(0)
    assert "rums" not in visit.find("body").inner_text()
    visit.page.goto(BETWEEN)  # nor is the lesson of before taken up over another link
    visit.open("/#v1&preset=bowl")
    expect(visit.find("#preset")).to_have_attribute("data-value", "bowl")
    expect(visit.find("#train")).to_be_enabled()
    expect(visit.find("#lesson")).to_have_count(0)


def packed(text: str) -> str:
    """A lesson as a link carries it."""
    deflated = zlib.compress(text.encode(), wbits=-15)
    return f"~{base64.urlsafe_b64encode(deflated).decode().rstrip('=')}"


@pytest.mark.flat
def test_experiments_stay_where_they_are_when_the_lessons_come_late(visit: Visit) -> None:
    """Whoever is about to click one would else click another, or none."""
    kept: list[Route] = []
    late, asked = True, 0

    def arrive(route: Route) -> None:
        nonlocal asked
        asked += 1
        kept.append(route) if late else route.continue_()

    visit.page.route("**/api/lessons?*", arrive)
    visit.click("#preset")
    visit.find("#preset").dispatch_event("click")  # and again, while it waits
    first = visit.find("#experiments [data-preset]").first
    expect(first).to_be_visible()
    expect(visit.find("#experiments section").last).to_have_class("lesson-strip")
    before = first.bounding_box()
    late = False  # a busy machine may ask for some of them only now
    for route in kept:
        route.continue_()
    expect(visit.find("#experiments [data-lesson]")).to_have_count(len(BUILT_IN))
    assert first.bounding_box() == before
    visit.anew(lambda: visit.click("#experiments [data-preset='bowl']"))
    once, asked = asked, 0
    visit.click("#preset")
    expect(visit.find("#experiments section").first).to_have_class("lesson-strip")
    expect(visit.find("#experiments [data-lesson]")).to_have_count(len(BUILT_IN))
    assert (once, asked) == (1, 0)  # they are known by now, however busy the server is


@pytest.mark.flat
@pytest.mark.console_allows("strip.js|Failed to load resource")
def test_without_its_lessons_the_gallery_has_the_experiments(visit: Visit) -> None:
    visit.page.route("**/lessons/strip.js", lambda route: route.abort())
    visit.click("#preset")
    expect(visit.find("#experiments [data-preset='bowl']")).to_be_visible()
    expect(visit.find("#experiments .lesson-strip")).to_have_count(0)
    expect(visit.find("#notice")).to_have_text(WORDS["en"]["errors.offline"])
    visit.anew(lambda: visit.click("#experiments [data-preset='bowl']"))
