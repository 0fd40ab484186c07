"""One node writes at a time; what the server refuses, gives up or loses has one meaning each."""

import asyncio
import gc
import traceback
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from tests.e2e.waiting import PATIENCE
from web.database import Database, DatabaseUnavailable, Tx, Violated
from web.database import database as shared
from web.database.postgresql import address
from web.database.postgresql.connection import Connection
from web.database.postgresql.database import TRIES, WRITERS, PostgreSQL

pytestmark = pytest.mark.anyio

MAKE = "INSERT INTO failures (scope, subject, number, first_at, last_at) VALUES (:scope, :subject, 0, 0, 0)"
READ = "SELECT number FROM failures WHERE scope = 'a'"
WRITE = "UPDATE failures SET number = :number WHERE scope = 'a'"
COUNT = "SELECT COUNT(*) AS number FROM failures"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"


async def make(tx: Tx, scope: str = "a", *, deferred: bool = False) -> None:
    """Add a counter."""
    if deferred:
        tx.defer(MAKE, scope=scope, subject=b"s")
    else:
        await tx.run(MAKE, scope=scope, subject=b"s")


async def count_up(tx: Tx) -> None:
    """Read, then write what follows from it: wrong unless nobody writes between."""
    row = await tx.one(READ)
    assert row
    await tx.run(WRITE, number=row["number"] + 1)


async def number(database: Database, sql: str = READ) -> int:
    """Read a number."""
    row = await database.read_one(Tx.one, sql)
    assert row
    return int(row["number"])


async def test_what_was_read_stays_true_until_the_commit(
    database: PostgreSQL, other: PostgreSQL
) -> None:
    """Two nodes, each counting up a hundred times at once."""
    await database.write(make)
    await asyncio.gather(*(each.write(count_up) for each in (database, other) for _ in range(100)))
    assert await number(database) == 200


async def test_a_write_that_raises_leaves_nothing(database: PostgreSQL) -> None:
    """What was deferred included; the connection serves the next."""

    async def work(tx: Tx) -> None:
        await make(tx)
        await make(tx, "b", deferred=True)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert await number(database, COUNT) == 0
    await database.write(make)
    assert await number(database, COUNT) == 1


@pytest.mark.parametrize("deferred", [False, True])
async def test_a_violated_rule_is_named_without_its_value(
    database: PostgreSQL, deferred: bool
) -> None:
    """The server's own words hold what was typed."""
    await database.write(make)
    with pytest.raises(Violated) as refused:
        await database.write(make, deferred=deferred)
    assert refused.value.column == "subject"
    assert "failures_pkey" in str(refused.value)
    assert "\\x73" not in "".join(traceback.format_exception(refused.value))  # as the log has it


async def test_the_row_that_is_refused_is_found_among_many(database: PostgreSQL) -> None:
    """Those before it are written, so that all faults of a file can be named."""
    rows = [{"scope": str(place % 700), "subject": b"s"} for place in range(1000)]
    places = []

    async def work(tx: Tx) -> None:
        left = rows
        while left:
            try:
                await tx.many(MAKE, left)
            except Violated as refused:
                places.append(len(rows) - len(left) + refused.place)
                left = left[refused.place + 1 :]
            else:
                left = []

    await database.write(work)
    assert places == list(range(700, 1000))
    assert await number(database, COUNT) == 700


async def test_a_refusal_that_nobody_saw_is_no_commit(database: PostgreSQL) -> None:
    """After it the server would end the transaction as if nothing had been."""

    async def work(tx: Tx) -> None:
        await make(tx)
        try:
            await make(tx)
        except asyncpg.UniqueViolationError:
            return

    with pytest.raises(RuntimeError, match="had failed before the commit"):
        await database.write(work)
    assert await number(database, COUNT) == 0


