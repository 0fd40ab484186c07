"""Counts the trips to the database: each waits for its connection's thread, or on PostgreSQL for the net."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import aiosqlite.core

from web import log

BACKGROUND = ""  # the work that no request waits for has no request id


class Trips:
    """How often the database was asked, by what asked."""

    def __init__(self) -> None:
        self.by_request: Counter[str] = Counter()

    def clear(self) -> None:
        """Begin anew."""
        self.by_request.clear()

    @property
    def of_requests(self) -> int:
        """Give the trips of all requests since it was last cleared."""
        return self.by_request.total() - self.in_background

    @property
    def in_background(self) -> int:
        """Give the trips of all other work."""
        return self.by_request[BACKGROUND]


@contextmanager
def counted() -> Iterator[Trips]:
    """Count the trips for as long as the block."""
    trips = Trips()
    execute: Callable[..., Awaitable[Any]] = aiosqlite.core.Connection._execute

    async def noted(self: aiosqlite.core.Connection, *args: Any, **kwargs: Any) -> Any:
        trips.by_request[log.request_id.get()] += 1
        return await execute(self, *args, **kwargs)

    with mock.patch.object(aiosqlite.core.Connection, "_execute", noted):
        yield trips
