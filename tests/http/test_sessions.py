"""Sessions: how they begin and end, and what a dead one is told."""

import hashlib

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.people import ALICE, BOB
from tests.support.post import PostOffice
from tests.support.press import HTMX, visit
from tests.support.product import Product, running
from web.clock import HOUR, MINUTE

pytestmark = pytest.mark.anyio

LOGIN, MYPAGE, LEAVE = "/useridmg/login", "/useridmg/mypage", "/useridmg/leave"
ENDED = "/useridmg/login?notice=session-ended"


async def test_a_session_is_a_row_that_holds_no_cookie(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The cookie is random and long; the database knows only its SHA-256."""
    token = alice.cookies["session"]
    assert len(token) >= 43
    stored = product.rows("SELECT token_hash FROM sessions")
    assert [row["token_hash"] for row in stored] == [hashlib.sha256(token.encode()).digest()]


async def test_over_https_the_cookie_has_prefix_and_secure(
    product: Product, post: PostOffice, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`__Host-`, Secure, HttpOnly, Lax, Path=/ (the linter looks at the attributes); and HSTS."""
    environ = {
        "MYPAGE_BASE_URL": "https://mypage.example.jp",
        "MYPAGE_TRUSTED_PROXIES": "127.0.0.1",
    }
    folder = tmp_path_factory.mktemp("https")
    async with running(folder, post, **environ) as public, public.browser() as browser:
        await log_in(browser, ALICE)
        assert browser.cookies["__Host-session"]
        assert (await browser.get(MYPAGE)).status_code == 200


async def test_logging_in_again_replaces_the_session(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A new id at every log-in, and the old cookie is dead on the server."""
    old = alice.cookies["session"]
    await log_in(alice, BOB)
    assert alice.cookies["session"] != old
    page = await visit(alice, MYPAGE)
    assert page.table()["納付利用者ID"] == "KNCA6289"
    async with product.browser() as thief:
        thief.cookies.set("session", old)
        assert (await thief.get(MYPAGE)).headers["Location"].startswith(LOGIN)


async def test_a_planted_cookie_never_becomes_a_session(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Session fixation: the id that came with the log-in is not the one that goes on."""
    visitor.cookies.set("session", "planted")
    answer = await visitor.post(
        LOGIN, data={"user_id": "KNCA6288", "password": ALICE.payment_password}
    )
    assert "planted" not in answer.headers["Set-Cookie"]
    async with product.browser() as thief:
        thief.cookies.set("session", "planted")
        assert (await thief.get(MYPAGE)).status_code == 303


async def test_the_log_in_form_is_shown_to_those_who_are_logged_in(
    alice: httpx.AsyncClient,
) -> None:
    """L1 always shows its form; the session lives on beside it."""
    page = await visit(alice, LOGIN)
    assert (page.h1, page.status) == ("マイページログイン", 200)
    assert (await alice.get(MYPAGE)).status_code == 200


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["native", "htmx"])
async def test_leaving_ends_the_session_on_the_server(
    product: Product, alice: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """終了 leads to the portal, and the same cookie opens nothing any more."""
    token = alice.cookies["session"]
    page = await visit(alice, MYPAGE)
    answer = await alice.post(page.action("終了"), headers=headers)
    leads = "HX-Redirect" if headers else "Location"
    assert (answer.status_code, answer.headers.get(leads)) == (
        204 if headers else 303,
        "/?notice=left",
    )
    async with product.browser() as thief:
        thief.cookies.set("session", token)
        assert (await thief.get(MYPAGE)).headers["Location"].startswith(LOGIN)
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'logout.done'")) == 1


async def test_leaving_twice_or_without_a_session_leads_to_the_portal_too(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """終了 in a second tab is no error, and is noted once."""
    await alice.post(LEAVE)
    assert (await alice.post(LEAVE)).headers["Location"] == "/?notice=left"
    async with product.browser() as visitor:
        assert (await visitor.post(LEAVE)).headers["Location"] == "/?notice=left"
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'logout.done'")) == 1


async def test_leaving_in_one_browser_leaves_the_other_alone(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """There is no cap on sessions, and each ends by itself."""
    async with product.browser() as second:
        await log_in(second, ALICE)
        await second.post(LEAVE)
        assert (await alice.get(MYPAGE)).status_code == 200


async def test_a_dead_cookie_is_told_why(alice: httpx.AsyncClient, frozen: FrozenClock) -> None:
    """A session that ended by itself leads to log-in with a word why."""
    frozen.advance(31 * MINUTE)
    page = await visit(alice, MYPAGE)
    assert page.h1 == "マイページログイン"
    assert "ログアウトしました" in page.notice


async def test_who_never_logged_in_is_asked_to(visitor: httpx.AsyncClient) -> None:
    """Without a cookie nothing has ended, so the word is another one."""
    page = await visit(visitor, MYPAGE)
    assert page.notice == "このページを表示するには、ログインしてください。"


async def test_htmx_is_sent_to_log_in_by_a_header(visitor: httpx.AsyncClient) -> None:
    """401 and HX-Redirect, so that the log-in page is not swapped into a step."""
    answer = await visitor.get(MYPAGE, headers=HTMX)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/useridmg/login?notice=login"


async def test_thirty_idle_minutes_end_a_session(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """29:59 after the last request it lives, and that request counts; 30:00 after it, it is gone."""
    for _ in range(3):
        frozen.advance(30 * MINUTE - 1)
        assert (await alice.get(MYPAGE)).status_code == 200
    frozen.advance(30 * MINUTE)
    assert (await alice.get(MYPAGE)).headers["Location"] == ENDED


async def test_idle_time_counts_from_the_flushed_row_too(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """last-seen is noted in memory and flushed; the row says the same afterwards."""
    frozen.advance(20 * MINUTE)
    await alice.get(MYPAGE)
    await product.services.seen.flush(product.services.database)
    assert product.rows("SELECT last_seen_at FROM sessions")[0]["last_seen_at"] == frozen.at
    frozen.advance(30 * MINUTE - 1)
    assert (await alice.get(MYPAGE)).status_code == 200


async def test_eight_hours_end_a_session_however_busy(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """7:59:59 after log-in it lives, 8:00:00 after it is gone, used all the time."""
    for _ in range(16):
        frozen.advance(30 * MINUTE - 1)
        assert (await alice.get(MYPAGE)).status_code == 200
    frozen.advance(15)
    assert (await alice.get(MYPAGE)).status_code == 200
    frozen.advance(1)
    assert (await alice.get(MYPAGE)).headers["Location"] == ENDED


async def test_the_limits_are_settings(
    post: PostOffice, frozen: FrozenClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Five idle minutes and one hour in all, when the operator says so."""
    environ = {"MYPAGE_SESSION_IDLE_MINUTES": "5", "MYPAGE_SESSION_HOURS": "1"}
    folder = tmp_path_factory.mktemp("short")
    async with running(folder, post, **environ) as short, short.browser() as browser:
        await log_in(browser, ALICE)
        for _ in range(HOUR // (4 * MINUTE) - 1):
            frozen.advance(4 * MINUTE)
            assert (await browser.get(MYPAGE)).status_code == 200
        frozen.advance(4 * MINUTE)
        assert (await browser.get(MYPAGE)).headers["Location"] == ENDED
        await log_in(browser, ALICE)
        frozen.advance(5 * MINUTE)
        assert (await browser.get(MYPAGE)).headers["Location"] == ENDED


async def test_disabling_the_account_ends_its_sessions(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """The next request of a disabled account is at log-in; others go on."""
    await product.disable(ALICE)
    assert (await alice.get(MYPAGE)).headers["Location"] == "/useridmg/login?notice=shut"
    assert (await bob.get(MYPAGE)).status_code == 200