@pytest.mark.parametrize("cause", [asyncpg.SerializationError, asyncpg.DeadlockDetectedError])
async def test_what_the_server_gave_up_is_run_again(
    database: PostgreSQL, cause: type[asyncpg.PostgresError]
) -> None:
    """From its beginning, so many times; then it is a 503."""
    runs = []

    async def work(tx: Tx, failing: int) -> None:
        runs.append(0)
        await make(tx, f"{failing}.{len(runs)}")
        if len(runs) < failing:
            raise cause("given up")

    await database.write(work, 3)
    assert (len(runs), await number(database, COUNT)) == (3, 1)
    runs.clear()
    with pytest.raises(DatabaseUnavailable):
        await database.write(work, 99)
    assert len(runs) == TRIES


async def test_what_another_release_changed_is_looked_at_anew(
    database: PostgreSQL, aside: asyncpg.Connection
) -> None:
    """A statement that was prepared before is run again from the beginning of its write."""

    async def count_columns(tx: Tx) -> int:
        row = await tx.one("SELECT * FROM failures")
        return len(row) if row else 0

    await database.write(make)
    before = await database.write(count_columns)
    await aside.execute("ALTER TABLE failures ADD COLUMN next_release TEXT")
    assert await database.write(count_columns) == before + 1


async def test_connections_that_were_cut_are_made_again(
    database: PostgreSQL, aside: asyncpg.Connection
) -> None:
    """Between two requests nobody notices."""
    await database.write(make)
    await asyncio.gather(*(number(database) for _ in range(8)))
    await aside.execute(CUT)
    await database.write(count_up)
    found = await asyncio.gather(*(number(database) for _ in range(8)))
    async with database.read() as reads:
        assert await reads.one(READ)
    assert found == [1] * 8


async def test_a_write_that_was_cut_is_told_and_not_done(
    database: PostgreSQL, aside: asyncpg.Connection
) -> None:
    """In the middle: nothing of it stays. The next one goes on."""

    async def work(tx: Tx) -> None:
        await make(tx)
        await aside.execute(CUT)
        await make(tx, "b")

    with pytest.raises(DatabaseUnavailable):
        await database.write(work)
    assert await number(database, COUNT) == 0
    await database.write(make)


@pytest.mark.parametrize("deferred", [False, True])
async def test_a_write_goes_on_on_no_other_connection(
    database: PostgreSQL, aside: asyncpg.Connection, deferred: bool
) -> None:
    """A new one would be in no transaction: the rest would be committed without the beginning."""

    async def work(tx: Tx) -> None:
        await make(tx)
        await aside.execute(CUT)
        async with asyncio.timeout(PATIENCE):
            while not tx.connection._made.is_closed():  # type: ignore[attr-defined]  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await make(tx, "b", deferred=deferred)

    with pytest.raises(DatabaseUnavailable):
        await database.write(work)
    assert await number(database, COUNT) == 0


