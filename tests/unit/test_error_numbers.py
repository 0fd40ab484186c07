"""Error numbers: short enough to be read out, given once in 90 days, telling when and on whose page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.log_lines import Told, heard
from web import clock, log
from web.database import Database, DatabaseUnavailable
from web.database.sqlite.database import SQLite
from web.database.sqlite.schema import upgrade
from web.services.error_numbers import AHEAD, HELD, STRANGERS_AHEAD, ErrorNumbers, given_at
from web.store import accounts, shown_errors
from web.store.accounts import Profile
from web.store.error_lanes import LANES

pytestmark = pytest.mark.anyio

DAY = clock.DAY
NOW = 1_767_575_285
REQUEST = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the clock's hand."""
    hand = [NOW]
    monkeypatch.setattr(clock, "now", lambda: hand[0])
    return hand


@pytest.fixture
async def database(tmp_path: Path, at: list[int]) -> AsyncIterator[Database]:
    """Make a database with two accounts."""
    upgrade(tmp_path / "it.sqlite3")
    database = SQLite(tmp_path / "it.sqlite3")
    await database.open()
    profile = Profile("individual", "星", "ホシ", "", "a@example.jp", "")
    for name in ("one", "two"):
        await database.write(accounts.add, name, f"P-{name}", f"B-{name}", profile)
    assert at
    yield database
    await database.close()


async def numbers(database: Database) -> ErrorNumbers:
    """Let a process begin."""
    begun = ErrorNumbers()
    await begun.hold(database)
    return begun


async def test_a_number_has_eight_digits_and_comes_once_in_90_days(
    database: Database, at: list[int]
) -> None:
    """Of twelve processes at once, each of which gives many in a second."""
    given = list[str]()
    processes = [await numbers(database) for _ in range(LANES)]
    for moment in (NOW, NOW + 1, NOW + 30 * DAY, NOW + 60 * DAY, NOW + 90 * DAY):
        at[0] = moment
        for each in processes:
            given += [each.show(None) for _ in range(100)]
    assert len(set(given)) == len(given) == 5 * LANES * 100
    assert all(len(each) == 8 and each.isdigit() for each in given)


async def test_a_process_that_has_ended_leaves_its_numbers_to_others(
    database: Database, at: list[int]
) -> None:
    """A thirteenth gets none meanwhile, and shows the request id; one that lives keeps its own."""
    lives = await numbers(database)
    for _ in range(LANES - 1):
        await numbers(database)
    late, before = await numbers(database), log.request_id.set(REQUEST)
    assert late.show(None) == REQUEST
    log.request_id.reset(before)
    at[0] += HELD
    await lives.hold(database)
    at[0] += 1
    await late.hold(database)
    await lives.hold(database)
    assert len({late.show(None), lives.show(None), REQUEST}) == 3


async def test_a_flood_gets_request_ids_and_no_number_of_tomorrow(
    database: Database, at: list[int]
) -> None:
    """Else a number would tell a wrong moment, or come back before its 90 days."""
    process, before = await numbers(database), log.request_id.set(REQUEST)
    given = [process.show(None) for _ in range(2 * AHEAD)]
    log.request_id.reset(before)
    assert given[AHEAD + 1 :] == [REQUEST] * (AHEAD - 1)
    assert len(set(given)) == AHEAD + 2
    assert {given_at(each) for each in given if each != REQUEST} == {NOW}
    at[0] += 2 * AHEAD
    assert process.show(None) not in given


async def test_a_flood_of_strangers_leaves_numbers_to_whoever_is_logged_in(
    database: Database, at: list[int]
) -> None:
    """Or one network's missing pages would leave the desk without a number to look for."""
    process, before = await numbers(database), log.request_id.set(REQUEST)
    given = [process.show(None, stranger=True) for _ in range(2 * STRANGERS_AHEAD)]
    assert given[STRANGERS_AHEAD + 1 :] == [REQUEST] * (STRANGERS_AHEAD - 1)
    own = process.show("one")
    log.request_id.reset(before)
    assert own.isdigit()
    assert own not in given
    assert given_at(own) == at[0]


@pytest.mark.parametrize("later", [0, 1, 3600, 30 * DAY, 95 * DAY])
async def test_a_number_tells_when_it_was_given(
    database: Database, at: list[int], later: int
) -> None:
    """To the second, for 90 days and a little more."""
    number = (await numbers(database)).show(None)
    at[0] += later
    assert given_at(number) == NOW


async def test_the_log_has_the_number_beside_the_request_id(database: Database) -> None:
    """What the caller reads out leads to everything that the log says of the request."""
    process, told, before = await numbers(database), Told(), log.request_id.set(REQUEST)
    with heard(told.hear):
        number = process.show("one")
    log.request_id.reset(before)
    (line,) = told
    assert (line["event"], line["number"], line["request_id"]) == ("error.shown", number, REQUEST)


async def test_a_number_leads_to_whose_page_it_stood_on(database: Database, at: list[int]) -> None:
    """Fifty of each account, the newest; nothing of strangers."""
    process = await numbers(database)
    strangers, of_two = process.show(None), process.show("two")
    of_one = []
    for _ in range(60):
        at[0] += 1
        of_one.append(process.show("one"))
    assert max(map(len, process._shown.values())) == shown_errors.PER_ACCOUNT
    await process.flush(database)
    await process.flush(database)
    async with database.read() as reads:
        kept = [await shown_errors.find(reads, each) for each in of_one]
        other = await shown_errors.find(reads, of_two)
        assert await shown_errors.find(reads, strangers) is None
    assert kept[:10] == [None] * 10
    assert {each.account_id for each in kept[10:] if each} == {"one"}
    assert kept[-1] == shown_errors.Shown("one", NOW + 60)
    assert other == shown_errors.Shown("two", NOW)


async def test_what_cannot_be_written_is_written_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller may call tomorrow."""
    process = await numbers(database)
    number = process.show("one")

    async def broken(*_: object) -> None:
        raise DatabaseUnavailable("full")

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", broken)
        with pytest.raises(DatabaseUnavailable):
            await process.flush(database)
    await process.flush(database)
    assert (await database.read_one(shown_errors.find, number)) is not None
