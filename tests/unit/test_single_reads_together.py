"""Single reads of one turn of the loop: one trip, and none has to do with another."""

import asyncio

import pytest

from tests.support.trips import counted
from web.database import Tx
from web.database.sqlite.database import SQLite

pytestmark = pytest.mark.anyio

READ = "SELECT :number AS number"
SECONDS = 60  # for what would otherwise never be answered


async def number(tx: Tx, given: object) -> object:
    """Read what was given."""
    row = await tx.one(READ, number=given)
    assert row is not None
    return row["number"]


async def test_reads_of_one_turn_make_one_trip(database: SQLite) -> None:
    """Eight people ask at once, and each gets his own answer; and again, once that trip is over."""
    for _ in range(2):
        with counted() as trips:
            reads = asyncio.gather(*(database.read_one(number, each) for each in range(8)))
            answers = await asyncio.wait_for(reads, SECONDS)
        assert answers == list(range(8))
        assert trips.in_background == 1


async def test_no_more_than_eight_wait_for_each_other(database: SQLite) -> None:
    """Else everybody would wait for the slowest of a crowd."""
    with counted() as trips:
        answers = await asyncio.gather(*(database.read_one(number, each) for each in range(20)))
    assert answers == list(range(20))
    assert trips.in_background == 3


async def test_what_is_asked_during_a_trip_is_answered_by_the_next(database: SQLite) -> None:
    """By whoever asks as soon as an answer is there, too."""

    async def twice(each: int) -> object:
        await database.read_one(number, each)
        return await database.read_one(number, each + 100)

    answers = await asyncio.wait_for(asyncio.gather(*map(twice, range(20))), SECONDS)
    assert answers == list(range(100, 120))


@pytest.mark.parametrize("wrong", ["\ud800", 2**63, object()], ids=["half", "large", "unknown"])
async def test_a_read_that_fails_fails_alone(database: SQLite, wrong: object) -> None:
    """What cannot be bound, say: those before and behind it get their answers."""
    given = (1, wrong, 2)
    reads = (database.read_one(number, each) for each in given)
    first, failed, last = await asyncio.gather(*reads, return_exceptions=True)
    assert (first, last) == (1, 2)
    assert isinstance(failed, Exception)


async def test_whoever_goes_away_leaves_the_others_their_answers(database: SQLite) -> None:
    """The one who asked first as well, for whom the trip began."""
    reads = [asyncio.create_task(database.read_one(number, each)) for each in range(3)]
    await asyncio.sleep(0)  # they have asked, and nothing is answered
    reads[0].cancel()
    together = asyncio.gather(*reads, return_exceptions=True)
    answers = await asyncio.wait_for(together, SECONDS)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1:] == [1, 2]


async def test_whoever_asks_a_closed_database_is_told(database: SQLite) -> None:
    """Nobody is left waiting, and each has an exception of his own, whose trace is of his own request."""
    await database.close()
    reads = asyncio.gather(
        *(database.read_one(number, each) for each in range(2)), return_exceptions=True
    )
    one, other = await asyncio.wait_for(reads, SECONDS)
    assert isinstance(one, ValueError)
    assert isinstance(other, ValueError)
    assert one is not other