async def test_a_commit_that_was_cut_is_never_run_again(
    database: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been committed: whoever presses again finds the receipt."""
    runs = []
    commit = Connection.commit

    async def cut(connection: Connection) -> None:
        await commit(connection)
        raise asyncpg.ConnectionDoesNotExistError("in the middle of the answer")

    async def work(tx: Tx) -> None:
        runs.append(0)
        await make(tx)

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "commit", cut)
        with pytest.raises(DatabaseUnavailable):
            await database.write(work)
    assert (len(runs), await number(database, COUNT)) == (1, 1)


async def test_who_cannot_get_a_turn_is_told(
    database: PostgreSQL, aside: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In time; reading goes on, and so does what needs no turn."""
    await database.write(make)
    monkeypatch.setattr(shared, "PATIENCE", 0.05)
    async with aside.transaction():
        await aside.execute("SELECT 1 FROM turn FOR UPDATE")
        waiting = [asyncio.create_task(database.write(count_up))]
        await database.note(Tx.run, WRITE, number=5)
        assert await number(database) == 5
        waiting.append(asyncio.create_task(database.write(count_up)))
        assert await number(database) == 5
        with pytest.raises(DatabaseUnavailable, match="others keep writing"):
            await database.write(count_up)
    await asyncio.gather(*waiting)
    assert await number(database) == 7


async def test_who_gave_up_waiting_for_a_turn_leaves_a_clean_connection(
    database: PostgreSQL, aside: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its BEGIN is cancelled: the next one must not find a transaction that has failed."""
    monkeypatch.setattr(address, "PATIENCE", 0.3)
    await database.write(make)
    async with aside.transaction():
        await aside.execute("SELECT 1 FROM turn FOR UPDATE")
        both = [database.write(count_up) for _ in range(WRITERS)]
        refused = await asyncio.gather(*both, return_exceptions=True)
    assert {type(each) for each in refused} == {DatabaseUnavailable}
    await asyncio.gather(*(database.write(count_up) for _ in range(4)))
    assert await number(database) == 4


@pytest.mark.parametrize("whole", [False, True], ids=["one", "block"])
async def test_a_server_that_has_fallen_silent_keeps_no_connection(
    database: PostgreSQL, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    """What it was asked is a 503 in time; whoever comes next does not wait for its answer."""
    monkeypatch.setattr(address, "PATIENCE", 0.5)
    silent = asyncio.Event()

    async def unheard(*_: Any) -> None:
        await silent.wait()

    monkeypatch.setattr(asyncpg.Connection, "_cancel", unheard)
    slow = "SELECT 1 AS number FROM pg_sleep(30)"

    async def ask() -> None:
        if not whole:
            await database.read_one(Tx.one, slow)
            return
        async with database.read() as reads:
            await reads.one(slow)

    asked = await asyncio.gather(*(ask() for _ in range(8)), return_exceptions=True)
    assert {type(each) for each in asked} == {DatabaseUnavailable}
    assert await asyncio.gather(*(number(database, COUNT) for _ in range(8))) == [0] * 8
    silent.set()


async def test_a_read_sees_one_moment(database: PostgreSQL, other: PostgreSQL) -> None:
    """Whatever is committed meanwhile; read_one sees the newest."""
    await database.write(make)
    async with database.read() as reads:
        before = await reads.one(READ)
        await other.write(count_up)
        assert await reads.one(READ) == before
        assert await number(database) == 1


async def test_a_read_cannot_write(database: PostgreSQL) -> None:
    """A GET changes nothing."""
    with pytest.raises(DatabaseUnavailable, match="read-only"):
        async with database.read() as reads:
            await make(reads)


async def test_whoever_goes_away_leaves_nothing_held(database: PostgreSQL) -> None:
    """Reads that are cancelled give their connection back; a write is finished."""
    await database.write(make)

    async def read() -> None:
        async with database.read() as reads:
            await reads.one("SELECT 1 AS number FROM pg_sleep(0.2)")

    going = [asyncio.create_task(read()) for _ in range(20)]
    write = asyncio.create_task(database.write(count_up))
    await number(database)
    for each in (*going, write):
        each.cancel()
    await asyncio.gather(*going, write, return_exceptions=True)
    await database.write(count_up)
    assert await number(database) == 2
    assert await asyncio.gather(*(number(database) for _ in range(20))) == [2] * 20


async def test_whoever_goes_away_while_connecting_leaves_nothing(
    url: str, aside: asyncpg.Connection
) -> None:
    """Whatever the driver was about: no connection, and no error that nobody takes."""
    said: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
    for steps in range(40):
        connecting = asyncio.create_task(address.Address(url).connect())
        for _ in range(steps):
            await asyncio.sleep(0)
        connecting.cancel()
        with suppress(asyncio.CancelledError):
            (await connecting).terminate()
        del connecting
    async with asyncio.timeout(PATIENCE):
        while await aside.fetchval(OTHERS):  # noqa: ASYNC110 the server sees to it
            await asyncio.sleep(0.01)
    gc.collect()
    assert said == []


async def test_rows_are_read_one_after_the_other(database: PostgreSQL) -> None:
    """More than are fetched at once."""
    async with database.stream() as reads:
        seen: list[Any] = [row async for row in reads.each("SELECT generate_series(1, 2500) AS n")]
    assert [row["n"] for row in seen] == list(range(1, 2501))
