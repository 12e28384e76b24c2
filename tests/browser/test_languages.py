"""English and Chinese: every word changes at once, and nothing else does."""

import re
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visit import LANGUAGES, WORDS, Visit

# What a visitor can see, point at or hear, plots included.
ALL_WORDS = """() => {
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const home = walker.currentNode.parentElement;
        if (!home.closest("script, style, noscript, [hidden], [lang]:not(html)"))
            found.push(walker.currentNode.textContent);
    }
    for (const element of document.querySelectorAll("body *:not([hidden] *)"))
        for (const name of ["aria-label", "data-hint", "title", "placeholder", "aria-valuetext"])
            if (element.hasAttribute(name) && !element.matches("#language")
                && element.getAttribute(name) !== element.textContent)  // a text that is cut off
                found.push(element.getAttribute(name));
    for (const id of ["loss-plot", "surface-plot"])
        for (const { name, hovertemplate } of document.getElementById(id).data)
            found.push(name, hovertemplate?.replace(/%\\{.*?\\}|<.*?>/g, " "));
    return found.map((text) => text?.trim()).filter(Boolean);
}"""

NAMES = {  # the same in every language
    *("Basin", "Glorot", "LeCun", "He", "ReLU", "tanh", "sigmoid", "XOR", "randn"),
    *("Ctrl", "Shift", "log", "Enter", "Delete", "CSV", "TensorFlow", "Playground", "LSUV"),
    *("leaky", "ELU", "SELU", "softplus", "GELU", "SiLU", "softmax", "Adam", "AdamW", "AdaGrad"),
    *("RMSprop", "Nesterov", "Huber", "AND", "NAND", "dropout", "Dropout", "sin", "cos", "std"),
}


def seen(visit: Visit) -> list[str]:
    return list(visit.page.evaluate(ALL_WORDS))


def check_no_keys(texts: list[str]) -> None:
    """No name of a text stands where the text should."""
    known = {key for words in WORDS.values() for key in words}
    for text in texts:
        tokens = re.findall(r"\b[a-z_]+(?:\.\w+)+", text)
        assert not [token for token in tokens if token in known or "errors." in token], text
        assert not re.search(r"\{\w+\}|undefined|NaN|\[object", text), text


def foreign(texts: list[str]) -> list[str]:
    """Texts with an English word that is no name."""
    return [text for text in texts if set(re.findall(r"[A-Za-z]{3,}", text)) - NAMES]


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
    english = seen(visit)
    check_no_keys(english)
    assert not [text for text in english if re.search(r"[\u3400-\u9fff]", text)]
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")
    visit.still("#loss-plot")
    chinese = seen(visit)
    check_no_keys(chinese)
    assert foreign(chinese) == []
    assert len(chinese) == len(english)
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "en")
    visit.still("#loss-plot")
    assert seen(visit) == english


def test_a_page_opened_in_chinese_has_no_english_words(page: Page) -> None:
    visit = Visit(page).open("/?lang=zh-CN")
    visit.rest()
    assert foreign(seen(visit)) == []
    for name in ("xor", "line"):
        visit.anew(partial(visit.click, f"#datasets [data-data='{name}']"))
        assert foreign(seen(visit)) == []
        check_no_keys(seen(visit))


@pytest.mark.flat
def test_errors_are_told_in_the_language_of_the_page(page: Page) -> None:
    visit = Visit(page).open("/?lang=zh-CN")
    visit.enter("#learning-rate", "100")
    words = visit.find(".problem").inner_text()
    assert "10" in words
    assert foreign([words]) == []


@pytest.mark.flat
def test_the_language_is_kept_in_the_address(visit: Visit) -> None:
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")
    assert "lang=zh-CN" in visit.page.url
    visit.page.reload()
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.flat
def test_the_button_names_the_other_language_in_its_own(visit: Visit) -> None:
    expect(visit.find("#language")).to_have_text("中文")
    expect(visit.find("#language")).to_have_attribute("lang", "zh-CN")
    visit.click("#language")
    expect(visit.find("#language")).to_have_attribute("lang", "en")
    expect(visit.find("#language")).to_have_text(re.compile("EN", re.IGNORECASE))


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
        words = {
            f"#{act}": WORDS[language][f"transport.{act}"]
            for act in ("step", "train", "reset", "back")
        }
        assert counterparts(page, language) == words
