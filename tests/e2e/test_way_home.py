"""The header on a telephone: whose page it is, the way home and the way out, without scrolling."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from .pages.login import Login
from .pages.portal import Portal
from .personas import Persona

PHONE: ViewportSize = {"width": 390, "height": 844}
HIGHEST = 160  # of the header and the demo's bar: what stands below is what the page is for
PAGES = (
    "/",
    "/outside",
    "/useridmg/login",
    "/useridmg/mypage",
    "/useridmg/profile/edit",
    "/useridmg/password/change",
    "/useridmg/activity",
    "/useridmg/summary-file",
    "/useridmg/debit/national/new/edit",
    "/useridmg/issue/terms",
    "/help/faq",
    "/help/contact",
    "/help/search?q=CSV",
)


@pytest.fixture
def phone(page: Page, company: Persona) -> Page:
    """A telephone on which somebody is logged in."""
    page.set_viewport_size(PHONE)
    Login.open(page).log_in(company.payment_id, company.password)
    return page


def test_home_and_the_way_out_stand_on_the_first_screen(phone: Page) -> None:
    for path in PAGES:
        phone.goto(path)
        header = phone.get_by_role("banner")
        for each in (
            header.get_by_role("link", name="マイページ", exact=True),
            header.get_by_role("button", name="終了", exact=True),
        ):
            box = each.bounding_box()
            assert box, path
            assert box["y"] + box["height"] <= 200, path
            assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"], path
            assert box["height"] >= 44, path


def test_the_header_leaves_the_screen_to_the_page(page: Page) -> None:
    page.set_viewport_size(PHONE)
    Portal.open(page)
    box = page.get_by_role("banner").bounding_box()
    assert box
    assert box["height"] <= HIGHEST


def test_leaving_from_the_help_says_so(phone: Page) -> None:
    phone.goto("/help/faq")
    phone.get_by_role("banner").get_by_role("button", name="終了", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("軽自動車OSS申請")
    expect(phone.get_by_text("ログアウトしました。")).to_be_visible()
    expect(phone.get_by_role("banner").get_by_role("link", name="マイページ")).to_have_count(0)
