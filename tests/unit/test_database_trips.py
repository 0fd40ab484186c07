"""Trips to the writer: a whole work makes one, and is undone as a whole."""

import asyncio

import pytest

from tests.e2e.waiting import PATIENCE
from tests.support.gate import Gate
from tests.support.trips import counted
from web import log
from web.database import Tx, Violated
from web.database.sqlite import locks
from web.database.sqlite.database import SQLite

pytestmark = pytest.mark.anyio

NOTE = "INSERT INTO reset_requests (once_key, kind, asked_at) VALUES (:key, 'payment', 0)"
ENDLESS = 'WITH RECURSIVE n (i) AS (SELECT "begin"(1) UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n'
NOTES = "SELECT once_key FROM reset_requests ORDER BY once_key"


async def noted(database: SQLite) -> list[str]:
    """List the keys that are there."""
    async with database.read() as reads:
        return [row["once_key"] for row in await reads.all(NOTES)]


@pytest.mark.parametrize("number", [0, 1, 2, 3])
async def test_a_write_costs_one_trip(database: SQLite, number: int) -> None:
    """However many statements it runs or defers: it runs in the thread of the connection."""

    async def work(tx: Tx) -> int:
        for each in range(number):
            await tx.run(NOTE, key=f"a{each}")
            tx.defer(NOTE, key=f"b{each}")
        return len([row async for row in tx.each(NOTES)])

    with counted() as trips:
        assert await database.write(work) == 2 * number
    assert trips.in_background == 1
    assert len(await noted(database)) == 2 * number


async def test_a_write_that_only_defers_is_committed(database: SQLite) -> None:
    """Nothing else makes the trip."""

    async def work(tx: Tx) -> None:
        tx.defer(NOTE, key="a")

    await database.write(work)
    assert await noted(database) == ["a"]


async def test_a_write_knows_its_request(database: SQLite) -> None:
    """In the thread, too: the audit trail notes it, and so does the log."""
    log.request_id.set("of this request")

    async def work(tx: Tx) -> str:
        await tx.run(NOTE, key="a")
        return log.request_id.get()

    assert await database.write(work) == "of this request"


async def test_a_write_that_waits_for_something_else_fails(database: SQLite) -> None:
    """It would keep everybody from writing for as long; nothing of it stays, and the next one is served."""

    async def work(tx: Tx) -> None:
        await tx.run(NOTE, key="a")
        try:
            await asyncio.sleep(0)
        finally:
            await tx.run(NOTE, key="z")

    async def next_one(tx: Tx) -> None:
        await tx.run(NOTE, key="b")

    with pytest.raises(RuntimeError, match="waits for something else"):
        await database.write(work)
    await database.write(next_one)
    assert await noted(database) == ["b"]


async def test_a_write_whose_process_ends_runs_no_more_statements(database: SQLite) -> None:
    """The second Ctrl+C of an import: its lock is held until its thread has stopped, then nothing is left of it."""
    begun, goes_on = Gate(), Gate()

    async def work(tx: Tx) -> None:
        await tx.run(NOTE, key="a")
        begun.open()
        await goes_on.passed()
        await tx.run(NOTE, key="b")

    async def next_one(tx: Tx) -> None:
        await tx.run(NOTE, key="c")

    writing = asyncio.create_task(database._transact(work))
    await begun.passed()
    writing.cancel()
    await asyncio.sleep(0)  # the task has seen that it was cancelled
    try:
        with pytest.raises(locks.LockTaken), locks.hold(database.path, "write"):
            pass
    finally:
        goes_on.open()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await database.write(next_one)
    assert await noted(database) == ["c"]


async def test_a_statement_ends_with_its_process(database: SQLite) -> None:
    """However long it would run."""
    begun = Gate()

    def begin(number: int) -> int:
        begun.open()
        return number

    async def work(tx: Tx) -> None:
        database._writer.threaded.create_function("begin", 1, begin)
        await tx.all(ENDLESS)

    writing = asyncio.create_task(database._transact(work))
    await begun.passed()
    writing.cancel()
    ended, _ = await asyncio.wait([writing], timeout=PATIENCE)
    database._writer.threaded.interrupt()  # else a test that failed would not end
    assert ended


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


async def test_a_write_of_one_statement_defers_none(database: SQLite) -> None:
    """It would be written by itself, or with the next write, or not at all."""

    async def work(tx: Tx) -> None:
        tx.defer(NOTE, key="a")

    with pytest.raises(RuntimeError, match="deferred"):
        await database.write_one(work)
    await database.write(no_statement)
    assert await noted(database) == []


async def no_statement(_: Tx) -> None:
    """Write nothing."""
