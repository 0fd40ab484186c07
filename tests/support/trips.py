"""Counts the trips to the database: each waits for its connection's thread, or on PostgreSQL for the net."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any
from unittest import mock

import aiosqlite.core

from web import log
from web.database import Database
from web.database.postgresql.connection import Connection
from web.database.sqlite.single_reads import SharedConnection

BACKGROUND = ""  # the work that no request waits for has no request id
UNAWAITED = "ROLLBACK"  # of what was read: whoever asked is gone by then
# What PostgreSQL needs beyond: the wait for the turn, what nodes tell each other of passwords being tried.
BEYOND = re.compile(r"BEGIN|.*\bunder_way\b", re.DOTALL)
_writing = ContextVar("writing", default=False)


class Trips:
    """How often the database was asked, by what asked; and how often while others waited for their turn."""

    def __init__(self) -> None:
        self.by_request: Counter[str] = Counter()
        self.in_turn: Counter[str] = Counter()

    def note(self, sql: str) -> None:
        """Count a trip."""
        if sql.startswith(UNAWAITED) or BEYOND.match(sql):
            return
        self.by_request[log.request_id.get()] += 1
        if _writing.get():
            self.in_turn[log.request_id.get()] += 1

    def clear(self) -> None:
        """Begin anew."""
        self.by_request.clear()
        self.in_turn.clear()

    @property
    def of_requests(self) -> int:
        """Give the trips of all requests since it was last cleared."""
        return self.by_request.total() - self.in_background

    @property
    def in_background(self) -> int:
        """Give the trips of all other work."""
        return self.by_request[BACKGROUND]

    @property
    def of_requests_in_turn(self) -> int:
        """Give the trips of all requests that kept others from writing."""
        return self.in_turn.total() - self.in_turn[BACKGROUND]


@contextmanager
def counted() -> Iterator[Trips]:
    """Count the trips for as long as the block, whatever the engine."""
    trips = Trips()
    with ExitStack() as patched:
        in_thread = aiosqlite.core.Connection._execute
        _watch(patched, aiosqlite.core.Connection, "_execute", in_thread, lambda _: trips.note(""))
        patched.enter_context(mock.patch.object(SharedConnection, "_set_out", _noted(trips)))
        for name in ("all", "run", "many", "_script"):
            _watch(patched, Connection, name, getattr(Connection, name), trips.note)
        for name in ("write", "write_one"):
            patched.enter_context(
                mock.patch.object(Database, name, _in_turn(getattr(Database, name)))
            )
        yield trips


def _noted(trips: Trips) -> Callable[..., None]:
    set_out = SharedConnection._set_out

    def noted(self: SharedConnection, loop: asyncio.AbstractEventLoop) -> None:
        trips.note("")
        set_out(self, loop)

    return noted


def _watch(
    patched: ExitStack, owner: type, name: str, run: Callable[..., Any], note: Callable[[str], None]
) -> None:
    async def noted(self: Any, first: Any, *args: Any, **kwargs: Any) -> Any:
        if name != "run" or not self._deferred:  # else it is part of a script, which is counted
            note(first)
        return await run(self, first, *args, **kwargs)

    patched.enter_context(mock.patch.object(owner, name, noted))


def _in_turn(write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def noted(self: Database, *args: Any, **kwargs: Any) -> Any:
        before = _writing.set(True)
        try:
            return await write(self, *args, **kwargs)
        finally:
            _writing.reset(before)

    return noted
