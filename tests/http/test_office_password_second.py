"""担当者パスワード変更 of a 担当者 who has a second factor: it is asked before anything changes."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.http.test_office_password import DESK, DONE, NEW, OTHER, WRONG, change, events
from tests.support import codes, passkeys
from tests.support.authenticator import wanted
from tests.support.codes import code
from tests.support.office import at_work, enter, hire
from tests.support.press import Press, natively, visit
from tests.support.product import Product
from web.clock import DAY, MINUTE
from web.demo.personas import ADMIN, CLERK, Officer
from web.steps.second_form import WRONG as WRONG_CODE
from web.store.first_passwords import FirstPassword

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SECOND, LOGIN_SECOND = "/office/password/second", "/office/login/second"
ASKED = "パスワードを登録する前に、ご本人であることを確認します。"
BEGIN_ANEW = "時間がたったため、はじめからやり直してください。"


async def give_factors(product: Product, officer: Officer) -> None:
    """Give a 担当者 an app and two 予備コード."""
    (row,) = product.rows("SELECT id FROM staff WHERE name = ?", officer.name)
    await codes.give_app(product, row["id"])
    await codes.give_paper(product, row["id"])


async def log_in(
    browser: httpx.AsyncClient, frozen: FrozenClock, password: str = CLERK.password
) -> None:
    """Log the clerk in by a code, and let a minute pass."""
    await enter(browser, CLERK, password)
    answer = await browser.post(LOGIN_SECOND, data={"code": code(frozen.at)})
    assert answer.headers["Location"] == DESK
    frozen.advance(MINUTE)


@pytest.fixture
async def clerk(product: Product, frozen: FrozenClock) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which a clerk is logged in by a code, a minute ago."""
    await hire(product, CLERK)
    await give_factors(product, CLERK)
    async with product.browser() as browser:
        await log_in(browser, frozen)
        yield browser


async def holds(product: Product, password: str) -> bool:
    """Tell whether this is the password of the clerk."""
    (row,) = product.rows("SELECT password_hash FROM staff WHERE name = ?", CLERK.name)
    return await product.services.passwords.verify(row["password_hash"], password)


