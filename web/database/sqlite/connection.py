"""One connection to SQLite. What need not be waited for is run together with the next statement."""

import sqlite3
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiosqlite

from web.database.faults import Unusable, Violated
from web.database.tx import Row, Values


class _Threaded(sqlite3.Connection):
    """What runs in the thread of a connection: each trip there costs more than most statements."""

    before: tuple[tuple[str, Values], ...] = ()  # to be run first

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement, after those that wait for it."""
        self._run_before()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Run a statement for every row, after those that wait for it."""
        self._run_before()
        return super().executemany(sql, parameters)

    def _run_before(self) -> None:
        for sql, values in self.before:
            super().execute(sql, values)
        self.before = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection: what is awaited, and what runs in its thread."""

    awaited: aiosqlite.Connection
    threaded: _Threaded

    @classmethod
    async def to(cls, path: Path, *pragmas: str) -> Self:
        """Connect to a database file, in one trip with the pragmas."""
        made = list[_Threaded]()

        def make(*args: Any, **options: Any) -> _Threaded:
            made.append(_Threaded(*args, **options))
            for pragma in pragmas:
                made[0].execute(pragma)
            return made[0]

        connection = await aiosqlite.connect(path, isolation_level=None, factory=make)
        connection.row_factory = sqlite3.Row
        return cls(connection, made[0])

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

    async def all(self, sql: str, values: Values) -> list[Row]:
        """Run a statement and give all its rows."""
        return list(await self.awaited.execute_fetchall(sql, values))

    async def each(self, sql: str, values: Values) -> AsyncGenerator[Row, None]:
        """Run a statement and give its rows as they are read."""
        async with self.awaited.execute(sql, values) as cursor:
            async for row in cursor:
                yield row

    async def run(self, sql: str, values: Values) -> int:
        """Run a statement and give the number of rows it changed."""
        return (await self.awaited.execute(sql, values)).rowcount

    async def many(self, sql: str, rows: Iterable[Values]) -> None:
        """Run a statement for every row. Raises Violated; the rows before that one are written."""
        taken = 0

        def counted() -> Iterator[Values]:
            nonlocal taken
            for taken, row in enumerate(rows, start=1):  # noqa: B007 read when one is refused
                yield row

        try:
            await self.awaited.executemany(sql, counted())
        except sqlite3.IntegrityError as refused:
            raise violated(refused, taken - 1) from refused

    async def copy(self, table: str, rows: AsyncIterable[Row]) -> None:  # noqa: ARG002
        """Refuse: databases move to a server, not back."""
        raise Unusable("a file takes no tables; move to postgresql://…")

    def defer(self, sql: str, values: Values) -> None:
        """Run a statement together with the next one; if it fails, the next one does."""
        self.threaded.before += ((sql, values),)

    async def commit(self) -> None:
        """Commit, unless no statement came after what begins."""
        if self.awaited.in_transaction or len(self.threaded.before) != 1:
            await self.awaited.execute("COMMIT")

    async def _roll_back(self) -> None:
        if self.awaited.in_transaction:
            await self.awaited.execute("ROLLBACK")


def violated(refused: sqlite3.IntegrityError, place: int = 0) -> Violated:
    """Read "UNIQUE constraint failed: accounts.bulk_user_id"."""
    rule, _, columns = str(refused).partition(": ")
    return Violated(rule, columns.rpartition(".")[2], place)
