"""A teacher makes a link to measure and a mystery; a learner guesses and hands in; axe is clean."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Request, ViewportSize, expect

from app.config import Settings
from app.grade.command import grade
from tests.browser.inspection import axe
from tests.browser.visit import WORDS, Visit
from tests.browser.window import BETWEEN, SCREEN
from tests.serving import Server

FRAME: ViewportSize = {"width": 640, "height": 800}
IN = """async (part) => {
    const { violations } = await axe.run(part, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 160))]);
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"
# Whatever can be read or is read out: text, names, hints, titles.
ALL_WORDS = """() => [...document.querySelectorAll("body *:not(script, style)")].flatMap((one) => [
    ...[...one.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data),
    ...["aria-label", "data-hint", "title", "alt"].map((name) => one.getAttribute(name) ?? ""),
]).join()"""
NOTE = "Who falls first? <img src=x onerror=alert(1)> & 谁先？"


def problems(visit: Visit, part: str) -> list[Any]:
    """What axe finds in a part of the page."""
    if not visit.page.evaluate("'axe' in window"):
        visit.page.evaluate(axe())
    return list(visit.page.evaluate(IN, part))


def made(visit: Visit) -> str:
    """The link that the dialog makes, once axe has looked at it."""
    visit.click("#class-make")
    link = visit.find("#class-link")
    expect(link).to_be_visible()
    expect(visit.find(".class-qr img")).to_be_visible()
    assert problems(visit, "#class-dialog") == []
    whole = link.input_value()
    assert f'src="{whole.replace("&", "&amp;")}"' in visit.find("#class-frame").input_value()
    return whole[whole.index("/", 8) :]


def verdicts(text: str, language: str) -> list[str]:
    """The words of statuses in a text; those that say no more than that a run trains are none."""
    plain = ("status.training", "status.not_begun")
    words = [
        max(re.split(r"{\w+}", said), key=len).strip()
        for key, said in WORDS[language].items()
        if key.startswith("status.") and key not in plain
    ]
    assert len(words) == 7
    return [word for word in words if word.casefold() in text.casefold()]


def test_a_link_to_measure_shows_and_locks_what_it_says(visit: Visit) -> None:
    visit.click("#class-open")
    visit.choose("#class-part-loss", "hidden")  # and with it its tabs
    expect(visit.find("#class-tabs-gone")).to_have_text(WORDS["en"]["class.in.part.loss.gone"])
    expect(visit.find("#class-part-seeds")).to_be_disabled()
    expect(visit.find("#class-part-seeds")).to_have_value("hidden")
    visit.choose("#class-part-loss", "shown")
    expect(visit.find("#class-part-seeds")).to_be_enabled()
    expect(visit.find("#class-part-seeds")).to_have_value("shown")
    for part, way in (("data", "hidden"), ("surface", "hidden"), ("runs", "locked")):
        visit.choose(f"#class-part-{part}", way)
    visit.choose("#class-part-train", "locked")
    visit.find("#class-note-text").fill(NOTE)
    visit.find("#class-answers").uncheck()
    visit.choose("#class-language", "zh-CN")
    link = made(visit)
    with visit.page.expect_download() as download:
        visit.click("#class-qr-png")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")

    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(request.url)

    visit.page.on("request", hear)
    visit.open(f"{link}&step=300")
    visit.page.remove_listener("request", hear)
    assert not [url for url in asked if re.search("/api/.*/(surface|relief)", url)]
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")
    expect(visit.find("#class-note")).to_have_text(NOTE)
    for hidden in ("#data", "#surface", "#language", "#run-status"):
        expect(visit.find(hidden)).to_be_hidden()
    expect(visit.find("#reading")).to_have_text(WORDS["zh-CN"]["reading.untold"])
    for locked in ("#train", "#step", "#reset", "#add-run", "#new-draw"):
        expect(visit.find(locked)).to_be_disabled()
    for key in (" ", "ArrowRight", "r"):
        visit.page.keyboard.press(key)
    expect(visit.find("#notice")).to_contain_text("已锁定")
    assert visit.shown == 300
    assert problems(visit, "body") == []
    assert not verdicts(visit.page.evaluate(ALL_WORDS), "zh-CN")
    visit.click("#tab-signals")
    expect(visit.find(".signals-of")).not_to_be_empty()
    assert not verdicts(visit.page.evaluate(ALL_WORDS), "zh-CN")
    visit.click("#take-home-open")
    with visit.page.expect_download() as download:
        visit.click("#take-home-report")
    assert not verdicts(Path(download.value.path()).read_text("utf-8"), "zh-CN")
    visit.page.keyboard.press("Escape")

    visit.page.set_viewport_size(FRAME)
    visit.open("/?lang=en#v1&class=(embed:!t,hide:!(data,settings),blink:!t,lock:!(moon))")
    expect(visit.find("#notice")).to_contain_text("“blink” and “moon”")
    for chrome in ("#preset", "#share", "#help-button", "#language", "#settings"):
        expect(visit.find(chrome)).to_be_hidden()
    expect(visit.find("#train")).to_be_enabled()
    assert visit.page.evaluate(SIDEWAYS) == 0
    visit.page.goto(BETWEEN)
    visit.open("/?lang=en#lesson=same_weights")
    expect(visit.find("#lesson-skip")).to_be_visible()  # it has come
    visit.click("#class-open")
    expect(visit.find("#class-opens")).to_have_value("same_weights")
    visit.find("#class-answers").uncheck()
    visit.find("#class-embed").check()
    link = made(visit)
    assert link.endswith("#lesson=same_weights&class=(answers:!f,embed:!t)")
    visit.page.goto(BETWEEN)
    visit.open(link)
    visit.click("#lesson-skip")
    visit.click("#lesson-find")
    expect(visit.find("#lesson .lesson-body")).to_have_text(WORDS["en"]["lesson.kept"])
    assert visit.page.evaluate(SIDEWAYS) == 0
    visit.page.set_viewport_size(SCREEN)


