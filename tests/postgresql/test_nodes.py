"""Several nodes on one database: who serves, which passwords are being tried, whose clock is wrong."""

import asyncio
import os
import re
from collections.abc import Iterator

import asyncpg
import pytest

from web import clock
from web.database import DatabaseUnavailable, InUse, Tx
from web.database.postgresql.database import PostgreSQL
from web.security.throttle import SCOPES, Attempt
from web.security.tries import Tries
from web.security.vault import Vault

pytestmark = pytest.mark.anyio

OLDER = "UPDATE nodes SET seen_at = seen_at - interval '21 seconds'"
VAULT = Vault(("a secret of the tests that is long enough",))
VAULT.count_with(bytes(32))
HERE = Attempt(VAULT, "KNCA6288", "203.0.113.5", "d")


async def test_a_node_that_serves_is_listed_until_it_leaves(
    database: PostgreSQL, url: str, aside: asyncpg.Connection
) -> None:
    """What needs silence refuses meanwhile; a node that died goes by itself."""
    node = PostgreSQL(url)
    await node.open()
    await node.beat()
    await node.beat()
    (seen,) = await database.nodes()
    assert seen.pid == os.getpid()
    with pytest.raises(InUse, match="in use by 1 nodes"):
        async with database.silence():
            pass
    await node.close()
    assert await database.nodes() == []
    await database.beat()
    await aside.execute(OLDER)
    assert await database.nodes() == []
    async with database.silence():
        pass


async def test_a_command_lists_nodes_without_opening_the_database(
    database: PostgreSQL, url: str
) -> None:
    """It needs no pool and no readers."""
    await database.beat()
    assert len(await PostgreSQL(url).nodes()) == 1
    assert abs(await PostgreSQL(url).skew()) <= 1
    assert set(await PostgreSQL(url).faults()) == {"server"}


