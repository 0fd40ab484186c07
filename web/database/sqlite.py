"""SQLite: one writer connection, a few readers lent to one block at a time.

SQLite before 3.51.3 can corrupt a WAL that two connections reset at once; one writer that alone
checkpoints, under a file lock that the command line takes too, is the answer to that.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from web import clock, log, metrics
from web.database import locks, schema
from web.database.connection import Connection
from web.database.tx import DatabaseUnavailable, Tx, reporting_trouble

P = ParamSpec("P")
T = TypeVar("T")
READERS = 4
FEW = 16  # so many single reads at the same time are answered without a timeout
PATIENCE = 5.0  # seconds for a turn to write, or for a reader; then it is a 503
_EVERYWHERE = ("PRAGMA busy_timeout = 5000", "PRAGMA trusted_schema = OFF")
_WRITER = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 67108864",  # after a checkpoint the log shrinks to 64 MiB again
)
_READER = ("PRAGMA query_only = ON", "PRAGMA wal_autocheckpoint = 0")
_SINGLE_READER = (
    *_EVERYWHERE,
    *_READER,
    "PRAGMA busy_timeout = 1000",
)  # many reads wait for this one


class Database:
    """Lends readers and runs writes, one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._awake = defaultdict[str, asyncio.Event](asyncio.Event)
        self._closing = AsyncExitStack()
        self._readers: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        self._writer: Connection
        self._single_reader: Connection
        self._single_reads = 0  # under way
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
        self._single_reader = await self._connect(*_SINGLE_READER)
        for _ in range(readers):
            self._readers.put_nowait(await self._connect(*_EVERYWHERE, *_READER))

    async def close(self) -> None:
        """Finish the running writes and close the connections."""
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._closing.aclose()

    async def _connect(self, *pragmas: str) -> Connection:
        connection = await Connection.to(self.path, *pragmas)
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
                async with _patiently("others keep reading"):
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
        async with _patiently("no reader is free"):
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
        return await self._shielded(self._transact(work, *args, **kwargs))

    async def write_one(
        self,
        work: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run work(tx, …), which writes by one statement, and so is a transaction by itself."""

        async def alone() -> T:
            async with self._turn_to_write() as tx:
                return await work(tx, *args, **kwargs)

        return await self._shielded(alone())

    async def _transact(
        self,
        work: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        async with self._turn_to_write() as tx, self._writer.transaction("BEGIN IMMEDIATE"):
            result = await work(tx, *args, **kwargs)
            await self._writer.commit()
        for topic in tx.wakes:
            self._awake.pop(topic, asyncio.Event()).set()
        return result

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[Tx]:
        asked = time.perf_counter()
        async with _patiently("others keep writing"):
            await self._turn.acquire()
        try:
            with reporting_trouble():
                async with locks.write_lock(self.path):
                    metrics.WRITE_WAIT.observe(time.perf_counter() - asked)
                    yield Tx(self._writer, clock.now())
        finally:
            self._turn.release()

    async def _shielded(self, write: Coroutine[Any, Any, T]) -> T:
        """Wait for a write, which goes on when whoever waits is cancelled."""
        task = asyncio.create_task(write)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), DatabaseUnavailable):
            log.failure("database.unavailable", error)

    def awake(self, topic: str) -> asyncio.Event:
        """Give what is set by the next commit that concerns a work; many may wait for it."""
        return self._awake[topic]


@asynccontextmanager
async def _patiently(reason: str) -> AsyncIterator[None]:
    """Wait for a few seconds: when the database is stuck, people get an error page soon."""
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except TimeoutError as late:
        raise DatabaseUnavailable(reason) from late
