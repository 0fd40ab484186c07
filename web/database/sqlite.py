"""SQLite: one writer connection, a few readers lent to one block at a time.

SQLite before 3.51.3 can corrupt a WAL that two connections reset at once; one writer that alone
checkpoints, under a file lock that the command line takes too, is the answer to that.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import aiosqlite

from web import log, metrics
from web.database import locks, schema

P = ParamSpec("P")
T = TypeVar("T")
Row = sqlite3.Row

READERS = 4
PATIENCE = 5.0  # seconds for a turn to write, or for a reader; then it is a 503
_EVERYWHERE = ("PRAGMA busy_timeout = 5000", "PRAGMA trusted_schema = OFF")
_WRITER = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 67108864",  # after a checkpoint the log shrinks to 64 MiB again
)
_READER = ("PRAGMA query_only = ON", "PRAGMA wal_autocheckpoint = 0")


class DatabaseUnavailable(Exception):
    """The database cannot serve now: locked, full, read-only or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        metrics.DATABASE_FAILURES.inc()


class Tx:
    """Statements on one connection."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, /, **values: Any) -> list[Row]:
        """Run a statement and give all its rows."""
        return list(await self._connection.execute_fetchall(sql, values))

    async def one(self, sql: str, /, **values: Any) -> Row | None:
        """Run a statement and give its first row."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def each(self, sql: str, /, **values: Any) -> AsyncGenerator[Row, None]:
        """Run a statement and give its rows as they are read."""
        async with self._connection.execute(sql, values) as cursor:
            async for row in cursor:
                yield row

    async def run(self, sql: str, /, **values: Any) -> int:
        """Run a statement and give the number of rows it changed."""
        return (await self._connection.execute(sql, values)).rowcount

    async def many(self, sql: str, rows: Iterable[Mapping[str, Any]], /) -> None:
        """Run a statement for every row."""
        await self._connection.executemany(sql, rows)


class Database:
    """Lends readers and runs writes, one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wrote = asyncio.Event()  # set by the next commit, then replaced: many may wait for it
        self._closing = AsyncExitStack()
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._writer: aiosqlite.Connection
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()

    async def open(self, readers: int = READERS) -> None:
        """Open the connections. Raises DatabaseUnavailable when the schema is not up to date."""
        found, wanted = schema.version(self.path), schema.newest()
        if found != wanted:
            raise DatabaseUnavailable(
                f"{self.path}: schema version {found}, {wanted} needed; run `mypage init-db`"
            )
        self._writer = await self._connect(*_EVERYWHERE, *_WRITER)
        for _ in range(readers):
            self._readers.put_nowait(await self._connect(*_EVERYWHERE, *_READER))

    async def close(self) -> None:
        """Finish the running writes and close the connections."""
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._closing.aclose()

    async def _connect(self, *pragmas: str) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self.path, isolation_level=None)
        self._closing.push_async_callback(connection.close)
        connection.row_factory = sqlite3.Row
        for pragma in pragmas:
            await connection.execute(pragma)
        return connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Lend a reader to the block; all its statements see the same moment."""
        async with self._lent() as connection:
            try:
                await connection.execute("BEGIN")
                yield Tx(connection)
            finally:
                await connection.rollback()

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[Tx]:
        """Lend a reader for one statement, which sees one moment by itself."""
        async with self._lent() as connection:
            yield Tx(connection)

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[aiosqlite.Connection]:
        connection = await self._free_reader()
        try:
            yield connection
        except sqlite3.DatabaseError as wrong:
            if not _cannot_serve(wrong):
                raise
            raise DatabaseUnavailable(str(wrong)) from wrong
        finally:
            self._readers.put_nowait(connection)

    async def _free_reader(self) -> aiosqlite.Connection:
        if not self._readers.empty():  # nearly always; a timer costs more than the look
            return self._readers.get_nowait()
        async with _patiently("no reader is free"):
            return await self._readers.get()

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[Tx]:
        """Open a reader of its own for a block that may last, such as a download."""
        connection = await aiosqlite.connect(self.path, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            for pragma in (*_EVERYWHERE, *_READER):
                await connection.execute(pragma)
            await connection.execute("BEGIN")
            yield Tx(connection)
        except sqlite3.DatabaseError as wrong:
            if not _cannot_serve(wrong):
                raise
            raise DatabaseUnavailable(str(wrong)) from wrong
        finally:
            await connection.close()

    async def write(
        self,
        work: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run work(tx, …) in a transaction: its return commits, its exception rolls back.

        It runs in a shielded task: a request that is cancelled meanwhile leaves neither a lock
        nor half a transaction.
        """
        task = asyncio.create_task(self._transact(work, *args, **kwargs))
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    async def _transact(
        self,
        work: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        asked = time.perf_counter()
        async with _patiently("others keep writing"):
            await self._turn.acquire()
        try:
            async with locks.write_lock(self.path):
                metrics.WRITE_WAIT.observe(time.perf_counter() - asked)
                await self._roll_back()  # what an unreadable disk may have left open
                try:
                    await self._writer.execute("BEGIN IMMEDIATE")
                    result = await work(Tx(self._writer), *args, **kwargs)
                    await self._writer.execute("COMMIT")
                except BaseException:
                    await self._roll_back()
                    raise
        except sqlite3.DatabaseError as wrong:
            if not _cannot_serve(wrong):
                raise
            raise DatabaseUnavailable(str(wrong)) from wrong
        except (locks.LockTaken, locks.NoLockFile) as wrong:
            raise DatabaseUnavailable(str(wrong)) from wrong
        finally:
            self._turn.release()
        self.wrote.set()
        self.wrote = asyncio.Event()
        return result

    async def _roll_back(self) -> None:
        if self._writer.in_transaction:
            await self._writer.execute("ROLLBACK")

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), DatabaseUnavailable):
            log.failure("database.unavailable", error)


@asynccontextmanager
async def _patiently(reason: str) -> AsyncIterator[None]:
    """Wait for a while: whoever stands behind a stuck database is told, not kept for minutes."""
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except TimeoutError as late:
        raise DatabaseUnavailable(reason) from late


def _cannot_serve(error: sqlite3.DatabaseError) -> bool:
    """Tell a database that is locked, full, unreadable or damaged from a broken rule."""
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError
