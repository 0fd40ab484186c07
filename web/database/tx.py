"""One transaction as everybody above sees it, whatever engine runs its statements."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator, Mapping
from typing import Any, Protocol

Values = Mapping[str, Any]


class Row(Protocol):
    """A row, by the names or the places of its columns."""

    def __getitem__(self, column: Any, /) -> Any:
        """Give a value."""

    def __iter__(self) -> Iterator[Any]:
        """Give the values in the order of the columns."""

    def __len__(self) -> int:
        """Count the columns."""

    def keys(self) -> Iterable[str]:
        """Name the columns."""


class Connection(Protocol):
    """What an engine runs statements on; their values are bound by name."""

    async def all(self, sql: str, values: Values, /) -> list[Row]:
        """Run a statement and give all its rows."""

    def each(self, sql: str, values: Values, /) -> AsyncGenerator[Row, None]:
        """Run a statement and give its rows as they are read."""

    async def run(self, sql: str, values: Values, /) -> int:
        """Run a statement and give the number of rows it changed."""

    def defer(self, sql: str, values: Values, /) -> None:
        """Run a statement together with the next one; if it fails, the next one does."""

    async def many(self, sql: str, rows: Iterable[Values], /) -> None:
        """Run a statement for every row. Raises Violated; the rows before that one are written."""

    async def copy(self, table: str, rows: AsyncIterable[Row], /) -> None:
        """Add rows to a table as they are, column by column. Raises Violated, Unusable."""


class Tx:
    """Statements on one connection, at one moment: every statement knows it as `:now`."""

    def __init__(self, connection: Connection, now: int) -> None:
        self.connection = connection
        self.now = now
        self.wakes = set[str]()  # the work in the background that the commit concerns

    async def all(self, sql: str, /, **values: Any) -> list[Row]:
        """Run a statement and give all its rows."""
        return await self.connection.all(sql, {"now": self.now, **values})

    async def one(self, sql: str, /, **values: Any) -> Row | None:
        """Run a statement and give its first row."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def each(self, sql: str, /, **values: Any) -> AsyncGenerator[Row, None]:
        """Run a statement and give its rows as they are read."""
        async for row in self.connection.each(sql, {"now": self.now, **values}):
            yield row

    async def run(self, sql: str, /, **values: Any) -> int:
        """Run a statement and give the number of rows it changed."""
        return await self.connection.run(sql, {"now": self.now, **values})

    def defer(self, sql: str, /, **values: Any) -> None:
        """Run a statement whose result nobody needs, together with the next one or with the commit."""
        self.connection.defer(sql, {"now": self.now, **values})

    async def many(self, sql: str, rows: Iterable[Mapping[str, Any]], /) -> None:
        """Run a statement for every row. Raises Violated; the rows before that one are written."""
        await self.connection.many(sql, ({"now": self.now, **row} for row in rows))

    async def copy(self, table: str, rows: AsyncIterable[Row], /) -> None:
        """Add rows to a table as they are, column by column. Raises Violated, Unusable."""
        await self.connection.copy(table, rows)
