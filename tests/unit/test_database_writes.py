"""Writes: all or nothing, one at a time, whatever happens to those who asked for them."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest

from tests.support.files import file_of
from tests.support.gate import Gate
from tests.unit.parts import opened
from web.database import DatabaseUnavailable, Tx, Violated
from web.database.sqlite import locks, schema
from web.database.sqlite.database import SQLite
from web.settings import Settings
from web.store import reset_requests
from web.store.credentials import CredentialKind

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NOTE = "INSERT INTO reset_requests (once_key, kind, asked_at) VALUES (:key, 'payment', 0)"
NOTES = "SELECT once_key FROM reset_requests ORDER BY once_key"
TOPIC = "notes"
KEYS = [f"{number:03d}" for number in range(200)]
PRAGMAS = (
    ("foreign_keys", 1),
    ("synchronous", 2),
    ("secure_delete", 1),
    ("journal_mode", "wal"),
    ("busy_timeout", 5000),
    ("trusted_schema", 0),
    ("query_only", 0),
)


async def note(tx: Tx, *keys: str) -> str:
    """Write one row for each key; give the last key."""
    for key in keys:
        await tx.run(NOTE, key=key)
    tx.wakes.add(TOPIC)
    return keys[-1]


async def noted(database: SQLite) -> list[str]:
    """List the keys that are there, as another connection sees them."""
    async with database.read() as reads:
        return [row["once_key"] for row in await reads.all(NOTES)]


async def test_a_write_commits_when_it_returns(database: SQLite) -> None:
    """Its result comes back, every reader sees it, and only the work that it concerns is woken."""
    awake, others = database.awake(TOPIC), database.awake("other")
    assert await database.write(note, "a", "b") == "b"
    assert await noted(database) == ["a", "b"]
    assert awake.is_set()
    assert not database.awake(TOPIC).is_set()  # that is the next one's
    assert not others.is_set()


async def test_a_write_rolls_back_when_it_raises(database: SQLite) -> None:
    """Nothing of it stays, nobody is woken, its own exception comes back, the next write works."""

    async def fail(tx: Tx) -> None:
        await note(tx, "a")
        raise LookupError("no")

    awake = database.awake(TOPIC)
    with pytest.raises(LookupError, match="no"):
        await database.write(fail)
    assert await noted(database) == []
    assert not awake.is_set()
    await database.write(note, "b")
    assert await noted(database) == ["b"]


async def test_a_broken_rule_of_the_schema_rolls_back_the_whole_write(database: SQLite) -> None:
    """The second row breaks a rule, the first goes with it."""
    with pytest.raises(Violated):
        await database.write(note, "a", "a")
    assert await noted(database) == []


async def test_a_write_cancelled_in_the_middle_is_finished(database: SQLite) -> None:
    """A browser that goes away leaves neither a lock nor half a transaction."""
    inside, next_step = Gate(), Gate()

    async def slow(tx: Tx) -> None:
        await note(tx, "a")
        inside.open()
        await next_step.passed()
        await note(tx, "b")

    caller = asyncio.create_task(database.write(slow))
    await inside.passed()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await noted(database) == []
    next_step.open()
    await database.write(note, "c")
    assert await noted(database) == ["a", "b", "c"]


async def test_a_write_cancelled_in_the_middle_that_fails_is_rolled_back(
    database: SQLite,
) -> None:
    """Nobody waits for it any more; still nothing of it stays."""
    inside, next_step = Gate(), Gate()

    async def fail(tx: Tx) -> None:
        await note(tx, "a")
        inside.open()
        await next_step.passed()
        raise LookupError

    caller = asyncio.create_task(database.write(fail))
    await inside.passed()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    next_step.open()
    await database.write(note, "b")
    assert await noted(database) == ["b"]


async def test_a_write_cancelled_while_it_waits_for_its_turn_does_no_harm(
    database: SQLite,
) -> None:
    """Those before and behind it in the queue are served."""
    next_step = Gate()

    async def hold(tx: Tx) -> None:
        await next_step.passed()
        await note(tx, "a")

    first = asyncio.create_task(database.write(hold))
    second = asyncio.create_task(database.write(note, "b"))
    third = asyncio.create_task(database.write(note, "c"))
    await asyncio.sleep(0)
    second.cancel()
    next_step.open()
    await asyncio.gather(first, third)
    assert {"a", "c"} <= set(await noted(database))
    await database.write(note, "d")


async def test_closing_waits_for_the_write_nobody_waits_for(settings: Settings) -> None:
    """A server that stops loses no commit."""
    inside, next_step = Gate(), Gate()

    async def slow(tx: Tx) -> None:
        inside.open()
        await next_step.passed()
        await note(tx, *KEYS)

    schema.upgrade(file_of(settings))
    first = SQLite(file_of(settings))
    await first.open(command=True)
    caller = asyncio.create_task(first.write(slow))
    await inside.passed()
    caller.cancel()
    asyncio.get_running_loop().call_soon(next_step.open)
    await first.close()
    async with opened(file_of(settings)) as database:
        assert await noted(database) == KEYS


async def test_a_write_holds_the_lock_that_the_command_line_takes(database: SQLite) -> None:
    """And SQLite's own, from its first statement on; afterwards anybody can have both."""

    async def inside(tx: Tx) -> None:
        await tx.all(NOTES)
        with pytest.raises(locks.LockTaken), locks.hold(database.path, "write"):
            pass
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            begin_and_end(database)

    await database.write(inside)
    with locks.hold(database.path, "write"):
        begin_and_end(database)


