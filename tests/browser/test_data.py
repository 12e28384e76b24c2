"""The choice of data: what is drawn, what can be set, and numbers brought by a learner."""

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORDS, Visit

EN = WORDS["en"]
TABLE = "#custom-numbers"
GOOD = "0, 0, 0\n0, 1, 1\n1, 0, 1\n1, 1, 0\n0.2, 0.1, 0"
WRONG = {
    "a word": ("1, 2, 0\n3, four, 1", EN["custom.not_a_number"].format(line=2, cell="four")),
    "a short row": (
        "1, 2, 0\n3, 4, 1\n5, 1",
        EN["custom.uneven"].format(line=3, found=2, expected=3),
    ),
    "no target": ("1\n2\n3", EN["custom.too_few_columns"].format(line=1)),
    "one row": ("1, 2, 0", EN["custom.too_few_rows"]),
    "nothing": ("", EN["custom.too_few_rows"]),
}


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
    before = visit.ask("/data")["train"]["x"]
    visit.anew(lambda: visit.find("#data-noise").fill("1000"))
    expect(visit.find("#data-noise")).to_be_enabled()
    noise = visit.ask()["spec"]["data"]["noise"]
    shown = visit.find(".field:has(#data-noise) output")
    expect(shown).to_have_text(f"{noise:g}")
    assert visit.ask("/data")["train"]["x"] != before


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


def test_pasted_numbers_are_trained(visit: Visit) -> None:
    choose(visit, "custom")
    visit.find(TABLE).fill(GOOD)
    visit.anew(lambda: visit.click("#custom-use"))
    data = visit.ask()["spec"]["data"]
    assert data["targets"] == [0, 1, 1, 0, 0]
    assert data["inputs"][4] == [0.2, 0.1]
    expect(visit.find(TABLE)).to_have_value(GOOD)
    visit.step()
    visit.rest()
    assert [curve["y"] for curve in visit.curves()] == visit.losses()


def test_pasted_numbers_with_one_input_are_a_curve(visit: Visit) -> None:
    choose(visit, "custom")
    visit.find(TABLE).fill("x\ty\n0\t1.5\n1\t2.5\n2\t3.25\n")
    visit.anew(lambda: visit.click("#custom-use"))
    spec = visit.ask()["spec"]
    assert (spec["layers"][-1]["activation"], spec["loss"]) == ("linear", "mse")
    expect(visit.find("#shapes td").first).to_have_text("(4, 1)")
    visit.step()
    visit.rest()
    assert [curve["y"] for curve in visit.curves()] == visit.losses()


def test_inputs_are_standardised_when_asked(visit: Visit) -> None:
    choose(visit, "custom")
    visit.find(TABLE).fill("100, 1\n200, 2\n600, 9")
    visit.anew(lambda: visit.click("#custom-use"))
    visit.anew(lambda: visit.find("#standardize").check())
    inputs = [x for (x,) in visit.ask("/data")["train"]["x"]]
    assert sum(inputs) == pytest.approx(0, abs=1e-9)
    assert sum(x * x for x in inputs) / 3 == pytest.approx(1)


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=list(WRONG))
def test_a_bad_table_is_told_beside_it(visit: Visit, text: str, message: str) -> None:
    choose(visit, "custom")
    visit.step()
    before = visit.ask()
    visit.find(TABLE).fill(text)
    visit.click("#custom-use")
    expect(visit.find("#custom .problem")).to_have_text(message)
    expect(visit.find(TABLE)).to_have_attribute("aria-invalid", "true")
    assert visit.ask() == before
    expect(visit.find("#step-count")).to_have_text("1")
    visit.find(TABLE).fill(GOOD)
    visit.anew(lambda: visit.click("#custom-use"))
    expect(visit.find(".problem")).to_have_count(0)


@pytest.mark.console_allows("422")
def test_a_table_the_server_refuses_leaves_the_experiment(visit: Visit) -> None:
    choose(visit, "custom")
    before = visit.ask()
    visit.find(TABLE).fill("1, 2e300, 0\n1, 2, 1")
    visit.click("#custom-use")
    expect(visit.find("#custom .problem")).to_be_visible()
    expect(visit.find("#notice")).to_contain_text(EN["notice.refused"])
    assert visit.ask() == before
    visit.click("#notice-action")
    expect(visit.find(".problem")).to_have_count(0)
    visit.step()
