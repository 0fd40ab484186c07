"""What a telephone needs: fields it does not zoom into, no second keyboard, steps that can be read."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from .conftest import Site
from .pages.issuance import Terms
from .pages.login import Login
from .personas import Persona

PHONE = {"width": 390, "height": 844}
LEAST = 16  # pixels; below it Safari zooms into a field


@pytest.fixture
def phone(new_context: CreateContextCallback) -> Page:
    """A browser that is pointed at with fingers."""
    given: dict[str, Any] = {"is_mobile": True, "has_touch": True, "viewport": PHONE}
    return new_context(**given).new_page()


def test_no_field_is_smaller_than_what_telephones_zoom_into(phone: Page, site: Site) -> None:
    phone.context.add_cookies([{"name": "text_size", "value": "small", "url": site.url}])
    for path in ("/useridmg/login", "/useridmg/password/change", "/help/search"):
        phone.goto(path)
        root = phone.evaluate("getComputedStyle(document.documentElement).fontSize")
        assert root == "14px", "the cookie took no effect"
        sizes = phone.locator("main .input").evaluate_all(
            "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
        )
        assert sizes, path
        assert min(sizes) >= LEAST, path


def test_the_on_screen_keyboard_is_for_those_with_a_mouse(
    phone: Page, page: Page, javascript: bool
) -> None:
    name = "画面キーボード"
    assert Login.open(page).button(name).is_visible() == javascript
    expect(Login.open(phone).button(name)).to_be_hidden()


def test_a_step_is_named_in_one_line(phone: Page) -> None:
    """Of six steps the one that is shown; the names of the others are for screen readers."""
    Terms.open(phone)
    for each in phone.locator(".steps li").all():
        words = each.locator("> span")
        box, line = words.bounding_box(), 12 * 1.4
        assert box
        assert box["height"] <= line + 1, words.inner_text()
        expect(words).not_to_be_empty()


def test_the_mark_of_an_explanation_stands_flush(phone: Page, company: Persona) -> None:
    Login.open(phone).log_in(company.payment_id, company.password)
    card = phone.locator(".card").first
    mark = card.locator(".help summary span").first.bounding_box()
    line = card.locator(".links").bounding_box()
    assert mark
    assert line
    assert abs(mark["x"] + mark["width"] - line["x"] - line["width"]) <= 1
