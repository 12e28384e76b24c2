"""Data of the learner's own: a table pasted or opened, a formula, points drawn by hand."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORDS, Visit

pytestmark = pytest.mark.flat

EN = WORDS["en"]
IRISES = "length\twidth\tspecies\n" + "".join(
    f"{4.5 + kind + 0.1 * i:.1f}\t{0.3 + 0.8 * kind + 0.05 * i:.2f}\t{name}\n"
    for i in range(12)
    for kind, name in enumerate(("setosa", "versicolor", "virginica"))
)


def paste(visit: Visit, text: str) -> None:
    visit.click("#own-open")
    visit.find("#table-text").fill(text)
    expect(visit.find("#own .preview")).to_be_visible()


def test_five_recipes_train_on_a_table_from_a_spreadsheet(visit: Visit) -> None:
    """Pasted with tabs and a header; the target picked, classes by name, then numbers instead."""
    paste(visit, IRISES)
    expect(visit.find("#table-delimiter")).to_have_value("\t")
    expect(visit.find("#table-target")).to_have_value("species")
    visit.anew(lambda: visit.click("#table-use"))
    spec = visit.ask()["spec"]
    assert spec["data"]["classes"] == ["setosa", "versicolor", "virginica"]
    assert (spec["layers"][-1]["units"], spec["loss"]) == (3, "softmax_cross_entropy")
    visit.train(to=60, speed=6)
    assert len(visit.curves()) == 5
    assert [curve["y"][0] for curve in visit.curves()] == [run[0] for run in visit.losses()]
    losses = visit.losses()[0]
    assert (losses[-1] or 1.0) < (losses[0] or 0.0)

    visit.click("#own-edit")
    expect(visit.find("#table-text")).to_have_value(IRISES)
    visit.choose("#table-target", "width")
    expect(visit.find("#table-task")).to_have_value("regression")
    visit.anew(lambda: visit.click("#table-use"))
    spec = visit.ask()["spec"]
    assert (spec["layers"][-1]["activation"], spec["loss"]) == ("linear", "mse")
    assert spec["data"]["input_names"] == ["length"]


def test_bad_rows_are_named_by_line_and_left_out_only_when_told(visit: Visit) -> None:
    before = visit.ask()
    paste(visit, "a,b,kind\n1,2,no\n3,,yes\n5,x,no\n7,8,yes\n2,1,no\n")
    problems = visit.find("#own .problems li")
    where = EN["table.atCell"].format
    assert problems.all_inner_texts() == [
        where(line=3, column="b", what=EN["table.problem.missing"]),
        where(line=4, column="b", what=EN["table.problem.not_a_number"].format(text="x")),
    ]
    expect(visit.find("#table-use")).to_be_disabled()
    assert visit.ask() == before
    visit.click("#table-omit")
    expect(visit.find("#own .problems")).to_have_count(0)
    visit.anew(lambda: visit.click("#table-use"))
    assert visit.ask()["spec"]["data"]["inputs"] == [[1, 2], [7, 8], [2, 1]]


def test_a_file_is_opened_and_one_too_large_is_not_even_read(visit: Visit, tmp_path: Path) -> None:
    small, large, blank = (tmp_path / f"{name}.csv" for name in ("small", "large", "blank"))
    blank.write_text(" \n")
    small.write_text("x;y\n1,5;2\n2,5;3\n3,5;9\n", encoding="utf-8")
    large.write_bytes(b"1,2\n" * (visit.catalog()["limits"]["body_bytes"] // 4 + 1))
    visit.click("#own-open")
    visit.find("#own input[type=file]").set_input_files(large)
    expect(visit.find("#own .problem")).to_contain_text("8 MB")
    visit.find("#own input[type=file]").set_input_files(blank)
    expect(visit.find("#own .problem")).to_have_text(WORDS["en"]["table.blank"])
    visit.find("#own input[type=file]").set_input_files(small)
    expect(visit.find("#own .problem")).to_have_count(0)
    visit.anew(lambda: visit.click("#table-use"))
    assert visit.ask()["spec"]["data"]["inputs"] == [[1.5], [2.5], [3.5]]
    # Another set and back: the table is still there.
    visit.anew(lambda: visit.click("#datasets [data-data='xor']"))
    visit.anew(lambda: visit.click("#own-open"))
    assert visit.ask()["spec"]["data"]["inputs"] == [[1.5], [2.5], [3.5]]
    with visit.page.expect_download() as download:
        visit.click("#data-save")
    with Path(download.value.path()).open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["x", "y"], ["1.5", "2"], ["2.5", "3"], ["3.5", "9"]]


def test_a_table_of_two_readings_is_asked_about_and_both_are_shown(visit: Visit) -> None:
    rows = "".join(
        f"{value:,};{i % 2}\n".replace(",", ".") for i, value in enumerate(range(940, 1100, 20))
    )
    paste(visit, "Umsatz;Gewinn\n" + rows)
    cards = visit.find("#own .reading")
    expect(cards).to_have_count(2)
    expect(cards.nth(0).locator("td").first).to_have_text("1000")
    expect(cards.nth(1).locator("td").first).to_have_text("1")
    expect(visit.find("#table-use")).to_be_disabled()
    cards.nth(0).locator("button").click()
    expect(cards).to_have_count(0)
    expect(visit.find("#table-grouping")).to_have_value(".")
    expect(visit.find("#own .preview td").nth(6)).to_have_text("1.000 = 1000")
    # The answer is remembered while the text is edited.
    visit.find("#table-text").press_sequentially("1.100;1\n")
    expect(visit.find("#own .found .muted").last).to_contain_text("9")
    visit.anew(lambda: visit.click("#table-use"))
    inputs = [row[0] for row in visit.ask()["spec"]["data"]["inputs"]]
    assert sorted(inputs) == [*range(940, 1100, 20), 1100]


def test_a_chinese_file_is_read_in_its_encoding_and_gaps_are_filled(
    visit: Visit, tmp_path: Path
) -> None:
    file = tmp_path / "gbk.csv"
    text = "长度,颜色,种类\n" + "".join(
        f"{'NA' if i % 5 == 4 else i},{'红绿蓝'[i % 3]},{['山鸢尾', '变色鸢尾'][i % 2]}\n"
        for i in range(20)
    )
    file.write_bytes(text.encode("gb18030"))
    visit.click("#own-open")
    visit.find("#own input[type=file]").set_input_files(file)
    expect(visit.find("#table-encoding")).to_have_value("gb18030")
    expect(visit.find("#own .problems li").first).to_contain_text("长度")
    visit.choose("#table-missing", "median")
    expect(visit.find("#own .problems")).to_have_count(0)
    visit.click("#own .preview label:has-text('颜色')")
    expect(visit.find("#own .preview .input span.muted").last).to_contain_text("3")
    visit.anew(lambda: visit.click("#table-use"))
    data = visit.ask()["spec"]["data"]
    assert data["classes"] == ["变色鸢尾", "山鸢尾"]
    assert data["input_names"] == ["长度", "颜色=红", "颜色=绿", "颜色=蓝"]


@pytest.mark.console_allows("422")
def test_a_formula_is_checked_while_it_is_typed(visit: Visit) -> None:
    before = visit.ask()
    visit.click("#own-open")
    visit.click("#own [data-way='formula']")
    visit.find("#formula-text").fill("x1 + foo(x2)")
    expect(visit.find("#own .problem")).to_contain_text("foo")
    expect(visit.find("#own .place mark")).to_have_text("f")
    expect(visit.find("#formula-use")).to_be_disabled()
    assert visit.ask() == before
    visit.find("#formula-text").fill("x1 * x2 > 1")
    expect(visit.find("#own .problem")).to_have_count(0)
    visit.anew(lambda: visit.click("#formula-use"))
    assert visit.ask()["spec"]["data"]["formula"] == "x1 * x2 > 1"
    expect(visit.find("#own-summary")).to_contain_text("x1 * x2 > 1")
    visit.step()
    visit.rest()
    assert [curve["y"] for curve in visit.curves()] == visit.losses()


@pytest.mark.console_allows("422")
@pytest.mark.parametrize("language", WORDS)
def test_it_is_said_how_a_formula_was_read_or_what_to_write(visit: Visit, language: str) -> None:
    visit.open(f"/?lang={language}")
    visit.click("#own-open")
    visit.click("#own [data-way='formula']")
    reading, problem = visit.find("#own .formula-reading"), visit.find("#own .problem")
    visit.find("#formula-text").fill("x1 <x2")
    expect(visit.find("#formula-use")).to_be_enabled()
    expect(reading).to_be_hidden()
    visit.find("#formula-text").fill("y = 2 sin²x")
    expect(reading).to_contain_text("2*sin(x1)^2")
    visit.find("#formula-text").fill("sin x cos x")
    expect(problem).to_contain_text("sin(x1)*…")
    expect(problem).to_contain_text("sin(x1*…)")
    expect(visit.find("#own .place mark")).to_have_text("c")
    expect(reading).to_be_hidden()
    visit.find("#formula-text").fill("𝑥𝑦 + 𝑥 2")
    expect(visit.find("#own .place mark")).to_have_text("𝑥")
    visit.find("#formula-text").fill("𝑥 𝑦 + 𝑥 2")
    expect(visit.find("#own .place mark")).to_have_text("2")
    visit.find("#formula-text").fill("x1 + " * 20_000)
    expect(problem).to_contain_text("301")
    expect(visit.find("#own .place")).to_have_text(re.compile(r"^.{1,100}$"))
    expect(visit.find("#formula-text")).to_have_value("x1 + " * 20_000)


def test_points_are_drawn_with_the_mouse_and_with_the_keys(visit: Visit) -> None:
    visit.click("#own-open")
    visit.click("#own [data-way='draw']")
    box = visit.find("#drawing").bounding_box()
    assert box
    visit.page.mouse.move(box["x"] + 100, box["y"] + 100)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + 200, box["y"] + 100, steps=8)
    visit.page.mouse.up()
    expect(visit.find("#draw-use")).to_be_disabled()
    visit.find("#drawing").focus()
    for key in ("2", "ArrowDown", "Enter", "Shift+ArrowRight", "Enter", "Control+z"):
        visit.page.keyboard.press(key)
    visit.anew(lambda: visit.click("#draw-use"))
    data = visit.ask()["spec"]["data"]
    assert data["classes"] == ["1", "2"]
    assert data["targets"].count(0) >= 4
    assert [point for point, kind in zip(data["inputs"], data["targets"], strict=True) if kind] == [
        [0, -0.25]
    ]


def test_an_answer_of_before_is_said_and_asked_for_anew_by_one_click(visit: Visit) -> None:
    paste(visit, "x;y\n1.234;5\n2.345;6\n3.456;7\n")
    visit.find("#own .question button").first.click()
    expect(visit.find("#own .question")).to_have_count(0)
    visit.find("#table-text").fill("x;y\n9.871;1\n1.113;3\n2.415;4\n")
    expect(visit.find("#table-remembered")).to_be_visible()
    expect(visit.find("#own .question")).to_have_count(0)
    visit.click("#table-remembered button")
    expect(visit.find("#own .question")).to_be_visible()
    expect(visit.find("#table-use")).to_be_disabled()
    expect(visit.find("#table-remembered")).to_have_count(0)
