"""Many seeds: what a visitor reads, opens, asks for otherwise, and takes away."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import GLOROT, LANGUAGES, WORDS, ZERO_WEIGHTS, Visit

EN = WORDS["en"]
SMALL = "#v1&study=(count:20,steps:60)&see.tab=seeds"
"""A link with a study that takes a moment."""


# How the cells of the table are laid out: another way than all others, and lines do not meet.
KINDS_OF_CELLS = """() => [...new Set(
    [...document.querySelectorAll(".seeds-table :is(td, th)")].map((cell) =>
        getComputedStyle(cell).display))]"""


@pytest.fixture
def small(page: Page) -> Visit:
    """A visit by a link with a small study, which has been trained."""
    visit = Visit(page).open(f"/{SMALL}")
    visit.click("#study-run")
    visit.study()
    return visit


def studies_made(visit: Visit) -> list[str]:
    """The addresses of the calls that make studies, from now on."""
    made: list[str] = []
    visit.page.on(
        "request",
        lambda request: (
            made.append(request.url)
            if request.method == "POST" and request.url.endswith("/api/studies")
            else None
        ),
    )
    return made


@pytest.mark.flat
def test_a_click_says_how_much_less_efficient_each_recipe_is(visit: Visit) -> None:
    visit.click("#repeat")
    study = visit.study()
    assert study["done"] == study["total"] == 500
    cell = study["cells"][0]
    reached = [recipe["steps_to_target"]["reached"] for recipe in cell["recipes"]]
    assert reached[GLOROT] == 100
    factor = next(pair for pair in cell["pairs"] if (pair["a"], pair["b"]) == (0, ZERO_WEIGHTS))
    for language in LANGUAGES:
        if language != LANGUAGES[0]:
            visit.click("#language")
        first = visit.find(".seeds-said > .first")
        expect(first).to_contain_text("Glorot")
        expect(first).to_contain_text(f"J = {study['target']:g}")
        rows = visit.find(".seeds-table tbody tr")
        expect(rows).to_have_count(5)
        expect(rows.nth(0)).to_have_attribute("data-run", str(GLOROT))
        for run, count in enumerate(reached):
            row = visit.find(f".seeds-table tr[data-run='{run}'] td").nth(0)
            expect(row).to_contain_text(
                WORDS[language]["seeds.of"].format(reached=count, seeds=100)
            )
        shown = visit.find(f".seeds-table tr[data-run='{ZERO_WEIGHTS}'] .seeds-factor")
        expect(shown).to_contain_text(f"{factor['factor']['median']:.2g} ×")
        assert visit.page.evaluate(KINDS_OF_CELLS) == ["table-cell"]
    curves = visit.traces("study-curves")
    medians = [trace["y"] for trace in curves if trace["name"] and len(trace["y"]) == 201]
    assert medians[0] == cell["recipes"][GLOROT]["loss"]["median"]
    assert sum(trace["meta"] is not None for trace in curves) == 15  # two bands of J, one of shares
    picture = visit.colours(visit.find("#study-dots").locator("..").screenshot())
    assert len(picture) > 20
    visit.click("#study-wide")
    expect(visit.find("#landscape-figures")).to_be_visible()


@pytest.mark.flat
def test_a_seed_is_opened_to_the_last_bit_and_undo_brings_back_what_was(small: Visit) -> None:
    study = small.study()
    final = [recipe["final"]["train"] for recipe in study["cells"][0]["recipes"]]
    seeds = study["cells"][0]["seeds"]
    before = small.id
    small.anew(lambda: small.click("#study-worst"))
    assert small.rest() == 60
    place = max(range(20), key=lambda at: final[GLOROT][at])
    assert [losses[-1] for losses in small.losses()] == [losses[place] for losses in final]
    expect(small.find("#notice")).to_contain_text(str(seeds[place]))
    assert small.curves("band"), "the runs of the other seeds lie behind"
    small.click("#notice-action")
    small.choose("#study-opened", "start")
    small.find("#study-dots").focus()
    small.page.keyboard.press("Home")
    best = min(range(20), key=lambda at: final[GLOROT][at])
    expect(small.find(".seeds-tip")).to_contain_text(str(seeds[best]))
    small.anew(lambda: small.page.keyboard.press("Enter"))
    expect(small.find("#step-count")).to_have_text("0")
    assert all(run["seed"] == seeds[best] for run in small.ask()["spec"]["runs"])
    a_new_seed_is_that_of_runs_with_their_own(small, seeds[best])
    small.anew(lambda: small.click("#undo"))
    small.anew(lambda: small.click("#undo"))
    assert small.id == before


def seeds_of_runs(visit: Visit) -> set[int]:
    spec = visit.ask()["spec"]
    return {run.get("seed", spec["seed"]) for run in spec["runs"]}


def a_new_seed_is_that_of_runs_with_their_own(visit: Visit, opened: int) -> None:
    box = visit.find("#seed")
    expect(box).to_have_value(str(opened))
    visit.anew(lambda: visit.enter("#seed", "8"))
    expect(visit.find("#notice")).to_contain_text(EN["notice.anew.seed"])
    assert seeds_of_runs(visit) == {8}
    visit.anew(lambda: visit.click("#undo"))
    expect(box).to_have_value(str(opened))
    assert seeds_of_runs(visit) == {opened}
    visit.anew(lambda: visit.click("#new-draw"))
    expect(visit.find("#notice")).to_contain_text(EN["notice.anew.seed"])
    assert seeds_of_runs(visit) == {int(box.input_value())} != {opened}
    visit.anew(lambda: visit.click("#undo"))


@pytest.mark.flat
def test_what_a_study_leaves_out_is_said_before_it_and_beside_it(page: Page) -> None:
    visit = Visit(page).open("/?lang=en#v1&study=(count:4,steps:10)&see.tab=seeds")
    notes = visit.find("#seeds-view .note")
    said = notes.filter(has_text=WORDS["en"]["seeds.anew"], visible=True)
    expect(visit.find("#study-run")).to_be_visible()
    expect(said).to_have_count(0)
    visit.step()
    visit.enter("#learning-rate", "0.25")
    expect(visit.find(".seeds-form-place .note").last).to_have_text(WORDS["en"]["seeds.anew"])
    visit.click("#study-run")
    visit.study()
    expect(said).to_have_count(1)
    visit.click("#study-settings")
    expect(said).to_have_count(1)


@pytest.mark.flat
def test_another_target_is_read_without_training(small: Visit) -> None:
    # Beside it stands what a study has too, and nothing of the present run alone.
    for option, is_there in (("test", True), ("log", True), ("sharpness", False)):
        expect(small.find(f"#loss-{option}")).to_be_visible(visible=is_there)
    expect(small.find("#loss-export")).to_be_hidden()
    made = studies_made(small)
    small.find("#study-target").fill("900")
    target = small.eventually(
        lambda: float(small.find(".seeds-target output").inner_text()), lambda shown: shown > 0.6
    )
    study = small.page.request.get(f"/api/studies/{small.study()['id']}?target={target}").json()
    reached = study["cells"][0]["recipes"][GLOROT]["steps_to_target"]["reached"]
    row = small.find(f".seeds-table tr[data-run='{GLOROT}'] td").nth(0)
    expect(row).to_contain_text(f"{reached} of 20")
    small.click("#study-own-target")
    expect(small.find("#study-own-target")).to_be_hidden()
    assert made == []


@pytest.mark.flat
def test_a_study_travels_in_a_link_and_is_kept(small: Visit) -> None:
    made = studies_made(small)
    address = small.eventually(lambda: str(small.page.url), lambda url: "study=" in url)
    assert SMALL in address
    small.page.reload()
    expect(small.find("#study-dots")).to_be_visible()
    small.click("#study-remove")
    expect(small.find("#study-run")).to_be_visible()
    assert small.page.evaluate("localStorage.getItem('basin.studies')") == "[]"
    small.page.goto("about:blank")
    small.open(f"/{SMALL}")
    expect(small.find("#study-run")).to_be_visible()  # nothing is trained until it is asked for
    assert made == []


@pytest.mark.flat
@pytest.mark.console_allows("status of 422")
def test_what_is_wrong_is_said_beside_its_control(page: Page) -> None:
    visit = Visit(page).open(f"/{SMALL}")
    count = visit.find("[data-pointer='/seeds/count']")
    count.fill("0")
    count.press("Enter")
    expect(visit.find(".seeds-form .problem")).to_have_text(
        EN["errors.out_of_range"].format(minimum=1, maximum=10000)
    )
    count.fill("10000")
    visit.enter("[data-pointer='/steps']", "50000")  # Enter asks for the study
    expect(visit.find(".seeds-form .problem")).to_contain_text(
        re.compile(r"Too much computing: .* has 62\.[78]T, the limit is 5T .*seeds of it\.")
    )
    expect(count).to_have_attribute("aria-invalid", "true")
    count.fill("1")
    visit.find("[data-pointer='/steps']").fill("60")
    visit.click("#study-run")
    visit.study()
    words = visit.find(".seeds-words")
    expect(words).to_contain_text(EN["seeds.words.few"])


@pytest.mark.flat
def test_a_grid_has_a_table_and_curves_of_every_cell(page: Page) -> None:
    visit = Visit(page).open(f"/{SMALL}")
    visit.choose("[data-pointer='/grid']", "learning_rate")
    visit.enter("[data-pointer='/grid/learning_rate']", "0.1, 1, 10")  # Enter asks for the study
    study = visit.study()
    assert study["grid"] == {"learning_rate": [0.1, 1, 10]}
    expect(visit.find(".small-plot")).to_have_count(3)
    expect(visit.find(".heat-cell")).to_have_count(15)
    visit.click(".small-plot >> nth=1")
    expect(visit.find(".seeds-said > .first")).to_contain_text("α = 1")
    expect(visit.find(".heat-cell[aria-pressed='true']")).to_have_count(5)
    visit.find("#study-settings").click()
    visit.choose("[data-pointer='/grid/second']", "units")
    visit.find("[data-pointer='/grid/units']").fill("1; 2")
    visit.click("#study-run")
    expect(visit.find(".heat")).to_have_count(5)
    study = visit.study()
    assert len(study["cells"]) == 6
    expect(visit.find(".heat-cell")).to_have_count(30)
    expect(visit.find("#study-choice option")).to_have_count(2)


@pytest.mark.flat
def test_a_wide_grid_stays_where_it_was_scrolled_to(page: Page) -> None:
    visit = Visit(page).open(f"/{SMALL}")
    visit.choose("[data-pointer='/grid']", "learning_rate")
    visit.enter("[data-pointer='/grid/learning_rate']", "0.01, 0.03, 0.1, 0.3, 1, 3, 10")
    visit.study()
    page.set_viewport_size({"width": 390, "height": 844})
    place = visit.find(".heat-place")
    expect(place).to_have_class("heat-place more-after")
    place.evaluate("place => { place.scrollLeft = place.scrollWidth; }")
    expect(place).to_have_class("heat-place more-before")
    end = place.evaluate("place => place.scrollLeft")
    left = "name => name.getBoundingClientRect().x"
    head = visit.find(".heat tbody th").first.evaluate(left)
    visit.click("[data-focus='cell/6/0']")
    expect(visit.find(".seeds-said > .first")).to_contain_text("α = 10")
    assert end > 0
    assert place.evaluate("place => place.scrollLeft") == end
    assert visit.find(".heat tbody th").first.evaluate(left) == head >= 0


@pytest.mark.flat
def test_a_study_is_taken_away_with_its_legend_and_words(small: Visit) -> None:
    def saved(kind: str) -> Path:
        small.click("#study-save")
        with small.page.expect_download() as download:
            small.click(f"#study-save-{kind}")
        assert re.fullmatch(rf"basin-study-20-seeds\.{kind}", download.value.suggested_filename)
        return download.value.path()

    rows = saved("csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 20 * 5
    whole: Any = json.loads(saved("json").read_text(encoding="utf-8"))
    assert whole["request"]["seeds"] == {"first": 7, "count": 20}
    assert whole["result"]["done"] == 100
    drawn = saved("svg").read_text(encoding="utf-8")
    assert "Glorot" in drawn
    assert "20 seeds" in drawn
    assert saved("png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.flat
def test_a_cancelled_study_keeps_what_it_has(page: Page) -> None:
    visit = Visit(page).open("/#v1&study=(count:5000)&see.tab=seeds")
    visit.click("#study-run")
    expect(visit.find("#study-dots")).to_be_visible()
    visit.click("#study-cancel")
    expect(visit.find(".seeds-notes")).to_contain_text("Cancelled after")
    expect(visit.find("#study-cancel")).to_have_count(0)
    expect(visit.find(".seeds-table tbody tr")).to_have_count(5)
    visit.click("#study-remove")
    expect(visit.find("#study-run")).to_be_visible()
