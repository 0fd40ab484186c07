"""A browser that refuses cookies: no silent loop, no blank form, but a word what to change."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from tests.support.html import by_id
from tests.support.issuing import TERMS, agree
from tests.support.journeys import ASK_PAYMENT, CHANGE, payment_link
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import natively, visit
from tests.support.product import Product
from web.demo.personas import CLERK

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN, OFFICE = "/useridmg/login", "/office/login"
RIGHT = {"user_id": ALICE.account.payment_user_id, "password": ALICE.payment_password}


class NoCookies(httpx.Cookies):
    """Takes nothing."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave what the server gave."""


@pytest.fixture
async def refusing(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser that refuses cookies."""
    async with product.browser() as browser:
        browser._cookies = NoCookies()
        yield browser


def told(page: Page) -> bool:
    """Tell whether the page says so, and how to go on."""
    box = by_id(page.root, "no-cookies")
    if box is None:
        return False
    assert "このサイトのCookieを許可してから" in page.text
    return True


async def test_a_right_password_leads_to_a_word(refusing: httpx.AsyncClient) -> None:
    """Log-in → マイページ → log-in, which says why."""
    page = (await natively(refusing, LOGIN, RIGHT)).page
    assert page.h1 == "マイページログイン"
    assert told(page)


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        (LOGIN, {**RIGHT, "password": "wrong"}),
        (LOGIN, {}),
        (CHANGE, {"user_id": "KNCA6288", "current_password": "x", "new_password": "weak"}),
        (CHANGE, {"user_id": "KNCA6288"}),
        (ASK_PAYMENT, {"user_id": "KNCA6288"}),
        (TERMS, {}),
        (OFFICE, {"name": CLERK.name, "password": "wrong"}),
    ],
)
async def test_a_slip_is_no_blank_form(
    refusing: httpx.AsyncClient, address: str, typed: dict[str, str]
) -> None:
    """Whatever form of those who are not logged in."""
    assert told((await natively(refusing, address, typed)).page)


async def test_a_clerk_hears_it_too(refusing: httpx.AsyncClient) -> None:
    """The other log-in."""
    typed = {"name": CLERK.name, "password": CLERK.password}
    assert told((await natively(refusing, OFFICE, typed)).page)


async def test_a_mailed_url_says_what_it_needs(
    product: Product, refusing: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """The key lies in a cookie: without one the page names the setting."""
    page = await visit(refusing, await payment_link(product, visitor, ALICE))
    assert page.status == 403
    assert "Cookieを使わない設定にしている場合は、使う設定にしてください。" in page.text


@pytest.mark.parametrize(
    "go",
    [
        lambda browser: natively(browser, LOGIN, {**RIGHT, "password": "wrong"}),
        lambda browser: natively(browser, CHANGE, {"user_id": "KNCA6288"}),
        lambda browser: natively(browser, TERMS, {}),
    ],
)
async def test_others_hear_nothing_of_cookies(
    visitor: httpx.AsyncClient, go: Callable[[httpx.AsyncClient], object]
) -> None:
    """Their slips are said as ever; a closed door as well."""
    pressed = await go(visitor)  # type: ignore[misc]
    assert not told(pressed.page)
    assert pressed.page.summary
    visitor.cookies.clear()
    page = await visit(visitor, "/useridmg/mypage")
    assert page.notice == "このページを表示するには、ログインしてください。"
    assert not told(page)
    assert (await agree(visitor)).h1
