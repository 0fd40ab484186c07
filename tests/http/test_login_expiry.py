"""L2: a payment password ends 60 days after it was set, to the second."""

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.alike import face
from tests.support.people import ALICE
from tests.support.press import Press, visit
from tests.support.product import Product
from web.clock import DAY, HOUR, mypage_style

pytestmark = pytest.mark.anyio

LOGIN, CHANGE = "/useridmg/login", "/useridmg/password/change"
RIGHT = {"user_id": "KNCA6288", "password": ALICE.payment_password}


async def test_the_last_second_of_day_59_logs_in(
    visitor: httpx.AsyncClient, frozen: FrozenClock, press: Press
) -> None:
    """59 days 23:59:59 after it was set the password still works."""
    frozen.advance(60 * DAY - 1)
    assert (await press(visitor, LOGIN, RIGHT)).page.h1 == "マイページ"


async def test_day_60_leads_to_the_change_with_id_and_reason(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock, press: Press
) -> None:
    """At 60 × 24 h it goes by itself to パスワード変更: why, since when, and what is next."""
    frozen.advance(60 * DAY)
    pressed = await press(visitor, LOGIN, {**RIGHT, "user_id": "ｋnca6288"})
    page = pressed.page
    assert page.h1 == "パスワード変更"
    assert page.status == 200
    assert page.value("user_id") == "KNCA6288"
    assert "納付利用者パスワードの有効期限が切れています。" in page.text
    assert mypage_style(frozen.at) in page.text
    assert "新しいパスワードで再度ログイン" in page.text
    assert page.value("current_password") == ""
    assert not product.rows("SELECT 1 FROM sessions")


async def test_an_expired_password_opens_no_session(
    visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """There is nothing to skip to: My Page still asks to log in."""
    frozen.advance(60 * DAY)
    await visitor.post(LOGIN, data=RIGHT)
    answer = await visitor.get("/useridmg/mypage")
    assert answer.headers["Location"].startswith(LOGIN)


async def test_the_reason_is_forgotten_after_five_minutes(
    visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The sealed cookie that carries ID and reason lives five minutes."""
    frozen.advance(60 * DAY)
    address = (await visitor.post(LOGIN, data=RIGHT)).headers["Location"]
    frozen.advance(5 * 60 - 1)
    assert (await visit(visitor, address)).value("user_id") == "KNCA6288"
    frozen.advance(1)
    page = await visit(visitor, address)
    assert (page.status, page.value("user_id")) == (200, "")
    assert "有効期限が切れています" not in page.text


async def test_an_expired_password_typed_wrong_says_nothing(
    product: Product, frozen: FrozenClock
) -> None:
    """Expiry is told only to those who know the password."""
    frozen.advance(60 * DAY)
    faces = []
    for user_id in ("KNCA6288", "KNCA9999"):
        async with product.browser() as browser:
            posted = await browser.post(LOGIN, data={"user_id": user_id, "password": "wrong"})
            shown = await browser.get(posted.headers["Location"])
        faces.append([face(posted, user_id), face(shown, user_id)])
    assert faces[0] == faces[1]


async def test_after_the_change_the_new_password_logs_in(
    visitor: httpx.AsyncClient, frozen: FrozenClock, press: Press
) -> None:
    """L1 → C1 → C2 → L1, as the manual promises; the 60 days begin again."""
    frozen.advance(70 * DAY)
    form = (await press(visitor, LOGIN, RIGHT)).page
    new = "fuyu-no-kitakaze-88"
    passwords = {
        "current_password": ALICE.payment_password,
        "new_password": new,
        "new_password_again": new,
    }
    done = await press(visitor, CHANGE, {**form.fields(CHANGE), **passwords})
    assert done.page.h1 == "パスワード変更結果通知"
    frozen.advance(60 * DAY - 1)
    assert (await press(visitor, LOGIN, {**RIGHT, "password": new})).page.h1 == "マイページ"


async def test_day_60_does_not_cut_a_live_session(
    visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Who is logged in when the password ends stays logged in."""
    frozen.advance(60 * DAY - 1)
    await log_in(visitor, ALICE)
    frozen.advance(HOUR // 4)
    assert (await visitor.get("/useridmg/mypage")).status_code == 200


async def test_the_bulk_password_does_not_end(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The 60 days are the payment password's; the bulk password's age does not matter."""
    await product.meddle(
        "UPDATE credentials SET password_changed_at = 1 WHERE kind = :kind", kind="bulk"
    )
    await log_in(visitor, ALICE)
    assert (await visitor.get("/useridmg/mypage")).status_code == 200
