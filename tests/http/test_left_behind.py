"""What log-in, log-out and both resets leave behind, row by row: audit trail, outbox, session."""

import json
from typing import Any

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.journeys import (
    BETTER,
    GOOD,
    ask_payment,
    bulk_link,
    choose,
    payment_link,
)
from tests.support.log_lines import Told
from tests.support.people import ALICE, BOB
from tests.support.post import PostOffice
from tests.support.press import visit
from tests.support.product import Product, running
from web.clock import DAY, HOUR

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN, LEAVE = "/useridmg/login", "/useridmg/leave"
AUDIT = """
    SELECT event, payment_user_id AS who, detail, at FROM audit
      LEFT JOIN accounts ON accounts.id = account_id ORDER BY seq
"""
OUTBOX = """
    SELECT once_key, payment_user_id AS who, outbox.created_at, expires_at FROM outbox
      LEFT JOIN accounts ON accounts.id = account_id ORDER BY outbox.rowid
"""
SESSIONS = """
    SELECT created_at, ended_at, previous_login_at, user_agent, network FROM sessions ORDER BY rowid
"""
LINKS = "SELECT id, kind, asked_at, expires_at, used_at FROM reset_links ORDER BY rowid"
A, B = "KNCA6288", "KNCA6289"


def trail(product: Product) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Give what happened after the people of the tests were there: event, whose, details."""
    rows = product.rows(AUDIT)
    return [
        (row["event"], row["who"], json.loads(row["detail"]))
        for row in rows
        if row["event"] != "account.created"
    ]


async def tried(browser: httpx.AsyncClient, user_id: str, password: str) -> None:
    """Try to log in."""
    await browser.post(LOGIN, data={"user_id": user_id, "password": password})


async def test_of_log_ins(product: Product, frozen: FrozenClock) -> None:
    """Whose it was, as far as anybody knows, and whether the device had logged in before."""
    async with product.browser() as own, product.browser() as other:
        await tried(other, A, "wrong")
        await tried(other, "KNCA9999", "wrong")
        await log_in(own, ALICE)
        frozen.advance(2)
        await tried(own, A, "wrong")
        await log_in(own, ALICE)
        await own.post(LEAVE)
        await own.post(LEAVE)
    new, known = {"device": "new"}, {"device": "known"}
    assert trail(product) == [
        ("login.failed", A, new),
        ("login.done", A, new),
        ("login.failed", A, known),
        ("logout.done", A, {}),
        ("login.done", A, known),
        ("logout.done", A, {}),
    ]
    times = [row["at"] - frozen.at for row in product.rows(AUDIT)][-6:]
    assert times == [-2, -2, 0, 0, 0, 0]


async def test_of_a_log_in_with_an_expired_password(product: Product, frozen: FrozenClock) -> None:
    """The password was right, so it is known whose it was; nobody is logged in."""
    frozen.advance(60 * DAY)
    async with product.browser() as browser:
        await tried(browser, A, ALICE.payment_password)
    assert trail(product) == [("login.expired", A, {})]
    assert product.rows("SELECT 1 FROM sessions") == []


async def test_of_a_log_in_whose_cookie_died_before(product: Product, frozen: FrozenClock) -> None:
    """A session that has ended is not ended a second time."""
    async with product.browser() as browser:
        await log_in(browser, ALICE)
        token = browser.cookies["session"]
        await browser.post(LEAVE)
        browser.cookies.set("session", token)
        frozen.advance(2)
        await log_in(browser, BOB)
    assert [(event, who) for event, who, _ in trail(product)] == [
        ("login.done", A),
        ("logout.done", A),
        ("login.done", B),
    ]
    assert [row["ended_at"] for row in product.rows(SESSIONS)] == [frozen.at - 2, None]


async def test_of_a_session(product: Product, frozen: FrozenClock) -> None:
    """Whose, since when, after which log-in before, from which browser and network, as far as told."""
    first = frozen.at
    async with product.browser("192.0.2.1", **{"User-Agent": "a" * 301}) as browser:
        await log_in(browser, ALICE)
        frozen.advance(HOUR)
        del browser.headers["User-Agent"]
        await log_in(browser, ALICE)
        assert (await visit(browser, "/useridmg/mypage")).status == 200
    assert [tuple(row.values()) for row in product.rows(SESSIONS)] == [
        (first, frozen.at, None, "a" * 300, "192.0.2.1"),
        (frozen.at, None, first, "", "192.0.2.1"),
    ]


async def test_of_a_mail_about_a_new_device(product: Product, frozen: FrozenClock) -> None:
    """To the owner, once a day for each browser and network; none for a first log-in or a known device."""
    firefox, safari = "Mozilla/5.0 Firefox/140.0", "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1"
    networks = ("192.0.2.1", "192.0.2.2")

    async def strange(user_agent: str, network: str) -> None:
        async with product.browser(network, **{"User-Agent": user_agent}) as browser:
            await log_in(browser, ALICE)

    async with product.browser(networks[0], **{"User-Agent": firefox}) as own:
        await log_in(own, ALICE)  # the first of all: there is no device it could differ from
        await log_in(own, ALICE)
    assert product.rows(OUTBOX) == []
    for user_agent in (firefox, safari):
        for network in networks:
            await strange(user_agent, network)
            await strange(user_agent, network)
    keys = [row["once_key"] for row in product.rows(OUTBOX)]
    assert len(set(keys)) == 4
    assert all(key.startswith("new_device:") and len(key) == 11 + 32 for key in keys)
    frozen.advance(15 * HOUR - 1)  # from 9 o'clock to the last second of the day, in Japan
    await strange(firefox, networks[0])
    assert len(product.rows(OUTBOX)) == 4
    frozen.advance(1)
    await strange(firefox, networks[0])
    *_, last = product.rows(OUTBOX)
    assert (last["who"], last["created_at"], last["expires_at"]) == (A, frozen.at, None)
    assert len(product.rows(OUTBOX)) == 5


@pytest.mark.parametrize("kind", ["payment", "bulk"])
async def test_of_a_reset(product: Product, frozen: FrozenClock, kind: str) -> None:
    """Request, URL, mail and new password are the account's; the URL's life begins when it was asked for."""
    async with product.browser() as browser:
        await log_in(browser, ALICE)
        before = trail(product)
        asked_at = frozen.at
        if kind == "payment":
            link = await payment_link(product, browser, ALICE)
        else:
            link = await bulk_link(product, browser)
        (row,) = product.rows(LINKS)
        assert (row["kind"], row["asked_at"], row["used_at"]) == (kind, asked_at, None)
        assert row["expires_at"] == asked_at + 24 * HOUR
        (guide,) = product.rows(OUTBOX)
        assert guide["once_key"] == f"reset_guide:{row['id']}"
        assert (guide["who"], guide["expires_at"]) == (A, asked_at + 24 * HOUR)
        form = await visit(browser, link)
        frozen.advance(HOUR)
        await choose(browser, form, GOOD)
        (used,) = product.rows(LINKS)
        assert used["used_at"] == frozen.at
        _, completed = product.rows(OUTBOX)
        assert completed["once_key"] == f"reset_completed:{row['id']}"
        assert (completed["who"], completed["created_at"]) == (A, frozen.at)
        assert completed["expires_at"] is None
    assert trail(product) == [
        *before,
        ("reset.asked", A, {"kind": kind}),
        ("reset.used", A, {"kind": kind}),
    ]
    assert [row["at"] for row in product.rows(AUDIT)][-2:] == [asked_at, frozen.at]


async def test_of_reset_requests_that_are_not_mailed(
    tmp_path_factory: pytest.TempPathFactory, post: PostOffice, frozen: FrozenClock, told: Told
) -> None:
    """A wrong address and too many are the account's events; an unknown ID is the log's alone."""
    folder = tmp_path_factory.mktemp("few")
    async with running(folder, post, MYPAGE_RESETS_PER_HOUR="1") as product:
        async with product.browser() as browser:
            await ask_payment(browser, ALICE, admin_email="other@example.jp")
            await ask_payment(browser, ALICE, user_id="KNCA9999")
            await ask_payment(browser, ALICE)
            await product.settle()
            await ask_payment(browser, ALICE)
            await product.settle()
            await product.disable(BOB)
            await ask_payment(browser, BOB)
            await product.settle()
        kind = {"kind": "payment"}
        assert trail(product) == [
            ("reset.mismatched", A, kind),
            ("reset.asked", A, kind),
            ("reset.too_many", A, kind),
            ("reset.mismatched", B, kind),
        ]
        assert len(product.rows(LINKS)) == 1
        await told.number("reset.not_mailed", 3)  # said after the commit that settle() waits for
        reasons = {line["reason"] for line in told.of("reset.not_mailed")}
        assert reasons == {"does not fit"}


async def test_of_a_reset_request_whose_secret_is_gone(product: Product, told: Told) -> None:
    """It is passed over, with a line in the log; the next one is mailed."""
    add = """
        INSERT INTO reset_requests (once_key, kind, sealed, asked_at)
        VALUES (:key, 'payment', :sealed, 0)
    """
    await product.meddle(add, key="a" * 32, sealed=bytes(60))
    async with product.browser() as browser:
        await payment_link(product, browser, ALICE)
    (line,) = told.of("reset.unreadable")
    assert line["trace"].endswith("web.security.vault.NotSealedHere: reset request")
    assert trail(product) == [("reset.asked", A, {"kind": "payment"})]


async def test_of_a_newer_url(product: Product) -> None:
    """It ends the older one of its own credential, and leaves the other credential's alone."""
    async with product.browser() as browser:
        await log_in(browser, ALICE)
        payment = await payment_link(product, browser, ALICE)
        bulk = await bulk_link(product, browser)
        await bulk_link(product, browser)
        assert (await visit(browser, bulk)).status == 410
        assert (await choose(browser, await visit(browser, payment), BETTER)).page.status == 200
    used = product.rows("SELECT kind FROM reset_links WHERE used_at IS NOT NULL")
    assert [row["kind"] for row in used] == ["payment"]
