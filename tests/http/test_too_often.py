"""A 429 says what was too much, and offers what helps: never the very form that was refused."""

import httpx
import pytest

from tests.support.html import elements
from tests.support.issuing import ask as ask_for_ids
from tests.support.journeys import ASK_PAYMENT, CHANGE, ask_payment, propose
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import Press, natively
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN = "/useridmg/login"
H1 = "操作の回数が多すぎます"
WRONG = {"user_id": ALICE.account.payment_user_id, "password": "wrong"}


def ways(page: Page) -> set[str]:
    """List where links and forms of the step lead."""
    main = next(iter(page.root.iter("main")), page.root)
    links = {each.get("href", "") for each in elements(main, "a")}
    return links | {each.get("action", "") for each in elements(main, "form")}


async def often(
    browser: httpx.AsyncClient, address: str, data: dict[str, str], press: Press
) -> Page:
    """Press until it is refused."""
    for _ in range(40):
        page = (await press(browser, address, data)).page
        if page.status == 429:
            return page
    raise AssertionError("never refused")


async def test_too_many_passwords_lead_to_a_reset_and_offer_no_second_form(
    visitor: httpx.AsyncClient, press: Press
) -> None:
    """L1: one box with the reset in it; the form without its password would be refused again."""
    page = await often(visitor, LOGIN, WRONG, press)
    assert page.h1 == H1
    assert "パスワードの確認が続いたため、受付を停止しています。" in page.text
    assert "パスワードを忘れたときは、待たずに初期化できます。" in page.text
    assert ASK_PAYMENT in ways(page)
    assert LOGIN not in ways(page)
    assert "もう一度送信する" not in page.text


async def test_too_many_password_changes_say_the_same(visitor: httpx.AsyncClient) -> None:
    """C1 shares log-in's counters."""
    typed = {
        "user_id": ALICE.account.payment_user_id,
        "current_password": "wrong",
        "new_password": "fuyu-no-kitakaze-88",
        "new_password_again": "fuyu-no-kitakaze-88",
    }
    page = await often(visitor, CHANGE, typed, natively)
    assert ASK_PAYMENT in ways(page)
    assert CHANGE not in ways(page)


async def test_too_many_requests_do_not_offer_the_request(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """R1: the mail that may be there already, and what to do when none comes."""
    for number in range(60):
        page = (await ask_payment(visitor, ALICE, press, user_id=f"KNCA{number}")).page
        if page.status == 429:
            break
    assert (page.status, page.h1) == (429, H1)
    assert "短い時間に依頼が繰り返されたため、受付を停止しています。" in page.text
    assert "ご案内メールがすでに届いている場合は" in page.text
    assert "/help/faq#mail" in ways(page)
    assert ASK_PAYMENT not in ways(page)
    assert "パスワードを忘れた" not in page.text
    page = (await ask_for_ids(visitor, "other@example.jp", press)).page
    assert page.status == 429
    assert not {each for each in ways(page) if each.startswith("/useridmg/issue/address")}


async def test_too_many_acts_keep_what_was_typed(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """確定: what was done stands, the draft waits, passwords are not spoken of."""
    for number in range(40):
        confirm = (await propose(alice, representative=f"軽自 {number}")).page
        answer = await alice.post(confirm.action("確定"))
        if answer.status_code == 429:
            break
    page = Page(answer)
    assert (page.status, page.h1) == (429, H1)
    assert "短い時間に手続が繰り返されたため、受付を停止しています。" in page.text
    assert "これまでに完了した手続は、そのまま有効です。" in page.text
    assert "パスワード" not in page.text.partition(H1)[2].partition("エラーの種類")[0]
    assert "もう一度送信する" in page.text
