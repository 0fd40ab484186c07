"""変更 any number of times is one change, and a used form is never taken for another one."""

import asyncio

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.journeys import BETTER, CHANGE, GOOD
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product
from web.clock import MINUTE

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DONE = "パスワード変更結果通知"
RIGHT = {
    "user_id": "KNCA6288",
    "current_password": ALICE.payment_password,
    "new_password": GOOD,
    "new_password_again": GOOD,
}
NEXT = {"current_password": GOOD, "new_password": BETTER, "new_password_again": BETTER}


async def opened(browser: httpx.AsyncClient) -> dict[str, str]:
    """Open C1 and fill it in as Alice."""
    return {**(await visit(browser, CHANGE)).fields(CHANGE), **RIGHT}


def changes(product: Product) -> tuple[int, int, int]:
    """Count changes, mails and receipts."""
    return (
        len(product.rows("SELECT 1 FROM audit WHERE event = 'password.changed'")),
        len(product.rows("SELECT 1 FROM outbox")),
        len(product.rows("SELECT 1 FROM receipts")),
    )


async def test_pressing_again_is_the_same_change(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Five presses of one form end on the same 結果通知: one change, one mail."""
    form = await opened(visitor)
    addresses = {(await press(visitor, CHANGE, form)).page.address for _ in range(5)}
    assert len(addresses) == 1
    assert changes(product) == (1, 1, 1)


async def test_twenty_presses_at_once_are_one_change(product: Product) -> None:
    """Every press lands on the same page, whichever came first; five rounds of twenty."""
    password = ALICE.payment_password
    for number in range(5):
        new = f"hoshi-no-umi-to-kaze-{number}"
        typed = {"current_password": password, "new_password": new, "new_password_again": new}
        async with product.browser() as browser:
            form = {**await opened(browser), **typed}
            answers = await asyncio.gather(
                *(browser.post(CHANGE, data=form, headers=HTMX if n % 2 else {}) for n in range(20))
            )
        leads = {
            each.headers.get("Location") or each.headers.get("HX-Push-Url") for each in answers
        }
        assert len(leads) == 1, (number, leads)
        assert changes(product) == (number + 1, number + 1, number + 1)
        password = new


async def test_a_used_form_with_another_password_is_a_410(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """A form kept open after the change, filled in anew, is not called done and changes nothing."""
    form = await opened(visitor)
    await press(visitor, CHANGE, form)
    assert (await press(visitor, CHANGE, {**form, **NEXT})).page.status == 410
    assert changes(product) == (1, 1, 1)


async def test_a_repeat_is_good_for_ten_minutes(
    product: Product, visitor: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """9:59 later it is the same press coming again; from 10:00 on it is a 410."""
    form = await opened(visitor)
    await press(visitor, CHANGE, form)
    frozen.advance(10 * MINUTE - 1)
    assert (await press(visitor, CHANGE, form)).page.h1 == DONE
    frozen.advance(1)
    assert (await press(visitor, CHANGE, form)).page.status == 410
    assert changes(product) == (1, 1, 1)


async def test_a_used_form_never_says_done_without_doing(
    product: Product, visitor: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """However late and however right the current password is: a used form is used."""
    form = await opened(visitor)
    await press(visitor, CHANGE, form)
    for seconds in (1, 10 * MINUTE, 60 * MINUTE):
        frozen.advance(seconds)
        page = (await press(visitor, CHANGE, {**form, **NEXT})).page
        assert page.h1 != DONE
    assert changes(product) == (1, 1, 1)


async def test_guesses_in_a_form_that_was_used_are_counted(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """The password that is verified is the one that is counted, one guess for each press."""
    form = await opened(visitor)
    await press(visitor, CHANGE, form)
    guesses = [f"kuroi-neko-no-yume-{number}" for number in range(5)]
    for guess in guesses:
        typed = {"new_password": guess, "new_password_again": guess}
        assert (await press(visitor, CHANGE, {**form, **typed})).page.status == 410
    assert (await press(visitor, CHANGE, form)).page.status == 429


async def test_guesses_at_once_in_a_form_that_was_used_are_slowed_down(
    visitor: httpx.AsyncClient, press: Press
) -> None:
    """Thirty new passwords beside one current password are thirty guesses: five at most are judged."""
    form = await opened(visitor)
    await press(visitor, CHANGE, form)
    wishes = [f"kuroi-neko-no-yume-{number}" for number in range(30)]
    answers = await asyncio.gather(
        *(
            visitor.post(CHANGE, data={**form, "new_password": wish, "new_password_again": wish})
            for wish in wishes
        )
    )
    codes = [answer.status_code for answer in answers]
    assert set(codes) == {410, 429}
    # one less than at log-in: what the others send as the current password is a guess under way, too; and one that
    # has failed may count twice for whoever came before that was written, and looks after it
    assert 2 <= codes.count(410) <= 5


async def test_a_key_of_somebody_else_is_no_receipt(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Bob's form with Alice's once-key is Bob's own change, or none; never Alice's 結果通知."""
    form = await opened(visitor)
    await press(visitor, CHANGE, form)
    his = {**form, "user_id": "KNCA6289", "current_password": BOB.payment_password}
    page = (await press(visitor, CHANGE, his)).page
    done = page.h1 == DONE
    login = {"user_id": "KNCA6289", "password": GOOD if done else BOB.payment_password}
    answer = await visitor.post("/useridmg/login", data=login)
    assert page.status < 500
    assert answer.headers["Location"] == "/useridmg/mypage"


@pytest.mark.parametrize("once", ["", "x", "0" * 31, "0" * 33, "G" * 32, "0" * 5000])
async def test_a_mangled_once_key_is_replaced(
    product: Product, visitor: httpx.AsyncClient, press: Press, once: str
) -> None:
    """Nothing that is sent in its place breaks anything; the change is made."""
    page = (await press(visitor, CHANGE, {**await opened(visitor), "once": once})).page
    assert page.h1 == DONE
    assert changes(product) == (1, 1, 1)


async def test_the_form_after_an_error_is_still_the_same_form(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """The once-key goes along through the error, so that the mended press counts once."""
    form = await opened(visitor)
    page = (await press(visitor, CHANGE, {**form, "new_password_again": "other"})).page
    assert page.value("once") == form["once"]
    for _ in range(2):
        assert (await press(visitor, CHANGE, form)).page.h1 == DONE
    assert changes(product) == (1, 1, 1)
