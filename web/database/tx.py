"""Statements on one connection, and what it means when SQLite cannot run them."""

import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiosqlite

from web import metrics
from web.database import locks

Row = sqlite3.Row
# A unique index stays: it judges the rows as they come.
_INDEXES = """
    SELECT name, sql FROM sqlite_master
     WHERE type = 'index' AND tbl_name = :table AND sql NOT LIKE 'CREATE UNIQUE %'
"""


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

    @asynccontextmanager
    async def without_indexes(self, *tables: str) -> AsyncIterator[None]:
        """Take the indexes of tables away while very many rows come in, and make them anew."""
        found = [index for table in tables for index in await self.all(_INDEXES, table=table)]
        for index in found:
            await self._connection.execute(f"DROP INDEX {index['name']}")
        yield  # what fails here is rolled back, and so are they
        for index in found:
            await self._connection.execute(index["sql"])


@contextmanager
def serving() -> Iterator[None]:
    """Tell a database that is locked, full, unreadable or damaged from a broken rule."""
    try:
        yield
    except sqlite3.DatabaseError as wrong:
        if (
            not isinstance(wrong, sqlite3.OperationalError)
            and type(wrong) is not sqlite3.DatabaseError
        ):
            raise
        raise DatabaseUnavailable(str(wrong)) from wrong
    except (locks.LockTaken, locks.NoLockFile) as wrong:
        raise DatabaseUnavailable(str(wrong)) from wrong
