import re

from playwright.sync_api import Page, expect


def test_the_page_opens_ready_to_train(opened: Page) -> None:
    expect(opened).to_have_title(re.compile("Basin"))


def test_the_page_opens_in_chinese_when_asked(page: Page) -> None:
    page.goto("/?lang=zh-CN")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
