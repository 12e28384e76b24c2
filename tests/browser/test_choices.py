"""Every choice of the catalogue is offered, with its formula, and can be made on the way."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.flat


def options(visit: Visit, selector: str) -> list[str]:
    return list(visit.find(f"{selector} option").evaluate_all("all => all.map(o => o.value)"))


def names(entries: list[Any]) -> list[str]:
    return [entry["name"] for entry in entries]


def test_every_choice_is_in_reach_with_its_formula(visit: Visit) -> None:
    catalog = visit.catalog()
    visit.click("#more-training")
    visit.click("[data-focus='run/1/edit']")
    for selector, kind in (
        ("#optimizer", "optimizers"),
        ("#loss-choice", "losses"),
        ("#training-more [data-pointer='/schedule/name']", "schedules"),
        ("#training-more [data-pointer='/clipping/name']", "clippings"),
        ("#training-more [data-pointer='/regularizer/name']", "regularizers"),
        ("[data-pointer='/runs/1/recipe/weights/name']", "weight_rules"),
        ("[data-pointer='/runs/1/recipe/biases/name']", "bias_rules"),
        ("[data-pointer='/layers/1/activation']", "activations"),
    ):
        assert options(visit, selector) == names(catalog[kind])
    for sheet, kind in (
        ("/layers/1/functions", "activations"),
        ("/optimizer/all", "optimizers"),
        ("/loss/all", "losses"),
        ("/runs/1/recipe/weights/all", "weight_rules"),
    ):
        visit.click(f"[data-focus='{sheet}']")
        shown = visit.find("#gallery .option .expression").all_text_contents()
        assert shown == [entry["formula"] for entry in catalog[kind]]
        visit.page.keyboard.press("Escape")
        expect(visit.find(f"[data-focus='{sheet}']")).to_be_focused()


def test_the_optimizer_changes_in_the_middle_of_training(visit: Visit) -> None:
    visit.step(2)
    before = visit.losses()
    first = visit.id
    visit.choose("#optimizer", "adam")
    visit.eventually(lambda: visit.ask()["runs"][0]["optimizer"]["name"], "adam".__eq__)
    visit.click("#more-training")
    visit.enter("#training-more [data-pointer='/optimizer/beta1']", "0.5")
    visit.choose("#training-more [data-pointer='/regularizer/name']", "l2")
    visit.eventually(lambda: len(visit.ask()["events"]), (2).__le__)
    expect(visit.find("#step-count")).to_have_text("2")
    visit.step()
    visit.rest()
    assert visit.id == first
    assert [run[:3] for run in visit.losses()] == before
    expect(visit.find("#penalty-option")).to_be_visible()
    visit.find("#loss-penalty").check()
    without = visit.losses()[0][-1] or 0.0
    visit.eventually(lambda: visit.curves()[0]["y"][-1], lambda drawn: drawn > without)
    for _ in range(3):
        visit.click("#undo")
    optimizer = visit.ask()["spec"]["optimizer"]["name"]
    visit.eventually(lambda: visit.ask()["runs"][0]["optimizer"]["name"], optimizer.__eq__)


def test_a_run_has_an_optimizer_and_a_rule_of_a_layer_of_its_own(visit: Visit) -> None:
    visit.click("[data-focus='run/1/edit']")
    visit.click("[data-fold='training'] summary")
    visit.anew(lambda: visit.choose("[data-pointer='/runs/1/optimizer/name']", "adam"))
    visit.click("[data-fold='layers'] summary")
    rule = "[data-pointer='/runs/1/recipe/layers/1/weights/name']"
    visit.anew(lambda: visit.choose(rule, "zeros"))
    run = visit.ask()["spec"]["runs"][1]
    assert run["optimizer"]["name"] == "adam"
    assert run["recipe"]["layers"][1]["weights"] == {"name": "zeros"}
    expect(visit.find("[data-run='1'] .words")).to_contain_text("Adam")


def test_features_and_dropout_are_chosen(visit: Visit) -> None:
    visit.click("[data-focus='features']")
    visit.anew(lambda: visit.click("[data-feature='x1^2']"))
    assert visit.ask()["spec"]["features"] == ["x1", "x2", "x1^2"]
    expect(visit.find("#shapes td").first).to_have_text("(4, 3)")
    visit.page.keyboard.press("Escape")
    visit.click("[data-focus='/layers/0/functions']")
    visit.anew(lambda: visit.find("[data-pointer='/layers/0/dropout']").fill("500"))
    assert visit.ask()["spec"]["layers"][0]["dropout"] > 0.3