def begin_and_end(database: SQLite) -> None:
    """Take SQLite's write lock without waiting for it, and give it back."""
    with closing(sqlite3.connect(database.path, timeout=0, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


async def test_a_write_that_cannot_begin_says_that_the_database_is_unavailable(
    database: SQLite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds the file lock for too long; afterwards writing works again."""
    monkeypatch.setattr(locks, "PATIENCE", 0.02)
    with locks.hold(database.path, "write"), pytest.raises(DatabaseUnavailable):
        await database.write(note, "a")
    await database.write(note, "b")
    assert await noted(database) == ["b"]


async def test_a_reader_cannot_write(database: SQLite) -> None:
    """A GET that tries to change something fails, and the reader is lent again."""
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable, match="readonly"):
            async with database.read() as reads:
                await note(reads, "a")
    assert await noted(database) == []


async def test_a_reader_does_not_see_what_is_not_committed(database: SQLite) -> None:
    """A write in the middle is invisible."""

    inside, next_step = Gate(), Gate()

    async def slow(tx: Tx) -> None:
        await note(tx, "a")
        inside.open()
        await next_step.passed()

    writing = asyncio.create_task(database.write(slow))
    await inside.passed()
    seen = await noted(database)
    next_step.open()
    await writing
    assert (seen, await noted(database)) == ([], ["a"])


@pytest.mark.parametrize(("pragma", "value"), PRAGMAS, ids=[name for name, _ in PRAGMAS])
async def test_the_writer_is_set_up_as_decided(
    database: SQLite, pragma: str, value: int | str
) -> None:
    """Decision 6: read back, not believed."""

    async def ask(tx: Tx) -> int | str:
        row = await tx.one(f"PRAGMA {pragma}")
        assert row is not None
        answer: int | str = row[0]
        return answer

    assert await database.write(ask) == value


@pytest.mark.parametrize(
    ("pragma", "value"), [("query_only", 1), ("wal_autocheckpoint", 0), ("trusted_schema", 0)]
)
async def test_a_reader_neither_writes_nor_checkpoints(
    database: SQLite, pragma: str, value: int
) -> None:
    """Two connections that reset a WAL at once could corrupt it."""
    async with database.read() as reads:
        row = await reads.one(f"PRAGMA {pragma}")
    assert row is not None
    assert row[0] == value


async def test_the_files_are_for_the_owner_alone(database: SQLite) -> None:
    """The database, its log, its index and its locks."""
    await reset_requests_added(database)
    modes = {
        path.name.removeprefix(database.path.name): stat.S_IMODE(path.stat().st_mode)
        for path in database.path.parent.iterdir()
    }
    assert modes == dict.fromkeys(("", "-wal", "-shm", ".write"), 0o600)


async def reset_requests_added(database: SQLite) -> None:
    """Write through a store function, as the product does."""
    await database.write(reset_requests.add, "key", CredentialKind.BULK, b"sealed")


@pytest.mark.parametrize(
    ("url", "said"),
    [("sqlite:///none", "SQLite"), ("postgresql://localhost/name", "asyncpg is missing: pip inst")],
)
def test_the_driver_of_a_server_is_needed_for_a_server_alone(url: str, said: str) -> None:
    """It is an extra; without it a file serves, and an address of a server is one line."""
    child = (
        "import sys; sys.modules['asyncpg'] = None\n"
        "from web.database import Unusable, at\n"
        "try: print(type(at(sys.argv[1])).__name__)\n"
        "except Unusable as wrong: print(wrong)"
    )
    words = [sys.executable, "-c", child, url]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout.startswith(said)
