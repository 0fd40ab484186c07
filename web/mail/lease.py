"""A mail that one courier holds, and keeps from the others of all nodes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from web import clock
from web.database import Database, DatabaseUnavailable
from web.store import outbox

LEASE = 2 * clock.MINUTE
RENEW = 40.0  # seconds


class Lease:
    """A claimed mail; renewed for as long as the conversation about it lasts: a server may take ten minutes."""

    def __init__(self, database: Database, row: outbox.Row, *, begun: float) -> None:
        self.row = row
        self._database = database
        self._ends = begun + LEASE

    @classmethod
    async def claim(cls, database: Database, *, again: bool) -> "Lease | None":
        """Lease the mail that is due longest; None when nothing is due."""
        begun = asyncio.get_running_loop().time()
        until = clock.now() + LEASE
        row = await database.write_one(outbox.claim, leased_until=until, again=again)
        return cls(database, row, begun=begun) if row else None

    def is_ours(self) -> bool:
        """Tell whether nobody else can have claimed it: who was frozen may wake up long after the end."""
        return asyncio.get_running_loop().time() < self._ends

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Renew it for as long as the block."""
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            if not self.is_ours():
                return
            begun = asyncio.get_running_loop().time()
            until = clock.now() + LEASE
            self.row.asked_until = until  # before: it may be written though no answer comes
            with suppress(DatabaseUnavailable):  # the next one may come in time
                if await self._database.write_one(outbox.lease, self.row, until=until):
                    self.row.leased_until, self._ends = until, begun + LEASE