@pytest.mark.flat
def test_a_branch_offers_what_is_not_locked_and_is_whole(visit: Visit) -> None:
    visit.page.goto(BETWEEN)
    visit.open("/?lang=en#v1&class=(lock:!(runs,settings))")
    visit.step()
    visit.click("#branch")
    expect(visit.find("#branch-panel")).to_contain_text(WORDS["en"]["class.in.locked"])
    expect(visit.find("#branch-panel :is(input, select, #branch-go)")).to_have_count(0)

    visit.page.goto(BETWEEN)
    visit.open("/?lang=en#v1&class=(lock:!(settings))")
    visit.step()
    visit.click("#branch")
    expect(visit.find("#branch-recipe")).to_be_visible()
    expect(visit.find("#branch-rate, #branch-optimizer")).to_have_count(0)
    visit.choose("#branch-recipe", "he")
    visit.anew(lambda: visit.click("#branch-go"))
    assert ["parameters" in event for event in visit.ask()["events"]] == [True]
    expect(visit.find("#learning-rate")).to_be_disabled()
    visit.click("#undo")  # what could be done can be taken back
    visit.eventually(lambda: visit.ask()["events"], lambda events: events == [])

    visit.page.goto(BETWEEN)
    visit.open("/?lang=en")
    visit.step()
    visit.click("#branch")
    visit.choose("#branch-recipe", "he")
    visit.choose("#branch-optimizer", "adam")
    visit.anew(lambda: visit.click("#branch-go"))
    events = visit.ask()["events"]
    assert [(event["run"], "optimizer" in event) for event in events] == [(0, False), (None, True)]
    visit.click("#undo")
    visit.eventually(lambda: visit.ask()["events"], lambda events: events == [])


@pytest.mark.flat
def test_what_replaces_locked_runs_is_refused(visit: Visit) -> None:
    visit.page.goto(BETWEEN)
    visit.open(
        "/?lang=en#v1&study=(count:8,steps:10)&see.tab=seeds&class=(lock:!(runs),hide:!(tools))"
    )
    spec = visit.ask()["spec"]
    visit.click("#study-run")
    visit.study()
    visit.click("#study-best")
    locked = WORDS["en"]["class.in.locked"]
    expect(visit.find("#notice")).to_have_text(locked)
    visit.click("#step")
    expect(visit.find("#step-count")).to_have_text("1")
    visit.experiment("deep")
    expect(visit.find("#notice")).to_have_text(locked)
    assert visit.ask()["spec"] == spec


