"""Trips to the writer: what need not be waited for goes along with what is, and is undone with it."""

import pytest

from tests.support.trips import counted
from web.database import Tx, Violated
from web.database.sqlite.database import SQLite

pytestmark = pytest.mark.anyio

NOTE = "INSERT INTO reset_requests (once_key, kind, asked_at) VALUES (:key, 'payment', 0)"
NOTES = "SELECT once_key FROM reset_requests ORDER BY once_key"


async def noted(database: SQLite) -> list[str]:
    """List the keys that are there."""
    async with database.read() as reads:
        return [row["once_key"] for row in await reads.all(NOTES)]


@pytest.mark.parametrize("number", [0, 1, 2, 3])
async def test_deferred_statements_cost_one_trip_with_the_commit(
    database: SQLite, number: int
) -> None:
    """However many; a transaction without any costs none."""

    async def work(tx: Tx) -> None:
        for each in range(number):
            tx.defer(NOTE, key=str(each))

    with counted() as trips:
        await database.write(work)
    assert trips.in_background == min(number, 1)
    assert await noted(database) == [str(each) for each in range(number)]


async def test_a_deferred_statement_is_run_before_the_next_one(database: SQLite) -> None:
    """So that what is read after it sees it."""

    async def work(tx: Tx) -> list[str]:
        tx.defer(NOTE, key="a")
        await tx.run(NOTE, key="b")
        tx.defer(NOTE, key="c")
        return [row["once_key"] for row in await tx.all(NOTES)]

    assert await database.write(work) == ["a", "b", "c"]


async def test_one_deferred_statement_after_another_is_committed(database: SQLite) -> None:
    """The last one is alone with the commit."""

    async def work(tx: Tx) -> None:
        await tx.run(NOTE, key="a")
        tx.defer(NOTE, key="b")

    await database.write(work)
    assert await noted(database) == ["a", "b"]


async def test_a_deferred_statement_that_fails_takes_everything_with_it(database: SQLite) -> None:
    """The commit fails; the next write begins from nothing."""

    async def work(tx: Tx) -> None:
        await tx.run(NOTE, key="a")
        tx.defer(NOTE, key="b")
        tx.defer(NOTE, key="a")

    with pytest.raises(Violated):
        await database.write(work)
    assert await noted(database) == []


async def test_what_was_deferred_before_an_exception_is_forgotten(database: SQLite) -> None:
    """The next write does not bring it along."""

    async def fail(tx: Tx) -> None:
        tx.defer(NOTE, key="a")
        raise LookupError

    async def work(tx: Tx) -> None:
        await tx.run(NOTE, key="b")

    with pytest.raises(LookupError):
        await database.write(fail)
    await database.write(work)
    assert await noted(database) == ["b"]


async def test_a_write_of_one_statement_costs_one_trip(database: SQLite) -> None:
    """It is a transaction by itself."""

    async def work(tx: Tx) -> int:
        return await tx.run(NOTE, key="a")

    with counted() as trips:
        assert await database.write_one(work) == 1
    assert trips.in_background == 1
    assert await noted(database) == ["a"]
