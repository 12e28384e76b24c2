"""The list of runs: recipes are added at a click, edited in place, and removed."""

from functools import partial
from operator import eq

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORDS, Visit, said

pytestmark = pytest.mark.flat

EN = WORDS["en"]
CHIPS = ("article", "zero_weights", "both_random", "same_weights", "all_zeros")
MORE = ("glorot", "lecun", "he", "orthogonal")


def test_the_articles_recipes_are_two_clicks_away(visit: Visit) -> None:
    for count, name in enumerate(CHIPS, start=6):
        visit.anew(partial(visit.add, name))
        expect(visit.find("#runs .run")).to_have_count(count)
        label = EN[f"catalog.recipes.{name}"]
        expect(visit.find("#runs .name").last).to_contain_text(label)
    known = {
        entry["name"]: entry["recipe"]
        for entry in visit.page.request.get("/api/catalog").json()["recipes"]
    }
    runs = visit.ask()["spec"]["runs"]
    assert [run["recipe"]["weights"] for run in runs[5:]] == [
        known[name]["weights"] for name in CHIPS
    ]
    visit.step()
    visit.rest()
    assert len(visit.curves()) == 10


def test_other_recipes_are_in_a_list(visit: Visit) -> None:
    for name in MORE:
        visit.anew(partial(visit.add, name))
        label = EN[f"catalog.recipes.{name}"]
        expect(visit.find("#runs .name").last).to_contain_text(label)
    assert len(visit.ask()["runs"]) == 9


def test_runs_of_one_recipe_are_told_apart(visit: Visit) -> None:
    visit.anew(lambda: visit.add("article"))
    options = visit.find("#surface-run option").all_inner_texts()
    assert len(set(options)) == 6


def test_there_are_sixteen_runs_at_most(visit: Visit) -> None:
    for _ in range(11):
        visit.add("article")
    expect(visit.find("#runs .run")).to_have_count(16)
    expect(visit.find("#runs-count")).to_have_text("16 of 16")
    expect(visit.find("#add-run")).to_be_disabled()
    visit.eventually(lambda: len(visit.ask()["runs"]), lambda runs: runs == 16)
    looks = visit.find("#runs .swatch path").evaluate_all(
        "(all) => all.map((path) => path.cloneNode().outerHTML)"
    )
    assert len(set(looks)) == 16
    visit.step()
    visit.rest()
    assert len(visit.curves()) == 16


def test_the_last_run_stays(visit: Visit) -> None:
    for left in (4, 3, 2, 1):
        visit.anew(lambda: visit.click("[data-focus='run/0/remove']"))
        expect(visit.find("#runs .run")).to_have_count(left)
    expect(visit.find("[data-focus='run/0/remove']")).to_be_disabled()
    expect(visit.find("#runs .name")).to_have_text([EN["catalog.recipes.all_zeros"]])
    visit.step()
    visit.rest()
    assert [curve["y"] for curve in visit.curves()] == visit.losses()


def test_a_run_keeps_its_colour_when_another_goes(visit: Visit) -> None:
    before = visit.run_colours()
    visit.anew(lambda: visit.click("[data-focus='run/1/remove']"))
    assert visit.run_colours() == [before[0], *before[2:]]
    visit.anew(lambda: visit.add("article"))
    assert visit.run_colours() == [before[0], *before[2:], before[1]]


def test_a_run_is_edited_in_its_place(visit: Visit) -> None:
    visit.click("[data-focus='run/1/edit']")
    visit.anew(lambda: visit.enter("[data-pointer='/runs/1/recipe/weights/std']", "0.5"))
    assert visit.ask()["spec"]["runs"][1]["recipe"]["weights"] == {"name": "normal", "std": 0.5}
    expect(visit.find("#runs .name").nth(1)).to_have_text("W ~ N(0, 0.5²), b = 0")
    rules = "[data-pointer='/runs/1/recipe/{}/name']"
    visit.anew(lambda: visit.choose(rules.format("weights"), "uniform"))
    visit.anew(lambda: visit.choose(rules.format("biases"), "constant"))
    recipe = visit.ask()["spec"]["runs"][1]["recipe"]
    assert (recipe["weights"]["name"], recipe["biases"]["name"]) == ("uniform", "constant")
    limit = visit.find("[data-pointer='/runs/1/recipe/weights/limit']").input_value()
    assert float(limit) == recipe["weights"]["limit"]
    visit.step()
    visit.rest()


