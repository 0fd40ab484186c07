"""How long rows are kept that are of no use any more: to the second, and every table that upkeep looks at."""

import inspect
import re

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.every_row import staged
from tests.support.product import Product
from web import background
from web.clock import DAY, HOUR
from web.database import DatabaseUnavailable

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

# By table: the time from which it counts, and how long it is kept then (docs/security.md, Data inventory and Bounds).
KEPT = {
    "sessions": ("ended_at", DAY),
    "staff_sessions": ("created_at", 8 * HOUR + DAY),
    "drafts": ("created_at", DAY),
    "receipts": ("created_at", 30 * DAY),
    "reset_requests": ("judged_at", DAY),
    "reset_links": ("expires_at", 30 * DAY),
    "address_confirmations": ("expires_at", 30 * DAY),
    "second_steps": ("expires_at", DAY),
    "factor_resets": ("ended_at", 30 * DAY),
    "spent_challenges": ("expires_at", 0),
    "issuances": ("expires_at", DAY),
    "outbox": ("sent_at", 90 * DAY),
    "shown_errors": ("shown_at", 90 * DAY),
    "devices": ("created_at", 400 * DAY),
}


async def left(product: Product, frozen: FrozenClock, seconds: int, *counted: str) -> list[int]:
    """Let time pass and upkeep look; count what is left of each."""
    frozen.advance(seconds)
    for tidy in background.TIDYING:
        await product.services.write(tidy)
    return [len(product.rows(each)) for each in counted]


async def test_rows_go_a_second_after_their_time_and_none_before(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Each table from the time that ends its use, those that are kept longest last."""
    async with staged(product, visitor):
        for kept in sorted({seconds for _, seconds in KEPT.values()}):
            for table, (column, _) in KEPT.items():
                await product.meddle(f"UPDATE {table} SET {column} = :at", at=frozen.at)  # noqa: S608
            await product.meddle("UPDATE sessions SET created_at = ended_at")
            tables = [table for table, (_, seconds) in KEPT.items() if seconds == kept]
            counted = [f"SELECT 1 FROM {table}" for table in tables]  # noqa: S608
            there = [len(product.rows(each)) for each in counted]
            assert all(there), tables
            assert await left(product, frozen, kept, *counted) == there, tables
            assert await left(product, frozen, 1, *counted) == [0] * len(there), tables


async def test_nothing_is_removed_while_nobody_knows_what_is_old(
    product: Product,
    visitor: httpx.AsyncClient,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine whose clock is a year ahead of the database's."""

    async def ahead() -> int:
        return 400 * DAY

    async with staged(product, visitor):
        before = product.rows("SELECT 1 FROM drafts")
        monkeypatch.setattr(product.services.database, "skew", ahead)
        frozen.advance(400 * DAY + 1)
        with pytest.raises(DatabaseUnavailable, match="too far apart"):
            await background.upkeep(product.services)
        assert product.rows("SELECT 1 FROM drafts") == before != []


async def test_what_cannot_be_removed_keeps_nothing_else(
    product: Product,
    visitor: httpx.AsyncClient,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A table that has grown too large for the time of one statement, say; the next ones still go."""

    async def too_long(_: object) -> None:
        raise DatabaseUnavailable("took too long")

    async with staged(product, visitor):
        monkeypatch.setattr(background, "TIDYING", (too_long, *background.TIDYING))
        frozen.advance(400 * DAY + 1)
        await background.upkeep(product.services)
        for table in ("drafts", "receipts", "second_steps", "devices"):
            assert product.rows(f"SELECT 1 FROM {table}") == [], table  # noqa: S608


async def test_counters_of_ids_stay_a_year_and_others_a_day(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Else whoever waits a day has the hundred tries again, or the table grows for ever."""
    kinds = "SELECT DISTINCT scope FROM failures ORDER BY scope"
    await visitor.post("/useridmg/login", data={"user_id": "KNCA6288", "password": "wrong"})
    (subject,) = product.rows("SELECT subject FROM failures LIMIT 1")
    for scope in ("second", "device+id"):
        await product.meddle(
            "INSERT INTO failures (scope, subject, number, first_at, last_at) VALUES (:scope, :it, 1, :at, :at)",
            scope=scope, it=subject["subject"], at=frozen.at,
        )  # fmt: skip
    before = [row["scope"] for row in product.rows(kinds)]
    assert before == ["device+id", "id", "id+network", "network", "second", "wrong"]
    assert await left(product, frozen, DAY, kinds) == [6]
    assert await left(product, frozen, 1, kinds) == [2]
    assert [row["scope"] for row in product.rows(kinds)] == ["id", "second"]
    assert await left(product, frozen, 364 * DAY - 1, kinds) == [2]
    assert await left(product, frozen, 1, kinds) == [0]


def test_no_table_that_upkeep_looks_at_is_left_out() -> None:
    """A new one fails here until its time is in the table above."""
    looked_at = set(re.findall(r"\b(\w+)\.tidy\b", inspect.getsource(background)))
    assert len(looked_at) == len(KEPT) + 1  # and the counters
