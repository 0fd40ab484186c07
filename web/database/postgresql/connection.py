"""One connection to PostgreSQL, made again when it was lost, and what its failures mean."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from typing import Any

import asyncpg

from web.database.database import patiently
from web.database.faults import DatabaseUnavailable, Violated
from web.database.postgresql import dialect, many_rows
from web.database.postgresql.address import Address, Made
from web.database.postgresql.many_rows import violated
from web.database.tx import Row, Values

LEAVES_WITHIN = 3.0  # seconds; a busy server answers later than at once
AT_ONCE = 1000  # rows fetched by a statement whose rows are read one after the other
LOST = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,  # it has been closed
    asyncpg.InternalClientError,  # it was cut while nobody asked, which asyncpg sees too late
)
AWAY = (
    *LOST,
    TimeoutError,
    asyncpg.OperatorInterventionError,  # shut down, cancelled, starting
    asyncpg.InsufficientResourcesError,  # full, too many connections
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby, or a disk made read-only
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresSystemError,
    asyncpg.InternalServerError,
)
AGAIN = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InvalidCachedStatementError,  # another release has changed a table meanwhile
)


class Connection:
    """A connection for one block at a time."""

    def __init__(self, address: Address, *, patient: bool = False) -> None:
        self._address = address
        self._patient = patient
        self._made: Made | None = None
        self._deferred: list[str] = []
        self._begun = False

    async def raw(self) -> Made:
        """Give the driver's connection, made again if it was lost, but never within a transaction.

        On a new one the rest would be committed statement by statement, without the beginning.
        """
        if self._made is None or self._made.is_closed():
            if self._begun:
                raise asyncpg.ConnectionDoesNotExistError("lost within a transaction")
            self._made = await self._address.connect(patient=self._patient)
        return self._made

    async def begin(self, how: str) -> None:
        """Begin a transaction, on a new connection if this one turns out to be lost."""
        self._deferred, self._begun = [], False
        try:
            await self._script(how)
        except LOST:
            self.drop()
            await self._script(how)
        self._begun = True

    async def commit(self) -> None:
        """Commit, together with what was deferred; what is lost now may have been committed or not."""
        if await self._script(*self._taken(), "COMMIT") != "COMMIT":
            raise RuntimeError("a statement had failed before the commit")
        self._begun = False

    async def roll_back(self) -> None:
        """End a transaction that was not committed; a connection that cannot is dropped."""
        self._deferred, self._begun = [], False
        if self._made is None or self._made.is_closed() or not self._made.is_in_transaction():
            return
        try:
            await self._script("ROLLBACK")
        except (*AWAY, asyncpg.PostgresError):
            self.drop()

    def __enter__(self) -> None:
        """Lend it to a block."""

    def __exit__(self, _: object, wrong: BaseException | None, __: object) -> None:
        """Drop it if an answer did not come: it would come to whoever asks next."""
        if isinstance(wrong, TimeoutError | asyncio.CancelledError):
            self.drop()

    def drop_if_outdated(self) -> None:
        """Let go of a connection to a former primary: it may be open still where that one only paused."""
        if self._made is not None and self._made.epoch < self._address.epoch:
            self.drop()

    def drop(self) -> None:
        """Let go of the connection without waiting."""
        if self._made is not None:
            self._made.terminate()
            self._made = None

    async def close(self) -> None:
        """Take leave of the server."""
        if self._made is not None and not self._made.is_closed():
            try:
                await self._made.close(timeout=LEAVES_WITHIN)
            except AWAY:
                self.drop()

    async def all(self, sql: str, values: Values) -> list[Row]:
        """Run a statement and give all its rows."""
        made, statement = self._made, dialect.statement(sql)
        if self._deferred or made is None or made.is_closed():
            made = await self._ready()
        rows: list[Row] = await made.fetch(statement.text, *statement.values(values))
        return rows

    async def each(self, sql: str, values: Values) -> AsyncGenerator[Row, None]:
        """Run a statement and give its rows as they are read."""
        made, statement = await self._ready(), dialect.statement(sql)
        given = statement.values(values)
        async for row in made.cursor(statement.text, *given, prefetch=AT_ONCE):
            yield row

    async def run(self, sql: str, values: Values) -> int:
        """Run a statement, with what was deferred in one trip; give the number of rows it changed."""
        if self._deferred:
            self.defer(sql, values)
            done = await self._script(*self._taken())
        else:
            made, statement = await self.raw(), dialect.statement(sql)
            done = await made.execute(statement.text, *statement.values(values))
        number = done.rpartition(" ")[2]  # "UPDATE 3", "INSERT 0 1", "CREATE INDEX"
        return int(number) if number.isdigit() else 0

    def defer(self, sql: str, values: Values) -> None:
        """Run a statement together with others and before the next one; if it fails, that one does."""
        self._deferred.append(dialect.with_values(sql, values))

    async def many(self, sql: str, rows: Iterable[Values]) -> None:
        """Run a statement for every row. Raises Violated; the rows before that one are written."""
        await many_rows.write(await self._ready(), sql, list(rows))

    async def copy(self, table: str, rows: AsyncIterable[Row]) -> None:
        """Add rows to a table as they are, column by column. Raises Violated."""
        made = await self._ready()
        found = aiter(rows)
        first = await anext(found, None)
        if first is None:
            return

        async def records() -> AsyncGenerator[tuple[Any, ...], None]:
            yield tuple(first)
            async for row in found:
                yield tuple(row)

        try:
            await made.copy_records_to_table(table, records=records(), columns=list(first.keys()))
        except asyncpg.DataError as refused:
            raise Violated(type(refused).__name__) from refused

    async def _ready(self) -> Made:
        """Run what was deferred."""
        if self._deferred:
            await self._script(*self._taken())
        return await self.raw()

    def _taken(self) -> list[str]:
        deferred, self._deferred = self._deferred, []
        return deferred

    async def _script(self, *statements: str) -> str:
        """Run statements in one trip; give what the last one says of itself."""
        said: str = await (await self.raw()).execute("; ".join(statements))
        return said


class _Reporting:
    """A block whose trouble is reported; a class costs a fifth of what a generator does, at every read."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, wrong: BaseException | None, __: object) -> None:
        if wrong is None or isinstance(wrong, asyncpg.DataError):  # our own mistake
            return
        if isinstance(wrong, (*AWAY, *AGAIN, ssl.SSLError)):
            raise DatabaseUnavailable(f"{type(wrong).__name__}: {wrong}") from wrong
        if isinstance(wrong, asyncpg.IntegrityConstraintViolationError):
            raise violated(wrong) from None  # whose words the log would have


_REPORTING = _Reporting()


def reporting_trouble() -> _Reporting:
    """Tell a server that is away, full, locked or read-only from a violated rule and from our mistakes."""
    return _REPORTING


async def lent(queue: asyncio.LifoQueue[Connection], reason: str) -> Connection:
    """Take a free connection, waiting for one if need be. Raises DatabaseUnavailable."""
    if queue.empty():  # rarely; a timer costs more than a read
        async with patiently(reason):
            connection = await queue.get()
    else:
        connection = queue.get_nowait()
    connection.drop_if_outdated()
    return connection


async def given_back(queue: asyncio.LifoQueue[Connection], connection: Connection) -> None:
    """Give a connection to the next one, with no transaction open."""
    try:
        await connection.roll_back()
    finally:
        queue.put_nowait(connection)
