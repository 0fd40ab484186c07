"""A password that the operator chose, with --must-change: good for one log-in, which leads to its change."""

import httpx
import pytest
from starlette.routing import Route

from tests.conftest import FrozenClock
from tests.support.issuing import TERMS
from tests.support.journeys import GOOD, choose, payment_link, twice
from tests.support.office import enter, hire
from tests.support.people import ALICE
from tests.support.press import HTMX, Press, natively, visit
from tests.support.product import Product
from web.clock import DAY
from web.demo.personas import CLERK
from web.routes import ROUTES
from web.store.first_passwords import FirstPassword

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN, CHANGE, MYPAGE = "/useridmg/login", "/useridmg/password/change", "/useridmg/mypage"
RIGHT = {"user_id": "KNCA6288", "password": ALICE.payment_password}
WORDS = "はじめてのログインです。"
PASSWORD, DESK = "/office/password", "/office/"
NEW = "atarashii-ashita-ga-kuru"


@pytest.fixture
async def handed_out(product: Product) -> Product:
    """Let the operator have chosen both passwords of Alice, with --must-change."""
    await mark(product, FirstPassword.TO_CHANGE)
    return product


async def mark(product: Product, first: FirstPassword) -> None:
    """Set what the operator's command sets."""
    await product.meddle(
        """UPDATE credentials SET first_password = :first WHERE account_id =
             (SELECT id FROM accounts WHERE payment_user_id = 'KNCA6288')""",
        first=first,
    )


def firsts(product: Product, kind: str) -> list[int]:
    """Tell of Alice's passwords of a kind whether they are first ones."""
    sql = """SELECT first_password AS first FROM credentials JOIN accounts ON id = account_id
              WHERE payment_user_id = 'KNCA6288' AND credentials.kind = ?"""
    return [row["first"] for row in product.rows(sql, kind)]


async def test_the_first_log_in_leads_to_the_change_and_says_why(
    handed_out: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """No session is opened, nothing can be skipped; the trail says what happened (ASVS 6.4.1)."""
    page = (await press(visitor, LOGIN, RIGHT)).page
    assert (page.status, page.h1) == (200, "パスワード変更")
    assert WORDS in page.text
    assert page.value("user_id") == "KNCA6288"
    assert "有効期限が切れています" not in page.text
    assert not handed_out.rows("SELECT 1 FROM sessions")
    assert (await visitor.get(MYPAGE)).headers["Location"].startswith(LOGIN)
    assert handed_out.rows("SELECT event FROM audit ORDER BY seq DESC LIMIT 1") == [
        {"event": "login.first"}
    ]


async def test_after_the_change_log_in_opens_my_page(
    handed_out: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """The operator's password is no first one any more, and cannot come back."""
    form = (await press(visitor, LOGIN, RIGHT)).page
    typed = {"current_password": ALICE.payment_password, **twice(GOOD)}
    done = await press(visitor, CHANGE, {**form.fields(CHANGE), **typed})
    assert done.page.h1 == "パスワード変更結果通知"
    assert firsts(handed_out, "payment") == [FirstPassword.NO]
    assert (await press(visitor, LOGIN, {**RIGHT, "password": GOOD})).page.h1 == "マイページ"


async def test_a_reset_replaces_a_first_password_as_well(
    handed_out: Product, visitor: httpx.AsyncClient
) -> None:
    """Whoever has the mailed URL chooses; the other password stays what it is."""
    form = await visit(visitor, await payment_link(handed_out, visitor, ALICE))
    await choose(visitor, form, GOOD)
    assert firsts(handed_out, "payment") == [FirstPassword.NO]
    assert firsts(handed_out, "bulk") == [FirstPassword.TO_CHANGE]


async def test_the_reason_is_told_before_that_of_an_expired_one(
    handed_out: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """One reason at a time: the change mends both."""
    frozen.advance(60 * DAY)
    page = (await natively(visitor, LOGIN, RIGHT)).page
    assert WORDS in page.text
    assert "有効期限が切れています" not in page.text


async def test_a_wrong_password_does_not_tell_that_it_is_a_first_one(
    handed_out: Product, visitor: httpx.AsyncClient
) -> None:
    """The log-in form again, as for everybody."""
    page = (await natively(visitor, LOGIN, {**RIGHT, "password": "wrong"})).page
    assert page.h1 == "マイページログイン"
    assert WORDS not in page.text


async def test_without_must_change_the_first_log_in_opens_my_page(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """As the operator decided."""
    await mark(product, FirstPassword.GIVEN)
    assert (await natively(visitor, LOGIN, RIGHT)).page.h1 == "マイページ"


@pytest.fixture
async def newcomer(product: Product, visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """Log in a 担当者 whose password has to be changed."""
    await hire(product, CLERK, FirstPassword.TO_CHANGE)
    await enter(visitor, CLERK)
    return visitor


async def test_nothing_in_the_office_opens_before_the_first_password_is_changed(
    product: Product, newcomer: httpx.AsyncClient
) -> None:
    """Every address under /office/ but the change itself, the time left and 終了; nothing is written."""
    open_to_all = {"office/login", "office/second", "office/leave"}
    spared = {
        "office/password", "office/password_second", "office/time_left", "office/stay",
    }  # fmt: skip
    routes = [r for r in ROUTES if isinstance(r, Route)]
    guarded = [r for r in routes if r.name.startswith("office/")]
    closed = [r for r in guarded if r.name not in open_to_all | spared]
    assert len(closed) > 10
    before = product.content()
    for route in closed:
        for method in (route.methods or set()) - {"HEAD"}:
            answer = await newcomer.request(method, route.path.replace("{id}", "x"))
            assert answer.headers.get("Location", "").startswith(PASSWORD), route.name
            script = await newcomer.request(method, route.path.replace("{id}", "x"), headers=HTMX)
            assert script.headers.get("HX-Redirect", "").startswith(PASSWORD), route.name
    assert product.content() == before
    assert WORDS in (await visit(newcomer, DESK)).notice


async def test_the_office_opens_after_the_change(
    product: Product, newcomer: httpx.AsyncClient, press: Press
) -> None:
    """At once, in the same log-in."""
    page = await visit(newcomer, DESK)
    assert page.h1 == "担当者パスワード変更"
    typed = {**page.fields(PASSWORD), "current_password": CLERK.password, **twice(NEW)}
    done = (await press(newcomer, page.action("変更"), typed)).page
    assert done.h1 == "担当者画面"
    assert product.rows("SELECT first_password FROM staff") == [{"first_password": 0}]


async def test_a_newcomer_can_leave(newcomer: httpx.AsyncClient) -> None:
    """終了 works, and the public pages do."""
    page = await visit(newcomer, DESK)
    assert (await natively(newcomer, page.action("終了"), {})).page.h1 == "担当者ログイン"
    assert (await newcomer.get(TERMS)).status_code == 200
