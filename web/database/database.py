"""What every engine offers: readers lent to a block, writes one at a time, and what an operator asks."""

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from web import log, paths
from web.database.faults import DatabaseUnavailable
from web.database.tx import Tx

P = ParamSpec("P")
T = TypeVar("T")
MOST_SKEW = 10  # seconds between the clocks of a node and of the database
FARTHEST = 3600  # seconds; who is farther apart may be the one that is right
FRESH = 20.0  # seconds after its last word that a process counts as serving
PATIENCE = 5.0  # seconds for a turn to write, or for a reader; then it is a 503
Functions = Mapping[str, Callable[..., str | bytes]]
Counter = tuple[str, bytes]  # its scope and its subject


@dataclass(frozen=True, slots=True)
class Node:
    """A process that serves, as it has last said."""

    id: str
    host: str
    pid: int
    schema: int  # the version that its release brings
    started_at: int
    seen_at: int


class Database(ABC):
    """Lends readers and runs writes, one at a time."""

    name: str  # as an operator may see it: without secrets

    def __init__(self) -> None:
        self._awake = defaultdict[str, asyncio.Event](asyncio.Event)
        self._running: set[asyncio.Task[Any]] = set()

    @abstractmethod
    async def open(self, *, command: bool = False) -> None:
        """Open the connections; a command needs few, and may keep a statement running for long.

        Raises DatabaseUnavailable, also when the schema is not up to date.
        """

    async def close(self) -> None:
        """Finish the running writes and close the connections."""
        await asyncio.gather(*self._running, return_exceptions=True)

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[Tx]:
        """Lend a reader to the block; all its statements see the same moment."""

    @abstractmethod
    async def read_one(
        self,
        find: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run find(tx, …), which reads by one statement, and so sees one moment by itself."""

    @abstractmethod
    def stream(self) -> AbstractAsyncContextManager[Tx]:
        """Open a reader of its own for a block that may last, such as a download."""

    async def write(
        self,
        work: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run work(tx, …) in a transaction: its return commits, its exception rolls back.

        It runs in a shielded task: a request that is cancelled meanwhile leaves neither a lock
        nor half a transaction. It may be run again from its beginning, when the engine must.
        """
        return await self._shielded(self._transact(lambda tx: work(tx, *args, **kwargs)))

    async def write_one(
        self,
        work: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run work(tx, …), which writes by one statement, and so is a transaction by itself."""
        return await self._shielded(self._alone(lambda tx: work(tx, *args, **kwargs)))

    async def note(
        self,
        work: Callable[Concatenate[Tx, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run work(tx, …), which writes what no other write looks at: it need not wait for its turn."""
        return await self.write(work, *args, **kwargs)

    @abstractmethod
    async def _transact(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run work in its turn and commit it."""

    @abstractmethod
    async def _alone(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run a work of one statement in its turn."""

    async def _shielded(self, write: Coroutine[Any, Any, T]) -> T:
        """Wait for a write, which goes on when whoever waits is cancelled."""
        return await asyncio.shield(self._start(write))

    def _start(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), DatabaseUnavailable):
            log.failure("database.unavailable", error)

    def awake(self, topic: str) -> asyncio.Event:
        """Give what is set by the next commit that concerns a work; many may wait for it."""
        return self._awake[topic]

    def _wake(self, tx: Tx) -> None:
        for topic in tx.wakes:
            self._awake.pop(topic, asyncio.Event()).set()

    @abstractmethod
    async def version(self) -> int:
        """Read the version of the schema; 0 for a database that is not there or empty. Raises Unusable."""

    @abstractmethod
    async def upgrade(
        self, folder: Path = paths.MIGRATIONS, functions: Functions | None = None
    ) -> tuple[int, int]:
        """Create the database or bring it up to date; safe to repeat. Give old and new version.

        `functions`: what a migration may call beside the engine's own.
        Raises Unusable, NewerSchema, InUse.
        """

    @abstractmethod
    def serving(self) -> AbstractContextManager[None]:
        """Keep out, for as long as the block, whoever must not serve beside this process. Raises InUse."""

    @abstractmethod
    def silence(self) -> AbstractAsyncContextManager[None]:
        """Make sure, for as long as the block, that nobody serves. Raises InUse."""

    @abstractmethod
    async def only_server(self) -> bool:
        """Tell whether it is certain that no other process serves."""

    @abstractmethod
    async def beat(self) -> None:
        """Say that this process serves; compare with the database what must agree."""

    @abstractmethod
    async def nodes(self) -> list[Node]:
        """List the processes that have lately said that they serve."""

    @abstractmethod
    def under_way(
        self, counters: Collection[Counter], guess: bytes
    ) -> AbstractAsyncContextManager[Mapping[str, int]]:
        """Say, for as long as the block, that a guess is under way that may count in some counters.

        Give how many other guesses other processes have under way, by scope.
        """

    @abstractmethod
    async def is_the_one_noted(self) -> bool:
        """Tell whether this is the database that was noted, with all that it held; the first is noted."""

    @abstractmethod
    async def note_origin(self) -> None:
        """Note that this database is the right one now."""

    @abstractmethod
    async def skew(self) -> int:
        """Give by how many seconds the clock of this process is ahead of the database's."""

    @abstractmethod
    async def faults(self) -> dict[str, list[str]]:
        """Look through the database: what was looked at, and what is wrong with it."""

    @property
    @abstractmethod
    def file(self) -> Path:
        """Give the file that holds everything. Raises Unusable where there is none."""

    @property
    @abstractmethod
    def files(self) -> list[Path]:
        """List the files that nobody else may read."""

    @abstractmethod
    def log_bytes(self) -> int:
        """Give the size of the log that this process keeps; 0 where the engine keeps it elsewhere."""


@asynccontextmanager
async def patiently(reason: str) -> AsyncIterator[None]:
    """Wait for a few seconds: when the database is stuck, people get an error page soon."""
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except TimeoutError as late:
        raise DatabaseUnavailable(reason) from late
