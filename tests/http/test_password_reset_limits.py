"""How often パスワード初期化 may be asked for: too often is a 依頼受付 without a mail, or a 429."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.journeys import ASK_BULK, ASK_PAYMENT, ask_bulk, ask_payment
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import Press, visit
from tests.support.product import Product
from web.clock import DAY, HOUR
from web.security import tokens

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TAKEN = "納付利用者パスワード初期化 依頼受付"


async def ask(product: Product, browser: httpx.AsyncClient) -> Page:
    """Ask for Alice's payment reset and wait until it is judged."""
    page = (await ask_payment(browser, ALICE)).page
    await product.settle()
    return page


async def ask_blindly(browser: httpx.AsyncClient) -> None:
    """Ask for an ID that does not exist, without looking at the pages."""
    form = {"once": tokens.new_id(), "user_id": "KNCA9999", "admin_email": "a@example.jp"}
    assert (await browser.post(ASK_PAYMENT, data=form)).status_code == 303


async def test_three_an_hour_are_mailed(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The fourth gets the same 依頼受付 and no mail, and the live URL stays; an hour on it goes."""
    pages = []
    for _ in range(3):
        pages.append(await ask(product, visitor))
        frozen.advance(60)
    live = product.post.mails[-1].link
    fourth = await ask(product, visitor)
    assert (fourth.h1, fourth.text) == (TAKEN, pages[0].text)
    assert len(product.post.mails) == 3
    assert (await visitor.get(live)).status_code == 303
    frozen.advance(HOUR - 3 * 60 - 1)
    await ask(product, visitor)
    assert len(product.post.mails) == 3
    frozen.advance(1)
    await ask(product, visitor)
    assert len(product.post.mails) == 4
    assert (await visitor.get(live)).status_code == 410


async def test_ten_a_day_are_mailed(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The eleventh is not, hours after the tenth; a day after the first it is again."""
    for _ in range(10):
        await ask(product, visitor)
        frozen.advance(HOUR)
    live = product.post.mails[-1].link
    assert (await ask(product, visitor)).h1 == TAKEN
    assert len(product.post.mails) == 10
    assert (await visitor.get(live)).status_code == 303
    frozen.advance(DAY - 10 * HOUR)
    await ask(product, visitor)
    assert len(product.post.mails) == 11


async def test_the_kinds_are_counted_apart(product: Product, alice: httpx.AsyncClient) -> None:
    """Who used up the payment requests can still have the bulk password reset."""
    for _ in range(4):
        await ask(product, alice)
    await ask_bulk(alice)
    await product.settle()
    assert len(product.post.mails) == 4
    product.post.only("一括利用者パスワード初期化ご案内")


async def test_requests_that_do_not_match_use_up_nothing(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """A stranger who knows the ID alone keeps nobody from the mail."""
    for _ in range(5):
        await ask_payment(visitor, ALICE, admin_email="stranger@example.jp")
    for _ in range(3):
        await ask(product, visitor)
    assert len(product.post.mails) == 3


@pytest.mark.parametrize("asked", [ASK_PAYMENT, ASK_BULK], ids=["payment", "bulk"])
async def test_a_network_asks_thirty_times_an_hour(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock, asked: str
) -> None:
    """The thirty-first is a 429 page with Retry-After, whoever it is for; so it is in the next hour."""
    for _ in range(30):
        await ask_blindly(alice)
    await product.settle()
    frozen.advance(600)
    form = {**(await visit(alice, asked)).fields(asked), "user_id": "KNCA6288"}
    form["admin_email"] = "k-oss@example.jp"
    before = product.content()
    pressed = await press(alice, asked, form)
    assert (pressed.page.status, pressed.page.h1) == (429, "操作の回数が多すぎます")
    assert pressed.answer.headers["Retry-After"] == str(HOUR - 600)
    assert "50分ほど待って" in pressed.page.text
    assert product.content() == before
    frozen.advance(HOUR - 601)
    assert (await ask_payment(alice, ALICE)).page.status == 429
    frozen.advance(1)
    assert (await ask_payment(alice, ALICE)).page.h1 == TAKEN
    for _ in range(29):
        await ask_blindly(alice)
    assert (await ask_payment(alice, ALICE)).page.status == 429


async def test_another_network_is_not_stopped(product: Product) -> None:
    """An IPv6 /64 is one network; others go on, for the same ID."""
    for number in range(30):
        async with product.browser(f"2001:db8::{number + 1:x}") as browser:
            await ask_blindly(browser)
    async with product.browser("2001:db8::ffff") as same, product.browser("2001:db8:0:1::1") as far:
        assert (await ask_payment(same, ALICE)).page.status == 429
        assert (await ask_payment(far, ALICE)).page.h1 == TAKEN
    await product.settle()
    assert len(product.post.mails) == 1


async def test_pressing_again_is_not_counted(product: Product, visitor: httpx.AsyncClient) -> None:
    """The same form forty times is one request of the network as well."""
    form = {
        **(await visit(visitor, ASK_PAYMENT)).fields(ASK_PAYMENT),
        "user_id": "KNCA6288",
        "admin_email": "k-oss@example.jp",
    }
    answers = {(await visitor.post(ASK_PAYMENT, data=form)).status_code for _ in range(40)}
    assert answers == {303}