async def test_a_clock_that_is_wrong_is_seen(
    database: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By how much, in which direction."""
    now = clock.machine()
    monkeypatch.setattr(clock, "machine", lambda: now - 600)
    assert -601 <= await database.skew() <= -595


@pytest.mark.usefixtures("own_time")
@pytest.mark.parametrize("wrong", [-600, 600])
async def test_a_node_whose_clock_is_wrong_goes_by_the_servers(
    database: PostgreSQL, monkeypatch: pytest.MonkeyPatch, wrong: int
) -> None:
    """Leases, delays and codes are right with the next beat, and again when somebody sets the clock."""
    right = clock.machine()
    monkeypatch.setattr(clock, "machine", lambda: right + wrong)
    assert abs(clock.now() - right) == 600
    for machine in (right + wrong, right):
        monkeypatch.setattr(clock, "machine", lambda said=machine: said)
        await database.beat()
        assert abs(clock.now() - await database.read_one(_time)) <= 10
        assert (await database.read_one(_moment)) == clock.now()


@pytest.mark.usefixtures("own_time")
@pytest.mark.parametrize("wrong", [-9, 9])
async def test_clocks_that_differ_a_little_are_left_alone(
    database: PostgreSQL, monkeypatch: pytest.MonkeyPatch, wrong: int
) -> None:
    """What follows every second jumps with each answer that is late."""
    right = clock.machine  # which goes on, however long the beat takes
    monkeypatch.setattr(clock, "machine", lambda: right() + wrong)
    await database.beat()
    assert clock.followed() == 0


@pytest.mark.usefixtures("own_time")
async def test_a_node_that_was_frozen_while_it_compared_keeps_its_clock(
    database: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it slept is no difference."""
    at = clock.machine()
    said = iter([at, at, at + 600])  # the moment of the transaction, before, after
    monkeypatch.setattr(clock, "machine", lambda: next(said))
    assert await database.skew() == 0


@pytest.mark.usefixtures("own_time")
async def test_a_node_that_was_frozen_while_it_compared_goes_by_what_it_followed(
    database: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A difference that is still possible is no news."""
    at = clock.machine() + 600
    clock.follow(600)
    said = iter([at - 700, at - 700, at])
    monkeypatch.setattr(clock, "machine", lambda: next(said))
    await database.read_one(database._nodes.compare_clocks)
    assert clock.followed() == 600


@pytest.mark.usefixtures("own_time")
@pytest.mark.parametrize("wrong", [-4000, 4000])
async def test_a_clock_that_is_hours_off_is_not_followed(
    database: PostgreSQL, monkeypatch: pytest.MonkeyPatch, wrong: int
) -> None:
    """It may be the server's that is wrong: what is years old would be removed, and does not come back."""
    at = clock.machine()
    monkeypatch.setattr(clock, "machine", lambda: at + wrong)
    with pytest.raises(DatabaseUnavailable, match=r"its clock is -?(39|40)\d\d s ahead"):
        await database.beat()
    assert clock.followed() == 0


@pytest.fixture
def own_time() -> Iterator[None]:
    """Go by the machine's clock again after a test."""
    yield
    clock.follow(0)


async def _time(tx: Tx) -> int:
    row = await tx.one("SELECT FLOOR(EXTRACT(EPOCH FROM clock_timestamp()))::BIGINT AS at")
    assert row
    return int(row["at"])


async def _moment(tx: Tx) -> int:
    return tx.now


async def test_what_is_set_up_to_lose_writes_is_named(
    database: PostgreSQL, url: str, aside: asyncpg.Connection
) -> None:
    """A server with fsync off, such as that of the tests, is no server for what people have done."""
    assert "fsync = off, on needed" in (await database.faults())["server"]
    name = await aside.fetchval("SELECT current_database()")
    await aside.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    assert "synchronous_commit = off" in (await PostgreSQL(url).faults())["server"]


async def test_a_guess_is_ahead_of_those_of_other_nodes(
    database: PostgreSQL, other: PostgreSQL
) -> None:
    """While it is under way; the same password on two nodes is one guess."""
    ours, theirs = Tries(database), Tries(other)
    async with ours.one(HERE, "a"), ours.one(HERE, "b"), theirs.one(HERE, "a") as ahead:
        assert ahead() == dict.fromkeys(SCOPES, 1)
        async with theirs.one(HERE, "c") as more:
            assert more() == dict.fromkeys(SCOPES, 3)
    await asyncio.gather(*database._running, *other._running)
    async with theirs.one(HERE, "d") as none:
        assert none() == dict.fromkeys(SCOPES, 0)


async def test_two_guesses_at_once_never_miss_each_other(
    database: PostgreSQL, other: PostgreSQL
) -> None:
    """One of them at least sees the other."""
    both = Tries(database), Tries(other)
    for turn in range(20):
        gate = asyncio.Barrier(2)

        async def guess(tries: Tries, typed: str, gate: asyncio.Barrier = gate) -> int:
            await gate.wait()
            async with tries.one(HERE, typed) as ahead:
                await gate.wait()
                return ahead()[SCOPES[0]]

        seen = await asyncio.gather(*(guess(each, f"{turn}{id(each)}") for each in both))
        assert any(seen)
        await asyncio.gather(*database._running, *other._running)


async def test_a_guess_of_a_node_that_died_is_forgotten(
    database: PostgreSQL, other: PostgreSQL, aside: asyncpg.Connection
) -> None:
    """After a minute nobody counts it; the next beat removes the row."""
    async with Tries(database).one(HERE, "a"):
        await aside.execute("UPDATE under_way SET begun_at = begun_at - interval '61 seconds'")
        async with Tries(other).one(HERE, "b") as ahead:
            assert not any(ahead().values())
        await asyncio.gather(*other._running)
        await other.beat()
        assert await aside.fetchval("SELECT count(*) FROM under_way") == 0


async def test_last_seen_times_of_two_nodes_do_not_stop_each_other(
    database: PostgreSQL, other: PostgreSQL
) -> None:
    """Both write the same rows without a turn."""
    add = "INSERT INTO keys (purpose, sealed, key_id) VALUES (:id, :sealed, '')"
    await database.write(Tx.many, add, [{"id": f"{n:03}", "sealed": b""} for n in range(200)])
    see = "UPDATE keys SET key_id = :id WHERE purpose = :id"
    rows = [{"id": f"{n:03}"} for n in range(200)]
    await asyncio.gather(*(each.note(Tx.many, see, rows) for each in (database, other) * 10))


async def test_what_an_operator_reads_holds_no_secret(url: str) -> None:
    """The address is named by host and database alone."""
    assert re.fullmatch(r"127\.0\.0\.1:\d+/test_\w+", PostgreSQL(url).name)
    away = PostgreSQL("postgresql://somebody@h1,h2:99/name?sslmode=verify-full&passfile=/p")
    assert away.name == "h1,h2:99/name"
    assert [str(each) for each in away.files] == ["/p"]
