"""One connection to SQLite: a trip to its thread for a statement, or for a whole work that writes."""

import asyncio
import contextvars
import sqlite3
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar

import aiosqlite

from web.database.faults import Unusable, Violated
from web.database.tx import Row, Values

P = ParamSpec("P")
T = TypeVar("T")
CHUNK = 64  # rows that are read at once


class _Threaded(sqlite3.Connection):
    """What runs in the thread of a connection: each trip there costs more than most statements."""

    before: tuple[tuple[str, Values], ...] = ()  # to be run first
    stopped = False  # whoever waits for the work was told to go

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement, after those that wait for it."""
        self._run_before()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Run a statement for every row, after those that wait for it."""
        self._run_before()
        return super().executemany(sql, parameters)

    def _run_before(self) -> None:
        if self.stopped:
            raise sqlite3.OperationalError("stopped")
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

    async def there(self, run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something in the thread of the connection."""
        # aiosqlite has no public way to run more than one statement there
        return await self.awaited._execute(run, *args, **kwargs)  # type: ignore[no-any-return,no-untyped-call] # noqa: SLF001

    async def all(self, sql: str, values: Values) -> list[Row]:
        """Run a statement and give all its rows."""
        return await self.there(self._all, sql, values)

    def _all(self, sql: str, values: Values) -> list[Row]:
        return self.threaded.execute(sql, values).fetchall()

    async def each(self, sql: str, values: Values) -> AsyncGenerator[Row, None]:
        """Run a statement and give its rows as they are read."""
        cursor = await self.there(self.threaded.execute, sql, values)
        try:
            while rows := await self.there(cursor.fetchmany, CHUNK):
                for row in rows:
                    yield row
        finally:
            await self.there(cursor.close)

    async def run(self, sql: str, values: Values) -> int:
        """Run a statement and give the number of rows it changed."""
        return (await self.there(self.threaded.execute, sql, values)).rowcount

    async def many(self, sql: str, rows: Iterable[Values]) -> None:
        """Run a statement for every row. Raises Violated; the rows before that one are written."""
        taken = 0

        def counted() -> Iterator[Values]:
            nonlocal taken
            for taken, row in enumerate(rows, start=1):  # noqa: B007 read when one is refused
                yield row

        try:
            await self.there(self.threaded.executemany, sql, counted())
        except sqlite3.IntegrityError as refused:
            raise violated(refused, taken - 1) from refused

    async def copy(self, table: str, rows: AsyncIterable[Row]) -> None:  # noqa: ARG002
        """Refuse: databases move to a server, not back."""
        raise Unusable("a file takes no tables; move to postgresql://…")

    def defer(self, sql: str, values: Values) -> None:
        """Run a statement together with the next one; if it fails, the next one does."""
        self.threaded.before += ((sql, values),)

    async def _roll_back(self) -> None:
        if self.awaited.in_transaction:
            await self.awaited.execute("ROLLBACK")


class Writer(Connection):
    """The connection that writes: a whole work makes one trip to its thread."""

    @property
    def within(self) -> Connection:
        """Give the connection as a work sees it that runs in its thread."""
        return _AtOnce(self.awaited, self.threaded)

    async def take(self, work: Callable[[], Awaitable[T]], begin: str = "") -> T:
        """Run a work in the thread of the connection, in a transaction unless `begin` is empty.

        It may wait for nothing but its statements. When whoever waits for it is cancelled, it runs no more of them.
        """
        context = contextvars.copy_context()  # the log names the request in there, too
        try:
            return await self.there(context.run, self._take, work, begin)
        except asyncio.CancelledError:
            self.threaded.stopped = True
            self.threaded.interrupt()
            # its thread does one thing after the other: by then the work has ended
            await self.there(self._go_on)
            raise

    def _go_on(self) -> None:
        self.threaded.stopped = False

    def _take(self, work: Callable[[], Awaitable[T]], begin: str) -> T:
        self.threaded.rollback()  # what an unreadable disk may have left open
        if begin:
            self.defer(begin, {})
        try:
            result = _finished(work())
            if self.threaded.before and not begin:
                raise RuntimeError("what is deferred needs a transaction")
            if self.threaded.in_transaction or len(self.threaded.before) > 1:
                self.threaded.execute("COMMIT")  # else nothing came after what begins
        finally:
            self.threaded.before = ()
            self.threaded.rollback()
        return result


class _AtOnce(Connection):
    """The connection as a work sees it that runs in its thread."""

    async def there(self, run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return run(*args, **kwargs)


def _finished(work: Awaitable[T]) -> T:
    """Run what waits for nothing. Raises RuntimeError when it does."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    steps.close()  # now, not when nobody knows of the transaction any more
    raise RuntimeError("a work that writes waits for something else than its statements")


def violated(refused: sqlite3.IntegrityError, place: int = 0) -> Violated:
    """Read "UNIQUE constraint failed: accounts.bulk_user_id"."""
    rule, _, columns = str(refused).partition(": ")
    return Violated(rule, columns.rpartition(".")[2], place)
