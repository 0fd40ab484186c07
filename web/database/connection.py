"""One connection to SQLite, whose transactions begin with their first statement."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite


class _Beginning(sqlite3.Connection):
    """Runs what begins a transaction together with its first statement: one trip to the thread."""

    begin = ""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement."""
        self._begin()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Run a statement for every row."""
        self._begin()
        return super().executemany(sql, parameters)

    def _begin(self) -> None:
        if self.begin:
            super().execute(self.begin)
            self.begin = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection: what is awaited, and what runs in its thread."""

    awaited: aiosqlite.Connection
    threaded: _Beginning

    @classmethod
    async def to(cls, path: Path) -> "Connection":
        """Connect to a database file."""
        made = list[_Beginning]()

        def make(*args: Any, **options: Any) -> _Beginning:
            made.append(_Beginning(*args, **options))
            return made[-1]

        connection = await aiosqlite.connect(path, isolation_level=None, factory=make)
        connection.row_factory = sqlite3.Row
        return cls(connection, made[0])

    @asynccontextmanager
    async def transaction(self, begin: str) -> AsyncIterator[None]:
        """Begin with the first statement of the block; what was not committed is rolled back."""
        await self._roll_back()  # what an unreadable disk may have left open
        self.threaded.begin = begin
        try:
            yield
        finally:
            self.threaded.begin = ""
            await self._roll_back()

    async def commit(self) -> None:
        """Commit, unless no statement has begun anything."""
        if not self.threaded.begin:
            await self.awaited.execute("COMMIT")

    async def _roll_back(self) -> None:
        if self.awaited.in_transaction:
            await self.awaited.execute("ROLLBACK")
