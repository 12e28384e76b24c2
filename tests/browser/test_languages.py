"""English and Chinese: every word changes at once, and nothing else does."""

import re
from functools import partial
from itertools import zip_longest
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.inspection import words
from tests.browser.visit import LANGUAGES, WORDS, Visit

NAMES = {  # the same in every language
    *("Basin", "Glorot", "LeCun", "He", "ReLU", "tanh", "sigmoid", "XOR", "randn"),
    *(
        "Ctrl",
        "Esc",
        "Shift",
        "log",
        "Enter",
        "Delete",
        "API",
        "HTTP",
        "CSV",
        "JSON",
        "PNG",
        "SVG",
        "TensorFlow",
        "Playground",
        "LSUV",
    ),
    *(
        "leaky",
        "Leaky",
        "ELU",
        "SELU",
        "softplus",
        "GELU",
        "SiLU",
        "softmax",
        "Adam",
        "AdamW",
        "Adagrad",
    ),
    *(
        "RMSprop",
        "Nesterov",
        "Huber",
        "AND",
        "NAND",
        "dropout",
        "Dropout",
        "sin",
        "cos",
        "max",
        "std",
    ),
}


def check_no_keys(texts: list[str]) -> None:
    """No name of a text stands where the text should."""
    known = {key for texts in WORDS.values() for key in texts}
    for text in texts:
        tokens = re.findall(r"\b[a-z_]+(?:\.\w+)+", text)
        assert not [token for token in tokens if token in known or "errors." in token], text
        assert not re.search(r"\{\w+\}|undefined|NaN|\[object", text), text


def without_numbers(texts: list[str]) -> list[str]:
    """All but plain numbers: how many stand at an axis depends on how long the names beside are."""
    return [text for text in texts if not re.fullmatch(r"[−-]?[\d.,]+", text)]


def foreign(texts: list[str]) -> list[str]:
    """Texts with an English word that is no name."""
    return [text for text in texts if set(re.findall(r"[A-Za-z]{3,}", text)) - NAMES]


@pytest.mark.flat
def test_the_language_changes_in_the_midst_of_training(visit: Visit) -> None:
    visit.play(to=10)
    runs = visit.find("#runs .run")
    first = visit.id
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")
    expect(visit.find("#train-word")).to_have_text(WORDS["zh-CN"]["transport.pause"])
    now = visit.shown
    visit.eventually(lambda: visit.shown, lambda shown: shown > now)
    visit.click("#train")
    shown = visit.rest()
    assert shown > 10
    assert visit.id == first
    expect(runs).to_have_count(5)
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "en")
    expect(visit.find("#train-word")).to_have_text("Train")
    assert visit.rest() == shown


def open_everything(visit: Visit) -> None:
    """Show as many words as there are: a trained race, an editor, a notice and the help."""
    visit.anew(lambda: visit.enter("#seed", "8"))
    visit.train(to=130, speed=6)
    visit.click("[data-focus='run/1/edit']")
    visit.click("#help-button")
    visit.find("#loss-test").check()
    visit.find("h1").hover()  # explains nothing
    expect(visit.find("#hint")).to_be_empty()


def test_every_word_changes_with_the_language(visit: Visit) -> None:
    open_everything(visit)
    english = words(visit)
    check_no_keys(english)
    article = "《神经网络的参数形成与训练》"
    told = [text.replace(article, "") for text in english]
    assert not [text for text in told if re.search(r"[\u3400-\u9fff]", text)]
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")
    visit.still("#loss-plot")
    chinese = words(visit)
    check_no_keys(chinese)
    assert foreign(chinese) == []
    pairs = zip_longest(without_numbers(english), without_numbers(chinese))
    assert len(without_numbers(chinese)) == len(without_numbers(english)), list(pairs)
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "en")
    visit.still("#loss-plot")
    assert words(visit) == english


def test_other_data_bring_no_english_words_into_chinese(page: Page) -> None:
    visit = Visit(page).open("/?lang=zh-CN")
    for name in ("xor", "line"):
        visit.anew(partial(visit.click, f"#datasets [data-data='{name}']"))
        visit.rest()
        assert foreign(words(visit)) == []
        check_no_keys(words(visit))


@pytest.mark.flat
def test_errors_are_told_in_the_language_of_the_page(page: Page) -> None:
    visit = Visit(page).open("/?lang=zh-CN")
    visit.enter("#learning-rate", "100")
    told = visit.find(".problem").inner_text()
    assert "10" in told
    assert foreign([told]) == []


@pytest.mark.flat
def test_the_language_is_kept_in_the_address(visit: Visit) -> None:
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")
    assert "lang=zh-CN" in visit.page.url
    visit.page.reload()
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.flat
def test_the_button_names_both_languages_and_explains_itself_in_the_other(visit: Visit) -> None:
    for other in ("zh-CN", "en"):
        expect(visit.find("#language")).to_have_text("中文 / EN")
        expect(visit.find("#language")).to_have_attribute("lang", other)
        visit.click("#language")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-TW,zh;q=0.9", "zh-CN"), ("fr", "en"), ("de,zh-CN;q=0.5", "zh-CN"), ("en-GB", "en")],
)
def test_the_browsers_wishes_are_read_in_order(
    browser: Browser, base_url: str, accepted: str, language: str
) -> None:
    headers = {"Accept-Language": accepted}
    with browser.new_context(base_url=base_url, extra_http_headers=headers) as context:
        html = context.request.get("/").text()
        assert f'<html lang="{language}"' in html


def counterparts(page: Page, language: str) -> dict[str, Any]:
    visit = Visit(page).open(f"/?lang={language}")
    return {id: visit.find(id).inner_text() for id in ("#step", "#train", "#reset", "#back")}


@pytest.mark.flat
def test_the_transport_bar_speaks_both_languages(page: Page) -> None:
    for language in LANGUAGES:
        told = {
            f"#{act}": WORDS[language][f"transport.{act}"]
            for act in ("step", "train", "reset", "back")
        }
        assert counterparts(page, language) == told