def test_every_rule_for_weights_and_biases_can_be_chosen(visit: Visit) -> None:
    catalog = visit.page.request.get("/api/catalog").json()
    visit.click("[data-focus='run/0/edit']")
    for part, kind in (("weights", "weight_rules"), ("biases", "bias_rules")):
        for rule in (entry["name"] for entry in catalog[kind]):
            if rule != visit.ask()["spec"]["runs"][0]["recipe"][part]["name"]:
                select = f"[data-pointer='/runs/0/recipe/{part}/name']"
                visit.anew(partial(visit.choose, select, rule))
            assert visit.ask()["spec"]["runs"][0]["recipe"][part]["name"] == rule


def test_a_run_may_have_its_own_seed_and_rate(visit: Visit) -> None:
    before = visit.ask("/parameters", run=1)["W"]
    visit.click("[data-focus='run/1/edit']")
    visit.anew(lambda: visit.find("[data-focus='run/1/seed']").check())
    visit.anew(lambda: visit.enter("[data-pointer='/runs/1/seed']", "99"))
    assert visit.ask()["spec"]["runs"][1]["seed"] == 99
    assert visit.ask("/parameters", run=1)["W"] != before
    visit.anew(lambda: visit.find("[data-focus='run/1/rate']").check())
    visit.anew(lambda: visit.enter("[data-pointer='/runs/1/optimizer/learning_rate']", "0.2"))
    rates = [run["optimizer"]["learning_rate"] for run in visit.ask()["runs"]]
    assert rates == [1, 0.2, 1, 1, 1]
    expect(visit.find("#runs .words").nth(1)).to_contain_text("seed 99")
    expect(visit.find("#seed")).to_have_value("")
    expect(visit.find("#seed")).to_have_attribute("placeholder", EN["settings.rate.differs"])
    visit.anew(lambda: visit.find("[data-focus='run/1/seed']").uncheck())
    expect(visit.find("#seed")).to_have_value("7")
    assert visit.ask("/parameters", run=1)["W"] == before


def test_a_click_shows_a_run_in_detail(visit: Visit) -> None:
    for run in (0, 4):
        visit.find(f"#runs [data-run='{(run + 1) % 5}'] .pick").click()
        visit.find(f"#runs [data-run='{run}'] .pick").click()
        for choice in ("#learned-run", "#surface-run"):
            expect(visit.find(choice)).to_have_value(str(run))
        visit.eventually(lambda: visit.traces("contour-plot")[0]["meta"]["run"], partial(eq, run))
    runs_of_one_seed_scale_the_same_draws(visit)


def runs_of_one_seed_scale_the_same_draws(visit: Visit) -> None:
    glorot, article = (visit.ask("/parameters", run=run)["W"][0] for run in (0, 1))
    ratios = {
        round(a / b, 9)
        for row, other in zip(glorot, article, strict=True)
        for a, b in zip(row, other, strict=True)
    }
    assert len(ratios) == 1


def test_a_run_that_begins_anew_is_called_by_its_new_recipe(visit: Visit) -> None:
    before = visit.find("#runs .name").first.inner_text()
    visit.step()
    visit.click("#branch")
    visit.choose("#branch-recipe", "he")
    visit.anew(lambda: visit.click("#branch-go"))
    recipe = EN["catalog.recipes.he"]
    expect(visit.find("#runs .name").first).to_have_text(
        said("en", "runs.anew", name=before, recipe=recipe)
    )
    words = visit.find("#runs .words").first
    expect(words).to_contain_text(said("en", "runs.anew.words", step=1, words="W ~ He"))
    assert recipe in str(visit.find("#moment").get_attribute("title"))
    visit.click("#undo")
    expect(visit.find("#runs .name").first).to_have_text(before)
    expect(words).not_to_contain_text("He")