async def test_the_second_factor_is_asked_before_anything_changes(
    product: Product, clerk: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """A stolen session and the password change no password; with the code it is changed, once."""
    async with product.browser() as other:
        await log_in(other, frozen)
        page = (await change(clerk, press)).page
        assert (page.h1, page.address) == ("ログインの確認", SECOND)
        assert ASKED in page.text
        for given, message in (
            ({"code": ""}, "確認コードを入力してください。"),
            ({"code": code(frozen.at + DAY)}, WRONG_CODE),
        ):
            page = (await press(clerk, SECOND, given)).page
            assert (page.status, page.error("code")) == (422, message)
        assert await holds(product, CLERK.password)
        assert (await other.get(DESK)).status_code == 200
        for _ in range(2):
            page = (await press(clerk, SECOND, {"code": code(frozen.at)})).page
            assert page.h1 == "担当者画面"
            assert page.notice.startswith(DONE)
        assert await holds(product, NEW)
        assert (await other.get(DESK)).status_code == 303
    assert events(product, "office.password.changed") == [{"sessions": 1, "who": CLERK.name}]


async def test_a_wrong_password_asks_no_second_factor(clerk: httpx.AsyncClient) -> None:
    """It is refused as that of somebody who has none."""
    page = (await change(clerk, current_password="not the right one")).page
    assert (page.status, page.h1) == (422, "担当者パスワード変更")
    assert page.error("current_password").startswith(WRONG)


async def test_a_code_on_paper_will_do(product: Product, clerk: httpx.AsyncClient) -> None:
    """Whoever has lost the telephone may still have to change a first password."""
    page = (await change(clerk)).page
    page = await visit(clerk, page.link("予備コードを使う"))
    typed = {"recovery_code": f"01{codes.PAPER[0]}"}
    assert (await natively(clerk, page.action("確認"), typed)).page.notice.startswith(DONE)
    assert await holds(product, NEW)


async def test_a_passkey_will_do(product: Product, press: Press) -> None:
    """Asked for this change of this person alone."""
    async with at_work(product, CLERK) as browser:
        device = await passkeys.register(browser, CLERK.password, press, at="/office/factors")
        page = (await change(browser, press)).page
        answer = {"credential": device.use(wanted(page))}
        assert (await press(browser, SECOND, answer)).page.notice.startswith(DONE)
    assert await holds(product, NEW)


async def test_a_first_password_is_changed_with_the_second_factor(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Nothing else opens before; this does, or nobody would get in."""
    await hire(product, CLERK, FirstPassword.TO_CHANGE)
    await give_factors(product, CLERK)
    await log_in(visitor, frozen)
    assert (await change(visitor)).page.h1 == "ログインの確認"
    page = (await natively(visitor, SECOND, {"code": code(frozen.at)})).page
    assert page.h1 == "担当者画面"


async def test_forty_presses_of_one_code_are_one_change(
    product: Product, clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """All are led on; the trail has one row."""
    await change(clerk)
    now = {"code": code(frozen.at)}
    answers = await asyncio.gather(*(clerk.post(SECOND, data=now) for _ in range(40)))
    assert {each.headers["Location"] for each in answers} == {"/office/?notice=office-password"}
    assert len(events(product, "office.password.changed")) == 1


async def test_what_another_change_has_overtaken_sets_nothing(
    product: Product, clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Two tabs: the second one's password was right when it was typed."""
    await change(clerk)
    slow = clerk.cookies["second-office_password"]
    await change(clerk, new_password=OTHER, new_password_again=OTHER)
    await natively(clerk, SECOND, {"code": code(frozen.at)})
    frozen.advance(MINUTE)
    clerk.cookies.delete("second-office_password")
    clerk.cookies.set("second-office_password", slow)
    page = (await natively(clerk, SECOND, {"code": code(frozen.at)})).page
    assert (page.h1, page.notice) == ("担当者パスワード変更", BEGIN_ANEW)
    assert await holds(product, OTHER)


async def test_a_step_changes_the_password_in_its_own_session_alone(
    product: Product, clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Not in that of a colleague, nor in a later one of the same person, nor without any."""
    await change(clerk)
    step = clerk.cookies["second-office_password"]
    async with (
        product.browser() as nobody,
        at_work(product, ADMIN) as colleague,
        product.browser() as later,
    ):
        await log_in(later, frozen)
        for other in (nobody, colleague, later):
            other.cookies.set("second-office_password", step)
            page = (await natively(other, SECOND, {"code": code(frozen.at)})).page
            assert page.h1 in {"担当者ログイン", "担当者パスワード変更"}
            frozen.advance(MINUTE)
    assert await holds(product, CLERK.password)
    assert events(product, "office.password.changed") == []


async def test_the_step_of_a_log_in_is_none_of_a_change(
    product: Product, clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Each is good for what it was made for."""
    await enter(clerk, CLERK)
    clerk.cookies.set("second-office_password", clerk.cookies["second-office_login"])
    page = (await natively(clerk, SECOND, {"code": code(frozen.at)})).page
    assert (page.h1, page.notice) == ("担当者パスワード変更", BEGIN_ANEW)
    assert await holds(product, CLERK.password)


async def test_failures_stay_counted_until_the_code_is_right(
    clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A right password alone gives no new tries at it."""
    clerk.cookies.delete("device")  # or this browser had twenty tries of its own
    for number in range(4):
        await change(clerk, current_password=f"wrong {number}")
    assert (await change(clerk)).page.h1 == "ログインの確認"
    assert (await change(clerk, current_password="wrong 4")).answer.status_code == 429
    frozen.advance(MINUTE)
    assert (await change(clerk)).page.h1 == "ログインの確認"
    await natively(clerk, SECOND, {"code": code(frozen.at)})
    page = (await change(clerk, current_password="wrong 5")).page
    assert page.status == 422


async def test_who_was_shut_out_meanwhile_changes_nothing(
    product: Product, clerk: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """By the operator, between the password and the code."""
    await change(clerk)
    sql = "UPDATE staff SET disabled_at = :now WHERE name = :name"
    await product.meddle(sql, now=frozen.at, name=CLERK.name)
    await natively(clerk, SECOND, {"code": code(frozen.at)})
    assert await holds(product, CLERK.password)
