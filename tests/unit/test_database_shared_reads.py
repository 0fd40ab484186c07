"""Single reads that come at once share a trip to the thread, and nothing else."""

import asyncio
import sqlite3

import pytest

from tests.support.trips import counted
from web.database import Database, Tx

pytestmark = pytest.mark.anyio

MANY = 12


async def said(tx: Tx, number: int) -> int:
    """Read a number back."""
    row = await tx.one("SELECT :number AS number", number=number)
    assert row
    return int(row["number"])


async def broken(tx: Tx) -> None:
    """Read what is not there."""
    await tx.all("SELECT 1 FROM nowhere")


async def too_large(tx: Tx) -> None:
    """Ask for a number that SQLite cannot hold: no error of SQLite's."""
    await tx.all("SELECT :number", number=2**64)


async def test_reads_that_wait_for_the_thread_go_there_together(database: Database) -> None:
    """The first goes alone, the others with the next trip; each is given its own rows."""
    with counted() as trips:
        found = await asyncio.gather(*(database.read_one(said, each) for each in range(MANY)))
    assert found == list(range(MANY))
    assert trips.in_background == 2


async def test_a_read_that_fails_harms_no_other(database: Database) -> None:
    """Whichever comes first."""
    for wrong, error in ((broken, sqlite3.OperationalError), (too_large, OverflowError)):
        reads = [database.read_one(said, 1), database.read_one(wrong), database.read_one(said, 2)]
        first, failed, last = await asyncio.gather(*reads, return_exceptions=True)
        assert (first, last) == (1, 2)
        assert isinstance(failed, BaseException)
        assert isinstance(failed.__cause__ or failed, error)


async def test_a_read_that_is_cancelled_harms_no_other(database: Database) -> None:
    """Neither the one whose trip it is nor one that waits."""
    for gone in (0, 1):
        reads = [asyncio.create_task(database.read_one(said, each)) for each in range(MANY)]
        await asyncio.sleep(0)  # all of them have asked
        reads[gone].cancel()
        found = await asyncio.gather(*reads, return_exceptions=True)
        assert isinstance(found.pop(gone), asyncio.CancelledError)
        assert found == [each for each in range(MANY) if each != gone]
    assert await database.read_one(said, 7) == 7


async def test_reads_of_a_closed_database_fail_at_once(database: Database) -> None:
    """Those that would have shared a trip, too."""
    await database.close()
    reads = (database.read_one(said, each) for each in range(3))
    found = await asyncio.gather(*reads, return_exceptions=True)
    assert [type(each) for each in found] == [ValueError] * 3
