"""PostgreSQL: any number of processes, one of which writes at a time.

Who writes holds the lock of the one row of `turn`, so that what a write has read stays true until it
commits, as on SQLite. It is taken together with BEGIN; READ COMMITTED lets every later statement see
what was committed before.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from web import clock, metrics, paths
from web.database.database import Counter, Database, Functions, Node
from web.database.faults import DatabaseUnavailable, InUse, Unusable
from web.database.migrations import what_differs
from web.database.postgresql import schema
from web.database.postgresql.address import Address
from web.database.postgresql.connection import (
    AGAIN,
    LOST,
    Connection,
    given_back,
    lent,
    reporting_trouble,
)
from web.database.postgresql.nodes import Nodes, Tries, nearest_to_none
from web.database.tx import Tx

P = ParamSpec("P")
T = TypeVar("T")
READERS = 8
WRITERS = 2  # one waits for its turn at the server while the other commits
TRIES = 5  # of a write that the server gave up to end a deadlock
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = f"BEGIN; {schema.TURN}"
_ASIDE = "BEGIN"


class PostgreSQL(Database):
    """A database that many processes serve from."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._address = Address(url)
        self.name = self._address.name
        self._readers = asyncio.LifoQueue[Connection]()
        self._writers = asyncio.LifoQueue[Connection]()
        self._all: list[Connection] = []
        self._nodes = Nodes(self._address)
        self._address.on_promotion = lambda: self._start(self.beat())  # others may start at once

    async def open(self, *, command: bool = False) -> None:
        """Open the connections. Raises DatabaseUnavailable when the schema is not up to date."""
        for queue, number in ((self._readers, READERS), (self._writers, WRITERS)):
            for _ in range(number):
                self._all.append(Connection(self._address, patient=command))
                queue.put_nowait(self._all[-1])
        if differs := what_differs(await self.version()):
            raise DatabaseUnavailable(f"{self.name}: {differs}")

    async def close(self) -> None:
        """Finish the running writes and close the connections."""
        self._address.on_promotion = lambda: None
        await super().close()
        await self._nodes.leave(self)
        await asyncio.gather(*(connection.close() for connection in self._all))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Lend a reader to the block; all its statements see the same moment."""
        connection = await lent(self._readers, "no reader is free")
        try:
            with reporting_trouble(), connection:
                await connection.begin(_READ)
                yield Tx(connection, clock.now())
        finally:  # nobody waits for the end of a transaction that wrote nothing
            self._start(given_back(self._readers, connection))

    async def read_one(
        self,
        find: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run find(tx, …), which reads by one statement, and so sees one moment by itself."""
        connection = await lent(self._readers, "no reader is free")
        tx = Tx(connection, clock.now())
        try:
            with reporting_trouble(), connection:
                try:
                    return await find(tx, *args, **kwargs)
                except LOST:
                    connection.drop()
                    return await find(tx, *args, **kwargs)
        finally:
            self._readers.put_nowait(connection)

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[Tx]:
        """Open a reader of its own for a block that may last, such as a download."""
        connection = Connection(self._address, patient=True)
        try:
            with reporting_trouble():
                await connection.begin(_READ)
                yield Tx(connection, clock.now())
        finally:
            connection.drop()

    async def note(
        self,
        work: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run work(tx, …) without a turn."""
        return await self._shielded(self._tried(_ASIDE, lambda tx: work(tx, *args, **kwargs)))

    async def _transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self._tried(_WRITE, work)

    _alone = _transact

    async def _tried(self, begin: str, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run work, again from its beginning when the server gave it up for another."""
        with reporting_trouble():
            for _ in range(TRIES - 1):
                try:
                    return await self._once(begin, work)
                except AGAIN:
                    continue
            return await self._once(begin, work)

    async def _once(self, begin: str, work: Callable[[Tx], Awaitable[T]]) -> T:
        asked = time.perf_counter()
        connection = await lent(self._writers, "others keep writing")
        try:
            with connection:
                await connection.begin(begin)
                metrics.WRITE_WAIT.observe(time.perf_counter() - asked)
                tx = Tx(connection, clock.now())
                result = await work(tx)
                await connection.commit()
        finally:
            await given_back(self._writers, connection)
        self._wake(tx)
        return result

    async def version(self) -> int:
        """Read the version of the schema; 0 for an empty database."""
        async with self._for_a_moment() as connection:
            return await schema.version(await connection.raw())

    async def upgrade(
        self,
        folder: Path = paths.MIGRATIONS,
        functions: Functions | None = None,  # noqa: ARG002 for what is older than this engine
    ) -> tuple[int, int]:
        """Create the schema or bring it up to date; no database here is old enough for `functions`."""
        async with self._for_a_moment() as connection:
            return await schema.upgrade(await connection.raw(), folder)

    async def _glance(self, find: Callable[[Tx], Awaitable[T]]) -> T:
        """Run find(tx), whether the database was opened or not."""
        if self._all:
            return await self.read_one(find)
        async with self._for_a_moment() as connection:
            return await find(Tx(connection, clock.now()))

    @asynccontextmanager
    async def _for_a_moment(self) -> AsyncIterator[Connection]:
        connection = Connection(self._address, patient=True)
        try:
            with reporting_trouble():
                yield connection
        finally:
            await connection.close()

    def serving(self) -> AbstractContextManager[None]:
        """Keep nobody out."""
        return nullcontext()

    @asynccontextmanager
    async def silence(self) -> AsyncIterator[None]:
        """Look whether a node has lately said that it serves."""
        if there := await self.nodes():
            hosts = ", ".join(sorted({node.host for node in there}))
            raise InUse(f"{self.name}: in use by {len(there)} nodes ({hosts})")
        yield

    async def only_server(self) -> bool:
        """Tell that it is not: a node that is frozen or cut off may come back."""
        return False

    async def is_the_one_noted(self) -> bool:
        """Compare identity and timeline: a backup that was put back has lost what came after it."""
        return await self._glance(self._nodes.is_the_one_noted)

    async def note_origin(self) -> None:
        """Write down whose database this is now."""
        await self.write(self._nodes.note_origin)

    async def beat(self) -> None:
        """Write this node's row."""
        await self._nodes.beat(self)
        await self._glance(self._nodes.compare_clocks)

    async def nodes(self) -> list[Node]:
        """List the nodes that have lately written their row."""
        return await self._glance(self._nodes.there)

    @asynccontextmanager
    async def under_way(
        self, counters: Collection[Counter], guess: bytes
    ) -> AsyncIterator[Mapping[str, int]]:
        """Write it down, where others see it at once."""
        tries = Tries(self._nodes.id, counters, guess)
        await self.read_one(tries.begin)
        try:
            yield await self.read_one(tries.of_others)
        finally:
            self._start(self.read_one(tries.end))

    async def skew(self) -> int:
        """Compare the clocks."""
        return nearest_to_none(*await self._glance(self._nodes.apart))

    async def faults(self) -> dict[str, list[str]]:
        """Look at how the server is set up; what it holds is for its own tools."""
        found = await self._glance(schema.faults)
        if self._address.pooled:
            found += await self._glance(schema.no_limits)
        return {"server": found}

    @property
    def file(self) -> Path:
        """Refuse: there is none."""
        raise Unusable(f"{self.name}: a server's database; use pg_basebackup (docs/operations.md)")

    @property
    def files(self) -> list[Path]:
        """Give the file with the password."""
        return [Path(self._address.passfile)] if self._address.passfile else []

    def log_bytes(self) -> int:
        """Give none: the server keeps it."""
        return 0
