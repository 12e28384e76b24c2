"""The choice of data: what is drawn, and what can be set."""

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORDS, Visit

pytestmark = pytest.mark.flat

EN = WORDS["en"]


def choose(visit: Visit, name: str) -> None:
    visit.anew(lambda: visit.click(f"#datasets [data-data='{name}']"))


@pytest.mark.parametrize("name", ["xor", "gauss", "spiral", "line"])
def test_every_data_set_is_drawn_and_trained(visit: Visit, name: str) -> None:
    visit.rest()
    before = visit.still("#decision-map")
    choose(visit, name)
    expect(visit.find("#data-name")).to_have_text(EN[f"catalog.data.{name}"])
    visit.step()
    visit.rest()
    assert visit.ask()["spec"]["data"]["name"] == name
    assert [curve["y"] for curve in visit.curves()] == visit.losses()
    assert visit.still("#decision-map") != before


def test_a_data_set_keeps_what_it_shares_with_the_last(visit: Visit) -> None:
    visit.anew(lambda: visit.enter("#data-samples", "200"))
    choose(visit, "spiral")
    expect(visit.find("#data-samples")).to_have_value("200")
    assert len(visit.ask("/data")["train"]["x"]) == 100


def test_noise_scatters_the_points(visit: Visit) -> None:
    before = visit.ask("/data")["train"]
    visit.anew(lambda: visit.find("#data-noise").fill("1000"))
    expect(visit.find("#data-noise")).to_be_enabled()
    noise = visit.ask()["spec"]["data"]["noise"]
    shown = visit.find(".field:has(#data-noise) output")
    expect(shown).to_have_text(f"{noise:g}")
    assert visit.ask("/data")["train"] != before


def test_all_samples_in_training_leave_no_test_set(visit: Visit) -> None:
    visit.anew(lambda: visit.find("#data-train_fraction").fill("1000"))
    expect(visit.find("#test-loss")).to_have_text(EN["learned.noTest"])
    visit.step()
    visit.rest()
    assert visit.curves("test") == []
    assert [curve["y"] for curve in visit.curves()] == visit.losses()


def test_a_draw_takes_another_seed(visit: Visit) -> None:
    visit.anew(lambda: visit.click("[data-focus='/data/seed/draw']"))
    assert visit.ask()["spec"]["data"]["seed"] == int(visit.find("#data-seed").input_value())
    visit.anew(lambda: visit.click("[data-focus='/seed/draw']"))
    assert visit.ask()["spec"]["seed"] == int(visit.find("#seed").input_value())


def test_every_data_set_is_one_click_away(visit: Visit) -> None:
    """Those out of sight are in the gallery, with their formulas; one that is taken is in sight."""
    visit.click("[data-focus='data/all']")
    offered = visit.find("#gallery [data-option]")
    names = [str(offered.nth(i).get_attribute("data-option")) for i in range(offered.count())]
    assert sorted(names) == sorted(entry["name"] for entry in visit.catalog()["data"])
    visit.anew(lambda: visit.click("#gallery [data-option='rings']"))
    expect(visit.find("#datasets input[value='rings']")).to_be_checked()
    spec = visit.ask()["spec"]
    assert spec["layers"][-1] == {"units": 3, "activation": "softmax", "dropout": 0.0}
    assert spec["loss"] == "softmax_cross_entropy"
    visit.step()
    visit.rest()
    assert [curve["y"] for curve in visit.curves()] == visit.losses()
