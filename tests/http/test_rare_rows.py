"""What somebody causes again and again is written down ever more rarely, and says how often it was."""

import json
from collections import Counter

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.guessing import browser_at
from tests.support.journeys import ask_payment
from tests.support.people import ALICE
from tests.support.product import Product
from web.clock import HOUR, MINUTE
from web.features.password_reset import requests
from web.mail import messages
from web.security.audit import EACH_WRITTEN
from web.services import Work
from web.store import sessions

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN, LEAVE, AGAIN_AND_AGAIN = "/useridmg/login", "/useridmg/leave", 90
WRONG = {"user_id": "KNCA6288", "password": "wrong"}


def written(product: Product) -> Counter[str]:
    """Count the rows of the trail by event."""
    return Counter(row["event"] for row in product.rows("SELECT event FROM audit"))


def times(product: Product, event: str) -> list[int]:
    """Give the number that each row of an event says, 0 for none."""
    rows = product.rows("SELECT event, detail FROM audit ORDER BY seq")
    return [json.loads(row["detail"]).get("times", 0) for row in rows if row["event"] == event]


async def test_the_first_twenty_within_an_hour_have_rows_of_their_own(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Nobody logs in more often; an hour later it begins anew."""
    for _ in range(EACH_WRITTEN):
        await log_in(visitor, ALICE)
        await visitor.post(LEAVE)
    assert times(product, "login.done") == times(product, "logout.done") == [0] * EACH_WRITTEN
    frozen.advance(HOUR + MINUTE)
    await log_in(visitor, ALICE)
    assert times(product, "login.done") == [0] * (EACH_WRITTEN + 1)


async def test_logging_in_and_out_without_end_writes_few_rows(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The 40th, the 80th and the 160th have one, which says so."""
    for _ in range(AGAIN_AND_AGAIN):
        await log_in(visitor, ALICE)
        await visitor.post(LEAVE)
    for event in ("login.done", "logout.done"):
        assert times(product, event) == [0] * EACH_WRITTEN + [40, 80], event


async def test_the_newest_log_ins_of_an_account_are_kept(
    product: Product, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Live ones before those that have ended; the one that logs in is always among them."""
    monkeypatch.setattr(sessions, "PER_ACCOUNT", 10)
    async with product.browser() as first:
        await log_in(first, ALICE)
        for _ in range(15):
            frozen.advance(1)
            async with product.browser() as browser:
                await log_in(browser, ALICE)
                await browser.post(LEAVE)
        assert len(product.rows("SELECT 1 FROM sessions")) == 10
        assert (await first.get("/useridmg/mypage")).status_code == 200
        for _ in range(15):
            async with product.browser() as browser:
                frozen.advance(1)
                await log_in(browser, ALICE)
                assert (await browser.get("/useridmg/mypage")).status_code == 200
        assert len(product.rows("SELECT 1 FROM sessions WHERE ended_at IS NULL")) == 10
        assert (await first.get("/useridmg/mypage")).status_code == 303


async def test_wrong_passwords_between_right_ones_write_few_rows(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The right one clears the counters of the throttle; what goes beyond is in the hour's number."""
    before = written(product)
    for _ in range(10):
        for _ in range(4):
            await visitor.post(LOGIN, data=WRONG)
        await log_in(visitor, ALICE)
    assert written(product)["login.failed"] - before["login.failed"] == EACH_WRITTEN
    (counted,) = product.rows("SELECT number FROM failures WHERE scope = 'unknown'")
    assert counted["number"] == 40 - EACH_WRITTEN


async def test_a_stranger_with_many_networks_writes_few_rows_about_an_account(
    product: Product, frozen: FrozenClock
) -> None:
    """Only the ID has to be known, and IDs are guessed; an hour later it begins anew."""
    for number in range(AGAIN_AND_AGAIN):
        async with browser_at(product, f"198.51.100.{number}") as stranger:
            await ask_payment(stranger, ALICE, admin_email="dare@example.net")
    for _ in range(AGAIN_AND_AGAIN // requests.ROUND + 1):
        await product.settle()
    assert times(product, "reset.mismatched") == [0] * EACH_WRITTEN + [40, 80]
    frozen.advance(HOUR + MINUTE)
    async with browser_at(product, "198.51.100.1") as stranger:
        await ask_payment(stranger, ALICE, admin_email="dare@example.net")
    await product.settle()
    assert times(product, "reset.mismatched")[-1] == 0


async def test_mails_that_are_refused_are_kept_up_to_the_number_of_a_day(product: Product) -> None:
    """A log-in from a new network each time would else write one for each."""
    account, settings = ALICE.account, product.services.settings
    (owner,) = product.rows("SELECT id FROM accounts WHERE payment_user_id = 'KNCA6288'")

    async def mail(tx: Work, number: int) -> None:
        message = messages.new_device(
            settings, account.profile.admin_email, "KNCA6288",
            browser="Firefox", network=f"198.51.100.{number}", at=tx.now,
        )  # fmt: skip
        await tx.mail(message, f"new_device:{number}", account_id=owner["id"])

    most = settings.mails_per_day
    for number in range(3 * most):
        await product.services.write(mail, number)
    found = product.rows(
        "SELECT dead_at IS NOT NULL AS refused, COUNT(*) AS n FROM outbox GROUP BY 1"
    )
    assert [(row["refused"], row["n"]) for row in found] == [(0, most), (1, most)]
