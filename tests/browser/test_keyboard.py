"""Everything can be done without a mouse, and the keys are left alone where they mean something."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import WORDS, Visit

pytestmark = pytest.mark.flat

# The element with the focus: what it is, whether it is in sight, and whether its focus is seen.
FOCUSED = """() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const around = element.closest("label.thumb, label") ?? element;
    const ring = [style, getComputedStyle(around)].some((look) =>
        (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 1)
        || look.boxShadow !== "none");
    return {
        name: element.id || element.dataset.focus || element.dataset.pointer
            || element.dataset.recipe || element.getAttribute("href") || element.value
            || element.className || element.tagName,
        inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
            && box.width > 0,
        ring,
        body: element === document.body,
    };
}"""


def focus_on_page(visit: Visit) -> None:
    """Tab begins at the top of the page again, wherever the last click was."""
    visit.page.evaluate(
        """() => {
            document.body.tabIndex = -1;
            document.body.focus();
            document.body.removeAttribute("tabindex");
        }"""
    )


def test_keys_train_step_go_back_and_reset(visit: Visit) -> None:
    press = visit.page.keyboard.press
    press("ArrowRight")
    expect(visit.find("#step-count")).to_have_text("1")
    press("ArrowRight")
    expect(visit.find("#step-count")).to_have_text("2")
    visit.rest()
    press("ArrowLeft")
    expect(visit.find("#step-count")).to_have_text("1")
    assert visit.ask()["step"] == 2
    press("Space")
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "true")
    visit.eventually(lambda: visit.shown, lambda shown: shown > 5)
    press("Space")
    visit.rest()
    press("r")
    expect(visit.find("#step-count")).to_have_text("0")
    assert visit.rest() == 0
    press("Control+z")
    visit.eventually(lambda: visit.shown, lambda shown: shown > 5)
    visit.rest()


def test_tab_reaches_every_control_and_shows_where_it_is(visit: Visit) -> None:
    visit.step()
    visit.rest()
    focus_on_page(visit)
    seen: list[dict[str, Any]] = []
    for _ in range(200):
        visit.page.keyboard.press("Tab")
        at = visit.page.evaluate(FOCUSED)
        if at["body"] or (seen and at["name"] == seen[0]["name"]):
            break
        seen.append(at)
    names = [at["name"] for at in seen]
    for control in (
        *("reset", "back", "step", "train", "speed", "language", "theme", "help-button"),
        *("preset", "data-noise", "data-samples", "data-seed", "add-layer", "/layers/0/units"),
        *("run/0", "add-run", "new-draw", "show-test"),
        *("learned-run", "loss-test", "loss-log", "axis-x", "axis-y", "surface-run"),
        *("surface-log", "learning-rate-slider", "learning-rate", "batch", "loss-choice", "seed"),
    ):
        assert control in names
    assert [at["name"] for at in seen if not at["inSight"]] == []
    assert [at["name"] for at in seen if not at["ring"]] == []
    assert names.index("step") < names.index("add-layer") < names.index("loss-log")


def test_nothing_moves_by_itself_when_the_visitor_wants_no_motion(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit = Visit(page).open()
    visit.anew(lambda: visit.enter("#seed", "8"))  # a notice comes in
    visit.train(to=10)
    moving = visit.page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) => {
            const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
            return animationName !== "none" || scrollBehavior === "smooth"
                || transitionDuration.split(",").some((time) => parseFloat(time) > 0);
        }).filter((element) => !element.closest(".figure"))
          .map((element) => element.id || element.className || element.tagName)"""
    )
    assert moving == []


def test_keys_are_left_alone_where_they_mean_something(visit: Visit) -> None:
    """One after another on one page, which is at step 3 in the end and then begun anew."""
    space_on_a_button_presses_the_button_alone(visit)
    keys_typed_into_a_box_stay_there(visit)
    the_same_number_in_other_words_changes_nothing(visit)
    keys_typed_into_the_table_stay_there(visit)
    arrows_on_a_slider_or_list_move_it_alone(visit)


def space_on_a_button_presses_the_button_alone(visit: Visit) -> None:
    visit.find("#step").focus()
    visit.page.keyboard.press("Space")
    expect(visit.find("#step-count")).to_have_text("1")
    visit.rest()
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "false")


def keys_typed_into_a_box_stay_there(visit: Visit) -> None:
    visit.step()
    for box in ("#learning-rate", "#seed", "[data-pointer='/layers/0/units']"):
        visit.find(box).focus()
        for key in ("End", "ArrowLeft", "ArrowRight", "Space", "r"):
            visit.page.keyboard.press(key)
        assert "r" in visit.find(box).input_value()
        visit.page.keyboard.press("Control+z")
    expect(visit.find("#step-count")).to_have_text("2")
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "false")
    assert visit.ask()["step"] == 2


def the_same_number_in_other_words_changes_nothing(visit: Visit) -> None:
    for box, words in (("#seed", "7 "), ("#learning-rate", "1.0"), ("#seed", "7")):
        visit.enter(box, words)
    visit.step()
    assert visit.ask()["step"] == 3


