"""Several writers at one file: none is lost, none is told that the database is locked."""

import asyncio
import os
import sys

import pytest

from tests.e2e.waiting import PATIENCE
from tests.support.files import file_of
from tests.support.gate import Gate
from tests.unit.parts import ROOT, opened
from web.database import DatabaseUnavailable, Tx
from web.database import database as shared
from web.database.sqlite import database as engine
from web.database.sqlite.database import SQLite
from web.features.issuance import flow, form
from web.services import Services, Work
from web.settings import Settings
from web.store import accounts
from web.store.accounts import Profile

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

EACH = 40
READ = "SELECT profile_version AS number FROM accounts"
WRITE = "UPDATE accounts SET profile_version = :number"
CHILD = """
import asyncio, sys
from pathlib import Path
from tests.unit.test_database_together import EACH, count_up
from web.database.sqlite.database import SQLite

async def main():
    database = SQLite(Path(sys.argv[1]))
    await database.open(command=True)
    await asyncio.gather(*(database.write(count_up) for _ in range(EACH)))
    await database.close()

asyncio.run(main())
"""


async def count_up(tx: Tx) -> None:
    """Read the number and write the next one: two statements that belong together."""
    row = await tx.one(READ)
    assert row is not None
    await tx.run(WRITE, number=row["number"] + 1)


async def start_counting(database: SQLite, settings: Settings) -> None:
    """Make the one account whose number is counted up."""
    profile = Profile("individual", "軽自　花子", "ケイジ　ハナコ", "", "hanako@example.jp", "")
    new = form.NewAccount("KNCA6289", "KICA6289", profile)
    services = Services.of(settings)
    services.passwords.close()
    await database.write(lambda tx: flow.add(Work(tx, services), new, {}))


async def test_no_write_is_lost_between_two_connections_and_another_process(
    database: SQLite, settings: Settings
) -> None:
    """Two SQLite objects here and one in a child process each add one, again and again."""
    await start_counting(database, settings)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(file_of(settings)),
        cwd=ROOT, env={"PATH": os.environ["PATH"]},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with opened(file_of(settings)) as other:
        writers = [each.write(count_up) for each in (database, other) for _ in range(EACH)]
        await asyncio.gather(*writers)
    _, complaint = await asyncio.wait_for(child.communicate(), PATIENCE)
    assert (child.returncode, complaint.decode()) == (0, "")
    async with database.read() as reads:
        account = await accounts.find_by_payment_id(reads, "KNCA6289")
    assert account is not None
    assert account.profile_version == 1 + 3 * EACH


async def test_reading_goes_on_while_somebody_writes(database: SQLite) -> None:
    """A long write keeps no reader waiting."""
    inside, next_step = Gate(), Gate()

    async def slow(_: Tx) -> None:
        inside.open()
        await next_step.passed()

    writing = asyncio.create_task(database.write(slow))
    await inside.passed()
    async with asyncio.timeout(PATIENCE):
        async with database.read() as reads:
            assert await accounts.find_by_payment_id(reads, "KNCA6288") is None
        next_step.open()
        await writing


async def test_more_people_read_than_there_are_readers(database: SQLite) -> None:
    """Those who come later wait for a reader; nobody is turned away."""

    async def read(number: int) -> int:
        async with database.read() as reads:
            row = await reads.one("SELECT :number AS number", number=number)
        assert row is not None
        return int(row["number"])

    assert await asyncio.gather(*map(read, range(20))) == list(range(20))


async def test_many_glances_share_one_connection(database: SQLite) -> None:
    """Each finds its own; a wrong statement among them spoils no other."""

    async def find(tx: Tx, number: int) -> int:
        row = await tx.one("SELECT :number AS number", number=number)
        assert row is not None
        return int(row["number"])

    async def stumble(tx: Tx) -> None:
        await tx.run("INSERT INTO accounts (id) VALUES ('stumbled')")

    found = asyncio.gather(*(database.read_one(find, number) for number in range(100)))
    with pytest.raises(DatabaseUnavailable, match="readonly"):
        await database.read_one(stumble)
    assert await found == list(range(100))


async def test_a_crowd_behind_a_stuck_glance_is_told(
    database: SQLite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes when many stand there already gets a 503 in time; then it goes on."""
    monkeypatch.setattr(shared, "PATIENCE", 0.01)
    next_step = Gate()

    async def stuck(_: Tx) -> bool:
        await next_step.passed()
        return True

    first = [asyncio.create_task(database.read_one(stuck)) for _ in range(engine.FEW)]
    await asyncio.sleep(0)
    with pytest.raises(DatabaseUnavailable, match="others keep reading"):
        await database.read_one(stuck)
    next_step.open()
    assert all(await asyncio.gather(*first))
    assert await database.read_one(stuck)
