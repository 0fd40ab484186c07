"""One connection to SQLite. What need not be waited for is run together with the next statement."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiosqlite

_SEVERAL = ""  # instead of a statement: what is given are reads


@dataclass(frozen=True, slots=True)
class _Read:
    """A statement, and whoever waits for its rows."""

    sql: str
    values: Mapping[str, Any]
    rows: asyncio.Future[list[sqlite3.Row]]


class _Together:
    """What a statement of several reads gives: of each its rows, or what was wrong with it."""

    def __init__(self, outcomes: list[list[sqlite3.Row] | Exception]) -> None:
        self._outcomes = outcomes

    def fetchall(self) -> list[list[sqlite3.Row] | Exception]:
        """Give them in the order of the reads."""
        return self._outcomes


class _Threaded(sqlite3.Connection):
    """What runs in the thread of a connection: each trip there costs more than most statements."""

    before: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # to be run first

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run a statement, after those that wait for it; or several reads, which know nothing of each other."""
        if sql == _SEVERAL:
            return _Together([self._outcome(read) for read in parameters])
        self._run_before()
        return super().execute(sql, parameters)

    def _outcome(self, read: _Read) -> list[sqlite3.Row] | Exception:
        try:
            return super().execute(read.sql, read.values).fetchall()
        except Exception as wrong:  # noqa: BLE001 raised where that read is awaited
            return wrong

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Run a statement for every row, after those that wait for it."""
        self._run_before()
        return super().executemany(sql, parameters)

    def _run_before(self) -> None:
        for sql, values in self.before:
            super().execute(sql, values)
        self.before = ()


class Connection:
    """A connection: what is awaited, and what runs in its thread."""

    def __init__(self, awaited: aiosqlite.Connection, threaded: _Threaded) -> None:
        self.awaited = awaited
        self.threaded = threaded

    @classmethod
    async def to(cls, path: Path, *pragmas: str) -> Self:
        """Connect to a database file."""
        made = list[_Threaded]()

        def make(*args: Any, **options: Any) -> _Threaded:
            made.append(_Threaded(*args, **options))
            return made[-1]

        connection = await aiosqlite.connect(path, isolation_level=None, factory=make)
        connection.row_factory = sqlite3.Row
        for pragma in pragmas:
            await connection.execute(pragma)
        return cls(connection, made[0])

    async def all(self, sql: str, values: Mapping[str, Any]) -> list[sqlite3.Row]:
        """Run a statement and give all its rows."""
        return list(await self.awaited.execute_fetchall(sql, values))

    @asynccontextmanager
    async def transaction(self, begin: str) -> AsyncIterator[None]:
        """Begin with the first statement of the block; what was not committed is rolled back."""
        await self._roll_back()  # what an unreadable disk may have left open
        self.defer(begin, {})
        try:
            yield
        finally:
            self.threaded.before = ()
            await self._roll_back()

    def defer(self, sql: str, values: Mapping[str, Any]) -> None:
        """Run a statement together with the next one; if it fails, the next one does."""
        self.threaded.before += ((sql, values),)

    async def commit(self) -> None:
        """Commit, unless no statement came after what begins."""
        if self.awaited.in_transaction or len(self.threaded.before) != 1:
            await self.awaited.execute("COMMIT")

    async def _roll_back(self) -> None:
        if self.awaited.in_transaction:
            await self.awaited.execute("ROLLBACK")


class SharedConnection(Connection):
    """A connection for single reads: those that come while its thread is busy go there together.

    Under load a trip to the thread is the dearest part of a read; of eight people at once, most share theirs.
    """

    def __init__(self, awaited: aiosqlite.Connection, threaded: _Threaded) -> None:
        super().__init__(awaited, threaded)
        self._waiting: list[_Read] = []
        self._busy = False
        self._trips = set[asyncio.Task[None]]()  # one or none

    async def all(self, sql: str, values: Mapping[str, Any]) -> list[sqlite3.Row]:
        """Run a statement and give all its rows."""
        if self._busy:
            read = _Read(sql, values, asyncio.get_running_loop().create_future())
            self._waiting.append(read)
            return await read.rows
        self._busy = True
        try:
            return await super().all(sql, values)
        finally:
            self._free()

    def _free(self) -> None:
        self._busy = bool(self._waiting)
        if self._busy:
            reads, self._waiting = self._waiting, []
            trip = asyncio.create_task(self._fetch(reads))
            self._trips = {trip}  # or nobody but the loop would hold it

    async def _fetch(self, reads: list[_Read]) -> None:
        outcomes: list[Any]
        try:
            outcomes = list(await self.awaited.execute_fetchall(_SEVERAL, reads))
        except ValueError as closed:
            outcomes = [closed for _ in reads]
        finally:
            self._free()
        for read, outcome in zip(reads, outcomes, strict=True):
            if read.rows.done():  # whoever waited was cancelled
                continue
            if isinstance(outcome, Exception):
                read.rows.set_exception(outcome)
            else:
                read.rows.set_result(outcome)