@pytest.mark.flat
@pytest.mark.console_allows("422")
def test_a_mystery_that_nobody_could_solve_is_said_beside_its_control(visit: Visit) -> None:
    visit.click("#class-open")
    visit.find("#class-mystery").check()
    for when, box, wrong in (
        ("step", "#class-step", ("", "-1", "1.5", "1000000000")),
        ("word", "#class-word", ("", " \u200b")),
    ):
        visit.choose("#class-when", when)
        for text in wrong:
            visit.find(box).fill(text)
            visit.click("#class-make")
            expect(visit.find(box)).to_have_attribute("aria-invalid", "true")
            expect(visit.find(box)).to_be_focused()
            expect(visit.find("#class-link")).to_have_count(0)
    visit.find("#class-word").fill("pond")
    expect(visit.find("#class-dialog .problem")).to_have_count(0)
    made(visit)


@pytest.mark.flat
@pytest.mark.console_allows("403|422")
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_mystery_is_guessed_and_handed_in(
    visit: Visit, server: Server, tmp_path: Path, language: str
) -> None:
    visit.open(f"/?lang={language}")
    visit.click("#class-open")
    visit.find("#class-mystery").check()
    visit.find("#class-mystery-run-4").uncheck()  # all zeros is told
    zeros = WORDS[language]["catalog.recipes.all_zeros"]
    expect(visit.find("#class-mystery-seen")).to_contain_text(zeros)
    visit.choose("#class-when", "word")
    visit.find("#class-word").fill("basin")
    link = made(visit)
    assert "glorot" not in link
    visit.page.goto(BETWEEN)  # another fragment alone would not load the page anew
    visit.open(f"/?lang={language}{link[1:]}")
    told = visit.find("#runs .name").all_inner_texts()
    assert not {"Glorot", "small random W"} & set(told)
    assert told[4] == zeros
    for shut in ("#add-run", "#batch", "#loss-choice"):
        expect(visit.find(shut)).to_be_disabled()
    expect(visit.find("#seed")).to_have_count(0)  # what is told of it is not true
    question = WORDS[language]["question.mystery"].rpartition("|")[2].rstrip("}")
    expect(visit.find("#question")).to_have_text(question)
    visit.step(2)
    visit.click("#mystery-open")
    options = visit.find("#mystery fieldset").first.locator("label").all_inner_texts()
    assert problems(visit, "#mystery") == []
    right = next(i for i, text in enumerate(options) if "Glorot" in text)
    visit.find(f"#mystery input[name=mystery-0][value='{right}']").check()
    visit.find("#mystery-word").fill("pond")
    visit.click("#mystery-reveal")
    expect(visit.find("#mystery-said")).not_to_be_empty()
    visit.find("#mystery-word").fill(" Basin")
    visit.click("#mystery-reveal")
    expect(visit.find(".mystery-result")).to_have_count(4)
    expect(visit.find(".mystery-result.right")).to_have_count(1)
    assert problems(visit, "#mystery") == []
    visit.page.keyboard.press("Escape")
    expect(visit.find("#runs .name").first).to_contain_text("Glorot")

    visit.click("#class-open")
    visit.find("#hand-in-name").fill("=Ada")
    with visit.page.expect_download() as download:
        visit.click("#hand-in-save")
    folder = tmp_path / "class"
    folder.mkdir()
    download.value.save_as(folder / download.value.suggested_filename)
    visit.page.keyboard.press("Escape")
    document: dict[str, Any] = json.loads(next(folder.iterdir()).read_text("utf-8"))
    assert document["experiment"]["step"] == 2
    table, page = tmp_path / "t.csv", tmp_path / "p.html"
    settings = Settings(store=f"sqlite:///{server.store}")
    graded = grade(folder, table=table, page=page, language=language, settings=settings)
    assert graded == (0, "")
    assert table.read_text("utf-8-sig").count("'=Ada") == 5
    browser = visit.page.context.browser
    assert browser is not None
    with browser.new_context() as teachers:  # where no server says what a page may do
        shown = Visit(teachers.new_page())
        shown.page.goto(page.as_uri())
        assert problems(shown, "main") == []
