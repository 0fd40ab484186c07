"""Statements on one connection, and what it means when SQLite cannot run them."""

import sqlite3
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from web import metrics
from web.database import locks
from web.database.connection import Connection

Row = sqlite3.Row


class DatabaseUnavailable(Exception):
    """The database cannot serve now: locked, full, read-only or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        metrics.DATABASE_FAILURES.inc()


class Tx:
    """Statements on one connection, at one moment: every statement knows it as `:now`."""

    def __init__(self, connection: Connection, now: int) -> None:
        self.connection = connection
        self.now = now
        self.wakes = set[str]()  # the work in the background that the commit concerns

    async def all(self, sql: str, /, **values: Any) -> list[Row]:
        """Run a statement and give all its rows."""
        return list(
            await self.connection.awaited.execute_fetchall(sql, {"now": self.now, **values})
        )

    async def one(self, sql: str, /, **values: Any) -> Row | None:
        """Run a statement and give its first row."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def each(self, sql: str, /, **values: Any) -> AsyncGenerator[Row, None]:
        """Run a statement and give its rows as they are read."""
        async with self.connection.awaited.execute(sql, {"now": self.now, **values}) as cursor:
            async for row in cursor:
                yield row

    async def run(self, sql: str, /, **values: Any) -> int:
        """Run a statement and give the number of rows it changed."""
        return (await self.connection.awaited.execute(sql, {"now": self.now, **values})).rowcount

    def defer(self, sql: str, /, **values: Any) -> None:
        """Run a statement whose result nobody needs, together with the next one or with the commit."""
        self.connection.defer(sql, {"now": self.now, **values})

    async def many(self, sql: str, rows: Iterable[Mapping[str, Any]], /) -> None:
        """Run a statement for every row."""
        await self.connection.awaited.executemany(sql, ({"now": self.now, **row} for row in rows))


@contextmanager
def reporting_trouble() -> Iterator[None]:
    """Tell a database that is locked, full, unreadable or damaged from a violated constraint."""
    try:
        yield
    except (locks.LockTaken, locks.NoLockFile, sqlite3.OperationalError) as wrong:
        raise DatabaseUnavailable(str(wrong)) from wrong
    except sqlite3.DatabaseError as wrong:
        if type(wrong) is not sqlite3.DatabaseError:  # a violated constraint, or our own mistake
            raise
        raise DatabaseUnavailable(str(wrong)) from wrong
