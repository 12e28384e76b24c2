"""The main job, clicked: compare initialisations, and see what the server computed."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.basin import Basin, numbers

STARTS = {"en": "/?lang=en", "zh-CN": "/?lang=zh-CN"}


@pytest.fixture
def basin(page: Page) -> Basin:
    return Basin(page).open()


def curves(basin: Basin, which: str = "train") -> list[Any]:
    """The drawn curve of every run."""
    traces = basin.traces("loss-plot")
    return [trace for trace in traces if (trace.get("meta") or {}).get("set") == which]


def surface_of(basin: Basin) -> Any:
    """The drawn surface."""
    return next(trace for trace in basin.traces("surface-plot") if trace["type"] == "surface")


def flat(z: Any) -> list[float]:
    return numbers(z) if isinstance(z, dict) else [value for row in z for value in row]


@pytest.mark.parametrize("start", STARTS.values(), ids=list(STARTS))
def test_step_draws_what_the_server_computed(page: Page, start: str) -> None:
    basin = Basin(page).open(start)
    expect(page.locator("#runs [data-run]")).to_have_count(5)
    before = basin.picture("#loss-plot"), basin.picture("#surface-plot")
    for step in (1, 2, 3):
        basin.click("step")
        basin.show_step(step)
    server = basin.ask("/loss", points=1000)
    assert server["steps"] == [0, 1, 2, 3]
    drawn = curves(basin)
    assert [trace["x"] for trace in drawn] == [server["steps"]] * 5
    assert [trace["y"] for trace in drawn] == server["train"]
    assert basin.picture("#loss-plot") != before[0]
    assert basin.picture("#surface-plot") != before[1]


@pytest.mark.parametrize("start", STARTS.values(), ids=list(STARTS))
def test_train_and_pause_leave_page_and_server_at_one_step(page: Page, start: str) -> None:
    basin = Basin(page).open(start)
    shown = basin.train_to(40)
    server = basin.ask("/loss", points=20_000)
    assert server["steps"][-1] == shown
    basin.until(lambda: curves(basin)[0]["x"][-1] == shown)
    for run, trace in enumerate(curves(basin)):
        assert trace["y"] == [server["train"][run][step] for step in trace["x"]]
    for run, trace in enumerate(curves(basin, "test")):
        assert trace["y"] == [server["test"][run][step] for step in trace["x"]]


def test_the_surface_and_the_paths_are_the_servers(basin: Basin, page: Page) -> None:
    shown = basin.train_to(30)
    basin.until(lambda: surface_of(basin)["meta"]["step"] == shown)
    drawn = surface_of(basin)
    ends = {"x_min": drawn["x"][0], "x_max": drawn["x"][-1]}
    ends |= {"y_min": drawn["y"][0], "y_max": drawn["y"][-1]}
    server = basin.ask("/surface", run=0, x="W1[0,0]", y="b1[0]", size=len(drawn["x"]), **ends)
    assert flat(drawn["z"]) == pytest.approx(numbers(server["z"]), rel=1e-6)
    truth = basin.ask("/loss", points=20_000)["train"]
    lines = [trace for trace in basin.traces("surface-plot") if trace["mode"] == "lines"]
    assert len(lines) == 5
    for run, line in enumerate(lines):
        assert line["z"][0] == truth[run][0]
        assert line["z"][-1] == truth[run][shown]


def test_other_axes_draw_another_surface(basin: Basin, page: Page) -> None:
    before = basin.picture("#surface-plot")
    page.locator("#axis-x").select_option("W2[0,1]")
    page.locator("#axis-y").select_option("b2[0]")
    basin.until(
        lambda: (
            not (surface_of(basin)["meta"]["run"] != 0 or basin.picture("#surface-plot") == before)
        )
    )
    server = basin.ask("/surface", run=0, x="W2[0,1]", y="b2[0]", size=61)
    assert flat(surface_of(basin)["z"]) == pytest.approx(numbers(server["z"]), rel=1e-6)


def test_back_and_forward_again_are_the_same_numbers(basin: Basin) -> None:
    for step in (1, 2, 3, 4):
        basin.click("step")
        basin.show_step(step)
    first = basin.ask("/loss", points=1000)
    basin.click("back")
    basin.show_step(3)
    assert basin.ask()["step"] == 3
    basin.click("reset")
    basin.show_step(0)
    for step in (1, 2, 3, 4):
        basin.click("step")
        basin.show_step(step)
    assert basin.ask("/loss", points=1000) == first


def test_another_learning_rate_goes_on_and_another_network_starts_anew(
    basin: Basin, page: Page
) -> None:
    basin.click("step")
    basin.show_step(1)
    first = basin.id
    page.locator("#learning-rate").fill("0.25")
    page.locator("#learning-rate").press("Enter")
    basin.click("step")
    basin.show_step(2)
    assert basin.id == first
    assert basin.ask()["events"][0]["optimizer"]["learning_rate"] == 0.25
    page.locator("#add-layer").click()
    basin.show_step(0)
    expect(page.locator("#notice")).not_to_be_empty()
    assert basin.id != first
    assert len(basin.ask()["shapes"]) == 3
    page.locator("#undo").click()
    expect(page.locator("#add-layer")).to_be_enabled()
    basin.until(lambda: len(basin.ask()["shapes"]) == 2)


@pytest.mark.parametrize(
    ("box", "value"),
    [("#learning-rate", "100"), ("#data-samples", "1"), ("#seed", "-1"), ("#data-seed", "many")],
)
def test_a_wrong_number_is_told_beside_its_box(
    basin: Basin, page: Page, box: str, value: str
) -> None:
    before = basin.id, basin.ask()
    page.locator(box).fill(value)
    page.locator(box).press("Enter")
    expect(page.locator(box)).to_have_attribute("aria-invalid", "true")
    message = page.locator(box).get_attribute("aria-describedby") or ""
    words = " ".join(page.locator(f"#{id}").inner_text() for id in message.split())
    assert re.search(r"\d", words) or value == "many", words
    assert (basin.id, basin.ask()) == before


def test_the_language_changes_in_the_middle_of_training(basin: Basin, page: Page) -> None:
    basin.click("step")
    basin.show_step(1)
    page.locator("#language").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("#train")).to_contain_text("训练")
    basin.show_step(1)
    assert not re.search(r"\b[a-z]+\.[a-z]+\.[a-z]+", page.locator("body").inner_text())


def test_a_run_that_blows_up_is_marked_and_the_others_go_on(basin: Basin, page: Page) -> None:
    page.locator("#preset").select_option("too_large_a_step")
    expect(page.locator("#runs [data-run]")).to_have_count(4)
    basin.train_to(90)
    runs = basin.ask()["runs"]
    assert [run["status"] for run in runs].count("diverged") == 1
    k = next(k for k, run in enumerate(runs) if run["status"] == "diverged")
    expect(page.locator("#runs [data-run]").nth(k)).to_contain_text(str(runs[k]["diverged_at"]))
    assert all(trace["y"][-1] is not None for i, trace in enumerate(curves(basin)) if i != k)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)], ids=str)
@pytest.mark.parametrize("start", STARTS.values(), ids=list(STARTS))
def test_nothing_runs_out_of_the_window(page: Page, start: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    Basin(page).open(start)
    wide, tall = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert wide <= size[0]
    assert tall <= size[1] or size[0] < 1024
    box = page.locator("#train").bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= size[1] - box["height"]
