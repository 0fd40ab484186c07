"""SQLite: one writer connection, a few readers lent to one block at a time.

SQLite before 3.51.3 can corrupt a WAL that two connections reset at once; one writer that alone
checkpoints, under a file lock that the command line takes too, is the answer to that.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from web import clock, metrics, paths
from web.database import migrations
from web.database.database import Counter, Database, Functions, Node, patiently
from web.database.faults import DatabaseUnavailable
from web.database.sqlite import copies, locks, schema
from web.database.sqlite.connection import Connection, Writer, violated
from web.database.sqlite.single_reads import SharedConnection
from web.database.tx import Tx

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=Connection)
READERS = 4
FEW = 16  # so many single reads at the same time are answered without a timeout
_EVERYWHERE = ("PRAGMA busy_timeout = 5000", "PRAGMA trusted_schema = OFF")
_WRITER = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 67108864",  # after a checkpoint the log shrinks to 64 MiB again
)
_READER = ("PRAGMA query_only = ON", "PRAGMA wal_autocheckpoint = 0")
# many reads wait for this one
_SINGLE_READER = (*_EVERYWHERE, *_READER, "PRAGMA busy_timeout = 1000")


class SQLite(Database):
    """A file, and the one process that serves from it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.name = str(path)
        self._closing = AsyncExitStack()
        self._readers: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        self._writer: Writer
        self._single_reader: SharedConnection
        self._single_reads = 0  # under way
        self._turn = asyncio.Lock()

    async def open(self, *, command: bool = False) -> None:
        """Open the connections. Raises DatabaseUnavailable when the schema is not up to date."""
        if differs := migrations.what_differs(schema.version(self.path)):
            raise DatabaseUnavailable(f"{self.path}: {differs}")
        self._writer = self._kept(await Writer.to(self.path, *_EVERYWHERE, *_WRITER))
        self._single_reader = self._kept(await SharedConnection.to(self.path, *_SINGLE_READER))
        for _ in range(1 if command else READERS):
            connection = await Connection.to(self.path, *_EVERYWHERE, *_READER)
            self._readers.put_nowait(self._kept(connection))

    async def close(self) -> None:
        """Finish the running writes and close the connections."""
        await super().close()
        await self._closing.aclose()

    def _kept(self, connection: C) -> C:
        self._closing.push_async_callback(connection.awaited.close)
        return connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Lend a reader to the block; all its statements see the same moment."""
        async with self._lent() as connection, connection.transaction("BEGIN"):
            yield Tx(connection, clock.now())

    async def read_one(
        self,
        find: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run find(tx, …), which reads by one statement, and so sees one moment by itself.

        All single reads share a connection, whose thread takes them in turn: with a connection each they
        are no sooner done, and the threads keep taking the interpreter from each other.
        """
        self._single_reads += 1
        tx = Tx(self._single_reader, clock.now())
        try:
            with reporting_trouble():
                if self._single_reads <= FEW:  # nearly always; a timer costs more than the read
                    return await find(tx, *args, **kwargs)
                async with patiently("others keep reading"):
                    return await find(tx, *args, **kwargs)
        finally:
            self._single_reads -= 1

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Connection]:
        connection = await self._free_reader()
        try:
            with reporting_trouble():
                yield connection
        finally:
            self._readers.put_nowait(connection)

    async def _free_reader(self) -> Connection:
        async with patiently("no reader is free"):
            return await self._readers.get()

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[Tx]:
        """Open a reader of its own for a block that may last, such as a download."""
        connection = await Connection.to(self.path, *_EVERYWHERE, *_READER)
        try:
            with reporting_trouble():
                async with connection.transaction("BEGIN"):
                    yield Tx(connection, clock.now())
        finally:
            await connection.awaited.close()

    async def _transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._in_turn(work, "BEGIN IMMEDIATE")

    async def _alone(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._in_turn(work, "")

    async def _in_turn(self, work: Callable[[Tx], Awaitable[T]], begin: str) -> T:
        async with self._turn_to_write():
            tx = Tx(self._writer.within, clock.now())
            result = await self._writer.take(partial(work, tx), begin)
        self._wake(tx)
        return result

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        asked = time.perf_counter()
        if self._turn.locked():
            async with patiently("others keep writing"):
                await self._turn.acquire()
        else:  # mostly; a timer costs as much as the lock of the file
            await self._turn.acquire()
        try:
            with reporting_trouble():
                async with locks.write_lock(self.path):
                    metrics.WRITE_WAIT.observe(time.perf_counter() - asked)
                    yield
        finally:
            self._turn.release()

    async def version(self) -> int:
        """Read the version of the schema; 0 for a file that is not there or empty."""
        return schema.version(self.path)

    async def upgrade(
        self, folder: Path = paths.MIGRATIONS, functions: Functions | None = None
    ) -> tuple[int, int]:
        """Create the file or bring it up to date."""
        return schema.upgrade(self.path, folder, functions)

    def serving(self) -> AbstractContextManager[None]:
        """Hold the lock of the one server."""
        return locks.hold(self.path, "serve")

    @asynccontextmanager
    async def silence(self) -> AsyncIterator[None]:
        """Hold the lock of the one server, too."""
        with self.serving():
            yield

    async def only_server(self) -> bool:
        """Tell so: the lock says it."""
        return True

    async def is_the_one_noted(self) -> bool:
        """Tell so: `mypage restore` alone puts another file in place, and ends what must end."""
        return True

    async def note_origin(self) -> None:
        """Note nothing."""

    async def beat(self) -> None:
        """Leave it to the lock."""

    async def nodes(self) -> list[Node]:
        """List none: the lock knows no more than that somebody serves."""
        return []

    @asynccontextmanager
    async def under_way(
        self, counters: Collection[Counter], guess: bytes
    ) -> AsyncIterator[Mapping[str, int]]:
        """Give none: no other process tries passwords."""
        del counters, guess
        yield {}

    async def skew(self) -> int:
        """Give none: this clock is the only one."""
        return 0

    async def faults(self) -> dict[str, list[str]]:
        """Look through every page and reference."""
        return {
            "pages": copies.broken_pages(self.path),
            "references": copies.orphans(self.path),
        }

    @property
    def file(self) -> Path:
        """Give the file."""
        return self.path

    @property
    def files(self) -> list[Path]:
        """List the file and what SQLite and we keep beside it."""
        return sorted(self.path.parent.glob(f"{self.path.name}*"))

    def log_bytes(self) -> int:
        """Give the size of the write-ahead log."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.stat().st_size if log.exists() else 0


class _Reporting:
    """A block whose trouble is reported; a class costs a fifth of what a generator does, at every read."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, wrong: BaseException | None, __: object) -> None:
        if isinstance(wrong, _AWAY) or type(wrong) is sqlite3.DatabaseError:
            raise DatabaseUnavailable(str(wrong)) from wrong
        if isinstance(wrong, sqlite3.IntegrityError):
            raise violated(wrong) from wrong


_AWAY = locks.LockTaken, locks.NoLockFile, sqlite3.OperationalError
_REPORTING = _Reporting()


def reporting_trouble() -> _Reporting:
    """Tell a file that is locked, full, unreadable or damaged from a violated rule and from our mistakes."""
    return _REPORTING