def keys_typed_into_the_table_stay_there(visit: Visit) -> None:
    visit.click("#own-open")
    expect(visit.find("#table-text")).to_be_focused()
    for key in ("End", "ArrowLeft", "ArrowRight", "Space", "r", "?"):
        visit.page.keyboard.press(key)
    expect(visit.find("#step-count")).to_have_text("3")
    expect(visit.find("#help")).to_be_hidden()
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "false")
    visit.page.keyboard.press("Escape")
    expect(visit.find("#own")).to_be_hidden()


def arrows_on_a_slider_or_list_move_it_alone(visit: Visit) -> None:
    visit.rest()
    for control in ("#speed", "#learning-rate-slider", "#axis-x"):
        before = visit.find(control).input_value()
        visit.find(control).focus()
        visit.page.keyboard.press("ArrowDown" if control == "#axis-x" else "ArrowLeft")
        expect(visit.find("#step-count")).to_have_text("3")
        expect(visit.find(control)).not_to_have_value(before)
    visit.find("#data-noise").focus()
    visit.page.keyboard.press("ArrowRight")  # other data: begun anew
    expect(visit.find("#step-count")).to_have_text("0")


def test_the_focus_goes_where_it_is_needed_and_stays(visit: Visit) -> None:
    """One after another on one page, which begins anew only at the end."""
    the_link_at_the_top_skips_to_the_curves(visit)
    the_runs_are_one_stop_and_arrows_move_among_them(visit)
    help_opens_and_closes_by_key(visit)
    a_control_is_explained_on_focus_and_on_hover(visit)
    the_data_are_chosen_with_the_arrows(visit)
    the_focus_stays_on_the_control_that_was_used(visit)


def the_link_at_the_top_skips_to_the_curves(visit: Visit) -> None:
    focus_on_page(visit)
    visit.page.keyboard.press("Tab")
    expect(visit.find(".skip")).to_be_focused()
    expect(visit.find(".skip")).to_be_in_viewport()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    expect(visit.find("#tab-loss")).to_be_focused()


def the_runs_are_one_stop_and_arrows_move_among_them(visit: Visit) -> None:
    visit.find("[data-focus='run/0']").focus()
    for key, at in (
        ("ArrowDown", "run/1"),
        ("ArrowRight", "run/1/edit"),
        ("ArrowRight", "run/1/remove"),
        ("End", "run/4/remove"),
        ("ArrowUp", "run/3/remove"),
        ("Home", "run/0/remove"),
        ("ArrowLeft", "run/0/edit"),
    ):
        visit.page.keyboard.press(key)
        expect(visit.find(f"[data-focus='{at}']")).to_be_focused()
    expect(visit.find("#runs .line [tabindex='0']")).to_have_count(1)
    visit.page.keyboard.press("Tab")
    expect(visit.find("#network-mode")).to_be_focused()
    visit.page.keyboard.press("Shift+Tab")
    expect(visit.find("[data-focus='run/0/edit']")).to_be_focused()
    expect(visit.find("#step-count")).to_have_text("0")


def help_opens_and_closes_by_key(visit: Visit) -> None:
    visit.page.keyboard.press("?")
    expect(visit.find("#help")).to_be_visible()
    expect(visit.find("#help-close")).to_be_focused()
    expect(visit.find("#help-button")).to_have_attribute("aria-expanded", "true")
    visit.page.keyboard.press("Escape")
    expect(visit.find("#help")).to_be_hidden()
    expect(visit.find("#help-button")).to_be_focused()


def a_control_is_explained_on_focus_and_on_hover(visit: Visit) -> None:
    hint = visit.find("#hint")
    visit.find("#train").hover()
    expect(hint).to_have_text(WORDS["en"]["transport.train.hint"])
    expect(hint).to_be_visible()
    visit.find("h1").hover()
    expect(hint).to_be_hidden()
    visit.find("#theme").focus()
    visit.page.keyboard.press("Tab")
    expect(hint).to_have_text(WORDS["en"]["tools.help.hint"])
    expect(visit.find("#help-button")).to_have_attribute("aria-describedby", "hint")
    visit.page.keyboard.press("Escape")
    expect(hint).to_be_hidden()


def the_data_are_chosen_with_the_arrows(visit: Visit) -> None:
    visit.find("#datasets input:checked").focus()
    visit.anew(lambda: visit.page.keyboard.press("ArrowRight"))
    assert visit.ask()["spec"]["data"]["name"] == "xor"
    expect(visit.find("#datasets input[value='xor']")).to_be_focused()


def the_focus_stays_on_the_control_that_was_used(visit: Visit) -> None:
    for control in ("[data-focus='/layers/0/more']", "#add-layer", "#batch", "#loss-choice"):
        visit.find(control).focus()
        if control == "#loss-choice":
            visit.anew(lambda: visit.choose("#loss-choice", "mse"))
        elif control == "#batch":
            visit.anew(lambda: visit.choose("#batch", "mini"))
        else:
            visit.anew(lambda: visit.page.keyboard.press("Enter"))
        expect(visit.find(control)).to_be_focused()
